"""Questions to a module's syntax tree: which statements define a name, change it, or use it."""

from __future__ import annotations

import ast
import symtable
import sys
from typing import Any, cast


def bindings(tree: ast.Module, name: str) -> list[ast.stmt]:
    """Give the top-level statements that define a name: the last one, and all imports.

    Of an ``if`` or ``try`` around it, the whole travels: which branch is taken is seen in the pod.
    """
    found: list[ast.stmt] = []
    for statement in tree.body:
        if name in names_bound(statement):
            imports = isinstance(statement, (ast.Import, ast.ImportFrom))
            found = [*(f for f in found if imports and isinstance(f, (ast.Import, ast.ImportFrom))), statement]
    return found


def changes(statement: ast.stmt, name: str) -> bool:
    """Tell whether a top-level statement changes a value: ``x += 1``, ``x["a"] = 1``, ``x.append(1)``."""
    if isinstance(statement, (ast.For, ast.While, ast.With)):
        return any(changes(inner, name) for inner in statement.body)
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        called = statement.value.func
        return isinstance(called, ast.Attribute) and called.attr in _MUTATORS and _is_name(called.value, name)
    if isinstance(statement, ast.AugAssign):
        return _root(statement.target) == name
    if isinstance(statement, ast.Assign) and name in names_bound(statement):
        return any(_is_name(n, name) for n in ast.walk(statement.value) if isinstance(n, ast.expr))
    targets = statement.targets if isinstance(statement, (ast.Assign, ast.Delete)) else []
    return any(isinstance(t, (ast.Subscript, ast.Attribute)) and _root(t) == name for t in targets)


_MUTATORS = frozenset(
    {"add", "append", "clear", "discard", "extend", "insert", "pop", "remove", "setdefault", "sort", "update"}
)


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _root(target: ast.expr) -> str | None:
    while isinstance(target, (ast.Subscript, ast.Attribute)):
        target = target.value
    return target.id if isinstance(target, ast.Name) else None


def names_bound(statement: ast.stmt) -> list[str]:
    """Give the names that a statement defines."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [statement.name]
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return [a.asname or a.name.split(".")[0] for a in statement.names]
    if isinstance(statement, ast.Assign):
        return [
            n.id
            for t in statement.targets
            for n in ast.walk(t)
            if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        ]
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return [statement.target.id] if statement.value is not None else []
    if isinstance(statement, (ast.If, ast.Try)):
        return [name for inner in _branches(statement) for name in names_bound(inner)]
    if type(statement).__name__ == "TypeAlias":  # `type X = ...`, of Python 3.12
        return [cast(Any, statement).name.id]
    return []


def _branches(statement: ast.If | ast.Try) -> list[ast.stmt]:
    """Give the statements of all branches; none of ``if TYPE_CHECKING``, which no program takes."""
    if isinstance(statement, ast.If):
        typing_only = ast.unparse(statement.test).rpartition(".")[2] == "TYPE_CHECKING"
        return [*([] if typing_only else statement.body), *statement.orelse]
    handled = [inner for handler in statement.handlers for inner in handler.body]
    return [*statement.body, *handled, *statement.orelse, *statement.finalbody]


def star_import(tree: ast.Module, name: str, value: Any) -> str | None:
    """Give the module whose ``from module import *`` brought a name."""
    for statement in tree.body:
        if (
            isinstance(statement, ast.ImportFrom)
            and statement.names[0].name == "*"
            and statement.module
            and value is not None
        ):
            module = sys.modules.get(statement.module)
            if getattr(module, name, None) is value:
                return statement.module
    return None


def free_names(node: ast.AST) -> dict[str, int]:
    """Give the global names that a definition uses, each with the first line that does."""
    lines: dict[str, int] = {}
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load):
            lines[inner.id] = min(inner.lineno, lines.get(inner.id, inner.lineno))
    table = symtable.symtable(ast.unparse(node), "<script>", "exec")
    used: set[str] = set()
    _globals(table, used)
    own = {s.get_name() for s in table.get_symbols() if s.is_assigned()}
    return {name: lines.get(name, getattr(node, "lineno", 0)) for name in used - own}


def _globals(table: symtable.SymbolTable, used: set[str]) -> None:
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (symbol.is_global() or table.get_type() == "module"):
            used.add(symbol.get_name())
    for child in table.get_children():
        _globals(child, used)
