"""Taking over what has happened to pods and task results (v4.1 operator.go podReconciliation, taskresult.go)."""

from __future__ import annotations

from argosy.simulate.controller import agent_tasks, assess, control, nodes
from argosy.simulate.controller.operation import Operation
from argosy.simulate.controller.state import Node, Obj

_POD_RUNNING: dict[bool, Obj] = {
    runs: {"type": "PodRunning", "status": "True" if runs else "False"} for runs in (False, True)
}


def task_results(op: Operation) -> None:
    """taskResultReconciliation."""
    state = op.state
    results = op.view.results
    if op.full:
        wanted = list(results)
    elif state.forced or state.overdue:
        wanted = [i for i in {**dict.fromkeys(op.view.changed), **state.forced, **state.overdue} if i in results]
    else:
        wanted = [i for i in op.view.changed if i in results]
    for node_id in wanted:
        node = state.nodes.get(node_id)
        if node is None:
            continue
        result = results[node_id]
        state.set_synced(node, result.completed)
        if not result.completed and node_id not in op.view.pods:
            if node.synced is None and node.completed:
                _give_up(op, node)
                continue
            _note_gone(op, node)
        if result.outputs:
            outputs = dict(result.outputs)
            code = (node.outputs or {}).get("exitCode")
            if code is not None:
                outputs.setdefault("exitCode", code)
            if outputs != node.outputs:
                node.outputs = outputs
                state.mark(node)
        if result.progress:
            node.progress = result.progress


def _give_up(op: Operation, node: Node) -> None:
    """A task result that can't come any more counts as complete after a while."""
    if op.now - node.finished_at <= op.state.settings.recently_deleted:
        op.requeue()
        op.state.overdue[node.id] = None
    else:
        op.state.set_synced(node, True)
        op.state.overdue.pop(node.id, None)


def pods(op: Operation) -> bool:
    """Bring nodes up to date with their pods; False: a task result is awaited first (podReconciliation)."""
    state = op.state
    everything = op.full or _begins_to_stop(op)
    there = op.view.pods
    for node_id in _to_look_at(op, everything):
        pod = there.get(node_id)
        node = state.nodes.get(node_id)
        if node is None:
            continue
        if pod is None:
            _note_gone(op, node)
            continue
        state.lost.pop(node_id, None)
        assess.assess(op, pod, node)
        control.apply_to_pod(op, pod)
    if op.full:
        # those that have ended count, too, while their task result is awaited: "pod deleted" ends that
        state.lost.update((i, None) for i in (*state.active_pods, *state.unsynced) if i not in there)
        state.created_pods &= set(there)
    if op.view.agent_failed is not None:
        agent_tasks.fail_all(op, f'agent pod failed with reason:"{op.view.agent_failed}"')
    if op.awaits_result:
        return False
    state.conditions["PodRunning"] = _POD_RUNNING[_some_pod_runs(op)]
    for node_id in list(state.lost) if state.lost else ():
        node = state.nodes.get(node_id)
        if node is None or node_id in there or not _lost(op, node):
            state.lost.pop(node_id, None)
    if everything or op.shutdown or op.past_deadline():
        control.fail_without_pods(op, _without_pods(op, everything))
    return True


def _to_look_at(op: Operation, everything: bool) -> list[str]:
    """Give the ids of the nodes whose pods may have changed."""
    state, changed = op.state, op.view.changed
    if not everything and not state.forced and not state.doubtful:
        return list(changed)
    found = {**dict.fromkeys(op.view.pods if everything else ()), **dict.fromkeys(changed)}
    found.update(state.forced)
    found.update(state.doubtful)
    state.doubtful = {}
    return list(found)


def _note_gone(op: Operation, node: Node) -> None:
    op.state.created_pods.discard(node.id)
    op.state.forced.pop(node.id, None)
    if node.type == "Pod":
        op.state.lost[node.id] = None


def _begins_to_stop(op: Operation) -> bool:
    """Say whether a shutdown or the deadline is to be applied to all nodes for the first time."""
    state = op.state
    expired, stops = op.past_deadline(), bool(op.shutdown)
    begins = (stops and not state.stopping) or (expired and not state.expired)
    state.stopping = state.stopping or stops
    state.expired = expired
    if begins:
        op.full = True
    return begins


def _some_pod_runs(op: Operation) -> bool:
    return op.pod_running or op.state.running_pods > 0


def _lost(op: Operation, node: Node) -> bool:
    """A node's pod is gone: make it again, wait a little, or fail; True: look again next time."""
    state = op.state
    if node.phase_fulfilled:
        return False
    if node.phase == "Pending":
        state.mark(node)
        return False
    if op.now - node.started_at <= state.settings.recently_started:
        op.requeue()
        state.mark(node)
        return True
    if node.daemoned:
        state.set_daemoned(node, False)
    nodes.mark_error(op, node, "pod deleted")
    if node.synced is None and node.id in state.unsynced:
        state.overdue[node.id] = None
    state.mark(node)
    _mark_containers_deleted(op, node)
    return True


def _mark_containers_deleted(op: Operation, node: Node) -> None:
    for child in nodes.children(op.state, node):
        if child.type == "Container":
            nodes.mark_error(op, child, "container deleted")
            _mark_containers_deleted(op, child)


def _without_pods(op: Operation, everything: bool) -> list[Node]:
    state = op.state
    if everything:
        return [node for node in state.nodes.values() if not node.fulfilled]
    found = {**state.open_nodes, **state.tasks, **state.active_pods}
    changed = [state.nodes[i] for i in (*op.view.changed, *state.touched) if i in state.nodes]
    for node in (*found.values(), *changed):
        owner = node.owner
        while owner is not None:
            if owner.type == "Retry":
                found.setdefault(owner.id, owner)
            owner = owner.owner
    return list(found.values())
