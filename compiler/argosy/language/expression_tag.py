"""Expression tags, ``{{=expression}}``: what they need, and what is written in their place.

After Argo 4.1 ``util/template/expression_template.go``. An expression stays as it is while something that it names
may still come.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from argosy.errors import LanguageError
from argosy.language.caching import remembered
from argosy.language.expr import nodes
from argosy.language.expr.environment import expand
from argosy.language.expr.parser import parse
from argosy.language.expr.program import evaluate
from argosy.language.gochars import valid
from argosy.language.gotext import escape, marshal
from argosy.language.tags import CLOSE, OPEN, Tag

PLACEHOLDER = "__argo__internal__placeholder-"
"""How the values start that stand for outputs which are not known yet."""

LATE = frozenset(
    [
        "item",
        "retries",
        "lastRetry.exitCode",
        "lastRetry.status",
        "lastRetry.duration",
        "lastRetry.message",
        "workflow.status",
        "workflow.failures",
    ]
)
"""The variables that come late: without them an expression is never taken for nil."""


class Scope:
    """The variables of one substitution, expanded for expressions when the first one needs them."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        self.params = params

    @cached_property
    def env(self) -> dict[str, Any]:
        """The variables, nested."""
        return expand(self.params)

    @cached_property
    def has_placeholder(self) -> bool:
        """Whether some value stands for one that is not known yet."""
        return any(isinstance(value, str) and value.startswith(PLACEHOLDER) for value in self.params.values())

    def has(self, name: str) -> bool:
        """Tell whether a dotted name is there (``hasVarInEnv``)."""
        first, *rest = name.split(".")
        if first in _FUNCTIONS:
            return not rest or (first == "sprig" and len(rest) == 1 and _is_sprig(rest[0]))
        current: Any = self.env
        for part in (first, *rest):
            if not isinstance(current, dict) or part not in current:
                return False
            current = current[part]
        return True


_FUNCTIONS = frozenset(["asInt", "asFloat", "jsonpath", "toJson", "sprig"])


def _is_sprig(name: str) -> bool:
    from argosy.language.sprig import FUNCTIONS

    return name in FUNCTIONS


@remembered(2048)
def needed(expression: str) -> tuple[str, ...]:
    """Give the names that an expression reads, dotted where it goes on with plain names (``getIdentifiers``).

    What ``??`` or ``?.`` guards is left out, except for the name that it starts with. Raises LanguageError if it does
    not parse.
    """
    guarded: set[int] = set()
    names: dict[str, None] = {}
    tree = parse(expression)
    for node in nodes.walk(tree):
        if isinstance(node, nodes.Binary) and node.operator == "??":
            guarded.update(id(below) for below in nodes.walk(node.left) if isinstance(below, nodes.Member))
        elif isinstance(node, nodes.Member) and node.optional and isinstance(node.object, nodes.Member):
            guarded.add(id(node.object))
    for node in nodes.walk(tree):
        if isinstance(node, nodes.Identifier):
            names[node.name] = None
        elif isinstance(node, nodes.Member) and id(node) not in guarded:
            path = _path(node)
            if path:
                names[path] = None
    return tuple(names)


def _path(node: nodes.Node) -> str | None:
    parts: list[str] = []
    while isinstance(node, nodes.Member):
        if node.optional or not isinstance(node.property, nodes.String):
            return None
        parts.append(node.property.value)
        node = node.object
    return ".".join([node.name, *reversed(parts)]) if isinstance(node, nodes.Identifier) else None


@remembered(2048)
def _unescaped(source: str) -> str | None:
    """Undo the escapes of the JSON in which an expression stands; None if it is no JSON string."""
    if "\\" not in source and '"' not in source and source.isprintable():
        return source
    try:
        return valid(str(json.loads(f'"{source}"')))
    except ValueError:
        return None


def resolve(tag: Tag, scope: Scope, strict: Callable[[str], bool] | None) -> str:
    """Give what is written in place of an expression tag.

    ``strict`` tells which names must be there; None means that nothing must. Raises LanguageError, with a position in
    the expression, if one is missing or the expression fails.
    """
    source = tag.expression
    expression = _unescaped(source)
    if expression is None:
        raise LanguageError(
            "failed to unmarshall JSON expression: it is not the inside of a JSON string",
            hint="write \\n for a line break, and single quotes for double quotes",
        )
    try:
        missing = [name for name in needed(expression) if not scope.has(name)]
    except LanguageError as error:
        if scope.has_placeholder:
            return _kept(source)
        raise _failed(error) from None
    for name in missing:
        if strict is not None and strict(name):
            raise LanguageError(f"failed to evaluate expression: {name} is missing", max(expression.find(name), 0))
    may_wait = bool(missing) or strict is None
    if may_wait and not LATE.isdisjoint(missing):
        return _kept(source)
    return _evaluated(expression, source, scope, may_wait)


def _kept(source: str) -> str:
    return f"{OPEN}={source}{CLOSE}"


def _failed(error: LanguageError) -> LanguageError:
    return LanguageError(f"failed to evaluate expression: {error.message}", error.position, hint=error.hint)


def _evaluated(expression: str, source: str, scope: Scope, may_wait: bool) -> str:
    try:
        value = evaluate(expression, scope.env, raw=True)
    except LanguageError as error:
        if may_wait or scope.has_placeholder:
            return _kept(source)
        raise _failed(error) from None
    if value is None:
        if may_wait or scope.has_placeholder:
            return _kept(source)
        raise LanguageError(f"failed to evaluate expression {json.dumps(expression)}", hint="it gives nil: use ??")
    try:
        text = marshal(value)
    except LanguageError as error:
        if may_wait:
            return _kept(source)
        raise LanguageError(f"failed to marshal evaluated expression: {error.message}") from None
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else escape(text)
