"""From text to value: parse, check against the environment's types, optimize, compile; and keep what was compiled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from msgspec import Struct

from argosy.errors import LanguageError
from argosy.language.expr import nodes as n
from argosy.language.expr.check import check
from argosy.language.expr.environment import with_functions
from argosy.language.expr.evaluate import compile_tree
from argosy.language.expr.natures import Nature, nature_of
from argosy.language.expr.operators import BUILTINS
from argosy.language.expr.optimize import optimize
from argosy.language.expr.parser import parse
from argosy.language.gochars import valid
from argosy.language.gotext import format_as_text, from_bytes, to_bytes

_CUTTING = frozenset(["fromBase64"])
_CHANGES = ("set", "erge")
"""Parts of the names of sprig's functions that change the maps they are given."""


class Program(Struct, frozen=True):
    """An expression that is ready to run in environments of the types it was checked for."""

    tree: n.Node
    run: Callable[[Mapping[str, Any]], Any]
    cuts: bool
    """Whether texts may end up with half a character, which the result must not show."""


def evaluate(expression: str, env: Mapping[str, Any], *, raw: bool = False) -> Any:
    """Give the value of an expression.

    ``env`` holds Argo's variables by their full names (``{"inputs.parameters.n": "5"}``), or nested; Argo's functions
    are added. The value is an int, float, str, bool, None, list, dict, bytes, aware datetime (to the microsecond) or
    timedelta. With ``raw`` texts keep the bytes of characters that were cut, as lone surrogates.

    Raises LanguageError, with the position, where Argo 4.1.2 fails: for text that is no expression, types
    that do not fit, unknown names, and errors of evaluation.
    """
    needs_sprig = "sprig" in expression or "$env" in expression
    if needs_sprig and any(word in expression for word in _CHANGES):
        from copy import deepcopy  # only here

        env = deepcopy(dict(env))
    return run(expression, with_functions(env, needs_sprig=needs_sprig), raw=raw)


def evaluate_bool(expression: str, env: Mapping[str, Any]) -> bool:
    """Give the truth of an expression, where Argo insists on a bool (``util/expr/argoexpr/eval.go``).

    Raises LanguageError as ``evaluate`` does, and for a value that is no bool.
    """
    value = evaluate(expression, env)
    if value is True or value is False:
        return bool(value)
    raise LanguageError(
        f"unable to cast expression result '{format_as_text(value)[:100]}' to bool",
        text=expression,
        hint="compare the value with something, as in x == 'true'",
    )


def run(expression: str, environment: Mapping[str, Any], *, raw: bool = False) -> Any:
    """Evaluate in an environment as it is: nothing is expanded, no functions are added."""
    try:
        program = prepare(expression, environment)
        value = program.run(environment)
        return whole(value) if program.cuts and not raw else value
    except RecursionError:
        raise LanguageError("the expression, or a value in it, is nested too deeply", text=expression) from None
    except (MemoryError, OverflowError) as error:
        raise LanguageError(f"the expression makes too large a value: {error}", text=expression) from None


def prepare(expression: str, environment: Mapping[str, Any]) -> Program:
    """Parse and check an expression for an environment's types, from a cache if that was done before.

    Raises LanguageError where Argo's compiler does.
    """
    overridden = frozenset(name for name in environment if name in BUILTINS)
    names = _names(expression, overridden)
    known = tuple((name, nature_of(environment[name])) for name in names if name in environment)
    return _prepared(expression, overridden, known)


@lru_cache(maxsize=2048)
def _names(expression: str, overridden: frozenset[str]) -> tuple[str, ...]:
    """Give every name of the environment that an expression may mean, or hide with ``let``."""
    found: dict[str, None] = {}
    for node in n.walk(parse(expression, overridden)):
        if isinstance(node, (n.Identifier, n.Let)):
            found[node.name] = None
        elif isinstance(node, n.String):  # $env.name
            found[node.value] = None
    return tuple(found)


@lru_cache(maxsize=2048)
def _prepared(expression: str, overridden: frozenset[str], known: tuple[tuple[str, Nature], ...]) -> Program:
    text = valid(expression)
    tree = parse(text, overridden)
    natures = check(tree, dict(known), text)
    try:
        run = compile_tree(optimize(tree, natures, text), natures, text)
    except LanguageError as error:
        error.text = text
        raise
    cuts = any(
        isinstance(node, n.Slice)
        or (isinstance(node, n.Builtin) and node.name in _CUTTING)
        or (isinstance(node, n.Identifier) and node.name == "sprig")
        for node in n.walk(tree)
    )
    return Program(tree, run, cuts)


def whole(value: Any) -> Any:
    """Give a value whose texts have no half characters: what Go would write of them is U+FFFD."""
    if isinstance(value, str):
        if value.isascii():
            return value
        return valid(from_bytes(to_bytes(value)))
    if isinstance(value, list):
        return type(value)(map(whole, value))
    if isinstance(value, dict):
        return type(value)((whole(key), whole(item)) for key, item in value.items())
    return value
