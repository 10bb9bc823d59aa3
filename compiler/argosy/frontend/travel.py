"""The source of a script: its function, and what that uses from its module. What cannot travel is an error."""

from __future__ import annotations

import ast
import builtins
import copy
import functools
import linecache
import symtable
import sys
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from argosy.errors import Place
from argosy.frontend.places import fail

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(slots=True)
class Luggage:
    """What travels: import lines, and definitions by the line of their module, so that they keep its order."""

    imports: dict[str, None] = field(default_factory=dict)
    definitions: dict[tuple[str, int], str] = field(default_factory=dict)
    seen: set[tuple[str, str]] = field(default_factory=set)
    annotated: bool = False
    """Whether a definition has annotations that would be evaluated."""

    def add_import(self, line: str) -> None:
        """Note an import line, once."""
        self.imports.setdefault(line)


@functools.cache
def _parse(text: str) -> ast.Module:
    return ast.parse(text)


def _module(path: str) -> tuple[list[str], ast.Module]:
    lines = linecache.getlines(path)
    return lines, _parse("".join(lines))


def pack(
    function: Callable[..., Any], place: Place, drop_defaults: Iterable[str] = (), skip: frozenset[str] = frozenset()
) -> Luggage:
    """Pack a function with what it uses. ``drop_defaults`` names arguments whose defaults stay behind.

    Raises CompileError for what cannot travel, at its line.
    """
    luggage = Luggage()
    node = find(function, place)
    path = function.__code__.co_filename
    lines, _ = _module(path)
    text = _definition_text(node, lines, set(drop_defaults))
    luggage.seen.add((path, node.name))
    _travel(node, path, function.__globals__, luggage, set(drop_defaults), _closure(function), skip)
    luggage.definitions[(path, node.lineno)] = text
    return luggage


def _closure(function: Callable[..., Any]) -> dict[str, Any]:
    names = function.__code__.co_freevars
    cells = function.__closure__ or ()
    return {n: c.cell_contents for n, c in zip(names, cells, strict=True) if _filled(c)}


def _filled(cell: Any) -> bool:
    try:
        return cell.cell_contents is not None
    except ValueError:
        return False


def find(function: Callable[..., Any], place: Place) -> ast.FunctionDef | ast.AsyncFunctionDef:
    """Give the syntax tree of a function. Raises CompileError where its source is not in a file."""
    code = function.__code__
    _, tree = _module(code.co_filename)
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == code.co_name:
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            if first == code.co_firstlineno:
                return node
    return fail(f"the source of {function.__name__} cannot be read", hint="define it in a file", place=place)


def _definition_text(
    node: _Definition, lines: list[str], drop_defaults: set[str], keep_decorators: bool = False
) -> str:
    first = min(d.lineno for d in node.decorator_list) if keep_decorators and node.decorator_list else node.lineno
    taken = list(lines[first - 1 : node.end_lineno])
    if not isinstance(node, ast.ClassDef):
        found = _defaults(node, drop_defaults)
        for default in sorted(
            found, key=lambda d: (d.lineno, d.col_offset), reverse=True
        ):  # so that none moves another
            _blank(taken, default, first)
    return textwrap.dedent("".join(taken)).rstrip() + "\n"


def _defaults(node: ast.FunctionDef | ast.AsyncFunctionDef, names: set[str]) -> list[ast.expr]:
    positional = [*node.args.posonlyargs, *node.args.args]
    pairs: list[tuple[ast.arg, ast.expr | None]] = list(
        zip(positional[len(positional) - len(node.args.defaults) :], node.args.defaults, strict=True)
    )
    pairs += list(zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True))
    return [default for arg, default in pairs if arg.arg in names and default is not None]


def _blank(lines: list[str], default: ast.expr, first: int) -> None:
    """Replace a default by ``...``, in place; a default over several lines becomes one."""
    start, end = default.lineno - first, (default.end_lineno or default.lineno) - first
    head = lines[start].encode()[: default.col_offset].decode()
    tail = lines[end].encode()[default.end_col_offset :].decode()
    lines[start : end + 1] = [head + "..." + tail]


def _travel(
    node: ast.AST,
    path: str,
    known: dict[str, Any],
    luggage: Luggage,
    dropped: set[str],
    closure: dict[str, Any],
    skip: frozenset[str],
) -> None:
    lean = _without_annotations(node, dropped)
    for name, line in sorted(_free_names(lean).items(), key=lambda pair: pair[1]):
        if name in skip or (path, name) in luggage.seen or (hasattr(builtins, name) and name not in known):
            continue
        luggage.seen.add((path, name))
        if name in closure:
            _refuse(name, Place(path, line), "it belongs to the function around this one", "pass it as an argument")
        _bring(name, path, known, luggage, Place(path, line), skip)


def _free_names(node: ast.AST) -> dict[str, int]:
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


def _without_annotations(node: ast.AST, dropped: set[str]) -> ast.AST:
    lean = copy.deepcopy(node)
    for inner in ast.walk(lean):
        if isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef)):
            inner.returns = None
            for arg in [*inner.args.posonlyargs, *inner.args.args, *inner.args.kwonlyargs]:
                arg.annotation = None
            for default in _defaults(inner, dropped if inner.name == getattr(node, "name", "") else set()):
                _forget(default)
            if inner is lean:
                inner.decorator_list = []
        elif isinstance(inner, ast.AnnAssign):
            inner.annotation = ast.Constant(value=None)
    return lean


def _forget(default: ast.expr) -> None:
    for inner in ast.walk(default):
        if isinstance(inner, ast.Name):
            inner.id = "print"


def _bring(name: str, path: str, known: dict[str, Any], luggage: Luggage, place: Place, skip: frozenset[str]) -> None:
    lines, tree = _module(path)
    statement = _binding(tree, name)
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        luggage.add_import(_import_line(statement, name, known.get(name), place))
    elif isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        _bring_definition(statement, path, known, luggage, lines, place, skip)
    elif isinstance(statement, (ast.Assign, ast.AnnAssign)):
        _check_constant(name, known.get(name), place)
        luggage.definitions[(path, statement.lineno)] = (
            "".join(lines[statement.lineno - 1 : statement.end_lineno]).rstrip() + "\n"
        )
        _travel(statement, path, known, luggage, set(), {}, skip)
    elif (module := _star_import(tree, name, known.get(name))) is not None:
        line = ast.ImportFrom(module, [ast.alias(name)], 0)
        luggage.add_import(_import_line(line, name, known.get(name), place))
    elif name not in known:
        fail(f"{name!r} is not defined", place=place)
    else:
        _refuse(
            name, place, "it is not defined at the top level of the module", "define it there, or within the script"
        )


def _bring_definition(
    statement: _Definition,
    path: str,
    known: dict[str, Any],
    luggage: Luggage,
    lines: list[str],
    place: Place,
    skip: frozenset[str],
) -> None:
    from argosy.frontend.templates import Template

    value = known.get(statement.name)
    is_template = isinstance(value, Template)
    if isinstance(value, Template) and not value.kind.plain:
        _refuse(statement.name, place, f"it is a {value.kind.name} template", "call it as a step of the workflow")
    luggage.definitions[(path, statement.lineno)] = _definition_text(
        statement, lines, set(), keep_decorators=not is_template
    )
    luggage.annotated = True
    for decorator in [] if is_template else statement.decorator_list:
        _travel(ast.Module(body=[ast.Expr(decorator)], type_ignores=[]), path, known, luggage, set(), {}, skip)
    if isinstance(statement, ast.ClassDef):
        _travel_class(statement, path, known, luggage, skip)
    else:
        _travel(statement, path, known, luggage, set(), {}, skip)


def _travel_class(
    statement: ast.ClassDef, path: str, known: dict[str, Any], luggage: Luggage, skip: frozenset[str]
) -> None:
    lean = copy.deepcopy(statement)
    lean.decorator_list = []
    _travel(lean, path, known, luggage, set(), {}, skip)


def _binding(tree: ast.Module, name: str) -> ast.stmt | None:
    """Give the top-level statement that defines a name, also within ``if`` and ``try``."""
    found: ast.stmt | None = None
    for statement in tree.body:
        inner = (
            [statement, *(s for s in ast.walk(statement) if isinstance(s, ast.stmt))]
            if isinstance(statement, (ast.If, ast.Try))
            else [statement]
        )
        for one in inner:
            if name in _names_bound(one):
                found = one
    return found


def _star_import(tree: ast.Module, name: str, value: Any) -> str | None:
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


def _names_bound(statement: ast.stmt) -> list[str]:
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [statement.name]
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return [a.asname or a.name.split(".")[0] for a in statement.names]
    if isinstance(statement, ast.Assign):
        return [n.id for t in statement.targets for n in ast.walk(t) if isinstance(n, ast.Name)]
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return [statement.target.id]
    return []


def _import_line(statement: ast.Import | ast.ImportFrom, name: str, value: Any, place: Place) -> str:
    alias = next(a for a in statement.names if (a.asname or a.name.split(".")[0]) == name)
    module = alias.name if isinstance(statement, ast.Import) else ("." * statement.level + (statement.module or ""))
    shown = f"{alias.name} as {alias.asname}" if alias.asname else alias.name
    line = f"import {shown}" if isinstance(statement, ast.Import) else f"from {module} import {shown}"
    root = module.split(".")[0]
    if root == "argosy":
        _refuse(
            name,
            place,
            "it is Argosy's, which is not in the pod",
            "use it in the workflow's body, and pass the script what it gives",
        )
    if not root or _is_local(root, value):
        _refuse(
            name,
            place,
            f"it comes from {module}, a module of yours that is not in the pod",
            "define it in this module, or put the module into the image and import it within the script",
        )
    return line


def _is_local(root: str, value: Any) -> bool:
    """Tell whether a module lies among the user's own files, not in the standard library or an installed package."""
    if root in sys.stdlib_module_names:
        return False
    module = sys.modules.get(root) or (value if isinstance(value, ModuleType) else None)
    file = getattr(module, "__file__", None) or next(iter(getattr(module, "__path__", [])), None)
    return bool(file) and not {"site-packages", "dist-packages"} & set(Path(str(file)).parts)


def _check_constant(name: str, value: Any, place: Place) -> None:
    from argosy.frontend.context import Environment
    from argosy.frontend.expressions import Expression

    if isinstance(value, (Expression, Environment)):
        _refuse(
            name,
            place,
            "it is a reference, which only the workflow knows",
            f"make it an argument: `{name.lower()}: str = {name}`",
        )


def _refuse(name: str, place: Place, why: str, what: str) -> None:
    fail(f"{name!r} cannot travel with the script: {why}", hint=what, place=place)
