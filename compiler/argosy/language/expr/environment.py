"""The environment of an expression: Argo's variables as nested maps, and Argo's own functions.

After Argo 4.1.2 ``util/expr/env/env.go`` and ``util/expand/expand.go``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib import import_module
from typing import Any

from argosy.language.expr.builtins.json import from_json
from argosy.language.expr.builtins.numbers import to_float, to_integer
from argosy.language.expr.natures import FUNCTION, Nature, signature
from argosy.language.expr.values import GoFunction
from argosy.language.function import Function
from argosy.language.gotext import marshal


def expand(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Turn dotted names into nested maps: ``{"a.b": 1}`` into ``{"a": {"b": 1}}``.

    A name that is also the beginning of others (``a`` beside ``a.b``) is left out.
    """
    if not any("." in name for name in variables):
        return dict(variables)
    names = sorted(variables)
    made: dict[str, Any] = {}
    ours: set[int] = {id(made)}
    for index, name in enumerate(names):
        if index + 1 < len(names) and names[index + 1].startswith(name + "."):
            continue
        *parents, last = name.split(".")
        place = made
        for parent in parents:
            if parent not in place or id(place[parent]) not in ours:
                place[parent] = {}
                ours.add(id(place[parent]))
            place = place[parent]
        place.setdefault(last, variables[name])
    return made


def jsonpath(text: Any, path: Any) -> Any:
    """Give what a JSONPath finds in a JSON text. Raises LanguageError if it finds nothing."""
    query = import_module("argosy.language.jsonpath").jsonpath
    return query(from_json("" if text is None else text), "" if path is None else path)


_ARGO: dict[str, tuple[Callable[..., Any], str]] = {
    "asInt": (to_integer, "any -> any"),
    "asFloat": (to_float, "any -> any"),
    "toJson": (marshal, "any -> string"),
    "jsonpath": (jsonpath, "string, string -> any"),
}

ARGO_FUNCTIONS = (
    Function("asInt", to_integer, "asInt(value) -> int", "The older name of int.", "asInt('42') + 1", "43", "Argo"),
    Function("asFloat", to_float, "asFloat(value) -> float", "The older name of float.", "asFloat('2')", "2.0", "Argo"),
    Function(
        "toJson", marshal, "toJson(value) -> string", "The value as compact JSON.", "toJson([1])", "'[1]'", "Argo"
    ),
    Function(
        "jsonpath",
        jsonpath,
        "jsonpath(json, path) -> any",
        "What a path finds in a JSON text; finding nothing is an error.",
        """jsonpath('{"a": [1, 2]}', '$.a[1]')""",
        "2.0",
        "Argo",
    ),
)
"""The functions that Argo adds, for the reference."""


def _checked(name: str, call: Callable[..., Any], text: str) -> GoFunction:
    wanted = signature(text)
    return GoFunction(name, call, Nature(f"func {name}", "func", signature=wanted))


@lru_cache(maxsize=1)
def functions() -> dict[str, Any]:
    """Give Argo's own functions by name."""
    return {name: _checked(name, call, text) for name, (call, text) in _ARGO.items()}


@lru_cache(maxsize=1)
def sprig() -> dict[str, GoFunction]:
    """Give sprig's functions by name; loading them takes a while."""
    table = import_module("argosy.language.sprig").FUNCTIONS
    return {name: GoFunction(name, function.call, FUNCTION) for name, function in table.items()}


def with_functions(variables: Mapping[str, Any], *, needs_sprig: bool = True) -> dict[str, Any]:
    """Give the environment of an expression: the variables, expanded, and the functions (``GetFuncMap``)."""
    return {**expand(variables), **functions(), "sprig": dict(sprig()) if needs_sprig else {}}
