"""Steps templates (v4.1 workflow/controller/steps.go).

Argo looks at every step at every event. Here a group remembers its steps as resolved and expanded, and which are not
done; an event costs what it changes. A group whose steps refer to variables that change as the workflow runs is
resolved anew each time, as in Argo.
"""

from __future__ import annotations

from argosy.simulate.controller import daemon, hooks, loops, memoize, nodes, outputs, references, templates
from argosy.simulate.controller import scope as scopes
from argosy.simulate.controller.execute import Call, Result, execute_template
from argosy.simulate.controller.operation import Fault, Operation, Options, Reason, Refused
from argosy.simulate.controller.outbound import outbound_of
from argosy.simulate.controller.scope import Scope
from argosy.simulate.controller.state import COMPLETED, Node, Obj
from argosy.simulate.controller.templates import Base
from argosy.simulate.controller.work import Group, Steps


class Frame:
    """What executing one steps template needs everywhere (stepsContext)."""

    __slots__ = ("base", "boundary", "on_exit", "scope", "template")

    def __init__(self, boundary: Node, base: Base, template: Obj, on_exit: bool, scope: Scope) -> None:
        self.boundary = boundary
        self.base = base
        self.template = template
        self.on_exit = on_exit
        self.scope = scope


def run(op: Operation, call: Call, base: Base, template: Obj) -> Result:
    """executeSteps."""
    node = op.state.by_name.get(call.name)
    if node is None:
        node = nodes.init_executable(
            op, call.name, "Steps", call.base.scope, template, call.holder, call.options, "Running"
        )
        node.dirty = False
    result = _run(op, call, node, base, template)
    if node.phase_fulfilled:
        daemon.stop_within(op, node.id)
    return result


def _work(op: Operation, call: Call, node: Node, template: Obj) -> Steps:
    work = node.work
    if not isinstance(work, Steps) or op.full or work.template is not template:
        kept = None if call.options.volatile else template
        work = node.work = Steps(kept, call.arguments, scope=Scope(template))
    work.scope.set_workflow_outputs(op.state.outputs)
    return work


def _run(op: Operation, call: Call, node: Node, base: Base, template: Obj) -> Result:
    state = op.state
    due, node.due = node.due, {}
    work = _work(op, call, node, template)
    if any(_stirs(state.by_name.get(name), work.at) for name in due):
        work.at, work.scope = (
            0,
            Scope(template),
        )  # something has changed in a group that was done, a daemon's end for one
        work.scope.set_workflow_outputs(state.outputs)
    frame = Frame(node, base, template, call.options.on_exit, work.scope)
    groups = template["steps"]
    while work.at < len(groups):
        source = groups[work.at]
        group = _steps_of(source)
        name = f"{call.name}[{work.at}]"
        group_node = _group_node(op, call, node, frame, name, work.at)
        phase, fault = _run_group(op, frame, group, group_node, source)
        if fault is not None:
            return nodes.mark_error(op, group_node, fault.message), None
        if not _fulfilled(group_node, phase):
            return node, None
        if phase in ("Failed", "Error"):
            _set_outbound(op, node, template)
            return nodes.mark(op, node, "Failed", group_node.message), None
        fault = _add_to_scope(op, frame, group, group_node)
        if fault is not None:
            return node, fault
        work.at += 1
    _set_outbound(op, node, template)
    return _finish(op, node, frame)


def _stirs(group: Node | None, at: int) -> bool:
    return group is not None and group.order < at and bool(group.due)


def _steps_of(group: object) -> list[Obj]:
    if isinstance(group, dict):
        return list(group.get("steps") or ())
    return list(group) if isinstance(group, list) else []


def _fulfilled(node: Node, phase: str) -> bool:
    return phase in COMPLETED or phase in ("Skipped", "Omitted")


def _group_node(op: Operation, call: Call, node: Node, frame: Frame, name: str, number: int) -> Node:
    state = op.state
    group_node = state.by_name.get(name)
    options = Options(boundary_id=node.id, owner=node, order=number)
    if group_node is None:
        group_node = nodes.init(op, name, "StepGroup", frame.base.scope, {}, options, "Running")
        group_node.dirty = False
        if number == 0:
            nodes.add_child(state, node, name)
        else:
            _connect(op, state.by_name[f"{call.name}[{number - 1}]"], name)
    else:
        if not group_node.fulfilled:
            nodes.mark(op, group_node, "Running")
        if number and state.daemons:  # a daemon that is retried has another attempt to follow
            _connect(op, state.by_name[f"{call.name}[{number - 1}]"], name)
    return group_node


def _connect(op: Operation, before: Node, name: str) -> None:
    state = op.state
    if not before.children:
        nodes.add_child(state, before, name)
    for child in list(before.children):
        for out in outbound_of(op, child):
            nodes.add_child(state, state.nodes[out], name)


def _set_outbound(op: Operation, node: Node, template: Obj) -> None:
    """updateOutboundNodes."""
    state = op.state
    for number in reversed(range(len(template["steps"]))):
        last = state.by_name.get(f"{node.name}[{number}]")
        if last is not None:
            node.outbound = [out for child in last.children for out in outbound_of(op, child)]
            return


def _finish(op: Operation, node: Node, frame: Frame) -> Result:
    try:
        made = outputs.from_scope(frame.template, frame.scope)
    except Refused as error:
        return node, error.fault
    saved = node.outputs if op.state.version < "4.0" else made  # v3.7 keeps what the node had before
    if made is not None:
        node.outputs = made
        outputs.make_global(op, made)
    if node.memo is not None and memoize.save(op, node, saved) is not None:
        nodes.mark(op, node, "Error")
    return nodes.mark(op, node, "Succeeded"), None


def _add_to_scope(op: Operation, frame: Frame, group: list[Obj], group_node: Node) -> Fault | None:
    """Add the outputs of a group that is done (executeSteps)."""
    state = op.state
    work = group_node.work
    expanded = list(work.steps) if isinstance(work, Group) else []
    for step in group:
        name = f"{group_node.name}.{step['name']}"
        prefix = f"steps.{step['name']}"
        child = state.by_name.get(name)
        if child is not None:
            scopes.set_node(state, frame.scope, prefix, child)
            scopes.set_skipped(state, frame.base, frame.scope, prefix, child, step, with_artifacts=True)
            continue
        start = f"{name}("
        items = [state.by_name[n] for n in expanded if n.startswith(start) and n in state.by_name]
        items = [item for item in items if item.type != "Skipped"]
        if items:
            try:
                templates.resolve(state, frame.base, templates.holder_of(items[0]))  # fails for an inline template
                scopes.set_aggregate(frame.scope, prefix, items)
            except Refused as error:
                return error.fault
        if state.version >= "4.0":
            scopes.set_node(state, frame.scope, prefix, group_node)
    return None


# ------------------------------------------------------------------------------------------------ one group


def _run_group(op: Operation, frame: Frame, group: list[Obj], node: Node, source: object) -> tuple[str, Fault | None]:
    """Execute a step group (executeStepGroup); give the phase that Argo's caller sees, which may be out of date."""
    state = op.state
    if node.fulfilled and ((not node.due and not op.full) or nodes.children_fulfilled(state, node)):
        return node.phase, None
    node.dirty = False
    due, node.due = node.due, {}
    work = node.work
    if not isinstance(work, Group):
        work = node.work = Group(hooks=any(hooks.others(s.get("hooks")) for s in group))
    renew = op.full or not work.ready or (work.source is not source and work.source != source)
    work.source = source
    if renew:
        fault = _resolve(op, frame, group, node, work)
        if fault is not None:
            if fault.reason is Reason.REQUEUE:
                state.mark(node)
                return node.phase, None
            return nodes.mark_error(op, node, fault.message).phase, None
        todo = list(work.steps)
    else:
        wanted = {**due, **work.blocked, **work.faulty}
        order = {name: i for i, name in enumerate(work.steps)} if len(wanted) > 1 else {}
        todo = sorted((n for n in wanted if n in work.steps), key=lambda n: order.get(n, 0))
    phase = _start(op, frame, node, work, todo, stop_early=not renew)
    if phase is not None:
        return phase, None
    return _await(op, frame, node, work, None if renew or work.hooks else todo)


def _resolve(op: Operation, frame: Frame, group: list[Obj], node: Node, work: Group) -> Fault | None:
    """Resolve and expand the steps of a group."""
    scope = frame.scope
    params = scope.params(op.state.globals)
    try:
        try:
            # the last one first: so Go starts goroutines, and the first error counts
            made = {i: references.resolve(op, group[i], scope, params) for i in range(-1, len(group) - 1)}
            resolved = [made[i] for i in (*range(len(group) - 1), -1) if i in made]
        except Refused as error:
            if error.reason is Reason.REQUEUE:
                return error.fault
            failed = "failed" if op.state.version >= "4.0" else "Failed"
            raise Refused(f"{failed} to resolve references: {error.message}") from None
        steps: dict[str, Obj] = {}
        for step in resolved:
            if not loops.should_expand(step):
                steps[f"{node.name}.{step['name']}"] = step
                continue
            items = loops.expand(step, params, op.state.version)
            if not items:
                _skip(op, frame, node, step, "Skipped, empty params")
            for item in items:
                steps[f"{node.name}.{item['name']}"] = item
    except Refused as error:
        return error.fault
    if 0 < len(work.steps) < len(steps):
        op.state.regrown += 1
    if work.steps and op.state.by_name and work.steps.keys() == steps.keys():
        steps = {name: _same(work.steps[name], step) for name, step in steps.items()}
    work.steps = steps
    work.ready = True
    return None


def _same(old: Obj, new: Obj) -> Obj:
    """Keep a step as it was if it is the same, so that what was made of it can be remembered."""
    return old if old == new else new


def _skip(op: Operation, frame: Frame, node: Node, step: Obj, reason: str) -> None:
    name = f"{node.name}.{step['name']}"
    if name in op.state.by_name:
        return
    options = Options(boundary_id=frame.boundary.id, owner=node)
    nodes.init(op, name, "Skipped", frame.base.scope, step, options, "Skipped", reason)
    nodes.add_child(op.state, node, name)


def _start(op: Operation, frame: Frame, node: Node, work: Group, todo: list[str], *, stop_early: bool) -> str | None:
    """Execute steps; give a phase if the group ends here."""
    state = op.state
    for name in todo:
        step = work.steps[name]
        try:
            proceed = loops.may_run(step.get("when"))
        except Refused as error:
            child = state.by_name.get(name)
            if child is None:
                options = Options(boundary_id=frame.boundary.id, owner=node)
                child = nodes.init(op, name, "Skipped", frame.base.scope, step, options, "Error", error.message)
                nodes.add_child(state, node, name)
            nodes.mark_error(op, child, error.message)
            return nodes.mark_error(op, node, error.message).phase
        if not proceed:
            _skip(op, frame, node, step, f"when '{step['when']}' evaluated false")
            continue
        options = Options(boundary_id=frame.boundary.id, on_exit=frame.on_exit, owner=node)
        child, fault = execute_template(op, Call(name, step, "step", frame.base, step.get("arguments"), options))
        blocked = fault is not None and fault.reason is Reason.PARALLELISM
        if blocked:
            work.blocked[name] = None
            state.mark(node)
        else:
            work.blocked.pop(name, None)
        if fault is not None and not blocked and fault.reason is not Reason.DEPTH:
            if fault.reason is Reason.TIMEOUT:
                return nodes.mark(op, node, "Failed", fault.message).phase
            nodes.add_child(state, node, name)
            message = f"step group deemed errored due to child {name} error: {fault.message}"
            return nodes.mark_error(op, node, message).phase
        if child is not None:
            nodes.add_child(state, node, name)
        elif blocked and stop_early:
            break  # what keeps this one back keeps the others back, too
    return None


def _await(op: Operation, frame: Frame, node: Node, work: Group, todo: list[str] | None) -> tuple[str, Fault | None]:
    """See how far the group is, run hooks and exit handlers of its children, and end it if they are done."""
    state = op.state
    before = node.phase
    todo_nodes = nodes.children(state, node) if todo is None else [state.by_name[n] for n in todo if n in state.by_name]
    if todo is None:
        work.left = {}
    scope: Scope | None = None
    options = Options(boundary_id=frame.boundary.id)
    for child in todo_nodes:
        work.faulty.pop(child.name, None)
        step = work.steps.get(child.name, {}) if child.phase != "Skipped" else {}  # Argo has forgotten its hooks
        prefix = f"steps.{step.get('name', '')}"
        hook = hooks.exit_hook(op, step) if child.completed else None
        if work.hooks or hook is not None:
            scope = scope or frame.scope.copy()
            _set_statuses(op, scope, node, child)
        if work.hooks and scope is not None:
            over, fault = hooks.run_for_template(op, scope, step.get("hooks"), child, options, frame.base, prefix)
            if fault is not None:
                nodes.mark_error(op, node, fault.message)
                work.faulty[child.name] = None
            if not over:
                work.left[child.name] = None
                return before, None
        if not child.fulfilled:
            work.left[child.name] = None
            continue
        work.left.pop(child.name, None)
        if hook is not None and scope is not None:
            has_exit, exit_node, fault = hooks.run_exit(op, hook, child, options, frame.base, prefix, scope)
            if fault is not None:
                work.faulty[child.name] = None
                return before, fault
            if has_exit and (exit_node is None or not exit_node.fulfilled):
                work.left[child.name] = None
    if work.left:
        if before in COMPLETED:
            return nodes.mark(op, node, "Running").phase, None
        return before, None
    return _end(op, node, work), None


def _set_statuses(op: Operation, scope: Scope, node: Node, last: Node) -> None:
    """Add the states of the group's steps up to one, for hooks that may refer to them."""
    for child in nodes.children(op.state, node):
        scope.texts[f"steps.{child.display_name}.status"] = child.phase
        if child is last:
            return


def _end(op: Operation, node: Node, work: Group) -> str:
    """All children are done: say how the group ends."""
    state = op.state
    outputs.make_global(op, node.outputs)
    for child in nodes.children(state, node):
        step = work.steps.get(child.name, {})
        if child.failed and not continues_on(step, child.phase):
            return nodes.mark(op, node, "Failed", f"child '{child.id}' failed").phase
    return nodes.mark(op, node, "Succeeded").phase


def continues_on(step: Obj, phase: str) -> bool:
    """WorkflowStep.ContinuesOn, DAGTask.ContinuesOn."""
    given = step.get("continueOn") or {}
    return bool((phase == "Error" and given.get("error")) or (phase == "Failed" and given.get("failed")))
