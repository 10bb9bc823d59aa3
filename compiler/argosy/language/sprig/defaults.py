"""Sprig's choices between values, its failures, and what it tells of types."""

from __future__ import annotations

from typing import Any

from argosy.errors import LanguageError
from argosy.language.function import Function
from argosy.language.sprig.values import entry, is_empty, kind_of, same, type_of


def _default(default: Any, *given: Any) -> Any:
    return default if not given or is_empty(given[0]) else given[0]


def _coalesce(*values: Any) -> Any:
    return next((value for value in values if not is_empty(value)), None)


def _fail(message: str) -> Any:
    raise LanguageError(message)


_FLOW, _TYPES = "flow", "reflection"
# fmt: off
FUNCTIONS: list[Function] = [
    *entry(_FLOW, _default, "default(default any, value ...any) any", "Gives the value, or the default if it is empty.",
           "sprig.default('d', '')", "'d'"),
    *entry(_FLOW, is_empty, "empty(value any) bool", "Tells whether a value is nil, 0, false or has nothing in it.",
           "sprig.empty(0)", "true"),
    *entry(_FLOW, _coalesce, "coalesce(values ...any) any", "Gives the first value that is not empty.",
           "sprig.coalesce('', 0, 'a')", "'a'"),
    *entry(_FLOW, lambda *v: not any(map(is_empty, v)), "all(values ...any) bool", "Tells whether no value is empty.",
           "sprig.all(1, 'a')", "true"),
    *entry(_FLOW, lambda *v: not all(map(is_empty, v)), "any(values ...any) bool",
           "Tells whether some value is not empty.", "sprig.any(0, '', 2)", "true"),
    *entry(_FLOW, lambda a, b, test: a if test else b, "ternary(yes any, no any, test bool) any", "Chooses by a test.",
           "sprig.ternary('a', 'b', true)", "'a'"),
    *entry(_FLOW, _fail, "fail(message string) string", "Fails with a message.", "sprig.fail('no')", "error"),
    *entry(_TYPES, type_of, "typeOf(value any) string", "Gives Go's name of a type.", "sprig.typeOf([1])",
           "'[]interface {}'"),
    *entry(_TYPES, lambda name, v: name == type_of(v), "typeIs(name string, value any) bool",
           "Tells whether a value has a type.", "sprig.typeIs('int', 1)", "true"),
    *entry(_TYPES, lambda name, v: type_of(v) in (name, f"*{name}"), "typeIsLike(name string, value any) bool",
           "Tells whether a value, or what it points to, has a type.", "sprig.typeIsLike('int', 1)", "true"),
    *entry(_TYPES, kind_of, "kindOf(value any) string", "Gives Go's kind of a value.", "sprig.kindOf([1])", "'slice'"),
    *entry(_TYPES, lambda name, v: name == kind_of(v), "kindIs(name string, value any) bool",
           "Tells whether a value is of a kind.", "sprig.kindIs('string', 'a')", "true"),
    *entry(_TYPES, same, "deepEqual(a any, b any) bool", "Tells whether two values are equal in type and content.",
           "sprig.deepEqual([1], [1])", "true"),
]
# fmt: on
