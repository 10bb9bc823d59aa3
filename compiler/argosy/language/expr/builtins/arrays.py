"""Built-in functions of arrays (expr v1.17.8 ``builtin/builtin.go``)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import cmp_to_key
from typing import Any

from argosy.errors import LanguageError
from argosy.language.expr.builtins.checks import counted, end_item, lists, overloads
from argosy.language.expr.builtins.entry import entry
from argosy.language.expr.natures import ANY, ARRAY, UNKNOWN, Nature
from argosy.language.expr.operations import equal, fetch, key_in, less, type_name
from argosy.language.gotext import to_bytes
from argosy.language.gotypes import Byte, Int64, IntList, NilList, NilStringList, StringList, nanoseconds

MAX_DEPTH = 200
NO_ITEM: Any = object()
"""Stands for the items of a map, which a predicate may run over as long as it does not look at them."""

_SCALARS = (str, int, float, Int64, Byte)


def items_of(value: Any, verb: str) -> list[Any]:
    """Give the items of an array. Raises LanguageError, with the verb, for anything else."""
    if isinstance(value, bytes):
        return [Byte(item) for item in value]
    if isinstance(value, (list, tuple)):
        return list(value)
    raise LanguageError(f"cannot {verb} {type_name(value)}")


def _end(index: int) -> Any:
    def run(items: Any) -> Any:
        try:
            return fetch(items, index)
        except LanguageError:
            return None

    return run


def get(value: Any, key: Any) -> Any:
    """``get``: as ``value[key]``, but nil where there is nothing."""
    if value is None or (isinstance(value, dict) and key_in(value, key) not in value):
        return None
    try:
        return fetch(value, key)
    except LanguageError as error:
        if error.message.startswith(("index out of range", "cannot fetch")):
            return None
        raise


def take(items: Any, count: Any) -> Any:
    """``take``: the first items."""
    if not isinstance(items, (list, tuple, bytes)):
        raise LanguageError(f"cannot take from {type_name(items)}")
    if isinstance(count, timedelta):
        count = nanoseconds(count)
    if not isinstance(count, int) or type(count) in (bool, Byte):
        raise LanguageError(f"cannot take {type_name(count)} elements")
    if count < 0:
        raise LanguageError("reflect.Value.Slice: slice index out of bounds")
    piece = items[:count]
    return piece if type(items) in (list, bytes) else type(items)(piece)


def reverse(items: Any) -> list[Any]:
    """``reverse``."""
    return items_of(items, "reverse")[::-1]


def uniq(items: Any) -> list[Any]:
    """``uniq``: the items without those that equal an earlier one."""
    kept: list[Any] = []
    seen: set[Any] = set()
    others: list[Any] = []
    for item in items_of(items, "uniq"):
        if type(item) in _SCALARS:
            if item in seen:
                continue
            seen.add(item)
        elif any(equal(item, other) for other in others):
            continue
        else:
            if len(others) > 1_000:
                raise LanguageError("memory budget exceeded", hint="uniq compares each list or map with all others")
            others.append(item)
        kept.append(item)
    return kept


def concat(*arrays: Any) -> list[Any]:
    """``concat``: the items of all arrays."""
    found = [item for array in arrays for item in items_of(array, "concat")]
    return found or NilList()


def flatten(items: Any, depth: int = 0) -> list[Any]:
    """``flatten``: the items, and those of the arrays among them, however deep."""
    if depth > MAX_DEPTH:
        raise LanguageError("recursion depth exceeded")
    found: list[Any] = []
    for item in items_of(items, "flatten"):
        if isinstance(item, (list, tuple, bytes)):
            found += flatten(item, depth + 1)
        else:
            found.append(item)
    return found


def _compare(a: Any, b: Any) -> int:
    return -1 if less(a, b) else 1 if less(b, a) else 0


def ordered(items: Sequence[Any], keys: Sequence[Any], *, descending: bool) -> list[Any]:
    """Give the items in the order of their keys; equal ones stay in order, as in Go up to twelve items."""
    kinds = set(map(type, keys))
    if kinds == {str} or (kinds <= {int, Int64, Byte}) or (kinds == {float} and all(key == key for key in keys)):
        order = sorted(range(len(items)), key=keys.__getitem__, reverse=descending)
    else:
        sortable = cmp_to_key(_compare)
        order = sorted(range(len(items)), key=lambda index: sortable(keys[index]), reverse=descending)
    return [items[index] for index in order]


def descends(order: Any) -> bool:
    """Read ``asc`` or ``desc``. Raises LanguageError for anything else."""
    if order not in ("asc", "desc") or type(order) is not str:
        raise LanguageError("unknown order, use asc or desc")
    return bool(order == "desc")


def sort(items: Any, order: Any = "asc") -> list[Any]:
    """``sort``: only of plain arrays; others give nothing, as in expr."""
    descending = descends(order)
    if type(items) not in (list, tuple, IntList, StringList, NilList, NilStringList):
        return NilList()
    return ordered(list(items), items, descending=descending)


def _take_check(arguments: Sequence[Nature]) -> Nature:
    counted(arguments, 2)
    first, count = arguments
    if first.kind not in ("slice", "any", "unknown"):
        raise LanguageError(f"cannot take from {first}")
    if count.kind not in ("int", "int64", "any", "unknown"):
        raise LanguageError(f"cannot take {count} elements")
    # the type of the list, without what is known of its items
    return ANY if first.is_unknown else ARRAY if first.name == ARRAY.name else first


def _get_check(arguments: Sequence[Nature]) -> Nature:
    counted(arguments, 2)
    base, key = arguments
    if base.is_unknown:
        return UNKNOWN
    if base.kind == "slice":
        if not key.is_integer and not key.is_unknown:
            raise LanguageError(f"non-integer slice index {key}")
        return base.item or UNKNOWN
    if base.kind == "map":
        if not key.is_unknown and not key.assignable_to(base.key or UNKNOWN):
            raise LanguageError(f"cannot use {key} to get an element from {base}")
        return base.item or UNKNOWN
    raise LanguageError(f"type {base} does not support indexing")


_SORT = [f"{kind}{order} -> array" for order in (", string", "") for kind in ("array", "ints", "floats", "strings")]


def _e(signature: str, call: Any, check: Any, summary: str, example: str, result: str, grows: bool = False) -> Any:
    return entry("Arrays", signature, call, check, summary, example, result, grows=grows)


ENTRIES = (
    _e("first(array) -> any", _end(0), end_item("first"), "The first item, or nil.", "first([1, 2])", "1"),
    _e("last(array) -> any", _end(-1), end_item("last"), "The last item, or nil.", "last([1, 2])", "2"),
    _e("get(value, key) -> any", get, _get_check,
       "The item of an array or map, nil if there is none.", "get([1, 2], 5)", "nil"),
    _e("take(array, count) -> array", take, _take_check,
       "The first items, at most so many.", "take([1, 2, 3], 2)", "[1, 2]"),
    _e("reverse(array) -> array", reverse, lists("reverse", ARRAY),
       "The items from last to first.", "reverse([1, 2])", "[2, 1]", True),
    _e("uniq(array) -> array", uniq, lists("uniq", ARRAY),
       "The items without repetitions.", "uniq([1, 2, 1])", "[1, 2]"),
    _e("concat(arrays...) -> array", concat, lists("concat", ARRAY, most=None),
       "The items of all arrays.", "concat([1], [2, 3])", "[1, 2, 3]", True),
    _e("flatten(array) -> array", flatten, lists("flatten", ARRAY),
       "The items, with nested arrays opened.", "flatten([1, [2, [3]]])", "[1, 2, 3]", True),
    _e("sort(array, order?) -> array", sort, overloads("sort", *_SORT),
       "The items in order, ascending or 'desc'.", "sort([2, 3, 1], 'desc')", "[3, 2, 1]", True),
)  # fmt: skip


def begin(value: Any) -> Sequence[Any]:
    """Give what a predicate runs over. Raises LanguageError for what has no items."""
    if isinstance(value, (list, tuple)):
        return value
    if isinstance(value, (str, bytes)):
        return [Byte(item) for item in (to_bytes(value) if isinstance(value, str) else value)]
    if isinstance(value, dict):
        return [NO_ITEM] * len(value)
    raise LanguageError(f"cannot take the items of {type_name(value)}")
