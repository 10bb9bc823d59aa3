"""Lists that a comprehension over ``each`` made: Python sees one element, so asking Python about them is a mistake."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from argosy.errors import Place
from argosy.frontend.places import fail
from argosy.frontend.travel import find

_Test = ast.If | ast.IfExp | ast.While | ast.Assert


def check_collected(body: Callable[..., Any]) -> None:
    """Refuse ``len(results)``, ``if results`` and ``results == []`` in a body; raises CompileError at their line."""
    code = getattr(body, "__code__", None)
    if code is None or "each" not in code.co_names:
        return
    path = code.co_filename
    tree = find(body, Place(path, code.co_firstlineno))
    names = set(_collected(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _is_len(node) and _named(node.args[0], names):
            _refuse(node, path, "count the results with `length(...)` from argosy")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CONSUMERS:
            _check_consumer(node, path)
        elif isinstance(node, _Test) and _named(node.test, names):
            _refuse(node.test, path, "write `with when(length(...) > 0):`")
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not) and _named(node.operand, names):
            _refuse(node, path, "write `length(...) == 0`")
        elif isinstance(node, ast.Compare) and any(_named(n, names) for n in (node.left, *node.comparators)):
            _refuse(node, path, "compare `length(...)` or `json_of(...)`, or use `contains(...)`, from argosy")


_CONSUMERS = frozenset({"enumerate", "filter", "list", "map", "reversed", "sorted", "tuple", "zip"})
"""Functions of Python that would see one turn where there are many."""


def _check_consumer(call: ast.Call, path: str) -> None:
    for argument in call.args:
        if isinstance(argument, ast.Call) and _is_each(argument):
            _refuse(argument, path, "write `for x in each(...)`; for numbers, loop over pairs: each([(0, a), (1, b)])")


def _is_each(call: ast.Call) -> bool:
    return ast.unparse(call.func).rpartition(".")[2] == "each"


def _collected(tree: ast.AST) -> Iterator[str]:
    """Give the names of lists that a comprehension over ``each`` made."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.ListComp):
            loops = [g.iter for g in node.value.generators if isinstance(g.iter, ast.Call) and _is_each(g.iter)]
            yield from (t.id for t in node.targets if loops and isinstance(t, ast.Name))


def _is_len(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == "len" and len(call.args) == 1


def _named(node: ast.expr, names: set[str]) -> bool:
    return isinstance(node, ast.Name) and node.id in names


def _refuse(node: ast.expr, path: str, hint: str) -> NoReturn:
    fail(
        "Python cannot see how many turns there are: it is known only when the workflow runs",
        hint=hint,
        place=Place(path, node.lineno),
    )
