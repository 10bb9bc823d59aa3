"""From a pod to its node's phase and message (v4.1 operator.go assessNodeStatus, inferFailedReason)."""

from __future__ import annotations

from argosy.simulate.controller import memoize, nodes, outputs, templates
from argosy.simulate.controller.operation import Operation, Refused
from argosy.simulate.controller.state import FULFILLED, Node, Obj
from argosy.simulate.seam import ContainerView, PodView, Signal

_AUXILIARY = ("wait", "supervisor")


def assess(op: Operation, pod: PodView, node: Node) -> None:
    """Bring a node up to date with its pod."""
    state = op.state
    try:
        template = templates.of_node(state, node)
    except Refused as error:
        nodes.mark_error(op, node, error.message)
        return
    old_phase, old_message = node.phase, node.message
    phase, message, daemoned = _phase(op, pod, node, template)
    if phase is None:
        return
    _containers(op, pod, node)
    if daemoned and phase not in FULFILLED:
        node.pod_ip = pod.ip
    _take_exit_code(pod, node)
    aux_gone, never = True, False
    for container in pod.containers:
        if container.name in _AUXILIARY:
            aux_gone = False
            if container.state == "running" and phase in ("Succeeded", "Failed", "Error") and pod.phase != "Failed":
                phase = old_phase
            elif container.state == "terminated" and container.exit_code:
                never = True
    never = never or (pod.phase == "Failed" and pod.reason == "Evicted" and aux_gone)
    if phase == "Succeeded" and not _has_declared_outputs(template, node):
        phase = old_phase
    if old_phase == "Pending" and phase not in ("Pending", "Failed", "Error") and old_message == message:
        message = ""
    changes = (phase, message, daemoned) != (node.phase, node.message, node.daemoned) or not node.host
    node.host = pod.host
    _apply(op, pod, node, phase, message, daemoned)
    if never and node.synced is not None:
        _take_for_complete(op, node, changes)


def _take_for_complete(op: Operation, node: Node, changes: bool) -> None:
    """The task result can't come any more: Argo takes it for complete, once nothing else of the node changes."""
    result = op.view.results.get(node.id)
    if result is not None and not result.completed:
        op.state.forced[node.id] = None
    if not changes:
        op.state.set_synced(node, True)


def _apply(op: Operation, pod: PodView, node: Node, phase: str, message: str, daemoned: bool) -> None:
    """Take the new status over, unless the task result is still awaited (podReconciliation)."""
    state = op.state
    if phase == "Succeeded" and node.id in state.unsynced:
        op.awaits_result = True
        return
    was = node.phase
    if daemoned != node.daemoned:
        state.set_daemoned(node, daemoned)
    if phase == "Running" and was == "Pending" and not daemoned:
        state.starts(node)
    elif phase != was:
        state.set_phase(node, phase)
    if message != node.message:
        state.note(node)
        node.message = message
    if node.fulfilled and not node.finished_at:
        node.finished_at = nodes.second(_finished(op, pod))
        state.mark(node)
    if node.outputs:
        outputs.make_global(op, node.outputs)
    if node.memo is not None and node.phase == "Succeeded" and was != "Succeeded":
        problem = memoize.save(op, node, node.outputs)
        if problem is not None:
            state.set_phase(node, "Error")
            node.message = problem
    if node.phase == "Running":
        op.pod_running = True


def _phase(op: Operation, pod: PodView, node: Node, template: Obj | None) -> tuple[str | None, str, bool]:
    """Give the phase, message and daemoned that a pod's phase means; no phase: nothing changes."""
    daemon = bool((template or {}).get("daemon"))
    if pod.phase == "Pending":
        return "Pending", pending_reason(pod), False
    if pod.phase == "Succeeded":
        return ("Failed" if daemon else "Succeeded"), node.message, False
    if pod.phase == "Failed":
        return (*failed_reason(op, pod, template), False)
    if pod.phase == "Running":
        if template is not None:
            _clean_up(op, pod, template)
        if not daemon:
            return "Running", node.message, node.daemoned
        if node.fulfilled:
            return node.phase, node.message, node.daemoned
        if not all(container.ready for container in pod.containers):
            return None, "", False
        return "Running", node.message, True
    return "Error", f"Unexpected pod phase for {pod.name}: {pod.phase}", node.daemoned


def _clean_up(op: Operation, pod: PodView, template: Obj) -> None:
    """Signal what is left of a pod whose main containers have ended (cleanUpPod)."""
    names = _mains(template)
    mains = [c for c in pod.containers if c.name in names]
    ended = [c for c in mains if c.state == "terminated"]
    if len(ended) == len(mains) or any(c.exit_code for c in ended):
        op.commands.append(Signal(pod.node_id))


def _mains(template: Obj | None) -> tuple[str, ...]:
    members = template.get("containerSet") if template else None
    return tuple(c["name"] for c in members.get("containers") or ()) if members else ("main",)


def _containers(op: Operation, pod: PodView, node: Node) -> None:
    """Bring the nodes of a container set's members up to date."""
    for container in pod.containers if node.children else ():
        member = op.state.by_name.get(f"{node.name}.{container.name}")
        if member is None:
            continue
        if container.state == "terminated":
            code = container.exit_code
            message = f"{container.name}: {container.reason} (exit code {code}): {container.message}"
            if code == 0:
                nodes.mark(op, member, "Succeeded")
            else:
                nodes.mark(op, member, "Error" if code == 64 else "Failed", message)
        elif pod.phase == "Failed":
            nodes.mark(op, member, "Failed", "Pod Failed whilst container running")
        elif container.state == "waiting":
            nodes.mark(op, member, "Pending")
        else:
            nodes.mark(op, member, "Running")


def _take_exit_code(pod: PodView, node: Node) -> None:
    for container in pod.containers:
        if container.name == "main" and container.state == "terminated":
            node.outputs = {**(node.outputs or {}), "exitCode": str(container.exit_code)}
            return


def _has_declared_outputs(template: Obj | None, node: Node) -> bool:
    declared, made = template.get("outputs") if template else None, node.outputs
    if (
        not declared
        or made is None
        or not (declared.get("parameters") or declared.get("artifacts") or declared.get("result"))
    ):
        return True
    if declared.get("parameters") and made.get("parameters") is None:
        return False
    required = any(not a.get("optional") for a in declared.get("artifacts") or ())
    return not (required and made.get("artifacts") is None)


def _finished(op: Operation, pod: PodView) -> float:
    """getLatestFinishedAt."""
    latest = 0.0
    for container in (*pod.init, *pod.containers):
        if container.state == "running":
            latest = op.now
        elif container.state == "terminated":
            latest = max(latest, container.finished_at)
    return latest


def pending_reason(pod: PodView) -> str:
    """Say why a pod is pending."""
    for container in pod.containers:
        if container.state == "waiting":
            return f"{container.reason}: {container.message}" if container.message else container.reason
    if pod.unschedulable is not None:
        return f"Unschedulable: {pod.unschedulable}" if pod.unschedulable else "Unschedulable"
    return ""


def failed_reason(op: Operation, pod: PodView, template: Obj | None) -> tuple[str, str]:
    """Give the phase and message of a node whose pod has failed."""
    if pod.message:
        return "Failed", pod.message
    mains = _mains(template)
    ordered = [*pod.init, *sorted(pod.containers, key=lambda c: _rank(c, mains))]
    if not ordered:
        return "Failed", f"can't find failed message for pod {pod.name} namespace {op.state.namespace}"
    main_done = wait_done = False
    for container in ordered:
        if container.state == "waiting":
            return (
                "Error",
                f"Pod failed before {container.name} container starts due to {container.reason}: {container.message}",
            )
        if container.state != "terminated":
            continue
        if container.exit_code == 0:
            main_done = main_done or container.name in mains
            wait_done = wait_done or container.name in _AUXILIARY
            continue
        found = _reason(container, mains)
        if found is not None:
            return found
    if main_done and wait_done:
        return "Succeeded", ""
    if main_done:
        return "Failed", "pod failed: wait container did not complete successfully"
    if wait_done:
        return "Failed", "pod failed: main container did not complete successfully"
    return "Failed", "pod failed: neither main nor wait container completed successfully"


def _rank(container: ContainerView, mains: tuple[str, ...]) -> int:
    return 1 if container.name in mains else 2 if container.name in _AUXILIARY else 3


def _reason(container: ContainerView, mains: tuple[str, ...]) -> tuple[str, str] | None:
    message = f"{container.reason} (exit code {container.exit_code})"
    if container.message:
        message = f"{message}: {container.message}"
    message = f"{container.name}: {message}"
    if container.name == "init" or container.name in _AUXILIARY:
        return "Error", message
    if container.name in mains or container.exit_code not in (137, 143):
        return "Failed", message
    return None
