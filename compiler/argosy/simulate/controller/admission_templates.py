"""Walking through the templates of a workflow before it runs (v4.1 workflow/validate/validate.go validateTemplate)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from argosy.errors import LanguageError
from argosy.language import tags
from argosy.language.substitution import to_json
from argosy.simulate.controller import admission_fields as fields
from argosy.simulate.controller import arguments, templates
from argosy.simulate.controller.nodes import is_pod, kind_of
from argosy.simulate.controller.operation import Refused
from argosy.simulate.controller.state import Obj, State
from argosy.simulate.controller.templates import Base
from argosy.simulate.controller.traits import traits_of
from argosy.variables import CHECKED_PREFIXES, UNCHECKED_PREFIXES

ANY_ITEM = "item.*"
ANY_PARAMETER = "workflow.outputs.parameters.*"
ANY_ARTIFACT = "workflow.outputs.artifacts.*"
_RETRY = ("retries", "lastRetry.exitCode", "lastRetry.status", "lastRetry.duration", "lastRetry.message")
_POLICIES = ("", "Always", "OnError", "OnFailure", "OnTransientError")
_EXPRESSION = re.compile(r"{{\s*=\s*.+?\s*}}")
Known = Callable[[str], bool]


class Admission:
    """One walk: the global variables, and the templates that have been looked into (templateValidationCtx)."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.variables: dict[str, str] = {}
        self.seen: dict[str, Obj] = {}
        self._count = 0

    def placeholder(self) -> str:
        """Give a text that stands for a value which only running tells."""
        self._count += 1
        return f"{fields.PLACEHOLDER}{self._count - 1}"

    # ---------------------------------------------------------------------------------------- templates

    def holder(self, holder: Obj, base: Base, given: Obj | None) -> Obj | None:
        """Check what a step, task or field calls; None as arguments: any will do (validateTemplateHolder)."""
        reference, name = holder.get("templateRef"), holder.get("template")
        if reference:
            if name:
                raise Refused("template name cannot be specified with templateRef")
            if not reference.get("name"):
                raise Refused("resource name is required")
            if not reference.get("template"):
                raise Refused("template name is required")
            if _tags(reference):
                return None
        elif name and holder.get("inline") is not None and not self._exists(base, name):
            raise Refused(f"template name '{name}' undefined")
        try:
            inner, template = templates.resolve(self.state, base, holder)
        except Refused as error:
            if name and not reference and error.message.endswith("not found"):
                raise Refused(f"template name '{name}' undefined") from None
            if not error.message.endswith("not found") and " not found in " not in error.message:
                raise
            if not reference:
                raise
            if fields.PLACEHOLDER in str(reference.get("template")):
                return None
            message = f"template reference {reference.get('name')}.{reference.get('template')} not found"
            raise Refused(message) from None
        policy = (template.get("retryStrategy") or {}).get("retryPolicy") or ""
        if policy not in _POLICIES:
            raise Refused(f"{policy} is not a valid RetryPolicy")
        self.template(template, inner, given)
        return template

    def _exists(self, base: Base, name: str) -> bool:
        try:
            templates.resolve(self.state, base, {"template": name})
        except Refused as error:
            return not error.message.endswith("not found")
        return True

    def template(self, template: Obj, base: Base, given: Obj | None) -> None:
        """validateTemplate."""
        name = template.get("name", "")
        key = f"{base.scope}{name}"
        if self.seen.get(key) is template and not template.get("inputs") and not traits_of(template).tagged:
            self._count += is_pod(template) + (len(_RETRY) if template.get("retryStrategy") is not None else 0)
            return  # it would go as it went before
        fields.template_kind(template)
        known = fields.inputs(template)
        if any(not c.get("name") for c in template.get("initContainers") or ()):
            raise Refused("initContainers must all have container name")
        local = {"pod.name": self.placeholder()} if is_pod(template) else {}
        if template.get("retryStrategy") is not None:
            local |= {field: self.placeholder() for field in _RETRY}
        known |= local.keys()
        filled = self._fill(template, given, local)
        _check_timeouts(filled, self.state)
        if key in self.seen:
            return
        self.seen[key] = template
        kind = kind_of(filled)
        if kind in fields.LEAVES:
            known |= _paths(filled)
        if kind == "steps":
            from argosy.simulate.controller.admission_calls import check_steps

            check_steps(self, filled, base, known)
        elif kind == "dag":
            from argosy.simulate.controller.admission_calls import check_dag

            check_dag(self, filled, base, known)
        else:
            self._leaf(filled, base, known)
        self._outputs(filled, known)

    def _fill(self, template: Obj, given: Obj | None, local: dict[str, str]) -> Obj:
        if given is None:
            inputs = template.get("inputs") or {}
            given = {
                "parameters": [
                    {"name": p["name"], "value": self.placeholder()} for p in inputs.get("parameters") or ()
                ],
                "artifacts": [{"name": a["name"]} for a in inputs.get("artifacts") or ()],
            }
        try:
            return arguments.process(self.state, template, given, local, validate_only=True, variables=self.variables)
        except Refused as error:
            raise Refused(f"templates.{template.get('name', '')} {error.message}") from None

    def _leaf(self, template: Obj, base: Base, known: set[str]) -> None:
        """validateLeaf."""
        name = template.get("name", "")
        self.check(template, known, f"templates.{name}: ")
        container = template.get("container")
        if container is not None:
            _check_mounts(template, container, name)
        for kind in ("container", "script"):
            if template.get(kind) is not None and not template[kind].get("image"):
                self._default_image(base, kind, name)
        _check_container_set(template, name)
        _check_resource(template, name)
        seconds = template.get("activeDeadlineSeconds")
        if seconds is not None and not _is_count(seconds):
            raise Refused(f"templates.{name}.activeDeadlineSeconds must be a positive integer > 0 or an argo variable")
        if template.get("parallelism") is not None:
            raise Refused(f"templates.{name}.parallelism is only valid for steps and dag templates")

    def _default_image(self, base: Base, kind: str, name: str) -> None:
        spec = self.state.spec
        if base.resource != templates.LOCAL:
            spec = templates.library(self.state, {"name": base.name, "clusterScope": base.resource == "cluster"}) or {}
        defaults = (spec.get("templateDefaults") or {}).get(kind) or {}
        if base.resource == "cluster" or not defaults.get("image"):
            raise Refused(f"templates.{name}.{kind}.image may not be empty")

    def _outputs(self, template: Obj, known: set[str]) -> None:
        name = template.get("name", "")
        given = template.get("outputs") or {}
        for part in ("parameters", "artifacts"):
            problem = fields.names(given.get(part), "parameter")
            if problem:
                raise Refused(f"templates.{name}.outputs.{part} {problem}")
        self.check(given, known, f"templates.{name}.outputs ")
        fields.outputs(template)

    # --------------------------------------------------------------------------------------------- tags

    def check(self, obj: Any, known: set[str], prefix: str, more: Known | None = None) -> None:
        """Check that the tags in something can be resolved (resolveAllVariables)."""
        for tag in _tags(obj, prefix):
            name = tag.strip()
            if name.startswith(CHECKED_PREFIXES) and not self._is_known(name, known, more):
                raise Refused(f"{prefix}failed to resolve {{{{{tag}}}}}")

    def _is_known(self, name: str, known: set[str], more: Known | None) -> bool:
        if name in known or name in self.variables or (more is not None and more(name)):
            return True
        if name.startswith("item.") and (ANY_ITEM in known or (more is not None and more(ANY_ITEM))):
            return True
        if name.startswith("workflow.outputs.parameters.") and ANY_PARAMETER in known:
            return True
        if name.startswith("workflow.outputs.artifacts.") and (ANY_ARTIFACT in known or ANY_ARTIFACT in self.variables):
            return True
        return name.startswith(UNCHECKED_PREFIXES)

    def add_outputs(self, template: Obj | None, kind: str, name: str, known: set[str], *, aggregate: bool) -> None:
        """Name what a step or task leaves behind (addOutputsToScope)."""
        prefix = f"{kind}.{name}"
        known |= {f"{prefix}.{part}" for part in ("id", "startedAt", "finishedAt", "hostNodeName")}
        if template is None:
            return
        if template.get("daemon"):
            known.add(f"{prefix}.ip")
        if _has_result(template):
            known |= {f"{prefix}.outputs.result", f"{prefix}.exitCode"}
        outputs = template.get("outputs") or {}
        for part, anything in (("parameters", ANY_PARAMETER), ("artifacts", ANY_ARTIFACT)):
            for item in outputs.get(part) or ():
                known.add(f"{prefix}.outputs.{part}.{item['name']}")
                shared = item.get("globalName")
                if shared and fields.is_tag(shared):
                    known.add(anything)
                elif shared:
                    known.add(f"workflow.outputs.{part}.{shared}")
                    self.variables[f"workflow.outputs.{part}.{shared}"] = self.placeholder()
        if aggregate:
            known.add(f"{prefix}.outputs.parameters")
            if kind_of(template) in ("script", "containerSet"):
                known |= {f"{prefix}.outputs.result", f"{prefix}.exitCode"}


def _tags(obj: Any, prefix: str = "") -> list[str]:
    text = obj if isinstance(obj, str) else to_json(obj)
    if "{{" not in text:
        return []
    try:
        return list(tags(text))
    except LanguageError as error:
        raise Refused(f"{prefix}{error.message}") from None


def _has_result(template: Obj) -> bool:
    members = (template.get("containerSet") or {}).get("containers") or ()
    return any(template.get(k) is not None for k in ("container", "script", "data", "http", "plugin")) or any(
        c.get("name") == "main" for c in members
    )


def _paths(template: Obj) -> set[str]:
    outputs = template.get("outputs") or {}
    found = {f"outputs.artifacts.{a['name']}.path" for a in outputs.get("artifacts") or () if a.get("path")}
    return found | {
        f"outputs.parameters.{p['name']}.path"
        for p in outputs.get("parameters") or ()
        if (p.get("valueFrom") or {}).get("path")
    }


def _check_timeouts(template: Obj, state: State) -> None:
    kind = kind_of(template)
    shown = fields.TYPE_NAMES.get(kind, "")
    timeout = template.get("timeout")
    if timeout:
        if kind not in fields.LEAVES:
            stop = "" if state.version >= "4.0" else "."
            raise Refused(f"{shown} template doesn't support timeout field{stop}")
        if str(timeout).lstrip("+-").isdigit():
            raise Refused(f"{template.get('name', '')} has invalid duration format in timeout")
    if template.get("pendingTimeout") and kind not in fields.LEAVES:
        raise Refused(f"{shown} template doesn't support pendingTimeout field")


def _is_count(value: Any) -> bool:
    if isinstance(value, int):
        return value >= 0
    text = str(value)
    if text.lstrip("+-").isdigit():
        return int(text) >= 0
    return text.startswith(fields.PLACEHOLDER) or (text.startswith("{{") and text.endswith("}}"))


def _check_mounts(template: Obj, container: Obj, name: str) -> None:
    mounted: dict[str, str] = {}
    for i, mount in enumerate(container.get("volumeMounts") or ()):
        path = mount.get("mountPath") or ""
        if path in mounted:
            raise Refused(
                f"templates.{name}.container.volumeMounts[{i}].mountPath '{path}' already mounted in {mounted[path]}"
            )
        mounted[path] = f"container.volumeMounts.{mount.get('name', '')}"
    for i, artifact in enumerate((template.get("inputs") or {}).get("artifacts") or ()):
        path = artifact.get("path") or ""
        if path in mounted:
            raise Refused(f"templates.{name}.inputs.artifacts[{i}].path '{path}' already mounted in {mounted[path]}")
        mounted[path] = f"inputs.artifacts.{artifact['name']}"


def _check_container_set(template: Obj, name: str) -> None:
    given = template.get("containerSet")
    if given is None:
        return
    where = f"templates.{name}.containerSet."
    containers = given.get("containers") or ()
    if not containers:
        raise Refused(f"{where}containers must have at least one container")
    problem = fields.names(containers, "field")
    if problem:
        raise Refused(f"{where}containers{problem}")
    known = {c["name"] for c in containers}
    for container in containers:
        for other in container.get("dependencies") or ():
            if other not in known:
                raise Refused(f"{where}containers.{container['name']} dependency '{other}' not defined")
    outputs = template.get("outputs") or {}
    used = (template.get("inputs") or {}).get("artifacts") or outputs.get("parameters") or outputs.get("artifacts")
    if used and "main" not in known:
        raise Refused(f'{where}containers must have a container named "main" for input or output')


def _check_resource(template: Obj, name: str) -> None:
    given = template.get("resource")
    if given is None:
        return
    action = given.get("action") or ""
    actions = ("get", "create", "apply", "delete", "replace", "patch")
    if action not in actions and not action.startswith(fields.PLACEHOLDER):
        raise Refused(f"templates.{name}.resource.action must be one of: {', '.join(actions)}")
    if action in ("delete", "get"):
        return
    manifest, source = given.get("manifest"), given.get("manifestFrom")
    if not manifest and source is None:
        where = f"templates.{name}.resource"
        raise Refused(f"either {where}.manifest or {where}.manifestFrom must be specified")
    if manifest and source is not None:
        raise Refused("shouldn't have both `manifest` and `manifestFrom` specified in `Manifest` for resource template")
    if manifest and not manifest.startswith(fields.PLACEHOLDER) and not _is_yaml(_EXPRESSION.sub("x", manifest)):
        raise Refused(f"templates.{name}.resource.manifest must be a valid yaml")


def _is_yaml(text: str) -> bool:
    from argosy.yaml.read import read

    return not any(problem.kind == "syntax" for document in read(text, "manifest") for problem in document.problems)
