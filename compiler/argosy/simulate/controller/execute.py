"""Executing a template: making its node, or taking it further (v4.1 operator.go executeTemplate)."""

from __future__ import annotations

import re
from typing import NamedTuple

from argosy.simulate.controller import arguments, kinds, memoize, nodes, retry, templates
from argosy.simulate.controller.limits import check_parallelism, check_timeouts
from argosy.simulate.controller.names import pod_name
from argosy.simulate.controller.operation import MAX_DEPTH, Fault, Operation, Options, Refused
from argosy.simulate.controller.state import Node, Obj
from argosy.simulate.controller.templates import Base
from argosy.simulate.controller.traits import traits_of

Result = tuple[Node | None, Fault | None]
"""The node, and the error beside it: callers use both."""

_DISPLAY_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9\-.]{0,61}[a-zA-Z0-9]\Z")
_DISPLAY_NAME_KEY = "workflows.argoproj.io/display-name"


class Call(NamedTuple):
    """What is to be executed: a step, task or hook, from a base, with arguments."""

    name: str
    """Of the node."""
    holder: Obj
    kind: str
    """``step`` or ``task``: which of steps.name and tasks.name it gives."""
    base: Base
    arguments: Obj | None
    options: Options


def execute_template(op: Operation, call: Call) -> Result:
    """Execute a template for a node of this name; the node may be there already."""
    node = op.state.by_name.get(call.name)
    if node is not None and not op.full and (not node.dirty or (node.leaf and _only_waits(op, node))):
        node.dirty = False
        return node, None
    op.depth += 1
    try:
        result, fault = _execute(op, call, node)
    finally:
        op.depth -= 1
    if fault is not None and result is not None and result.synced is not None:
        op.state.set_synced(result, True)
    return result, fault


def _only_waits(op: Operation, node: Node) -> bool:
    """Say whether a plain leaf is over, or has its pod or task and nothing to do but wait for it."""
    return node.phase_fulfilled or node.id in op.view.pods or node.id in op.state.in_task_set


def _execute(op: Operation, call: Call, node: Node | None) -> Result:
    state, options = op.state, call.options
    scope = call.base.scope

    def refuse(fault: Fault) -> Result:
        return nodes.init_or_mark_error(op, node, call.name, scope, call.holder, options, fault), fault

    if op.depth >= state.settings.max_depth:
        return refuse(MAX_DEPTH)
    try:
        base, template = templates.resolve(state, call.base, call.holder)
        options.volatile = traits_of(template).volatile
        template = templates.with_defaults(state, template)
        template = _processed(op, call, node, template)
        _set_display_name(op, node, template)
    except Refused as error:
        return refuse(error.fault)
    lock = template.get("synchronization")
    if node is not None and node.phase_fulfilled:
        _release(op, node, lock)
        node.dirty = False
        return node, None
    waited = _check_limits(op, call, node, template)
    if waited is not None:
        return waited
    if node is not None:
        node.dirty = False
    acquired = False
    if lock:
        try:
            acquired, node = _acquire(op, call, node, template)
        except Refused as error:
            return refuse(error.fault)
        if not acquired:
            return node, None
    if template.get("memoize") and (node is None or acquired):
        try:
            node = memoize.look_up(op, call, node, template)
        except Refused as error:
            return refuse(error.fault)
    if node is not None and node.phase_fulfilled:
        _release(op, node, lock)
        return node, None
    strategy = templates.retry_strategy(state, template)
    is_new = node is None
    if strategy is not None:
        result = retry.execute(op, call, node, base, template, strategy)
    else:
        result = run(op, call, base, template)
    if is_new and result[0] is not None and (template.get("timeout") or template.get("pendingTimeout")):
        state.mark(result[0])  # the next look at it reads its timeouts
    return result


def _local(op: Operation, call: Call, template: Obj) -> dict[str, str]:
    local = {"node.name": call.name}
    if nodes.is_pod(template) and templates.retry_strategy(op.state, template) is None:
        local["pod.name"] = pod_name(op.state.name, call.name, template.get("name") or "")
    local[f"{call.kind}s.name"] = str(call.holder.get("name") or "")
    return local


def _processed(op: Operation, call: Call, node: Node | None, template: Obj) -> Obj:
    """Give the template with its arguments, from memory where nothing in it can have changed."""
    work = node.work if node is not None else None
    if work is not None and not op.full and work.template is not None and work.arguments is call.arguments:
        remembered: Obj = work.template
        return remembered
    if not template.get("inputs") and not traits_of(template).tagged:
        return template
    return arguments.process(op.state, template, call.arguments, _local(op, call, template))


def _set_display_name(op: Operation, node: Node | None, template: Obj) -> None:
    name = (template.get("annotations") or {}).get(_DISPLAY_NAME_KEY)
    if node is None or not name:
        return
    if not _DISPLAY_NAME.match(name):
        raise Refused("displayName must match the regex ^[a-zA-Z0-9][a-zA-Z0-9-.]{0,61}[a-zA-Z0-9]$")
    node.display_name = name


def _check_limits(op: Operation, call: Call, node: Node | None, template: Obj) -> Result | None:
    """Check timeouts and parallelism; give what to return if it may not go on."""
    try:
        deadline, pending = check_timeouts(template, node, op.now, op.state.version)
    except Refused as error:
        assert node is not None  # there are no deadlines without a node
        if node.type == "Pod" and node.id in op.view.pods:
            from argosy.simulate.seam import DeletePod

            op.commands.append(DeletePod(node.id))
        return nodes.mark(op, node, "Failed", error.message), error.fault
    due = min((d for d in (deadline, pending) if d is not None), default=None)
    if due is not None and op.now < due and node is not None and op.state.version >= "4.1":
        op.state.wake_at(due, node)
    fault = check_parallelism(op, template, node, call.options.boundary_id)
    return (node, fault) if fault is not None else None


def _release(op: Operation, node: Node, lock: Obj | None) -> None:
    if lock:
        op.state.locks.release(op, node.id, lock)


def _acquire(op: Operation, call: Call, node: Node | None, template: Obj) -> tuple[bool, Node | None]:
    """Take the template's locks, or note that the node, if there is one yet, waits for them. Raises Refused."""
    from argosy.simulate.controller.names import node_id

    state = op.state
    holder = node_id(state.name, call.name)
    acquired, message, failed = state.locks.try_acquire(op, holder, template["synchronization"])
    if not acquired:
        if node is None:
            type_ = "Retry" if template.get("retryStrategy") is not None else nodes.TYPES[nodes.kind_of(template)]
            node = nodes.init_executable(
                op, call.name, type_, call.base.scope, template, call.holder, call.options, "Pending", message,
                await_result=True,
            )  # fmt: skip
        wait_for_lock(op, node, failed, message)
        state.mark(node)
        return False, node
    if node is not None:
        wait_for_lock(op, node, "", "")
    return True, node


def wait_for_lock(op: Operation, node: Node, lock: str, message: str) -> None:
    """markNodeWaitingForLock."""
    op.state.touch(node)
    if lock:
        node.waiting = lock
        op.state.open_nodes[node.id] = node
    else:
        node.waiting = None
        node.message = ""
        op.state.open_nodes.pop(node.id, None)
    if message:
        node.message = message


def run(op: Operation, call: Call, base: Base, template: Obj) -> Result:
    """Run a template that is ready: by its kind."""
    kind = nodes.kind_of(template)
    if kind == "steps" and not template["steps"]:
        missing = Fault(f"Template '{template.get('name', '')}' missing specification")
        scope, flag = call.base.scope, call.options.flag
        return nodes.init(
            op, call.name, "Skipped", scope, call.holder, call.options, "Error", missing.message, flag=flag
        ), missing
    try:
        node, fault = kinds.RUN[kind](op, call, base, template)
    except Refused as error:
        node, fault = op.state.by_name.get(call.name), error.fault
    if fault is not None:
        node = op.state.by_name.get(call.name)
        if node is not None:
            nodes.mark_error(op, node, fault.message)
        if not _retries_errors(op, template):
            if node is not None:
                _release(op, node, template.get("synchronization"))
            return node, fault
    if node is not None and node.fulfilled:
        _release(op, node, template.get("synchronization"))
    return node, None


def _retries_errors(op: Operation, template: Obj) -> bool:
    strategy = templates.retry_strategy(op.state, template)
    return strategy is not None and retry.policy(strategy) in ("Always", "OnError", "OnTransientError")
