"""Outputs of steps and DAG templates, and global ones.

After v4.1 operator.go getTemplateOutputsFromScope and addOutputsToGlobalScope.
"""

from __future__ import annotations

from typing import Any

from argosy.simulate.controller.expressions import value as evaluate
from argosy.simulate.controller.operation import Operation, Refused
from argosy.simulate.controller.scope import Scope
from argosy.simulate.controller.state import Node, Obj
from argosy.source import Json


def from_scope(template: Obj, scope: Scope) -> Obj | None:
    """Give a template's outputs from what its steps or tasks made. Raises Refused."""
    declared = template.get("outputs") or {}
    if not has_outputs(declared):
        return None
    outputs: Obj = {}
    if declared.get("parameters"):
        outputs["parameters"] = [_parameter(p, scope) for p in declared["parameters"]]
    if declared.get("artifacts"):
        found = [_artifact(a, scope) for a in declared["artifacts"]]
        outputs["artifacts"] = [a for a in found if a is not None]
    return outputs


def has_outputs(outputs: Obj | None) -> bool:
    """Outputs.HasOutputs."""
    outputs = outputs or {}
    return bool(outputs.get("parameters") or outputs.get("artifacts") or outputs.get("result") is not None)


def _parameter(parameter: Obj, scope: Scope) -> Obj:
    source = parameter.get("valueFrom")
    if source is None:
        raise Refused("output parameters must have a valueFrom specified")
    default = source.get("default")
    try:
        value, skipped = _resolve(source, scope)
        if skipped and default is not None:
            value = default
    except Refused:
        if default is None:
            raise
        value = default
    if value is None:
        raise Refused(
            f'output parameter "{parameter["name"]}": "{source.get("parameter") or ""}" is an absent optional '
            "(skipped/omitted node output with no default)"
        )
    return {**{k: v for k, v in parameter.items() if k != "valueFrom"}, "value": _text(value)}


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    from argosy.language.gotext import format_value

    return format_value(value)


def _resolve(source: Obj, scope: Scope) -> tuple[Any, bool]:
    """wfScope.resolveParameter."""
    expression = source.get("expression")
    if expression:
        value = evaluate(expression, scope.data)
        if value is None:
            raise Refused(f'failed to evaluate expression "{expression}"')
        return value, False
    if not source.get("parameter"):
        return "", False
    tag, value = scope.lookup(source["parameter"])
    return value, tag in scope.skipped


def _artifact(artifact: Obj, scope: Scope) -> Obj | None:
    try:
        found = scope.artifact(artifact)
    except Refused as error:
        if "Unable to resolve" in error.message and artifact.get("optional"):
            return None
        raise Refused(f"unable to resolve outputs from scope: {error.message}") from None
    return None if found is None else {**found, "name": artifact["name"]}


def make_global(op: Operation, outputs: Obj | None) -> None:
    """Make the outputs that have a globalName those of the workflow (addOutputsToGlobalScope)."""
    if not outputs:
        return
    for parameter in outputs.get("parameters") or ():
        if parameter.get("globalName"):
            _global_parameter(op, parameter)
    for artifact in outputs.get("artifacts") or ():
        if artifact.get("globalName"):
            _global_artifact(op, artifact)


def _global_parameter(op: Operation, parameter: Obj) -> None:
    state = op.state
    name, value = parameter["globalName"], parameter.get("value")
    if any(parameter.get(field) is not None for field in ("value", "default", "valueFrom")):
        known = value if value is not None else parameter.get("default") or ""
        state.globals[f"workflow.outputs.parameters.{name}"] = known
    held: list[Json] = list((state.outputs or {}).get("parameters") or ())
    entry: Obj = {"name": name} if value is None else {"name": name, "value": value}
    for i, old in enumerate(held):
        if old["name"] == name:
            if old.get("value") is not None and (value is None or old["value"] == value):
                return
            held[i] = {**old, "value": value} if value is not None else {"name": name}
            break
    else:
        held.append(entry)
    state.outputs = {**(state.outputs or {}), "parameters": held}


def _global_artifact(op: Operation, artifact: Obj) -> None:
    state = op.state
    name = artifact["globalName"]
    entry = {k: v for k, v in artifact.items() if k not in ("globalName", "path")} | {"name": name}
    held: list[Json] = list((state.outputs or {}).get("artifacts") or ())
    for i, old in enumerate(held):
        if old["name"] == name:
            if old == entry:
                return
            held[i] = entry
            break
    else:
        held.append(entry)
    state.outputs = {**(state.outputs or {}), "artifacts": held}


def override_with_default(node: Node) -> None:
    """Give outputs that were to be supplied their defaults (OverrideOutputParametersWithDefault). Raises Refused."""
    if not node.outputs:
        return
    parameters = []
    for parameter in node.outputs.get("parameters") or ():
        source = parameter.get("valueFrom") or {}
        if source.get("supplied") is not None:
            if source.get("default") is None:
                raise Refused(
                    f"raw output parameter '{parameter['name']}' has not been set and does not have a default value"
                )
            parameter = {**{k: v for k, v in parameter.items() if k != "valueFrom"}, "value": source["default"]}
        parameters.append(parameter)
    node.outputs = {**node.outputs, "parameters": parameters}
