"""What is done to a workflow from outside: people's commands, through Argo's own client functions.

Each verb is one function; ``VERBS`` is the table of them. They follow v3.7 workflow/util/util.go.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from argosy.errors import UsageError
from argosy.simulate import selector as selectors
from argosy.simulate.controller.state import FULFILLED, Node, State
from argosy.simulate.names import stable
from argosy.simulate.retry import fields, retry
from argosy.simulate.scenario import Action
from argosy.source import Json

if TYPE_CHECKING:
    from argosy.simulate.world import World

Verb = Callable[["World", Action], None]


def act(world: World, action: Action) -> None:
    """Carry out an action. Raises UsageError, with Argo's message, where Argo refuses."""
    VERBS[action.do](world, action)


def _shut_down(state: State, strategy: str) -> None:
    if state.fulfilled:
        raise UsageError(
            f'cannot shutdown a completed workflow: workflow: "{state.name}", namespace: "{state.namespace}"'
        )
    _set_spec(state, shutdown=strategy)


def _set_spec(state: State, **values: Json) -> None:
    spec = {**state.workflow["spec"], **values}
    state.workflow = {**state.workflow, "spec": {k: v for k, v in spec.items() if v is not None}}
    state.invalidate()


def _stop(world: World, action: Action) -> None:
    if action.selector:
        _update_suspended(world, action, "Failed", action.message)
    else:
        _shut_down(world.state, "Stop")


def terminate(world: World) -> None:
    """Terminate a workflow (TerminateWorkflow)."""
    _shut_down(world.state, "Terminate")
    world.wish(0.0)


def _suspend(world: World, action: Action) -> None:
    state = world.state
    if state.fulfilled:
        raise UsageError("cannot suspend completed workflows")
    if not state.workflow["spec"].get("suspend"):
        _set_spec(state, suspend=True)


def _resume(world: World, action: Action) -> None:
    if action.selector:
        _update_suspended(world, action, "Succeeded", "")
        return
    state = world.state
    said = ""
    suspended = _suspended(state)
    for node in suspended:
        _defaults(node)
    if state.workflow["spec"].get("suspend"):
        _set_spec(state, suspend=None)
    for node in suspended:
        state.set_phase(node, "Succeeded")
        if node.message:
            said = f"{node.message}; {said}"
        node.message = said
        node.finished_at = world.now
    if suspended:
        state.invalidate()


def _suspended(state: State) -> list[Node]:
    """Give the nodes that wait for a person or a time (IsActiveSuspendNode)."""
    return state.find(lambda node: node.type == "Suspend" and node.phase == "Running")


def _defaults(node: Node) -> None:
    """Give outputs that nobody supplied their defaults (OverrideOutputParametersWithDefault)."""
    if not node.outputs:
        return
    out = []
    for parameter in node.outputs.get("parameters") or []:
        source = parameter.get("valueFrom") or {}
        if source.get("supplied") is None:
            out.append(parameter)
        elif source.get("default") is None:
            name = parameter["name"]
            raise UsageError(f"raw output parameter '{name}' has not been set and does not have a default value")
        else:
            out.append({**{k: v for k, v in parameter.items() if k != "valueFrom"}, "value": source["default"]})
    node.outputs = {**node.outputs, "parameters": out}


def _set(world: World, action: Action) -> None:
    if not action.selector:
        raise UsageError("'set' currently only targets suspend nodes, use a node field selector to target them")
    _update_suspended(world, action, action.phase or "", action.message)


def _update_suspended(world: World, action: Action, phase: str, message: str) -> None:
    """Change the suspended nodes that a selector fits (updateSuspendedNode)."""
    state = world.state
    terms = selectors.parse(action.selector)
    updated = False
    for node in _suspended(state):
        if not selectors.matches(terms, fields(node)):
            continue
        if phase:
            state.set_phase(node, phase)
            updated = True
            if phase in FULFILLED:
                node.finished_at = world.now
        if message:
            state.touch(node)
            node.message = message
            updated = True
        if action.outputs:
            _supply(state, node, action.outputs)
            updated = True
    if not updated:
        raise UsageError(
            f"currently, set only targets suspend nodes: no suspend nodes matching nodeFieldSelector: {action.selector}"
        )
    state.invalidate()


def _supply(state: State, node: Node, values: dict[str, str]) -> None:
    if node.outputs is None:
        raise UsageError("cannot set output parameters because node is not expecting any raw parameters")
    parameters = list(node.outputs.get("parameters") or [])
    for name, value in values.items():
        at = next((i for i, p in enumerate(parameters) if p["name"] == name), None)
        if at is None:
            raise UsageError(f"node is not expecting output parameter '{name}'")
        if (parameters[at].get("valueFrom") or {}).get("supplied") is None:
            raise UsageError(
                f"cannot set output parameter '{name}' because it does not use valueFrom.raw or it was already set"
            )
        parameters[at] = {**{k: v for k, v in parameters[at].items() if k != "valueFrom"}, "value": value}
        _make_global(state, parameters[at])
    state.touch(node)
    node.outputs = {**node.outputs, "parameters": parameters}


def _make_global(state: State, parameter: dict[str, Json]) -> None:
    """Give an output with a globalName to the workflow (AddParamToGlobalScope)."""
    name = parameter.get("globalName")
    if not name:
        return
    outputs = state.outputs or {}
    values = {p["name"]: p for p in outputs.get("parameters") or []}
    values[name] = {"name": name, "value": parameter["value"]}
    state.outputs = {**outputs, "parameters": list(values.values())}


def _retry(world: World, action: Action) -> None:
    pods = retry(
        world.state,
        world.now,
        restart_successful=action.restart_successful,
        selector=action.selector,
        parameters=action.parameters or (),
    )
    for node_id in pods:
        world.kubelet.delete(node_id)


def _patch(world: World, action: Action) -> None:
    state = world.state
    state.workflow = merge(state.workflow, {k: v for k, v in action.patch.items() if k != "status"})
    state.invalidate()


def merge(data: Json, patch: Json) -> Json:
    """Give data after a JSON merge patch (RFC 7386)."""
    if not isinstance(patch, dict):
        return patch
    out = dict(data) if isinstance(data, dict) else {}
    for key, value in patch.items():
        if value is None:
            out.pop(key, None)
        else:
            out[key] = merge(out.get(key), value)
    return out


def _delete_pod(world: World, action: Action) -> None:
    found = None
    for pod in world.kubelet.pods.values():
        asked = pod.asked
        if action.node in (asked.display_name, asked.node_name, stable(world.state.name, asked.node_name)):
            found = asked.node_id
    if found is None:
        raise UsageError(f'no pod for node "{action.node}"')
    if not world.kubelet.delete(found, force=action.force):
        raise UsageError(f'pod of node "{action.node}" not found')


def _restart_controller(world: World, action: Action) -> None:
    world.state.invalidate()


VERBS: dict[str, Verb] = {
    "stop": _stop,
    "terminate": lambda world, action: terminate(world),
    "suspend": _suspend,
    "resume": _resume,
    "set": _set,
    "retry": _retry,
    "resubmit": lambda world, action: world.resubmit(action),
    "patch": _patch,
    "delete-pod": _delete_pod,
    "delete": lambda world, action: world.delete(),
    "lose": lambda world, action: world.delete(),
    "restart-controller": _restart_controller,
    "controller-down": lambda world, action: world.controller_down(action.lasts),
}
