"""Where the values of tags come from: by the author's own hand, or from outside while the workflow runs.

A value from outside is a workflow parameter (whoever submits may set it), what a pod printed or wrote, an item of a
list made at run time, or the JSON of failures. It flows on through the arguments of steps, tasks and hooks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from argosy.errors import LanguageError
from argosy.language.caching import remembered
from argosy.language.tags import Tag, parse
from argosy.lint import tables
from argosy.lint.context import Caller, Context, table
from argosy.model.parameter import Parameter

Sources = frozenset[str]
"""The variables from outside that a value may come from; empty: written by the author."""
_Passed = tuple[Caller, list[Parameter], bool]
"""A call, the arguments that it passes, and whether its items are made at run time."""


@cache
def _outside() -> re.Pattern[str]:
    return re.compile(
        r"workflow\.(parameters\b[\w.-]*|failures\b|outputs\.[\w.-]+|labels\b[\w.-]*|annotations\b[\w.-]*)"
        r"|(steps|tasks)\.[\w.-]+\.outputs\.[\w.-]+|lastRetry\.message"
    )


@cache
def _input() -> re.Pattern[str]:
    return re.compile(r"inputs\.parameters(?:\.([^\s.}\[\]'\"]+)|\['([^']+)'\])")


@remembered(1024)
def tags_of(text: str) -> tuple[Tag, ...]:
    """Give the tags of a text; none where it cannot be parsed."""
    if "{{" not in text:
        return ()
    try:
        return tuple(one for one in parse(text) if isinstance(one, Tag))
    except LanguageError:
        return ()


@table
def _inputs(context: Context) -> Iterator[Mapping[tuple[int, str], Sources]]:
    """Give, by template (``id``) and input parameter, what from outside may reach it."""
    known: dict[tuple[int, str], Sources] = dict(_from_workflow(context))
    changed = True
    while changed:  # sources only grow, so this ends
        changed = False
        for inside, (call, parameters, loop) in _arguments(context):
            target = context.resolve(call)
            if target is None or target == "undefined":
                continue
            for parameter in parameters:
                found = _of_parameter(parameter, inside, known, loop)
                key = (id(target.template), parameter.name)
                if not found <= known.get(key, frozenset()):
                    known[key] = known.get(key, frozenset()) | found
                    changed = True
    yield known


def _from_workflow(context: Context) -> Iterator[tuple[tuple[int, str], Sources]]:
    """The entrypoint and the ``onExit`` template get the workflow's arguments by name."""
    for name in (context.spec.entrypoint, context.spec.on_exit):
        index = context.base.index(name) if name else None
        if index is None:
            continue
        template = context.base.spec.templates[index]
        given = {one.name for one in context.spec.arguments.parameters if not one.enum}
        for parameter in template.inputs.parameters:
            if parameter.name in given:
                yield (id(template), parameter.name), frozenset({f"workflow.parameters.{parameter.name}"})


def _arguments(
    context: Context,
) -> Iterator[tuple[tables.TemplateAt | None, _Passed]]:
    for one in tables.calls(context):
        yield one.inside, (one.call, one.call.arguments.parameters, bool(one.call.with_param))
    for hook in tables.hooks(context):
        inside = hook.holder.inside if hook.holder else None
        yield inside, (hook.hook, hook.hook.arguments.parameters, False)


def _of_parameter(
    parameter: Parameter, inside: tables.TemplateAt | None, known: Mapping[tuple[int, str], Sources], loop: bool
) -> Sources:
    if parameter.enum:
        return frozenset()
    if parameter.value is None:
        return frozenset()
    return _of_text(str(parameter.value), inside, known, loop)


def _of_text(
    text: str, inside: tables.TemplateAt | None, known: Mapping[tuple[int, str], Sources], loop: bool
) -> Sources:
    found: Sources = frozenset()
    for tag in tags_of(text):
        found |= _of_tag(tag, inside, known, loop)
    return found


def _of_tag(
    tag: Tag, inside: tables.TemplateAt | None, known: Mapping[tuple[int, str], Sources], loop: bool
) -> Sources:
    content = tag.expression if tag.is_expression else tag.name
    found = {match[0].rstrip(".") for match in _outside().finditer(content)}
    if loop and re.match(r"item\b", content):
        found.add(content)
    if inside is not None:
        for match in _input().finditer(content):
            found |= known.get((id(inside.template), match[1] or match[2]), frozenset())
    return frozenset(found)


def sources(tag: Tag, inside: tables.TemplateAt, context: Context) -> Sources:
    """Give what from outside may be in the value of a tag that stands in the body of a template."""
    content = tag.expression if tag.is_expression else tag.name
    if tag.is_expression and re.search(r"\b(toJson|toJSON|asInt|asFloat|int|float|len|shellQuote)\s*\(", content):
        return frozenset()  # the author took care of it
    found = _of_tag(tag, inside, _inputs(context)[0], loop=False)
    own = {one.name for one in inside.template.inputs.parameters if one.enum}
    names = {match[1] or match[2] for match in _input().finditer(content)}
    if names and names <= own:
        return frozenset()
    return found - {f"workflow.parameters.{one.name}" for one in context.spec.arguments.parameters if one.enum}
