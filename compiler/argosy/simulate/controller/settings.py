"""Setting a workflow up for a reconciliation: the spec in force, and global variables.

Follows setExecWorkflow, setGlobalParameters, substituteGlobalVariables and updateWorkflowMetadata (v4.1 operator.go).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache

from argosy.simulate.controller import admission, repository, templates
from argosy.simulate.controller.arguments import config_map_value, replace
from argosy.simulate.controller.decode import spec_like, workflow_like
from argosy.simulate.controller.expressions import value as evaluate
from argosy.simulate.controller.merge import join_workflow_spec, merge_workflow_spec
from argosy.simulate.controller.operation import Operation, Refused, Stop
from argosy.simulate.controller.state import Obj, State
from argosy.simulate.controller.values import go_json, go_parameters, parse_time, rfc3339

_LABEL_VALUE = re.compile(r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?\Z")
TRACE = "<trace>"
"""Stands for the number that telemetry gives a workflow in a cluster."""
_SCHEDULED = "workflows.argoproj.io/scheduled-time"


def set_up(op: Operation) -> None:
    """Put the spec in force and the global variables in place (setExecWorkflow). Raises Stop."""
    state = op.state
    if state.base is None or not state.phase:
        spec = _set_spec(state)
        if not state.phase:
            problem = admission.check(state, spec)
            if problem:
                raise Stop("Failed", f"invalid spec: {problem}")
    _refresh(op)
    set_runtime(op)
    if state.repository is None:
        state.repository, problem = repository.resolve(state)
        if problem:
            raise Stop("Error", f"failed to resolve artifact repository: {problem}")


def _set_spec(state: State) -> Obj:
    spec = spec_like(state.workflow.get("spec") or {})
    defaults = (state.settings.workflow_defaults or {}) if state.settings.workflow_defaults else {}
    reference = spec.get("workflowTemplateRef")
    if reference:
        if state.stored_spec is None or _switched(spec, state.stored_spec):
            template = templates.library(state, reference) if state.stored_spec is None else state.stored_spec
            if template is None:
                kind = "clusterworkflowtemplates" if reference.get("clusterScope") else "workflowtemplates"
                raise Stop("Error", f'{kind}.argoproj.io "{reference.get("name", "")}" not found')
            state.stored_spec = join_workflow_spec(spec, template, defaults.get("spec"))
        base = dict(state.stored_spec)
    else:
        if defaults:
            _merge_metadata(state, defaults)
            spec = merge_workflow_spec(workflow_like(defaults).get("spec") or {}, spec)
        base = spec
    state.base = base
    state.spec = base
    state.caches.clear()
    state.stamp += 1
    return spec


def _switched(spec: Obj, stored: Obj) -> bool:
    """needsStoredWfSpecUpdate."""
    return (spec.get("suspend"), spec.get("shutdown") or "") != (stored.get("suspend"), stored.get("shutdown") or "")


def _merge_metadata(state: State, defaults: Obj) -> None:
    metadata = dict(state.workflow.get("metadata") or {})
    for part in ("labels", "annotations"):
        below = (defaults.get("metadata") or {}).get(part)
        if below:
            metadata[part] = {**below, **(metadata.get(part) or {})}
    state.workflow = {**state.workflow, "metadata": metadata}


def _refresh(op: Operation) -> None:
    """Compute the global variables and substitute them in the spec, unless nothing they hang on has changed."""
    state = op.state
    mark = state.caches.get("globals_mark")
    now = (state.stamp, len(((state.outputs or {}).get("parameters")) or ()), state.phase == "")
    if mark == now and state.caches.get("globals_outputs") is state.outputs:
        return
    base = state.base or {}
    try:
        values = compute(state, base)
    except Refused as error:
        raise Stop("Failed", f"failed to set global parameters: {error.message}") from None
    state.globals = {k: v for k, v in values.items() if v is not None}
    held = base.get("templates")
    try:
        spec = replace({k: v for k, v in base.items() if k != "templates"}, dict(state.globals))
    except Refused:
        raise Stop(state.phase, state.message) from None
    state.spec = {**spec, "templates": held} if held is not None else spec
    state.base = state.spec
    if not state.phase:
        _set_metadata(op)
    state.caches.pop("by_name", None)
    state.caches["globals_mark"] = (state.stamp, now[1], state.phase == "")
    state.caches["globals_outputs"] = state.outputs


def compute(state: State, spec: Obj) -> dict[str, str]:
    """Give the global variables (setGlobalParameters). Raises Refused."""
    metadata = state.workflow.get("metadata") or {}
    labels, annotations = metadata.get("labels") or {}, metadata.get("annotations") or {}
    created = parse_time(metadata["creationTimestamp"]) if metadata.get("creationTimestamp") else 0.0
    arguments = (spec.get("arguments") or {}).get("parameters")
    written = go_parameters(arguments)
    written_labels, written_annotations = _map_json(metadata.get("labels")), _map_json(metadata.get("annotations"))
    out = {
        "workflow.name": state.name,
        "workflow.namespace": state.namespace,
        "workflow.mainEntrypoint": spec.get("entrypoint") or "",
        "workflow.serviceAccountName": spec.get("serviceAccountName") or "",
        "workflow.uid": str(metadata.get("uid") or ""),
        "workflow.creationTimestamp": rfc3339(created),
        "workflow.parameters": written,
        "workflow.parameters.json": written,
        "workflow.annotations": written_annotations,
        "workflow.annotations.json": written_annotations,
        "workflow.labels": written_labels,
        "workflow.labels.json": written_labels,
    }
    out |= _timestamps(int(created))
    if _SCHEDULED in annotations:
        out["workflow.scheduledTime"] = annotations[_SCHEDULED]
    if spec.get("priority") is not None:
        out["workflow.priority"] = str(int(spec["priority"]))
    for parameter in arguments or ():
        out[f"workflow.parameters.{parameter['name']}"] = _global_value(state, parameter)
    for parameter in (state.outputs or {}).get("parameters") or ():
        if parameter.get("value") is not None:
            out[f"workflow.outputs.parameters.{parameter['name']}"] = parameter["value"]
    later = ((spec.get("workflowMetadata") or {}).get("labelsFrom")) or {}
    given = spec.get("workflowMetadata") or {}
    for part, values in (("annotations", annotations), ("labels", labels)):
        for name, value in {**values, **(given.get(part) or {})}.items():
            if part == "annotations" or name not in later:
                out[f"workflow.{part}.{name}"] = str(value)
    return out


def _map_json(values: Obj | None) -> str:
    return "null" if values is None else go_json(values).replace(go_json(TRACE), f'"{TRACE}"')


@lru_cache(maxsize=64)
def _timestamps(created: int) -> dict[str, str]:
    """Give the creation time in the formats of v4.1 util/strftime."""
    moment = datetime.fromtimestamp(created, UTC)
    out = {char: moment.strftime(f"%{char}") for char in "BbmAadHIMSYyp"}
    out |= {"Z": "UTC", "z": "+0000", "L": ".000", "s": str(created), "RFC3339": rfc3339(created)}
    return {f"workflow.creationTimestamp.{char}": text for char, text in out.items()}


def _global_value(state: State, parameter: Obj) -> str:
    if parameter.get("value") is not None:
        return str(parameter["value"])
    source = parameter.get("valueFrom") or {}
    reference = source.get("configMapKeyRef")
    if reference is None:
        raise Refused(
            "either value or valueFrom must be specified in order to set global parameter " + str(parameter["name"])
        )
    try:
        return config_map_value(state, reference.get("name", ""), reference.get("key", ""))
    except Refused as error:
        if source.get("default") is None:
            raise Refused(
                f"failed to set global parameter {parameter['name']} from configmap with name "
                f"{reference.get('name', '')} and key {reference.get('key', '')}: {error.message}"
            ) from None
        return str(source["default"])


def set_runtime(op: Operation) -> None:
    """setGlobalRuntimeParameters."""
    state = op.state
    state.globals.pop("workflow.failures", None)
    state.globals["workflow.status"] = state.phase
    state.globals["workflow.duration"] = f"{duration(state, op.now):.6f}"


def duration(state: State, now: float) -> float:
    """Give the seconds that the workflow has run (workflowDurationSeconds)."""
    if not state.started_at:
        return 0.0
    if state.fulfilled and state.finished_at:
        return state.finished_at - state.started_at
    return now - state.started_at


def _set_metadata(op: Operation) -> None:
    """Set labels and annotations from workflowMetadata (updateWorkflowMetadata). Raises Stop."""
    state = op.state
    given = state.spec.get("workflowMetadata")
    if not given:
        return
    metadata = dict(state.workflow.get("metadata") or {})
    labels, annotations = dict(metadata.get("labels") or {}), dict(metadata.get("annotations") or {})
    updated: dict[str, str] = {}
    for name, value in sorted((given.get("labels") or {}).items()):
        _check_label(name, str(value), None)
        labels[name] = updated[f"workflow.labels.{name}"] = str(value)
    for name, value in sorted((given.get("annotations") or {}).items()):
        annotations[name] = updated[f"workflow.annotations.{name}"] = str(value)
    state.globals.update(updated)
    for name, source in sorted((given.get("labelsFrom") or {}).items()):
        value = _label_from(state, name, str(source.get("expression") or ""))
        labels[name] = updated[f"workflow.labels.{name}"] = value
    state.globals.update(updated)
    metadata.update({k: v for k, v in (("labels", labels), ("annotations", annotations)) if v})
    state.workflow = {**state.workflow, "metadata": metadata}
    held = state.spec.get("templates")
    spec = replace({k: v for k, v in state.spec.items() if k != "templates"}, dict(updated))
    state.spec = state.base = {**spec, "templates": held} if held is not None else spec
    state.stamp += 1


def _label_from(state: State, name: str, expression: str) -> str:
    try:
        value = evaluate(expression, dict(state.globals))
    except Refused as error:
        raise Stop("Error", f'failed to evaluate label "{name}" expression "{expression}": {error.message}') from None
    if not isinstance(value, str):
        kind = type(value).__name__
        raise Stop(
            "Error",
            f'failed to evaluate label "{name}" expression "{expression}" evaluted to {kind} but must be a string',
        )
    _check_label(name, value, expression)
    return value


def _check_label(name: str, value: str, expression: str | None) -> None:
    if len(value) <= 63 and _LABEL_VALUE.match(value):
        return
    problem = (
        "must be no more than 63 characters"
        if len(value) > 63
        else "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must "
        "start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for "
        "validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
    )
    where = f' and expression "{expression}"' if expression is not None else ""
    raise Stop("Error", f'invalid label value "{value}" for label "{name}"{where}: {problem}')
