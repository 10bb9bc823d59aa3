"""Suspend templates (v4.1 operator.go executeSuspend)."""

from __future__ import annotations

import json

from argosy.simulate.controller import nodes
from argosy.simulate.controller.execute import Call, Result
from argosy.simulate.controller.operation import Operation, Refused
from argosy.simulate.controller.outputs import override_with_default
from argosy.simulate.controller.state import Node, Obj
from argosy.simulate.controller.templates import Base
from argosy.simulate.controller.values import any_string, parse_duration


def run(op: Operation, call: Call, base: Base, template: Obj) -> Result:
    """executeSuspend."""
    node = op.state.by_name.get(call.name)
    if node is None:
        node = nodes.init_executable(
            op, call.name, "Suspend", call.base.scope, template, call.holder, call.options, "Pending"
        )
        _resolve_inputs(node)
        op.state.open_nodes[node.id] = node
    due: float | None = None
    text = (template.get("suspend") or {}).get("duration")
    if text:
        try:
            due = node.started_at + parse_duration(str(text))
        except Refused as error:
            return node, error.fault
        if op.now >= due:
            try:
                override_with_default(node)
            except Refused as error:
                return node, error.fault
            nodes.mark(op, node, "Succeeded")
            return node, None
    if op.deadline is not None and (due is None or op.deadline < due):
        due = op.deadline
    if due is not None:
        op.state.wake_at(max(due, op.now), node)
    nodes.mark(op, node, "Running")
    return node, None


def _resolve_inputs(node: Node) -> None:
    """Take an input's choices from its value, where that is a parameter in JSON (resolveInputFieldsForSuspendNode)."""
    parameters = []
    for parameter in (node.inputs or {}).get("parameters") or ():
        try:
            inner = json.loads(parameter.get("value") or "")
        except ValueError:
            inner = None
        choices = inner.get("enum") if isinstance(inner, dict) else None
        if isinstance(choices, list) and choices:
            choices = [any_string(c) for c in choices]
            parameter = {**parameter, "enum": choices}
            parameter.setdefault("default", choices[0])
        parameters.append(parameter)
    if parameters:
        node.inputs = {**(node.inputs or {}), "parameters": parameters}
