"""Built-in functions of maps (expr v1.17.8 ``builtin/builtin.go``). Go's maps have no order; ours have."""

from __future__ import annotations

from typing import Any

from argosy.errors import LanguageError
from argosy.language.expr.builtins.checks import lists, one
from argosy.language.expr.builtins.entry import entry
from argosy.language.expr.natures import ANY_MAP, ARRAY
from argosy.language.expr.operations import type_name
from argosy.language.expr.values import key_of, value_of
from argosy.language.gotypes import AnyMap, Pair, PairList


def _map(value: Any, doing: str) -> dict[Any, Any]:
    if isinstance(value, dict):
        return value
    raise LanguageError(f"cannot {doing.format(type_name(value))}")


def to_pairs(value: Any) -> list[Any]:
    """``toPairs``."""
    return PairList(Pair((value_of(key), item)) for key, item in _map(value, "transform {} to pairs").items())


def from_pairs(value: Any) -> dict[Any, Any]:
    """``fromPairs``."""
    if not isinstance(value, (list, tuple, bytes)):
        raise LanguageError(f"cannot transform {type_name(value)} from pairs")
    found = AnyMap()
    for pair in value:
        if not isinstance(pair, (list, tuple, bytes)):
            raise LanguageError("invalid pair")
        if len(pair) != 2:
            raise LanguageError("invalid pair length")
        found[key_of(pair[0])] = pair[1]
    return found


ENTRIES = (
    entry("Maps", "keys(map) -> array", lambda m: list(map(value_of, _map(m, "get keys from {}"))),
          one("keys", ["map"], ARRAY, "cannot get keys from"),
          "The keys, in no certain order.", "sort(keys({b: 1, a: 2}))", "['a', 'b']"),
    entry("Maps", "values(map) -> array", lambda m: list(_map(m, "get values from {}").values()),
          one("values", ["map"], ARRAY, "cannot get values from"),
          "The values, in no certain order.", "values({a: 1})", "[1]"),
    entry("Maps", "toPairs(map) -> array", to_pairs, one("toPairs", ["map"], ARRAY, "cannot transform to pairs"),
          "The pairs of key and value.", "map(toPairs({a: 1}), join([#[0], string(#[1])]))", "['a1']"),
    entry("Maps", "fromPairs(pairs) -> map", from_pairs, lists("transform from pairs", ANY_MAP),
          "The map of pairs of key and value.", "fromPairs([['a', 1]]).a", "1"),
)  # fmt: skip
