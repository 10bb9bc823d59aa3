"""The built-in functions that evaluate a predicate for each item (expr v1.17.8 ``compiler/compiler.go``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol

from argosy.errors import LanguageError
from argosy.language.expr import nodes as n
from argosy.language.expr import operations as do
from argosy.language.expr.builtins.arrays import NO_ITEM, begin, descends, ordered
from argosy.language.expr.runtime import Code, Runtime, located
from argosy.language.expr.values import key_of
from argosy.language.function import Function
from argosy.language.gotypes import GroupMap


class Compiler(Protocol):
    """What turns nodes into code."""

    littered: frozenset[int]

    def compile(self, node: n.Node) -> Code:
        """Give the code of a node."""


Body = Callable[[Runtime, Sequence[Any], Iterator[Any]], Any]
"""What a function does with the items and with the values of its predicate, which are worked out one by one."""

Loop = Callable[[Compiler, n.Builtin], Code]


def _truth(value: Any) -> bool:
    if value is True or value is False:
        return bool(value)
    return do.truth(value)


def _results(rt: Runtime, items: Sequence[Any], predicate: Code, order: range, node: n.Node) -> Iterator[Any]:
    """Evaluate the predicate for each item, with ``#`` and ``#index`` set."""
    spend = rt.spend
    for index in order:
        spend(1, node)
        rt.item, rt.index = items[index], index
        yield predicate(rt)
    rt.index = -1


def item(rt: Runtime) -> Any:
    """Give ``#``. Raises LanguageError where the predicate runs over a map."""
    return _real(rt.item)


def _real(found: Any) -> Any:
    if found is NO_ITEM:
        raise LanguageError("reflect: call of reflect.Value.Index on map Value", hint="use toPairs(map) or values(map)")
    return found


def _loop(body: Body, *, backwards: bool = False) -> Loop:
    def build(compiler: Compiler, node: n.Builtin) -> Code:
        source = compiler.compile(node.arguments[0])
        predicate = compiler.compile(node.arguments[1]) if len(node.arguments) > 1 else item

        def run(rt: Runtime) -> Any:
            value = source(rt)
            outer = rt.item, rt.index, rt.total
            rt.total = None
            try:
                items = begin(value)
                order = range(len(items) - 1, -1, -1) if backwards else range(len(items))
                found = body(rt, items, _results(rt, items, predicate, order, node))
                if backwards:
                    rt.litter += [True] * (len(items) - max(rt.index, 0)) if items else []
                    rt.litter += [False] if rt.index < 0 or not items else []
                return found
            except LanguageError as error:
                raise located(error, node, rt) from None
            finally:
                rt.item, rt.index, rt.total = outer

        return run

    return build


def _all(rt: Runtime, items: Sequence[Any], results: Iterator[Any]) -> bool:
    return all(map(_truth, results))


def _any(rt: Runtime, items: Sequence[Any], results: Iterator[Any]) -> bool:
    return any(map(_truth, results))


def _none(rt: Runtime, items: Sequence[Any], results: Iterator[Any]) -> bool:
    return not any(map(_truth, results))


def _one(rt: Runtime, items: Sequence[Any], results: Iterator[Any]) -> bool:
    return sum(map(_truth, results)) == 1


def _find_index(rt: Runtime, items: Sequence[Any], results: Iterator[Any]) -> int | None:
    return next((rt.index for result in results if _truth(result)), None)


def _sum(rt: Runtime, items: Sequence[Any], results: Iterator[Any]) -> Any:
    rt.total = 0
    for result in results:
        rt.total = do.add(result, rt.total)
    return rt.total


def _group_by(rt: Runtime, items: Sequence[Any], results: Iterator[Any]) -> dict[Any, list[Any]]:
    rt.total = groups = GroupMap()
    for result in results:
        groups.setdefault(key_of(result), []).append(item(rt))
    return groups


def _plain(rt: Runtime, values: Iterable[Any]) -> list[Any]:
    return list(values)


_Gather = Callable[[Runtime, Iterable[Any]], list[Any]]
_Pick = Callable[[Runtime, Iterator[Any], Code, n.Builtin, _Gather], Any]


def _with_mapping(pick: _Pick, *, backwards: bool = False) -> Loop:
    def build(compiler: Compiler, node: n.Builtin) -> Code:
        mapping = compiler.compile(node.mapping) if node.mapping is not None else item
        gather = Runtime.gather if id(node) in compiler.littered else _plain

        def body(rt: Runtime, items: Sequence[Any], results: Iterator[Any]) -> Any:
            return pick(rt, results, mapping, node, gather)

        return _loop(body, backwards=backwards)(compiler, node)

    return build


def _filter(rt: Runtime, results: Iterator[Any], mapping: Code, node: n.Builtin, gather: _Gather) -> list[Any]:
    found = gather(rt, (mapping(rt) for result in results if _truth(result)))
    rt.grow(len(found), node)
    return found


def _find(rt: Runtime, results: Iterator[Any], mapping: Code, node: n.Builtin, gather: _Gather) -> Any:
    for result in results:
        if _truth(result):
            return mapping(rt)
    if node.throws:
        raise LanguageError("reflect: slice index out of range")
    return None


def _map(rt: Runtime, results: Iterator[Any], mapping: Code, node: n.Builtin, gather: _Gather) -> list[Any]:
    found = gather(rt, results)
    rt.grow(len(found), node)
    return found


def _count(rt: Runtime, results: Iterator[Any], mapping: Code, node: n.Builtin, gather: _Gather) -> int:
    count = 0
    for result in results:
        if _truth(result):
            count += 1
            if count == node.threshold:
                break
    return count


def _sort_by(compiler: Compiler, node: n.Builtin) -> Code:
    order = compiler.compile(node.arguments[2]) if len(node.arguments) == 3 else None

    def body(rt: Runtime, items: Sequence[Any], results: Iterator[Any]) -> list[Any]:
        descending = order is not None and descends(order(rt))
        keys = list(results)
        found = ordered([_real(each) for each in items], keys, descending=descending)
        rt.grow(len(items), node)
        return found

    return _loop(body)(compiler, node)


def _reduce(compiler: Compiler, node: n.Builtin) -> Code:
    initial = compiler.compile(node.arguments[2]) if len(node.arguments) == 3 else None
    step = compiler.compile(node.arguments[1])

    def body(rt: Runtime, items: Sequence[Any], results: Iterator[Any]) -> Any:
        if initial is not None:
            rt.total = initial(rt)
        elif not items:
            raise LanguageError("reduce of empty array with no initial value")
        else:
            rt.total = _real(items[0])
        for index in range(0 if initial is not None else 1, len(items)):
            rt.spend(1, node)
            rt.item, rt.index = items[index], index
            rt.total = step(rt)
        return rt.total

    return _loop(body)(compiler, node)


LOOPS: dict[str, Loop] = {
    "all": _loop(_all),
    "any": _loop(_any),
    "none": _loop(_none),
    "one": _loop(_one),
    "filter": _with_mapping(_filter),
    "map": _with_mapping(_map),
    "count": _with_mapping(_count),
    "sum": _loop(_sum),
    "find": _with_mapping(_find),
    "findIndex": _loop(_find_index),
    "findLast": _with_mapping(_find, backwards=True),
    "findLastIndex": _loop(_find_index, backwards=True),
    "groupBy": _loop(_group_by),
    "sortBy": _sort_by,
    "reduce": _reduce,
}


def _no_call(*_: Any) -> Any:
    raise LanguageError("a function that takes a predicate is called by an expression only")


def _f(signature: str, summary: str, example: str, result: str) -> Function:
    return Function(signature.partition("(")[0], _no_call, signature, summary, example, result, "Predicates")


FUNCTIONS = (
    _f("all(array, predicate) -> bool", "Whether the predicate holds for every item.", "all([1, 2], # > 0)", "true"),
    _f("any(array, predicate) -> bool", "Whether it holds for at least one.", "any([1, 2], # > 1)", "true"),
    _f("none(array, predicate) -> bool", "Whether it holds for none.", "none([1, 2], # > 2)", "true"),
    _f("one(array, predicate) -> bool", "Whether it holds for exactly one.", "one([1, 2], # > 1)", "true"),
    _f("filter(array, predicate) -> array", "The items it holds for.", "filter(1..4, # % 2 == 0)", "[2, 4]"),
    _f("map(array, predicate) -> array", "What it gives for each item.", "map([1, 2], # * 10 + #index)", "[10, 21]"),
    _f("count(array, predicate?) -> int", "How many items it holds for.", "count([1, 2, 3], # > 1)", "2"),
    _f("sum(array, predicate?) -> number", "The sum of what it gives.", "sum([{n: 1}, {n: 2}], .n)", "3"),
    _f("find(array, predicate) -> any", "The first item it holds for, or nil.", "find([1, 2, 3], # > 1)", "2"),
    _f("findIndex(array, predicate) -> int", "Where that item stands, or nil.", "findIndex([1, 2, 3], # > 1)", "1"),
    _f("findLast(array, predicate) -> any", "The last item it holds for, or nil.", "findLast([1, 2, 3], # > 1)", "3"),
    _f(
        "findLastIndex(array, predicate) -> int",
        "Where that item stands, or nil.",
        "findLastIndex([1, 2, 3], # > 1)",
        "2",
    ),
    _f(
        "groupBy(array, predicate) -> map",
        "The items by what it gives.",
        "groupBy(['a', 'bb', 'c'], len(#))[1]",
        "['a', 'c']",
    ),
    _f(
        "sortBy(array, predicate, order?) -> array",
        "The items in the order of what it gives, ascending or 'desc'.",
        "sortBy(['bb', 'a'], len(#))",
        "['a', 'bb']",
    ),
    _f(
        "reduce(array, predicate, initial?) -> any",
        "What is left when each item is taken into #acc.",
        "reduce([1, 2, 3], #acc + #, 10)",
        "16",
    ),
)
"""The same, for the reference."""
