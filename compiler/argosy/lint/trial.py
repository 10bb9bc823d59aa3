"""Tries an expression with the values that its variables can have: whether it can fail, hold, or never do either."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from argosy.errors import LanguageError
from argosy.lint.possible import MOST

if TYPE_CHECKING:
    from argosy.language.expr import Node
    from argosy.variables import ValueType


class Domain(Struct, frozen=True):
    """The values that a variable can have."""

    values: tuple[str | None, ...]
    """None stands for a variable that has no value."""
    complete: bool = True
    """There are no others; else these are a sample."""


ABSENT = Domain((None,))
_TEXTS = ("", "a", "0", "1", "-1", "1.5", "true", "[]", '["a"]', '[{"a": "b"}]', "{}", '{"a": "b"}', "1h")
_SAMPLES: Mapping[ValueType, tuple[str, ...]] = {
    "string": (*_TEXTS, "2026-01-02T03:04:05Z", "1.2.3", "a,b"),
    "number": ("0", "1", "12", "1000000"),
    "json": ('[{"name": "a", "value": "b"}]', '{"a": "b"}', "[]", "{}"),
    "time": ("2026-01-02T03:04:05Z",),
    "artifact": (),
    "map": (),
}


class Trial(Struct, frozen=True):
    """What came of an expression."""

    fault: LanguageError | None
    """It certainly fails, with this error, ..."""
    given: Mapping[str, str]
    """... where these variables have these values; empty: whatever they are."""
    verdict: Literal["always", "never", "open"]
    """Whether it holds; ``open`` too if nobody can know."""


def sample(kind: ValueType, tree: Node, *, absent: bool = False) -> Domain:
    """Give some values of a variable of whose text nothing is known; those that the expression names are among them."""
    texts = dict.fromkeys((*_SAMPLES[kind], *_literals(tree)))
    return Domain((*texts, *((None,) if absent else ())), complete=False)


def attempt(text: str, tree: Node, domains: Mapping[str, Domain]) -> Trial:
    """Evaluate an expression, as Argo does where it wants a bool, in every combination of values."""
    from argosy.language.expr import evaluate_bool

    closed = [name for name, one in domains.items() if one.complete and (None not in one.values or one == ABSENT)]
    others = [name for name in domains if name not in closed]
    size = 1
    for one in domains.values():
        size *= len(one.values)
    seen: set[bool] = set()
    failure: tuple[LanguageError, Mapping[str, str]] | None = None
    failures = groups = tried = 0
    for given in _combinations(closed, domains):
        groups += 1
        error: LanguageError | None = None
        fine = False
        for more in _combinations(others, domains):
            tried += 1
            if tried > MOST:
                return Trial(None, {}, "open")
            try:
                seen.add(evaluate_bool(text, given | more))
                fine = True
            except LanguageError as found:
                error = error or found.with_traceback(None)  # which would keep the whole document
        if error is not None and not fine:
            failures += 1
            failure = failure or (error, given)
    knows = all(one.complete for one in domains.values()) or _is_plain(tree)
    verdict: Literal["always", "never", "open"] = "open"
    if knows and len(seen) == 1 and not failures:
        verdict = "always" if True in seen else "never"
    if failure is None:
        return Trial(None, {}, verdict)
    return Trial(failure[0], {} if failures == groups else failure[1], verdict)


def _combinations(names: Sequence[str], domains: Mapping[str, Domain]) -> Iterator[dict[str, str]]:
    for chosen in product(*(domains[name].values for name in names)):
        yield {name: value for name, value in zip(names, chosen, strict=True) if value is not None}


def _literals(tree: Node) -> Iterator[str]:
    """Give the texts and numbers that an expression names, and the numbers beside them."""
    from argosy.language.expr import nodes as n

    for node in n.walk(tree):
        if isinstance(node, n.String):
            yield node.value
        elif isinstance(node, n.Integer):
            yield from (str(node.value), str(node.value - 1), str(node.value + 1))
        elif isinstance(node, n.Float):
            yield from (str(node.value), str(int(node.value) - 1), str(int(node.value) + 1))


@cache
def _plain_operators() -> frozenset[str]:
    return frozenset(
        ["==", "!=", "<", ">", "<=", ">=", "in", "and", "or", "&&", "||", "contains", "startsWith", "endsWith", "??"]
    )


_PLAIN_FUNCTIONS = frozenset(["int", "float", "string", "lower", "upper", "trim", "asInt", "asFloat"])


def _is_plain(tree: Node) -> bool:
    """Whether an expression does nothing with a text that the literals in it would not bring to light."""
    from argosy.language.expr import nodes as n

    for node in n.walk(tree):
        match node:
            case n.Binary(operator=operator):
                if operator not in _plain_operators():
                    return False
            case n.Builtin(name=name) if name not in _PLAIN_FUNCTIONS:
                return False
            case n.Call(callee=callee):
                if not (isinstance(callee, n.Identifier) and callee.name in _PLAIN_FUNCTIONS):
                    return False
            case n.Slice() | n.Predicate() | n.Let() | n.Map() | n.Sequence() | n.Pointer():
                return False
    return True
