"""Parts of evaluation that are neither plain operators nor functions: short circuits, ranges, calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from argosy.errors import LanguageError
from argosy.language.expr import nodes as n
from argosy.language.expr import operations as do
from argosy.language.expr.natures import Nature
from argosy.language.expr.runtime import Code, Runtime, located
from argosy.language.expr.values import GoFunction
from argosy.language.gotypes import IntList

_LITTERING = ("findLast", "findLastIndex")


def littered(tree: n.Node) -> frozenset[int]:
    """Give the ids of the nodes that leave something on the stack of expr's machine besides their value.

    expr v1.17.8 forgets to take a bool from its stack for each item that findLast looks at, so ``1 + findLast(...)``
    adds true, not 1 (``emitLoopBackwards`` in ``compiler/compiler.go``).
    """
    found: set[int] = set()
    nodes = list(n.walk(tree))
    if not any(isinstance(node, n.Builtin) and node.name in _LITTERING for node in nodes):
        return frozenset()
    for node in reversed(nodes):
        if (isinstance(node, n.Builtin) and node.name in _LITTERING) or any(id(c) in found for c in n.children(node)):
            found.add(id(node))
    return frozenset(found)


def no_bool(value: Any) -> LanguageError:
    """Give the error of a value that should be true or false."""
    return LanguageError(
        f"interface conversion: interface {{}} is {do.type_name(value).strip('<>')}, not bool",
        hint="compare the value with something, as in x == 'true'",
    )


def deciding(decides: bool, right: Code, node: n.Node) -> Callable[[Any, Runtime], Any]:
    """``and`` and ``or``: the left must be a bool, which may decide; else the right is the result, whatever it is."""

    def run(a: Any, rt: Runtime) -> Any:
        if a is decides:
            return a
        if a is (not decides):
            return right(rt)
        raise located(no_bool(a), node, rt)

    return run


def ranging(right: Code, node: n.Node) -> Callable[[Any, Runtime], Any]:
    """``low..high``."""

    def run(a: Any, rt: Runtime) -> Any:
        a, b = rt.gather(part(rt) for part in (lambda _: a, right))
        try:
            low, high = do.to_int(a), do.to_int(b)
        except LanguageError as error:
            raise located(error, node, rt) from None
        size = max(do.wrap(high - low + 1), 0)
        rt.grow(size, node)
        return IntList(range(low, low + size))

    return run


def called(function: Any, values: list[Any], rt: Runtime, node: n.Node) -> Any:
    """Call a function of the environment or a method. Raises LanguageError for anything else."""
    if isinstance(function, GoFunction):
        _fits(function.nature, values)
        rt.weigh(values, node)
        found = function.call(*values)
        rt.weigh((found,), node)
        return found
    if function is None:
        raise LanguageError("invalid operation: cannot call nil")
    raise LanguageError(f"invalid operation: cannot call non-function of type {do.type_name(function)}")


def _fits(nature: Nature, values: list[Any]) -> None:
    """Check the arguments of one of Argo's functions, which may be called where nothing is known of it."""
    wanted = nature.signature
    if wanted is None:
        return
    if len(values) != len(wanted.parameters):
        expected = len(wanted.parameters)
        raise LanguageError(f"invalid number of arguments: expected {expected}, got {len(values)}")
    for value, parameter in zip(values, wanted.parameters, strict=True):
        if parameter.kind == "string" and type(value) is not str and value is not None:
            raise LanguageError(f"reflect: Call using {do.type_name(value)} as type string")
