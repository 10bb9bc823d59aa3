"""Steps and tasks before a workflow runs (v4.1 workflow/validate/validate.go validateSteps, validateDAG)."""

from __future__ import annotations

from typing import Any

from argosy.language import depends
from argosy.simulate.controller import admission_fields as fields
from argosy.simulate.controller.admission_templates import ANY_ITEM, Admission, Known
from argosy.simulate.controller.operation import Refused
from argosy.simulate.controller.state import Obj
from argosy.simulate.controller.templates import Base


def _has_exit(call: Obj) -> bool:
    return bool(call.get("onExit")) or "exit" in (call.get("hooks") or {})


def _not_a_leaf(template: Obj) -> None:
    if template.get("activeDeadlineSeconds") is not None:
        raise Refused(f"templates.{template.get('name', '')}.activeDeadlineSeconds is only valid for leaf templates")


def _items(call: Obj) -> set[str]:
    """Give the variables of a loop (addItemsToScope)."""
    items, param, sequence = call.get("withItems"), call.get("withParam"), call.get("withSequence")
    if sum((bool(items), bool(param), sequence is not None)) > 1:
        raise Refused("only one of withItems, withParam, withSequence can be specified")
    known: set[str] = set()
    for item in items or ():
        if isinstance(item, dict):
            known |= {f"item.{key}" for key in item}
        elif isinstance(item, list):
            known |= {f"item.[{i}]" for i in range(len(item))}
        else:
            known.add("item")
    if param:
        known |= {"item", ANY_ITEM}
    if sequence is not None and not items:
        if sequence.get("count") is not None and sequence.get("end") is not None:
            raise Refused("only one of count or end can be defined in withSequence")
        known.add("item")
    return known


def _inline_inputs(call: Obj) -> set[str]:
    inputs = ((call.get("inline") or {}).get("inputs")) or {}
    return {f"inputs.parameters.{p['name']}" for p in inputs.get("parameters") or ()}


def check_steps(admission: Admission, template: Obj, base: Base, known: set[str]) -> None:
    """validateSteps."""
    _not_a_leaf(template)
    seen: set[str] = set()
    for i, group in enumerate(template.get("steps") or ()):
        for step in group.get("steps") or () if isinstance(group, dict) else group or ():
            where = f"templates.{template.get('name', '')}.steps[{i}]"
            _check_step_name(step, where, seen)
            _check_step(admission, template, step, base, known, where)


def _check_step_name(step: Obj, where: str, seen: set[str]) -> None:
    name = step.get("name") or ""
    if not name:
        raise Refused(f"{where}.name is required")
    if name in seen:
        raise Refused(f"{where}.name '{name}' is not unique")
    problem = fields.step_name(name)
    if problem:
        raise Refused(f"{where}.name '{name}' is invalid: {problem}")
    seen.add(name)


def _check_step(admission: Admission, template: Obj, step: Obj, base: Base, known: set[str], where: str) -> None:
    name = step["name"]
    known.add(f"steps.{name}.status")
    known |= _prefixed(f"{where}.{name} ", _items, step)
    fields.arguments(f"{where}.{name}.arguments.", step.get("arguments"))
    called = _prefixed(f"{where}.{name} ", admission.holder, step, base, None)
    if _has_exit(step):
        admission.add_outputs(called, "steps", name, known, aggregate=False)
    fields.hooks(step.get("hooks"), f"{where}.{name}")
    inline = _inline_inputs(step)
    admission.check(
        step, known, f"templates.{template.get('name', '')}.steps ", inline.__contains__ if inline else None
    )
    loops = bool(step.get("withItems") or step.get("withParam"))
    admission.add_outputs(called, "steps", name, known, aggregate=loops)
    _prefixed(f"{where}.{name} ", admission.holder, step, base, step.get("arguments") or {})


def _prefixed(prefix: str, function: Any, *args: Any) -> Any:
    try:
        return function(*args)
    except Refused as error:
        raise Refused(f"{prefix}{error.message}") from None


class _Graph:
    """The tasks of a DAG and what they depend on."""

    def __init__(self, tasks: list[Obj]) -> None:
        self.tasks = {t.get("name") or "": t for t in tasks}
        self.needs = {name: depends.expand(task, self.tasks)[0] for name, task in self.tasks.items()}

    def order(self, tasks: list[Obj]) -> list[Obj]:
        """Give the tasks with what they depend on before them (sorting.TopologicalSorting). Raises Refused."""
        if len(self.tasks) < len(tasks):
            seen: set[str] = set()
            for task in tasks:
                if task.get("name") in seen:
                    raise Refused(f"duplicated nodeName {task.get('name')}")
                seen.add(task.get("name") or "")
        left = {name: len(found) for name, found in self.needs.items()}
        after: dict[str, list[str]] = {}
        for name, found in self.needs.items():
            for other in found:
                if other not in self.tasks:
                    raise Refused(f"invalid dependency {other}")
                after.setdefault(other, []).append(name)
        queue = [name for name, count in left.items() if not count]
        for name in queue:
            for other in after.get(name, ()):
                left[other] -= 1
                if not left[other]:
                    queue.append(other)
        if len(queue) < len(self.tasks):
            raise Refused("graph with cycle")
        return [self.tasks[name] for name in queue]

    def is_ancestor(self, name: str, of: str) -> bool:
        """Say whether a task comes before another."""
        stack, seen = list(self.needs.get(of, ())), set()
        while stack:
            current = stack.pop()
            if current == name:
                return True
            if current not in seen:
                seen.add(current)
                stack += self.needs.get(current, ())
        return False


def check_dag(admission: Admission, template: Obj, base: Base, known: set[str]) -> None:
    """validateDAG."""
    _not_a_leaf(template)
    name = template.get("name", "")
    tasks = template["dag"].get("tasks") or []
    if not tasks:
        raise Refused(f"templates.{name} must have at least one task")
    graph = _Graph(tasks)
    tasks = _prefixed(f"templates.{name} sorting failed: ", graph.order, tasks)
    problem = fields.names(tasks, "field")
    if problem:
        raise Refused(f"templates.{name}.tasks{problem}")
    uses_depends = any(task.get("depends") for task in tasks)
    called = {}
    for task in tasks:
        called[task["name"]] = _check_call(admission, template, graph, task, base, known, uses_depends=uses_depends)
    target = template["dag"].get("target") or ""
    admission.check(target, known, f"templates.{name}.targets ")
    for one in str(target).split(" ") if target else ():
        if not fields.is_tag(one) and one not in graph.tasks:
            raise Refused(f"templates.{name}.targets: target '{one}' is not defined")
    for task in tasks:
        _check_task(admission, template, graph, task, called[task["name"]], base, known)


def _check_call(
    admission: Admission, template: Obj, graph: _Graph, task: Obj, base: Base, known: set[str], *, uses_depends: bool
) -> Obj | None:
    where = f"templates.{template.get('name', '')}"
    name = task["name"]
    if (uses_depends or task.get("dependencies")) and name[0].isdigit():
        raise Refused(
            f"{where}.tasks.{name} name cannot begin with a digit when using either 'depends' or 'dependencies'"
        )
    if uses_depends and task.get("dependencies"):
        raise Refused(f"{where} cannot use both 'depends' and 'dependencies' in the same DAG template")
    if uses_depends and task.get("continueOn") is not None:
        raise Refused(
            f"{where} cannot use 'continueOn' when using 'depends'. Instead use 'dep-task.Failed'/'dep-task.Errored'"
        )
    called: Obj | None = _prefixed(f"{where}.tasks.{name} ", admission.holder, task, base, None)
    loops = bool(task.get("withItems") or task.get("withParam"))
    admission.add_outputs(called, "tasks", name, known, aggregate=loops)
    for wrong in depends.invalid_results(task.get("depends") or ""):
        raise Refused(f"{where}.tasks.{name} task result '{wrong.result}' for task '{wrong.task}' is invalid")
    for other, sort in graph.needs[name].items():
        one = graph.tasks[other]
        looped = one.get("withItems") or one.get("withParam") or one.get("withSequence") is not None
        if sort == "items" and not looped:
            raise Refused(
                f"{where}.tasks.{other} dependency '{other}' uses an items-based condition such as .AnySucceeded or "
                ".AllFailed but does not contain any items"
            )
    return called


def _check_task(
    admission: Admission, template: Obj, graph: _Graph, task: Obj, called: Obj | None, base: Base, known: set[str]
) -> None:
    name = task["name"]
    where = f"templates.{template.get('name', '')}.tasks.{name}"
    if task.get("hooks") is not None:
        known.add(f"tasks.{name}.status")
    admission.add_outputs(called, "tasks", name, known, aggregate=False)
    extra = _inline_inputs(task) | _prefixed(f"{where} ", _items, task)
    admission.check(task, known, f"{where} ", _seen_by(graph, name, extra))
    fields.arguments(f"{where}.arguments.", task.get("arguments"))
    arguments = task.get("arguments") or {}
    for part, field in (("parameters", "value"), ("artifacts", "from")):
        for item in arguments.get(part) or ():
            value = item.get(field)
            if isinstance(value, str) and value.startswith("{{tasks."):
                other = value.split(".")[1]
                if not graph.is_ancestor(other, name):
                    raise Refused(f"{where} missing dependency '{other}' for {part[:-1]} '{item['name']}'")
    _prefixed(f"{where} ", admission.holder, task, base, arguments)


def _seen_by(graph: _Graph, task: str, extra: set[str]) -> Known:
    def known(name: str) -> bool:
        if name in extra:
            return True
        parts = name.split(".")
        return len(parts) == 3 and parts[0] == "tasks" and parts[2] == "status" and graph.is_ancestor(parts[1], task)

    return known
