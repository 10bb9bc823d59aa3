"""Stopping: shutdown and deadlines.

After v4.1 exec_control.go, and failNodesWithoutCreatedPodsAfterDeadlineOrShutdown of operator.go.
"""

from __future__ import annotations

from argosy.simulate.controller import nodes
from argosy.simulate.controller.operation import Operation
from argosy.simulate.controller.state import Node
from argosy.simulate.seam import PodView, Signal


def apply_to_pod(op: Operation, pod: PodView) -> None:
    """Signal a pod that is not to run any longer, and fail its node (applyExecutionControl)."""
    node = op.state.nodes.get(pod.node_id)
    if node is None or node.fulfilled or pod.phase not in ("Pending", "Running"):
        return
    if op.shutdown and not op.may_execute(pod.on_exit):
        _fail(op, node, f"workflow shutdown with strategy:  {op.shutdown}")
    elif op.past_deadline() and not pod.on_exit:
        _fail(op, node, "Step exceeded its deadline")


def _fail(op: Operation, node: Node, message: str) -> None:
    """handleExecutionControlError."""
    op.commands.append(Signal(node.id))
    nodes.mark(op, node, "Failed", message)
    for child in nodes.descendants(op.state, node):
        if not child.fulfilled:
            nodes.mark(op, child, "Failed", message)


def fail_without_pods(op: Operation, candidates: list[Node]) -> None:
    """Fail nodes that have no pod to be signalled."""
    stopped = f"Stopped with strategy '{op.shutdown}'"
    expired = op.past_deadline()
    for node in candidates:
        if node.fulfilled:
            continue
        part_of_exit = nodes.is_part_of_exit_handler(op.state, node)
        if op.shutdown and not op.may_execute(part_of_exit) and _has_no_pod(op, node):
            nodes.mark(op, node, "Failed", stopped)
            continue
        if expired and not part_of_exit and (node.phase == "Pending" or nodes.is_active_suspend(node)):
            nodes.mark(op, node, "Failed", "Step exceeded its deadline")


def _has_no_pod(op: Operation, node: Node) -> bool:
    if nodes.is_active_suspend(node) or node.is_task:
        return True
    if op.state.version < "4.1":
        return False
    if node.phase == "Pending" and node.waiting:
        return True
    return node.type == "Retry" and nodes.children_fulfilled(op.state, node)
