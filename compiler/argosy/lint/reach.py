"""Which templates run as part of what: of the entrypoint, of an exit handler."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from argosy import model
from argosy.lint import tables
from argosy.lint.context import Context, Target, table


def reach(context: Context, start: Iterable[Target]) -> list[Target]:
    """Give all templates that are run from some, themselves first; hooks of steps and tasks are left out."""
    found: dict[int, Target] = {}
    todo = deque(start)
    while todo:
        one = todo.popleft()
        if id(one.template) in found:
            continue
        found[id(one.template)] = one
        for call in _calls_of(one.template):
            target = context.resolve(call, one.owner)
            if target is not None and target != "undefined":
                todo.append(target)
    return list(found.values())


def _calls_of(template: model.Template) -> Iterator[model.WorkflowStep | model.DAGTask]:
    for group in template.steps:
        yield from group
    if template.dag is not None:
        yield from template.dag.tasks


def _targets(context: Context, hooks: Iterable[tables.HookAt]) -> Iterator[Target]:
    for hook in hooks:
        target = context.resolve(hook.hook)
        if target is not None and target != "undefined":
            yield target


@table
def handler_templates(context: Context) -> Iterator[frozenset[int]]:
    """Give one set: the templates (``id``) that any exit handler of the document runs, of workflow, steps and tasks."""
    start = _targets(context, (hook for hook in tables.hooks(context) if hook.is_exit))
    yield frozenset(id(one.template) for one in reach(context, start))


@table
def workflow_handlers(context: Context) -> Iterator[Target]:
    """Give the templates that the workflow's own exit handler runs, the handler itself first."""
    hooks = [hook for hook in tables.hooks(context) if hook.level == "workflow" and hook.is_exit]
    if any(hook.is_on_exit for hook in hooks):
        hooks = [hook for hook in hooks if hook.is_on_exit]  # onExit wins over hooks.exit
    yield from reach(context, _targets(context, hooks))


@table
def entrypoint_templates(context: Context) -> Iterator[Target]:
    """Give the templates that the entrypoint runs, the entrypoint itself first."""
    name = context.spec.entrypoint or context.base.spec.entrypoint
    index = context.base.index(name) if name else None
    if index is not None:
        start = Target(context.base.spec.templates[index], context.base.address(index), context.base)
        yield from reach(context, [start])
