"""Limits: parallelism, failFast, timeouts (v4.1 operator.go checkParallelism, checkTemplateTimeouts)."""

from __future__ import annotations

from argosy.simulate.controller import nodes, templates
from argosy.simulate.controller.operation import MAX_PARALLELISM, TIMEOUT, Fault, Operation, Refused
from argosy.simulate.controller.state import ACTIVE, Node, Obj
from argosy.simulate.controller.values import go_duration, parse_duration
from argosy.versions import ArgoVersion

_FAIL_FAST = "template has failed or errored children and failFast enabled"


def check_parallelism(op: Operation, template: Obj, node: Node | None, boundary_id: str) -> Fault | None:
    """Say whether a template may go on now, given what runs already (checkParallelism)."""
    limit = op.state.spec.get("parallelism")
    if limit is not None and op.pods >= limit:
        return MAX_PARALLELISM
    if node is not None and (template.get("dag") is not None or template.get("steps") is not None):
        if template.get("failFast") and node.unsuccessful > 0:
            _fail_fast(op, template, node)
            return MAX_PARALLELISM
        own = template.get("parallelism")
        if own and own > 0 and active_pods(op, node.id) >= own:
            return MAX_PARALLELISM
    if boundary_id and (node is None or node.phase not in ACTIVE):
        return _check_boundary(op, boundary_id)
    return None


def look_at_hooks(op: Operation) -> None:
    """Have hooks that go on looked at if the workflow's parallelism is reached, which Argo takes for an error of them.

    executeWfLifeCycleHook, executeTmplLifeCycleHook and runOnExitNode execute a hook that is there each time.
    """
    state = op.state
    if op.pods < state.spec["parallelism"]:
        return
    for node in list(state.open_hooks.values()):
        if node.fulfilled:
            del state.open_hooks[node.id]
        else:
            state.mark(node)


def _check_boundary(op: Operation, boundary_id: str) -> Fault | None:
    boundary = op.state.nodes.get(boundary_id)
    if boundary is None:
        return Fault(f"key was not found for {boundary_id}")
    try:
        template = templates.of_boundary(op.state, boundary_id)
    except Refused as error:
        return error.fault
    if template is None:
        return None
    if template.get("failFast") and boundary.unsuccessful > 0:
        _fail_fast(op, template, boundary)
        return MAX_PARALLELISM
    limit = template.get("parallelism")
    if limit and limit > 0 and boundary.active >= limit:
        return MAX_PARALLELISM
    return None


def _fail_fast(op: Operation, template: Obj, node: Node) -> None:
    if active_pods(op, node.id):
        return
    if template.get("steps") is not None:
        leaf = _last_group(op, node)
        if leaf is not None:
            nodes.mark(op, leaf, "Failed", _FAIL_FAST)
    nodes.mark(op, node, "Failed", _FAIL_FAST)


def _last_group(op: Operation, node: Node) -> Node | None:
    """findLeafNodeWithType for step groups."""
    found = None
    stack, seen = [node], set()
    while stack:
        current = stack.pop()
        if current.id in seen:
            continue
        seen.add(current.id)
        if current.type == "StepGroup":
            found = current
        stack += reversed(nodes.children(op.state, current))
    return found


def active_pods(op: Operation, boundary_id: str = "") -> int:
    """Count pods that are there, Pending or Running, and wait for no lock (getActivePods)."""
    there = op.view.pods
    return sum(
        1
        for node in op.state.active_pods.values()
        if (not boundary_id or node.boundary_id == boundary_id) and not node.waiting and node.id in there
    )


def check_timeouts(
    template: Obj, node: Node | None, now: float, version: ArgoVersion
) -> tuple[float | None, float | None]:
    """Give the deadlines of ``timeout`` and ``pendingTimeout``. Raises Refused: one has passed, or is no duration."""
    if node is None:
        return None, None
    deadline = pending = None
    if template.get("timeout"):
        deadline = _deadline(node, template["timeout"], version)
        if node.phase == "Pending" and now >= deadline > node.started_at:
            raise Refused(TIMEOUT.message, TIMEOUT.reason)
    if template.get("pendingTimeout") and node.phase == "Pending":
        pending = _deadline(node, template["pendingTimeout"], version)
        if now >= pending > node.started_at:
            raise Refused(TIMEOUT.message, TIMEOUT.reason)
    return deadline, pending


def _deadline(node: Node, text: str, version: ArgoVersion) -> float:
    try:
        if version < "4.1":
            return node.started_at + go_duration(text)
        return node.started_at + parse_duration(text)
    except Refused as error:
        raise Refused(f"invalid timeout format{'.' if version < '4.1' else ''} {error.message}") from None
