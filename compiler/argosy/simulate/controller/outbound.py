"""The nodes at which what follows a node is attached (v4.1 operator.go getOutboundNodes)."""

from __future__ import annotations

from argosy.simulate.controller import templates
from argosy.simulate.controller.operation import Operation, Refused, Stop
from argosy.simulate.controller.state import Node

_THEMSELVES = frozenset({"Skipped", "Suspend", "HTTP", "Plugin"})


def outbound_of(op: Operation, node_id: str) -> list[str]:
    """Give the ids of a node's outbound nodes."""
    state = op.state
    node = state.nodes.get(node_id)
    if node is None:  # Argo panics, recovers, and marks the workflow
        raise Stop("Error", "was unable to obtain node")
    kind = node.type
    if kind in _THEMSELVES or (kind == "Pod" and not _is_container_set(op, node)):
        return [node_id]
    if kind in ("Pod", "Container", "TaskGroup"):
        return _through_children(op, node)
    if kind == "Retry" and node.children:
        return [next(reversed(node.children))]
    if kind in ("Steps", "DAG") and node.memo and node.memo.get("hit"):
        return [node_id]
    return [out for inner in node.outbound or () for out in outbound_of(op, inner)]


def _through_children(op: Operation, node: Node) -> list[str]:
    if not node.children:
        return [node.id]
    found: list[str] = []
    for child_id in node.children:
        child = op.state.nodes.get(child_id)
        if child is None:
            raise Stop("Error", "was unable to obtain child node for child")
        if node.type == "Container" and node.boundary_id != child.boundary_id:
            found.append(node.id)
        else:
            found += outbound_of(op, child_id)
    return found


def _is_container_set(op: Operation, node: Node) -> bool:
    if not node.children:
        return False
    try:
        _, template = templates.resolve(op.state, templates.base_of(op.state, node), templates.holder_of(node))
    except Refused:
        return False
    return template.get("containerSet") is not None
