"""One reconciliation of a workflow (v4.1 controller/operator.go operate, markWorkflowPhase, persistUpdates)."""

from __future__ import annotations

import heapq
import re

from argosy.simulate.controller import agent_tasks, daemon, hooks, limits, names, nodes, observe, settings, templates
from argosy.simulate.controller.execute import Call, execute_template
from argosy.simulate.controller.operation import Operation, Options, Reason, Refused, Stop
from argosy.simulate.controller.pods_names import pod_name_of
from argosy.simulate.controller.state import COMPLETED, Flag, Node, State
from argosy.simulate.controller.templates import Base
from argosy.simulate.controller.values import compact_json, rfc3339
from argosy.simulate.seam import Command, Event, RequeueAfter, View

_STATUS = {
    "Pending": "Pending",
    "Running": "Running",
    "Succeeded": "Succeeded",
    "Skipped": "Succeeded",
    "Failed": "Failed",
    "Error": "Error",
    "Omitted": "Succeeded",
}
_POD_NAMES = "workflows.argoproj.io/pod-name-format"


def reconcile(state: State, view: View, now: float) -> list[Command]:
    """Look at a workflow and what its pods have come to; change its nodes and give what is to be done."""
    op = Operation(state, view, now, state.full)
    before = (state.phase, state.message)
    if not state.fulfilled:
        try:
            operate(op)
        except Stop as stop:
            mark_workflow(op, stop.phase, stop.message)
    _persist(op, before)
    return op.commands


def operate(op: Operation) -> None:
    """One pass over the workflow."""
    state = op.state
    settings.set_up(op)
    observe.task_results(op)
    if not _take_workflow_lock(op):
        return
    if not state.phase:
        mark_workflow(op, "Running", "")
        op.deadline = _deadline(state)
        if op.deadline is not None:
            op.requeue_at(op.deadline)
    else:
        op.deadline = _deadline(state)
        if not observe.pods(op):
            op.requeue()
            return
    state.full = False
    if state.spec.get("suspend"):
        state.full = op.full or state.full
        return
    if state.spec.get("parallelism") is not None:
        op.pods = limits.active_pods(op)
        limits.look_at_hooks(op)
    _wake(op)
    _claims(op)
    if state.phase == "Pending":
        mark_workflow(op, "Running", "")
    _operate_templates(op)


def _take_workflow_lock(op: Operation) -> bool:
    """Take the locks of the workflow as a whole; False: it has to wait."""
    state = op.state
    wanted = state.spec.get("synchronization")
    if not wanted:
        return True
    try:
        acquired, message, _ = state.locks.try_acquire(op, "", wanted)
    except Refused as error:
        mark_workflow(op, "Failed", f"Failed to acquire the synchronization lock. {error.message}")
        return False
    if acquired:
        return True
    if op.shutdown == "Terminate" and state.phase == "Pending" and state.version >= "4.1":
        state.locks.release_all(state, op.commands)
        mark_workflow(op, "Failed", f"Stopped with strategy '{op.shutdown}'")
    else:
        mark_workflow(op, state.phase or "Pending", message)
    return False


def _deadline(state: State) -> float | None:
    seconds = state.spec.get("activeDeadlineSeconds")
    return None if seconds is None or not state.started_at else float(int(state.started_at)) + float(seconds)


def _wake(op: Operation) -> None:
    """Mark the nodes whose time has come."""
    state = op.state
    while state.timers and state.timers[0][0] <= op.now:
        node = state.by_name.get(heapq.heappop(state.timers)[2])
        if node is not None and not node.phase_fulfilled:
            state.mark(node)


def _claims(op: Operation) -> None:
    """createPVCs: the claims are there at once."""
    state = op.state
    wanted = state.spec.get("volumeClaimTemplates") or ()
    if len(wanted) == len(state.claims):
        return
    for i, claim in enumerate(wanted):
        name = (claim.get("metadata") or {}).get("name")
        if not name:
            raise Stop("Error", f"pvc create error: volumeClaimTemplates[{i}].metadata.name is required")
        state.claims.append({"name": name, "persistentVolumeClaim": {"claimName": f"{state.name}-{name}"}})


def _operate_templates(op: Operation) -> None:
    state = op.state
    if _only_waits(op):
        return
    base = templates.local(state)
    holder = {"template": state.spec.get("entrypoint") or ""}
    call = Call(state.name, holder, "step", base, state.spec.get("arguments"), Options())
    node, fault = execute_template(op, call)
    if fault is not None:
        if fault.reason is not Reason.PARALLELISM and not state.fulfilled:
            mark_workflow(op, "Error", f"error in entry template execution: {fault.message}")
        return
    if node is None:
        return
    message = node.message
    status = _STATUS[node.phase]
    state.globals["workflow.status"] = status
    if node.fulfilled or hooks.others(state.spec.get("hooks")):
        state.globals["workflow.failures"] = _failures(state)
    done = node.fulfilled  # what follows changes the node, but Argo goes on with what it was
    over, fault = hooks.run_for_workflow(op, base)
    if fault is not None:
        nodes.mark_error(op, node, fault.message)
    if not op.shutdown:
        agent_tasks.reconcile(op)
    if not over or not done:
        return
    going_on, exit_node = _run_exit_handler(op, base)
    if going_on:
        _conclude(op, node, message, status, exit_node)


def _only_waits(op: Operation) -> bool:
    """Say whether nothing has happened of which the entrypoint or a hook has to hear."""
    state = op.state
    entry = state.by_name.get(state.name)
    if entry is None or entry.dirty or op.full or entry.fulfilled:
        return False
    return not (state.spec.get("hooks") or op.view.answers or op.shutdown)


def _run_exit_handler(op: Operation, base: Base) -> tuple[bool, Node | None]:
    """Run onExit; say whether the workflow is over now."""
    state = op.state
    hook = hooks.exit_hook(op, state.spec)
    if hook is None:
        return True, None
    name = names.on_exit(state.name)
    exit_node = state.by_name.get(name)
    if exit_node is None and not op.may_execute(True):
        return True, None
    holder = {"template": hook.get("template"), "templateRef": hook.get("templateRef")}
    options = Options(on_exit=True, flag=Flag(hooked=True))
    op.tasks.clear()
    exit_node, fault = execute_template(op, Call(name, holder, "step", base, hook.get("arguments"), options))
    if fault is not None:
        if fault.reason is not Reason.PARALLELISM and not state.fulfilled:
            mark_workflow(op, "Error", f"error in exit template execution : {fault.message}")
        return False, exit_node
    if exit_node is not None and (op.tasks or op.view.answers) and agent_tasks.requires(op, exit_node):
        agent_tasks.reconcile(op)
    return exit_node is not None and exit_node.fulfilled, exit_node


def _conclude(op: Operation, node: Node, message: str, status: str, exit_node: Node | None) -> None:
    """Give the workflow its final phase."""
    if node.failed and op.shutdown:
        message = f"Stopped with strategy '{op.shutdown}'"
    if status == "Succeeded":
        if exit_node is not None and exit_node.failed:
            mark_workflow(op, "Failed" if exit_node.phase == "Failed" else "Error", exit_node.message)
        else:
            mark_workflow(op, "Succeeded", "")
    elif status in ("Failed", "Error"):
        mark_workflow(op, status, message)
    else:
        mark_workflow(op, "Error", f"Unexpected node phase {op.state.name}: <nil>")
    if op.state.fulfilled:
        strategy = (op.state.spec.get("volumeClaimGC") or {}).get("strategy") or "OnWorkflowSuccess"
        if strategy == "OnWorkflowCompletion" or op.state.phase == "Succeeded":
            op.state.claims.clear()


def _failures(state: State) -> str:
    """Give {{workflow.failures}}: the failed nodes as JSON, quoted once more.

    Argo's order is random; ours is sorted, by names where there are ids, which say nothing, or drawn by the seed.
    """
    key = [(node.id, node.phase, node.message, node.finished_at) for node in state.failures.values()]
    known = state.caches.get("failures")
    if known is None or known[0] != key:
        known = state.caches["failures"] = (key, _written_failures(state))
    text: str = known[1]
    return text


def _written_failures(state: State) -> str:
    ids = re.compile(re.escape(state.name) + r"-\d+")

    def named(match: re.Match[str]) -> str:
        node = state.nodes.get(match[0])
        return f"<id:{node.name}>" if node is not None else match[0]

    found = {
        node.name: {
            "displayName": node.display_name,
            "message": node.message,
            "templateName": node.template,
            "phase": node.phase,
            "podName": pod_name_of(state, node),
            "finishedAt": rfc3339(node.finished_at) if node.finished_at else None,
        }
        for node in state.failures.values()
    }

    def rank(name: str) -> str:
        entry = found[name]
        return compact_json({**entry, "message": ids.sub(named, entry["message"] or ""), "podName": name})

    ordered = sorted(found, key=rank)
    if state.races is not None:
        state.races.shuffle(ordered)
    texts = [compact_json(found[name]) for name in ordered]
    text = f"[{','.join(texts)}]" if texts else "null"
    from argosy.language.gotext import quote
    from argosy.simulate.controller.values import escape_html

    return quote(escape_html(text))


def mark_workflow(op: Operation, phase: str, message: str) -> None:
    """Change the workflow's phase and message (markWorkflowPhase)."""
    state = op.state
    if phase in COMPLETED and (state.unsynced or state.daemons):
        daemon.stop_within(op, "")
        return
    state.phase = phase
    if not state.started_at and phase != "Pending":
        state.started_at = op.now
    state.message = message
    _label(state, phase)
    if phase == "Error":
        entry = state.by_name.get(state.name)
        if entry is not None and entry.phase == "Running":
            state.set_phase(entry, "Error")
            entry.message = "Workflow operation error"
    if phase in COMPLETED:
        state.finished_at = op.now
        state.conditions["Completed"] = {"type": "Completed", "status": "True"}


def _label(state: State, phase: str) -> None:
    metadata = dict(state.workflow.get("metadata") or {})
    labels = dict(metadata.get("labels") or {})
    labels["workflows.argoproj.io/phase"] = phase
    labels["workflows.argoproj.io/completed"] = "true" if phase in COMPLETED else "false"
    metadata["labels"] = labels
    annotations = {"workflows.argoproj.io/pod-name-format": "v2"}
    if state.version >= "4.1":
        annotations["workflows.argoproj.io/trace-id"] = settings.TRACE
    metadata["annotations"] = {**annotations, **(metadata.get("annotations") or {})}
    state.workflow = {**state.workflow, "metadata": metadata}
    state.stamp += 1


def _persist(op: Operation, before: tuple[str, str]) -> None:
    """Write down what changed, and clean up."""
    state = op.state
    if state.sync is not None and state.fulfilled:
        state.locks.release_all(state, op.commands)
    if state.tasks:
        agent_tasks.clear(op)
    if state.timers and not state.fulfilled and not state.spec.get("suspend"):
        op.commands.append(RequeueAfter(max(0.0, state.timers[0][0] - op.now)))
    if state.touched and not state.fulfilled:
        op.requeue()  # the update of the workflow wakes the controller, too
    note_events(state, op.now, before)


def note_events(state: State, now: float, before: tuple[str, str]) -> None:
    """Write down what became of nodes, and of the workflow's phase and message, since this was last called."""
    for node_id, (phase, message, daemoned) in state.touched.items():
        node = state.nodes.get(node_id)
        if node is not None and (node.phase, node.message, node.daemoned) != (phase, message, daemoned):
            state.events.append(Event(now, node.name, phase, node.phase, node.message))
    state.touched = {}
    if (state.phase, state.message) != before:
        state.events.append(Event(now, None, before[0], state.phase, state.message))
