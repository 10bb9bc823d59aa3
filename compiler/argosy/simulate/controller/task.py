"""One DAG task: its hooks, its dependencies, its items (v4.1 dag.go executeDAGTask)."""

from __future__ import annotations

from argosy.language import depends
from argosy.simulate.controller import arguments, dag, dag_scope, hooks, loops, nodes, references, templates
from argosy.simulate.controller.execute import Call, execute_template
from argosy.simulate.controller.operation import Operation, Options, Reason, Refused
from argosy.simulate.controller.outbound import outbound_of
from argosy.simulate.controller.state import Node, Obj
from argosy.simulate.controller.templates import Base
from argosy.simulate.controller.traits import is_plain_call
from argosy.simulate.controller.work import Dag, Loop

_FINE = ("Succeeded", "Skipped")


class Frame:
    """What executing the tasks of one DAG needs everywhere (dagContext)."""

    __slots__ = ("base", "boundary", "on_exit", "template", "work")

    def __init__(self, boundary: Node, call: Call, base: Base | None, work: Dag) -> None:
        self.boundary = boundary
        self.base = base or call.base
        self.on_exit = call.options.on_exit
        self.work = work
        self.template: Obj = work.tasks_of or {}

    def name_of(self, task: str) -> str:
        """Give the name of a task's node."""
        return f"{self.boundary.name}.{task}"

    def node_of(self, op: Operation, task: str) -> Node | None:
        """Give the node of a task."""
        return op.state.by_name.get(f"{self.boundary.name}.{task}")


def note_done(op: Operation, frame: Frame, name: str) -> list[str]:
    """Count a task that is done, once; give the tasks that wait for nothing more."""
    work = frame.work
    node = frame.node_of(op, name)
    if node is None:
        return []
    if not node.fulfilled:
        work.running[node.name] = node
    is_done = node.fulfilled and nodes.hooks_fulfilled(op.state, node)
    if is_done == (name in work.done):
        return []
    if not is_done:  # a hook has come up since
        work.done.discard(name)
        for dependent in work.dependents.get(name, ()):
            work.missing[dependent] += 1
        return []
    work.done.add(name)
    if node.type == "TaskGroup":
        problem = dag_scope.problem_of_results(op, frame, node)
        if problem is not None:
            work.spoilt[name] = problem
    ready = []
    for dependent in work.dependents.get(name, ()):
        work.missing[dependent] -= 1
        if work.missing[dependent] == 0:
            ready.append(dependent)
    return ready


def execute(op: Operation, frame: Frame, name: str) -> None:
    """Take a task as far as it goes now."""
    node = frame.node_of(op, name)
    if node is not None and (node.fulfilled or node.phase == "Running") and not _run_hooks(op, frame, name, node):
        return
    if node is not None and node.phase_fulfilled:
        _conclude(op, frame, name, node)
        return
    if node is None and frame.work.missing.get(name, 0) > 0:
        return
    if node is None and not _decide(op, frame, name):
        return
    _execute_items(op, frame, name)


def _run_hooks(op: Operation, frame: Frame, name: str, node: Node) -> bool:
    """Run the hooks of a task but its exit handler; say whether they are over."""
    one = frame.work.tasks[name]
    if name not in frame.work.hooked:
        return True
    try:
        scope = dag_scope.build(op, frame, name)
    except Refused as error:
        nodes.mark_error(op, node, error.message)
        return False
    scope.texts[f"tasks.{name}.status"] = node.phase
    over, fault = hooks.run_for_template(
        op, scope, one.get("hooks"), node, Options(boundary_id=frame.boundary.id), frame.base, f"tasks.{name}"
    )
    if fault is not None:
        nodes.mark_error(op, node, fault.message)
    return over


def _conclude(op: Operation, frame: Frame, name: str, node: Node) -> None:
    """A task is over: release its locks, run its exit handler."""
    one = frame.work.tasks[name]
    node.dirty = False
    if node.lock:
        try:
            _, template = templates.resolve(op.state, frame.base, one)
            template = templates.with_defaults(op.state, template)
            template = arguments.process(op.state, template, one.get("arguments"), {}, validate_only=True)
            if template.get("synchronization"):
                op.state.locks.release(op, node.id, template["synchronization"])
        except Refused as error:
            nodes.mark_error(op, node, error.message)
    if node.completed:
        _run_exit(op, frame, name, one, node)


def _run_exit(op: Operation, frame: Frame, name: str, one: Obj, node: Node) -> bool:
    """Run a task's exit handler; say whether it has none left to wait for."""
    hook = hooks.exit_hook(op, one)
    if hook is None:
        return True
    try:
        scope = dag_scope.build(op, frame, name)
    except Refused as error:
        nodes.mark_error(op, node, error.message)
        return False
    scope.texts[f"tasks.{name}.status"] = node.phase
    has_exit, exit_node, fault = hooks.run_exit(
        op, hook, node, Options(boundary_id=frame.boundary.id), frame.base, f"tasks.{name}", scope
    )
    return not (has_exit and (exit_node is None or not exit_node.fulfilled or fault is not None))


def _skip(op: Operation, frame: Frame, name: str, phase: str, message: str, holder: Obj | None = None) -> Node:
    options = Options(boundary_id=frame.boundary.id, owner=frame.boundary)
    full = frame.name_of(name)
    one = holder or frame.work.tasks[name]
    return nodes.init(op, full, "Skipped", frame.base.scope, one, options, phase, message)


def _decide(op: Operation, frame: Frame, name: str) -> bool:
    """Say whether a task without a node runs, given what its dependencies came to."""
    before = [frame.node_of(op, other) for other in frame.work.dependencies[name]]
    if name in frame.work.plain:
        if all(n is not None and (n.phase in _FINE or (n.daemoned and n.phase != "Pending")) for n in before):
            return True
        return None not in before and _omit(op, frame, name)
    logic = frame.work.logic[name]
    if not logic:
        return True
    scope = {}
    for other, node in zip(frame.work.dependencies[name], before, strict=True):
        if node is None:
            return False
        items = [c.phase for c in nodes.children(op.state, node)] if node.type == "TaskGroup" else []
        scope[other] = depends.results(node.phase, items, daemoned=node.daemoned)
    try:
        runs = dag.resolves(logic, scope)
    except Refused as error:
        _skip(op, frame, name, "Error", error.message)
        _connect(op, frame, name, frame.name_of(name), None)
        return False
    return runs or _omit(op, frame, name)


def _omit(op: Operation, frame: Frame, name: str) -> bool:
    _skip(op, frame, name, "Omitted", "omitted: depends condition not met")
    _connect(op, frame, name, frame.name_of(name), None)
    return False


def _connect(op: Operation, frame: Frame, name: str, child: str, group: Node | None) -> None:
    """Put a node below the loop that it is of, what its task depends on, or the DAG itself (connectDependencies)."""
    state = op.state
    before = frame.work.dependencies[name]
    if group is not None:
        nodes.add_child(state, group, child)
    elif not before:
        nodes.add_child(state, frame.boundary, child)
    else:
        for other in before:
            node = frame.node_of(op, other)
            for out in outbound_of(op, node.id) if node is not None else ():
                nodes.add_child(state, state.nodes[out], child)


def _loop(op: Operation, frame: Frame, name: str) -> Loop | None:
    """Resolve and expand a task; None if it cannot go on, and then its node says why."""
    work = frame.work
    known = work.loops.get(name)
    one = work.tasks[name]
    if known is not None and not op.full and known.source is one:
        return known
    try:
        resolved, items = _resolve(op, frame, name, one)
    except Refused as error:
        if error.reason is Reason.REQUEUE:
            work.again[name] = None
            op.state.mark(frame.boundary)
            return None
        full = frame.name_of(name)
        if full not in op.state.by_name:
            _skip(op, frame, name, "Error", error.message)
            _connect(op, frame, name, full, None)
        return None
    loop = Loop(one, resolved, items)
    loop.left = dict.fromkeys(range(len(items)))
    if known is not None and len(known.items) == len(items):
        loop.left, loop.start = known.left, known.start
        loop.items = [old if old == new else new for old, new in zip(known.items, items, strict=True)]
    if op.full:
        loop.left, loop.start = dict.fromkeys(range(len(items))), 0
    work.loops[name] = loop
    return loop


def _resolve(op: Operation, frame: Frame, name: str, one: Obj) -> tuple[Obj, list[Obj]]:
    """Give a task with its references resolved, and what it expands to. Raises Refused."""
    if not frame.work.spoilt and is_plain_call(one):
        return one, [one]
    scope = dag_scope.build(op, frame, name, one)
    params = scope.params(op.state.globals)
    resolved = references.resolve(op, one, scope, params)
    if loops.should_expand(resolved):
        return resolved, loops.expand(resolved, params, op.state.version)
    return resolved, [resolved]


def _execute_items(op: Operation, frame: Frame, name: str) -> None:
    """Execute a task that is ready, or each of its items."""
    one = frame.work.tasks[name]
    loop = _loop(op, frame, name)
    if loop is None:
        return
    group = frame.node_of(op, name)
    if group is not None and group.type != "TaskGroup":
        group = None
    looped = loops.should_expand(one)
    if looped and not loop.items:
        if frame.name_of(name) not in op.state.by_name:
            _skip(op, frame, name, "Skipped", "Skipped, empty params")
            _connect(op, frame, name, frame.name_of(name), None)
        return
    if looped and group is None:
        _connect(op, frame, name, frame.name_of(name), None)
        options = Options(boundary_id=frame.boundary.id, owner=frame.boundary)
        group = nodes.init(op, frame.name_of(name), "TaskGroup", frame.base.scope, one, options, "Running")
    has_exit = hooks.exit_hook(op, one) is not None
    for number in _due_items(op, frame, loop, has_exit):
        if not _execute_item(op, frame, name, loop, number, group):
            return
    if group is not None:
        _end_group(op, frame, loop, group)


def _due_items(op: Operation, frame: Frame, loop: Loop, has_exit: bool) -> list[int]:
    if has_exit or op.full:
        return list(range(len(loop.items)))
    by_name = op.state.by_name
    due = []
    for number in list(loop.left):
        node = by_name.get(frame.name_of(loop.items[number]["name"])) if number < loop.start else None
        if number >= loop.start or node is None or node.dirty or node.fulfilled:
            due.append(number)
    return due


def _execute_item(op: Operation, frame: Frame, name: str, loop: Loop, number: int, group: Node | None) -> bool:
    """Execute one item; say whether to go on to the next."""
    state = op.state
    item = loop.items[number]
    full = frame.name_of(item["name"])
    loop.start = max(loop.start, number + 1)
    if full not in state.by_name:
        _connect(op, frame, name, full, group)
        try:
            if not loops.may_run(item.get("when")):
                _skip(op, frame, item["name"], "Skipped", f"when '{item['when']}' evaluated false", loop.task)
                loop.left.pop(number, None)
                return True
        except Refused as error:
            _skip(op, frame, item["name"], "Error", error.message, loop.task)
            loop.left.pop(number, None)
            return True
    options = Options(
        boundary_id=frame.boundary.id, on_exit=frame.on_exit, owner=frame.boundary, order=frame.work.order[name]
    )
    node, fault = execute_template(op, Call(full, item, "task", frame.base, item.get("arguments"), options))
    if fault is not None:
        if fault.reason is Reason.PARALLELISM:
            frame.work.again[name] = None
            state.mark(frame.boundary)
        elif fault.reason is Reason.TIMEOUT:
            if node is not None:
                nodes.mark(op, node, "Failed", fault.message)
            return False
        elif fault.reason is not Reason.DEPTH:
            known = state.by_name.get(full)
            if known is not None:
                nodes.mark_error(op, known, f"task '{full}' errored: {fault.message}")
            return False
    if node is None:
        loop.start = min(loop.start, number)
        return False
    own = state.by_name.get(full, node)  # a faulty steps template gives the node of its step group
    if own.fulfilled and not own.daemoned:
        loop.left.pop(number, None)
    else:
        loop.left[number] = None
        frame.work.running[own.name] = own
    return not (node.completed and not _run_exit(op, frame, name, frame.work.tasks[name], node))


def _end_group(op: Operation, frame: Frame, loop: Loop, group: Node) -> None:
    """All items are done: so is the loop."""
    phase = "Succeeded"
    by_name = op.state.by_name
    for number in loop.left:
        node = by_name.get(frame.name_of(loop.items[number]["name"]))
        if node is None or not node.fulfilled:
            return
    for item in loop.items:
        node = by_name.get(frame.name_of(item["name"]))
        if node is None or not node.fulfilled:
            return
        if node.failed:
            phase = node.phase
    nodes.mark(op, group, phase)
