"""How a DAG stands as a whole (v4.1 dag.go assessDAGPhase)."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from argosy.simulate.controller import nodes
from argosy.simulate.controller.operation import Operation
from argosy.simulate.controller.state import FAILED, Node, Obj
from argosy.simulate.controller.steps import continues_on

if TYPE_CHECKING:
    from argosy.simulate.controller.task import Frame


def assess(op: Operation, frame: Frame, template: Obj) -> str:
    """Give the phase that a DAG has now."""
    if _something_runs(op, frame):
        return "Running"
    phases = _branches(op, frame)
    if phases is None:
        return "Running"
    fail_fast = template["dag"].get("failFast")
    return _judge(frame, phases, fail_fast is None or bool(fail_fast))


def _something_runs(op: Operation, frame: Frame) -> bool:
    """Say whether a task that hangs below the DAG runs: a quick look before the walk over all of them."""
    running = frame.work.running
    over: list[str] = []
    found = False
    for name, node in running.items():
        if node.fulfilled or node.name not in op.state.by_name:
            over.append(name)
        elif node.linked and node.type != "TaskGroup":
            found = True
            break
    for name in over:
        del running[name]
    frame.work.over += len(over)
    if frame.work.over > len(running):  # going over a dictionary takes as long as it once was
        frame.work.running, frame.work.over = dict(running), 0
    return found


def _branches(op: Operation, frame: Frame) -> dict[str, str] | None:
    """Give the phase of each target: its own, or that of the branch that ends in it; None while something runs."""
    state = op.state
    targets = {frame.name_of(name) for name in frame.work.targets}
    found = dict.fromkeys(targets, "")
    queue: deque[tuple[str, str]] = deque((child, "Succeeded") for child in frame.boundary.children)
    seen = set(queue)
    complete: dict[str, str] = {}
    while queue:
        node_id, branch = queue.popleft()
        node = state.nodes.get(node_id)
        if node is None:
            return None
        if not node.fulfilled:
            group = _completable(op, node)
            if group is None:
                _heal(op, complete)
                return None
            complete[node.name] = branch = group
        elif node.completed:
            branch = node.phase
        if node.name in found and found[node.name] not in FAILED:
            found[node.name] = branch
        below = retry_children(op, node) if node.type == "Retry" else list(node.children)
        for child in below:
            if (child, branch) not in seen:
                seen.add((child, branch))
                queue.append((child, branch))
    _heal(op, complete)
    return found


def _heal(op: Operation, complete: dict[str, str]) -> None:
    for name, phase in complete.items():
        nodes.mark(op, op.state.by_name[name], phase)


def _completable(op: Operation, node: Node) -> str | None:
    """completableTaskGroupPhase: a loop whose items are done, though nobody has noticed."""
    if node.type != "TaskGroup" or not node.children or op.state.version < "4.1":
        return None
    phase = "Succeeded"
    for child_id in node.children:
        child = op.state.nodes.get(child_id)
        if child is None or not child.fulfilled:
            return None
        if child.failed:
            phase = child.phase
    return phase


def retry_children(op: Operation, node: Node) -> list[str]:
    """getRetryNodeChildrenIds: what comes after the attempts, and hooks."""
    found: list[str] = []
    for child in reversed(nodes.children(op.state, node)):
        if child.hooked:
            found.append(child.id)
        else:
            found += child.children
    return found


def _judge(frame: Frame, phases: dict[str, str], fail_fast: bool) -> str:
    result = "Succeeded"
    for name in frame.work.targets:
        branch = phases[frame.name_of(name)]
        if not branch:
            result = "Running"
            if not fail_fast:
                break
        elif branch in FAILED:
            if continues_on(frame.work.tasks[name], branch):
                continue
            result = branch
            if fail_fast:
                break
    return result
