"""DAG templates (v4.1 workflow/controller/dag.go).

Argo walks from the targets to what they depend on at every event. Here each task counts the dependencies that are not
done, and an event visits the tasks that it concerns, and those that it makes ready, in the order of Argo's walk.
"""

from __future__ import annotations

import heapq
import re

from argosy.errors import LanguageError
from argosy.language import depends
from argosy.simulate.controller import daemon, dag_phase, dag_scope, hooks, memoize, names, nodes, outputs, task
from argosy.simulate.controller import scope as scopes
from argosy.simulate.controller.execute import Call, Result
from argosy.simulate.controller.expressions import located
from argosy.simulate.controller.operation import Fault, Operation, Options, Refused
from argosy.simulate.controller.outbound import outbound_of
from argosy.simulate.controller.scope import Scope
from argosy.simulate.controller.state import Node, Obj
from argosy.simulate.controller.task import Frame
from argosy.simulate.controller.templates import Base
from argosy.simulate.controller.work import Dag

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*\Z")


def run(op: Operation, call: Call, base: Base, template: Obj) -> Result:
    """executeDAG."""
    node = op.state.by_name.get(call.name)
    if node is None:
        node = nodes.init_executable(
            op, call.name, "DAG", call.base.scope, template, call.holder, call.options, "Running"
        )
        node.dirty = False
    result = _run(op, call, node, base, template)
    if node.fulfilled:
        daemon.stop_within(op, node.id)
    return result


def _plan(op: Operation, call: Call, node: Node, template: Obj) -> Dag:
    """Give what is remembered of a DAG, or work it out: who depends on whom, and the order of the walk."""
    old = node.work
    if isinstance(old, Dag) and not op.full and old.tasks_of is template:
        return old
    kept = None if call.options.volatile else template
    tasks = {t["name"]: t for t in template["dag"].get("tasks") or ()}
    work = Dag(kept, call.arguments, tasks=tasks, tasks_of=template)
    for name, one in tasks.items():
        if _is_plain(one, tasks):
            work.dependencies[name] = list(dict.fromkeys(one.get("dependencies") or ()))
            work.plain.add(name)
        else:
            found, work.logic[name] = depends.expand(one, tasks)
            work.dependencies[name] = list(found)
        if hooks.others(one.get("hooks")):
            work.hooked[name] = None
    work.targets = _targets(template["dag"], work)
    for target in work.targets:
        _walk(work, target)
    for name in work.order:
        for other in work.dependencies[name]:
            work.dependents.setdefault(other, []).append(name)
        work.missing[name] = len(work.dependencies[name])
    if isinstance(old, Dag) and not op.full:
        work.loops, work.again = old.loops, old.again
    node.work = work
    return work


def _is_plain(one: Obj, tasks: dict[str, Obj]) -> bool:
    """Say whether a task only waits until others have succeeded: by far the most common logic."""
    return not one.get("depends") and all(
        _NAME.match(other) and other in tasks and not tasks[other].get("continueOn")
        for other in one.get("dependencies") or ()
    )


def _targets(dag: Obj, work: Dag) -> list[str]:
    if dag.get("target"):
        return [t for t in str(dag["target"]).split(" ") if t in work.tasks]
    needed = {other for found in work.dependencies.values() for other in found}
    return sorted(name for name in work.tasks if name not in needed)


def _walk(work: Dag, target: str) -> None:
    """Number tasks in the order in which Argo comes to execute them: dependencies first."""
    stack: list[tuple[str, int]] = [(target, 0)]
    entered = {target}
    while stack:
        name, at = stack.pop()
        below = work.dependencies[name]
        while at < len(below) and (below[at] in work.order or below[at] in entered or below[at] not in work.tasks):
            at += 1
        if at < len(below):
            stack += [(name, at + 1), (below[at], 0)]
            entered.add(below[at])
        elif name not in work.order:
            work.order[name] = len(work.order)


def _run(op: Operation, call: Call, node: Node, base: Base, template: Obj) -> Result:
    fresh = not isinstance(node.work, Dag) or op.full or node.work.tasks_of is not template
    work = _plan(op, call, node, template)
    due, node.due = node.due, {}
    frame = Frame(node, call, base, work)
    fault = _visit(op, frame, _all_names(op, frame) if fresh or op.full else _names(frame, due))
    fault = fault or _hooks_of_targets(op, frame)
    if fault is not None:
        nodes.mark_error(op, node, fault)
        return node, Fault(fault)
    problem = _exits_of_targets(op, frame) if op.state.version < "4.1" else None
    if problem is not None:
        return node, problem
    is_handler = call.options.on_exit and op.state.version >= "4.1"  # before, a stop failed the DAG of a handler too
    stopped = bool(op.shutdown) and not is_handler and _exits_done(op, frame)
    phase = "Failed" if stopped else dag_phase.assess(op, frame, template)
    if phase == "Running":
        return node, None
    if phase in ("Failed", "Error"):
        _set_outbound(op, frame)
        return nodes.mark(op, node, phase), None
    return _finish(op, frame, template)


def _all_names(op: Operation, frame: Frame) -> list[str]:
    """Give all tasks but those that have not begun and wait for others, of which there may be many."""
    missing = frame.work.missing
    return [name for name in frame.work.order if not missing[name] or frame.node_of(op, name) is not None]


def _names(frame: Frame, due: dict[str, None]) -> list[str]:
    """Give the tasks that an event concerns."""
    work = frame.work
    start = len(frame.boundary.name) + 1
    found = dict.fromkeys((*work.again, *work.hooked))
    for full in due:
        name = full[start:]
        if name not in work.tasks:
            name = name.partition("(")[0]
        if name in work.tasks:
            found[name] = None
    return list(found)


def _visit(op: Operation, frame: Frame, wanted: list[str]) -> str | None:
    """Execute tasks in the order of the walk, and those that become ready on the way; give an error's message."""
    work = frame.work
    heap = [(work.order[name], name) for name in wanted if name in work.order]
    heapq.heapify(heap)
    queued = {name for _, name in heap}
    while heap:
        _, name = heapq.heappop(heap)
        work.again.pop(name, None)
        task.execute(op, frame, name)
        for ready in task.note_done(op, frame, name):
            if ready not in queued:
                queued.add(ready)
                heapq.heappush(heap, (work.order[ready], ready))
        if work.spoilt and name in work.targets:
            fault = _hooks_of_target(op, frame, name)
            if fault is not None:
                return fault
    return None


def _hooks_of_targets(op: Operation, frame: Frame) -> str | None:
    """Run the hooks of targets that have just come up (executeDAG); give an error's message."""
    work = frame.work
    for name in work.targets if work.hooked or work.spoilt else ():
        if name in work.hooked or work.spoilt:
            fault = _hooks_of_target(op, frame, name)
            if fault is not None:
                return fault
    return None


def _hooks_of_target(op: Operation, frame: Frame, name: str) -> str | None:
    node = frame.node_of(op, name)
    if node is None:
        return None
    try:
        scope = dag_scope.build(op, frame, name)
    except Refused as error:
        return error.message
    scope.texts[f"tasks.{name}.status"] = node.phase
    options = Options(boundary_id=frame.boundary.id)
    own = frame.work.tasks[name].get("hooks")
    _, fault = hooks.run_for_template(op, scope, own, node, options, frame.base, f"tasks.{name}")
    return fault.message if fault is not None else None


def _exits_of_targets(op: Operation, frame: Frame) -> Fault | None:
    """Run the exit handlers of targets that are complete once more: v3.7 dag.go executeDAG."""
    for name in frame.work.targets:
        node = frame.node_of(op, name)
        hook = hooks.exit_hook(op, frame.work.tasks[name])
        if hook is None or node is None or not node.completed:
            continue
        try:
            scope = dag_scope.build(op, frame, name)
        except Refused as error:
            return error.fault
        scope.texts[f"tasks.{name}.status"] = node.phase
        options = Options(boundary_id=frame.boundary.id)
        _, _, fault = hooks.run_exit(op, hook, node, options, frame.base, f"tasks.{name}", scope)
        if fault is not None:
            return fault
    return None


def _exits_done(op: Operation, frame: Frame) -> bool:
    """Say whether no exit handler of a target is under way."""
    for name in frame.work.targets:
        node = frame.node_of(op, name)
        if node is not None and node.fulfilled and node.completed:
            exit_node = op.state.by_name.get(names.on_exit(node.name))
            if exit_node is not None and not exit_node.fulfilled:
                return False
    return True


def _set_outbound(op: Operation, frame: Frame) -> None:
    """updateOutboundNodesForTargetTasks."""
    found: list[str] = []
    for name in frame.work.targets:
        node = frame.node_of(op, name)
        if node is not None:
            found += outbound_of(op, node.id)
    frame.boundary.outbound = found


def _finish(op: Operation, frame: Frame, template: Obj) -> Result:
    """The DAG has succeeded: give it its outputs."""
    node, state = frame.boundary, op.state
    try:
        if outputs.has_outputs(template.get("outputs")) or _has_global_names(op, frame) or frame.work.spoilt:
            scope = _whole_scope(op, frame, template)
            made = outputs.from_scope(template, scope)
            if made is not None:
                node.outputs = made
    except Refused as error:
        return node, error.fault
    if node.memo is not None and memoize.save(op, node, node.outputs) is not None:
        state.touch(node)
        state.set_phase(node, "Error")
    _set_outbound(op, frame)
    return nodes.mark(op, node, "Succeeded"), None


def _has_global_names(op: Operation, frame: Frame) -> bool:
    return any("globalName" in str(n.outputs) for n in op.state.by_boundary.get(frame.boundary.id, ()) if n.outputs)


def _whole_scope(op: Operation, frame: Frame, template: Obj) -> Scope:
    scope = Scope(template)
    for name, one in frame.work.tasks.items():
        node = frame.node_of(op, name)
        if node is None:
            continue
        if node.type == "TaskGroup":
            scopes.set_aggregate(scope, f"tasks.{name}", nodes.children(op.state, node))
        scopes.set_node(op.state, scope, f"tasks.{name}", node)
        scopes.set_skipped(op.state, frame.base, scope, f"tasks.{name}", node, one, with_artifacts=False)
        outputs.make_global(op, node.outputs)
    return scope


def resolves(logic: str, scope: dict[str, dict[str, bool]]) -> bool:
    """Evaluate a task's ``depends`` (evaluateDependsLogic). Raises Refused with Argo's words."""
    try:
        return depends.evaluate(logic, scope)
    except LanguageError as error:
        if error.message.startswith("unable to evaluate expression"):
            raise Refused(located(error, logic.replace("-", "_"))) from None
        raise Refused(error.message) from None
