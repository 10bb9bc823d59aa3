"""Making pods (v4.1 workflow/controller/workflowpod.go createWorkflowPod and podBuilder.build)."""

from __future__ import annotations

import math
import re
from typing import Any

from argosy.errors import LanguageError
from argosy.language.substitution import from_json, substitute_json, to_json
from argosy.simulate.controller import arguments, artifacts, nodes, templates
from argosy.simulate.controller.limits import check_timeouts
from argosy.simulate.controller.names import pod_name, step_or_task
from argosy.simulate.controller.operation import Operation, Options, Refused
from argosy.simulate.controller.remember import by_identity
from argosy.simulate.controller.state import Node, Obj
from argosy.simulate.controller.traits import traits_of
from argosy.simulate.controller.values import int_or_string
from argosy.simulate.seam import CreatePod

_KEY_FORMAT = "{{workflow.name}}/{{pod.name}}"
_KEY_FIELDS = {"azure": "blobNameFormat", "hdfs": "pathFormat"}
_LOCATION_KEYS = {"azure": "blob", "hdfs": "path"}
_RESULT = re.compile(r"""(tasks|steps)(?:\.([^.\s]+?)|\[['"]([^'"]+)['"]\])\.outputs.result""")


def create(op: Operation, node: Node, template: Obj, options: Options, *, include_result: bool) -> None:
    """Make a node's pod unless it is there. Raises Refused where Argo cannot build it."""
    state = op.state
    if node.id in state.created_pods or node.id in op.view.pods:
        return
    if not op.may_execute(options.on_exit):
        nodes.mark(op, node, "Failed", f"workflow shutdown with strategy: {op.shutdown}")
        return
    seconds = _active_deadline(op, template, options)
    if seconds is not None and seconds <= 0:
        return
    traits = traits_of(template)
    if traits.pauses:
        seconds = None
    name = pod_name(state.name, node.name, template.get("name") or "")
    _check_volumes(op, template)
    shown = _as_run(op, template, name)
    _check_pod_spec_patch(op, template, name)
    deadline, _ = check_timeouts(template, node, op.now, op.state.version)
    if deadline is not None:
        start = op.now if nodes.second(op.now) == node.started_at else node.started_at
        seconds = math.ceil(deadline - node.started_at + start - op.now) - 1
        if seconds <= 1:
            raise Refused(f"{node.name} exceeded its deadline")
    state.created_pods.add(node.id)
    op.pods += 1
    op.commands.append(
        CreatePod(
            node_id=node.id,
            node_name=node.name,
            display_name=node.display_name,
            pod_name=name,
            template=shown,
            active_deadline_seconds=seconds,
            on_exit=options.on_exit,
            hooked=node.hooked,
            containers=traits.containers,
            init_containers=traits.init_containers,
            include_result=include_result,
            daemon=bool(template.get("daemon")),
        )
    )


def _active_deadline(op: Operation, template: Obj, options: Options) -> int | None:
    own = int_or_string(template.get("activeDeadlineSeconds"))
    if op.deadline is None or options.on_exit:
        return own
    left = math.ceil(op.deadline - op.now) - 1
    return left if own is None or left <= 0 or left < own else own


def _check_volumes(op: Operation, template: Obj) -> None:
    """addVolumeReferences."""
    mounts = _mounts(template)
    if not mounts:
        return
    spec = op.state.spec
    known = {v.get("name") for v in (*(template.get("volumes") or ()), *(spec.get("volumes") or ()))}
    known |= {v.get("name") for v in op.state.claims}
    for mount in mounts:
        if mount.get("name") not in known:
            raise Refused(f"volume '{mount.get('name', '')}' not found in workflow spec")


@by_identity
def _mounts(template: Obj) -> list[Obj]:
    mounts: list[Obj] = []
    for kind in ("container", "script", "containerSet"):
        if template.get(kind) is not None:
            mounts = (template[kind].get("volumeMounts") or [])[:]
            break
    for extra in (*(template.get("initContainers") or ()), *(template.get("sidecars") or ())):
        mounts += extra.get("volumeMounts") or ()
    return mounts


def _as_run(op: Operation, template: Obj, name: str) -> Obj:
    """Give the template as the executor gets it in ARGO_TEMPLATE."""
    inputs = template.get("inputs") or {}
    location = _archive_location(op, template)
    if not inputs and location is None and not template.get("memoize") and not traits_of(template).tagged:
        return template
    shown = {k: v for k, v in template.items() if k != "inputs"}
    if inputs.get("artifacts"):
        shown["inputs"] = {"artifacts": inputs["artifacts"]}
    if shown.get("memoize"):
        shown["memoize"] = {"maxAge": "", **shown["memoize"]}
    if location is not None:
        shown["archiveLocation"] = location
    text = to_json(shown)
    if "{{" not in text:
        return shown
    params: dict[str, Any] = dict(op.state.globals)
    for parameter in inputs.get("parameters") or ():
        params[f"inputs.parameters.{parameter['name']}"] = parameter.get("value") or ""
    params["pod.name"] = name
    try:  # the template stands as a text in the pod's JSON
        outer = substitute_json(to_json(text), params, allow_unresolved=True)
        result: Obj = from_json(from_json(outer))
    except LanguageError as error:
        raise Refused(error.message) from None
    return result


def _archive_location(op: Operation, template: Obj) -> Obj | None:
    """addArchiveLocation."""
    own = template.get("archiveLocation")
    if artifacts.has_location(own):
        return own
    logs = _archives_logs(op, template)
    if not logs and all(artifacts.has_location(a) for a in _artifacts_of(template)):
        return own
    repository = op.state.repository or {"s3": {}}
    location: Obj = {"archiveLogs": logs}
    for kind in ("artifactory", "azure", "gcs", "hdfs", "oss", "s3", "plugin"):
        if repository.get(kind) is not None:
            field = _KEY_FIELDS.get(kind, "keyFormat")
            fields = {k: v for k, v in repository[kind].items() if k != field}
            key = repository[kind].get(field) or _KEY_FORMAT
            if kind == "artifactory":
                fields["url"] = f"{repository[kind].get('repoURL', '')}/{key}"
            else:
                fields[_LOCATION_KEYS.get(kind, "key")] = key
            location[kind] = fields
            break
    return location


def _artifacts_of(template: Obj) -> list[Obj]:
    inputs, outputs = template.get("inputs"), template.get("outputs")
    found = [*(inputs.get("artifacts") or ())] if inputs else []
    found += (outputs.get("artifacts") or ()) if outputs else ()
    if template.get("data"):
        paths = ((template["data"].get("source") or {}).get("artifactPaths")) or None
        found += [paths] if paths else []
    return found


def _archives_logs(op: Operation, template: Obj) -> bool:
    """IsArchiveLogs."""
    if (op.state.repository or {}).get("archiveLogs"):
        return True
    own = (template.get("archiveLocation") or {}).get("archiveLogs")
    return bool(own if own is not None else op.state.spec.get("archiveLogs"))


def _check_pod_spec_patch(op: Operation, template: Obj, name: str) -> None:
    """Check that the patches of workflow and template can be read (processPodSpecPatch, ApplyPodSpecPatch)."""
    for patch in (op.state.spec.get("podSpecPatch"), template.get("podSpecPatch")):
        if not patch:
            continue
        try:
            processed = arguments.substitute(op.state, {**template, "podSpecPatch": patch}, {"pod.name": name})
        except Refused as error:
            raise Refused("Failed to substitute the PodSpecPatch variables") from error
        _check_patch(processed["podSpecPatch"])


def _check_patch(text: str) -> None:
    from argosy.yaml.read import read

    documents = read(text, "podSpecPatch")
    data = documents[0].data if documents else None
    broken = any(p.kind == "syntax" for d in documents for p in d.problems)
    if broken or (data is not None and (not isinstance(data, dict) or not _fits(data))):
        raise Refused("Error applying PodSpecPatch")


def _fits(patch: Obj) -> bool:
    """Say whether a patch decodes into Kubernetes' types, as far as its usual fields go."""
    for name in ("containers", "initContainers", "volumes", "tolerations", "imagePullSecrets"):
        items = patch.get(name)
        if items is not None and not (isinstance(items, list) and all(isinstance(i, dict) for i in items)):
            return False
    for container in (*(patch.get("containers") or ()), *(patch.get("initContainers") or ())):
        resources = container.get("resources")
        if resources is None:
            continue
        if not isinstance(resources, dict):
            return False
        for part in ("limits", "requests"):
            if resources.get(part) is not None and not isinstance(resources[part], dict):
                return False
    return True


def include_result(op: Operation, name: str, boundary_id: str) -> bool:
    """Say whether some step or task refers to the result of this one (includeScriptOutput). Raises Refused."""
    if not boundary_id:
        return False
    template = templates.of_boundary(op.state, boundary_id)
    if template is None:
        return False
    kind = "tasks" if template.get("dag") is not None else "steps"
    return (kind, step_or_task(name)) in _results_used(template)


@by_identity
def _results_used(template: Obj) -> set[tuple[str, str]]:
    """Give whose results a template refers to: ``steps`` or ``tasks``, and the name."""
    return {(m[1], m[2] or m[3]) for m in _RESULT.finditer(to_json(template))}
