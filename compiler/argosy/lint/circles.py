"""Templates that call each other in a circle, with nothing to stop them."""

from __future__ import annotations

from collections.abc import Iterator

from argosy import model
from argosy.lint import tables
from argosy.lint.context import Caller, Context, Target, table


def conditional(call: model.WorkflowStep | model.DAGTask) -> bool:
    """Whether something can keep a step or task from running."""
    return bool(call.when or getattr(call, "depends", "") or call.with_param)


@table
def circles(context: Context) -> Iterator[dict[int, int]]:
    """Give one map: a number for each template (``id``), the same for those that lead to each other unconditionally."""
    after: dict[int, list[int]] = {}
    todo = [Target(one.template, one.address, context.base) for one in tables.templates(context)]
    while todo:
        one = todo.pop()
        if id(one.template) in after:
            continue
        found = [
            target
            for call in _unconditional(one.template)
            if isinstance(target := context.resolve(call, one.owner), Target)
        ]
        after[id(one.template)] = [id(target.template) for target in found]
        todo += found
    before: dict[int, list[int]] = {node: [] for node in after}
    for node, targets in after.items():
        for reached in targets:
            before[reached].append(node)
    numbers: dict[int, int] = {}
    for node in reversed(_by_end(after)):
        back = [node]
        while back:
            at = back.pop()
            if at not in numbers:
                numbers[at] = node
                back += before[at]
    yield numbers


def _by_end(after: dict[int, list[int]]) -> list[int]:
    """Give the nodes of a graph in the order in which a walk that goes deep first is done with them."""
    done: list[int] = []
    seen: set[int] = set()
    for start in after:
        stack = [(start, iter(after[start]))] if start not in seen else []
        seen.add(start)
        while stack:
            node, targets = stack[-1]
            for target in targets:
                if target not in seen:
                    seen.add(target)
                    stack.append((target, iter(after[target])))
                    break
            else:
                done.append(node)
                stack.pop()
    return done


def _unconditional(template: model.Template) -> list[Caller]:
    """Give the calls that are made in any case, and the exit hooks that follow them."""
    calls: list[model.WorkflowStep | model.DAGTask] = [call for group in template.steps for call in group]
    calls += template.dag.tasks if template.dag is not None else []
    found: list[Caller] = []
    for call in calls:
        if conditional(call):
            continue
        found.append(call)
        exit_hook = call.hooks.get("exit")
        if call.on_exit:
            found.append(model.LifecycleHook(template=call.on_exit))
        elif exit_hook is not None and not exit_hook.expression:
            found.append(exit_hook)
    return found
