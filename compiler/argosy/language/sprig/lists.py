"""Sprig's functions on lists. Those named ``must...`` fail like the others here: an expression stops in both cases."""

from __future__ import annotations

from typing import Any

from argosy.errors import LanguageError
from argosy.language.function import Function
from argosy.language.gotypes import ListList, NilList
from argosy.language.sprig.values import entry, identity, is_empty, items, kind_of, same, to_int


def _push(values: Any, value: Any) -> list[Any]:
    return [*items(values, "push on"), value]


def _prepend(values: Any, value: Any) -> list[Any]:
    return [value, *items(values, "prepend on")]


def _chunk(size: int, values: Any) -> ListList:
    found = items(values, "chunk")
    if size == 0 or (size < 0 and not found):
        raise LanguageError("runtime error: makeslice: len out of range")
    if size < 0:
        return _chunks_of_negative_size(size, found)
    return ListList(found[at : at + size] for at in range(0, len(found), size))


def _chunks_of_negative_size(size: int, found: list[Any]) -> ListList:
    count = (len(found) - 1) // size + 1
    length = len(found) % -size
    if count < 0 or (count == 1 and length == 0):
        raise LanguageError("runtime error: makeslice: len out of range")
    return ListList([found] if count else [])


def _last(values: Any) -> Any:
    found = items(values, "find last on")
    return found[-1] if found else None


def _first(values: Any) -> Any:
    found = items(values, "find first on")
    return found[0] if found else None


def _rest(values: Any) -> list[Any]:
    found = items(values, "find rest on")
    return found[1:] if found else NilList()


def _initial(values: Any) -> list[Any]:
    found = items(values, "find initial on")
    return found[:-1] if found else NilList()


def _reverse(values: Any) -> list[Any]:
    return items(values, "find reverse on")[::-1]


def _compact(values: Any) -> list[Any]:
    return [item for item in items(values, "compact on") if not is_empty(item)]


def _uniq(values: Any) -> list[Any]:
    first: dict[Any, Any] = {}
    for item in items(values, "find uniq on"):
        first.setdefault(identity(item), item)
    return list(first.values())


def _without(values: Any, *omitted: Any) -> list[Any]:
    left_out = set(map(identity, omitted))
    return [item for item in items(values, "find without on") if identity(item) not in left_out]


def _has(needle: Any, values: Any) -> bool:
    return values is not None and any(same(needle, item) for item in items(values, "find has on"))


def _slice(values: Any, *indices: Any) -> Any:
    found = items(values, "slice")
    if not found:
        return None
    start = to_int(indices[0]) if indices else 0
    end = to_int(indices[1]) if len(indices) > 1 else len(found)
    if not 0 <= start <= end <= len(found):
        raise LanguageError("reflect.Value.Slice: slice index out of bounds")
    return type(values)(found[start:end])


def _concat(*lists: Any) -> list[Any]:
    found: list[Any] = []
    for values in lists:
        if not isinstance(values, (list, tuple)):
            raise LanguageError(f"Cannot concat type {kind_of(values)} as list")
        found.extend(values)
    return found or NilList()


_T = "lists"
# fmt: off
FUNCTIONS: list[Function] = [
    *entry(_T, lambda *v: list(v), "list(items ...any) list", "Makes a list.", "sprig.list(1, 2)", "[1, 2]", "tuple"),
    *entry(_T, _push, "append(list any, item any) list", "Adds an item at the end.", "sprig.append([1], 2)", "[1, 2]",
           "push", "mustAppend", "mustPush"),
    *entry(_T, _prepend, "prepend(list any, item any) list", "Adds an item at the start.", "sprig.prepend([1], 0)",
           "[0, 1]", "mustPrepend"),
    *entry(_T, _first, "first(list any) any", "Gives the first item.", "sprig.first([1, 2])", "1", "mustFirst"),
    *entry(_T, _rest, "rest(list any) list", "Gives all but the first item.", "sprig.rest([1, 2, 3])", "[2, 3]",
           "mustRest"),
    *entry(_T, _last, "last(list any) any", "Gives the last item.", "sprig.last([1, 2])", "2", "mustLast"),
    *entry(_T, _initial, "initial(list any) list", "Gives all but the last item.", "sprig.initial([1, 2])", "[1]",
           "mustInitial"),
    *entry(_T, _reverse, "reverse(list any) list", "Turns a list around.", "sprig.reverse([1, 2])", "[2, 1]",
           "mustReverse"),
    *entry(_T, _uniq, "uniq(list any) list", "Leaves out what was there before.", "sprig.uniq([1, 2, 1])", "[1, 2]",
           "mustUniq"),
    *entry(_T, _without, "without(list any, items ...any) list", "Leaves out items.", "sprig.without([1, 2, 3], 2)",
           "[1, 3]", "mustWithout"),
    *entry(_T, _has, "has(item any, list any) bool", "Tells whether a list has an item.", "sprig.has(1, [1])", "true",
           "mustHas"),
    *entry(_T, _slice, "slice(list any, indices ...any) any", "Cuts a list from a start up to an end.",
           "sprig.slice([1, 2, 3], 1, 2)", "[2]", "mustSlice"),
    *entry(_T, _concat, "concat(lists ...any) list", "Joins lists.", "sprig.concat([1], [2])", "[1, 2]"),
    *entry(_T, _chunk, "chunk(size int, list any) list", "Cuts a list into lists of a size.",
           "sprig.chunk(2, [1, 2, 3])", "[[1, 2], [3]]", "mustChunk"),
    *entry(_T, _compact, "compact(list any) list", "Leaves out empty items.", "sprig.compact(['a', '', 'b'])",
           "['a', 'b']", "mustCompact"),
]
# fmt: on
