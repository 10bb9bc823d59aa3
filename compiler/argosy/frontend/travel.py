"""The source of a script: its function, and what that uses from its module. What cannot travel is an error."""

from __future__ import annotations

import ast
import builtins
import copy
import functools
import linecache
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from argosy.errors import Place
from argosy.frontend import hints
from argosy.frontend.bindings import bindings, changes, free_names, star_import
from argosy.frontend.places import fail

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_NOTHING: set[str] = set()
_NO_CELLS: Mapping[str, Any] = {}


@dataclass(slots=True)
class Luggage:
    """What travels: import lines, and definitions by the line of their module, so that they keep its order."""

    path: str
    """The file of the module."""
    known: dict[str, Any]
    """The names of the module, and what they stand for."""
    imports: dict[str, None] = field(default_factory=dict)
    definitions: dict[int, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    """The names that the script has for what travels."""
    annotated: bool = False
    """Whether a definition has annotations that would be evaluated."""

    def place(self, line: int) -> Place:
        """Give a line of the module as a place."""
        return Place(self.path, line)

    def add_import(self, line: str) -> None:
        """Note an import line, once."""
        self.imports.setdefault(line)


@functools.cache
def _parse(text: str) -> ast.Module:
    return ast.parse(text)


def _module(path: str) -> tuple[list[str], ast.Module]:
    lines = linecache.getlines(path)
    return lines, _parse("".join(lines))


def pack(function: Callable[..., Any], place: Place, drop_defaults: Iterable[str] = ()) -> Luggage:
    """Pack a function with what it uses. ``drop_defaults`` names arguments whose defaults stay behind.

    Raises CompileError for what cannot travel, at its line.
    """
    luggage = Luggage(function.__code__.co_filename, function.__globals__)
    node = find(function, place)
    lines, _ = _module(luggage.path)
    luggage.seen.add(node.name)
    _travel(node, luggage, set(drop_defaults), _closure(function))
    luggage.definitions[node.lineno] = _definition_text(node, lines, set(drop_defaults))
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
    text = "".join(taken).rstrip() + "\n"
    return _unindented(text) if text[:1].isspace() else text


def _unindented(text: str) -> str:
    """Take the indentation of a nested definition away, but not that of the texts within it."""
    nested = ast.parse("if True:\n" + text).body[0]
    assert isinstance(nested, ast.If)
    dedented = textwrap.dedent(text)
    try:
        same = ast.dump(ast.parse(dedented).body[0]) == ast.dump(nested.body[0])
    except SyntaxError:
        same = False
    return dedented if same else ast.unparse(nested.body[0]) + "\n"


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
    node: ast.AST, luggage: Luggage, dropped: set[str] = _NOTHING, closure: Mapping[str, Any] = _NO_CELLS
) -> None:
    """Bring what a statement uses of its module."""
    value = luggage.known.get(node.name) if isinstance(node, ast.ClassDef) else None
    lean = _without_annotations(node, dropped, hints.is_model(value))
    for name, line in sorted(free_names(lean).items(), key=lambda pair: pair[1]):
        if name in luggage.seen or (hasattr(builtins, name) and name not in luggage.known):
            continue
        luggage.seen.add(name)
        if name in closure:
            _refuse(name, luggage.place(line), "it belongs to the function around this one", "pass it as an argument")
        _bring(name, luggage, luggage.place(line))


def _without_annotations(node: ast.AST, dropped: set[str], model: bool) -> ast.AST:
    """Leave out what nobody evaluates: annotations, but for those that classes ask for."""
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
        elif isinstance(inner, ast.AnnAssign) and not _is_evaluated(inner.annotation, model):
            inner.annotation = ast.Constant(value=None)
    return lean


def _is_evaluated(annotation: ast.expr, model: bool) -> bool:
    """Tell whether a class looks at the annotation: pydantic's do, and dataclasses at what is no field."""
    return model or any(name in ast.unparse(annotation) for name in ("ClassVar", "InitVar", "KW_ONLY"))


def _forget(default: ast.expr) -> None:
    for inner in ast.walk(default):
        if isinstance(inner, ast.Name):
            inner.id = "print"


def bring_type(hint: type, function: Callable[..., Any], luggage: Luggage) -> str:
    """Let a type travel that a script's code needs, and give the name that the script knows it by.

    Raises CompileError for a type that its module does not name.
    """
    place = luggage.place(function.__code__.co_firstlineno)
    called = [name for name, value in luggage.known.items() if value is hint]
    if not called and hint.__qualname__ == hint.__name__ and not _is_local(hint.__module__.split(".")[0], None):
        luggage.add_import(f"from {hint.__module__} import {hint.__name__}")
        return hint.__name__
    if not called:
        _refuse(hint.__name__, place, f"no name of the module of {function.__name__} stands for it", "define it there")
    name = hint.__name__ if hint.__name__ in called else called[0]
    if name not in luggage.seen:
        luggage.seen.add(name)
        _bring(name, luggage, place)
    return name


def _bring(name: str, luggage: Luggage, place: Place) -> None:
    lines, tree = _module(luggage.path)
    found = bindings(tree, name)
    if name == "__name__":
        return
    if not found:
        _bring_unbound(name, tree, luggage, place)
    if not any(isinstance(f, (ast.Import, ast.ImportFrom)) for f in found):
        _check_unchanged(name, tree, place)
    for statement in found:
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            _bring_import(statement, name, luggage, place)
        elif isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            _bring_definition(statement, luggage, lines, place)
        else:
            _check_constant(name, luggage.known.get(name), place)
            text = "".join(lines[statement.lineno - 1 : statement.end_lineno]).rstrip() + "\n"
            luggage.definitions[statement.lineno] = text
            _check_imports(statement, name, luggage, place)
            _travel(statement, luggage)


def _check_unchanged(name: str, tree: ast.Module, place: Place) -> None:
    """Refuse what the module changes after it has defined it: only the definition would travel."""
    for statement in tree.body:
        if changes(statement, name):
            _refuse(
                name,
                place,
                f"line {statement.lineno} changes it after it is defined",
                "define it in one statement, or pass it as an argument",
            )


def _check_imports(statement: ast.stmt, name: str, luggage: Luggage, place: Place) -> None:
    """Refuse a module of the user's that is imported within an ``if`` or ``try``."""
    for inner in ast.walk(statement):
        if isinstance(inner, (ast.Import, ast.ImportFrom)):
            for alias in inner.names:
                root = (alias.name if isinstance(inner, ast.Import) else inner.module or "").split(".")[0]
                if root in sys.modules or not root:
                    _import_line(inner, alias, name, luggage.known.get(name), place)


def _bring_unbound(name: str, tree: ast.Module, luggage: Luggage, place: Place) -> None:
    """Bring what no statement of the module binds by its name."""
    if (module := star_import(tree, name, luggage.known.get(name))) is not None:
        _bring_import(ast.ImportFrom(module, [ast.alias(name)], 0), name, luggage, place)
    elif name not in luggage.known:
        fail(f"{name!r} is not defined", place=place)
    elif name.startswith("__"):
        _refuse(name, place, "it is this file's, and the pod has another", "make what you need of it an argument")
    else:
        _refuse(
            name, place, "it is not defined at the top level of the module", "define it there, or within the script"
        )


def _bring_definition(statement: _Definition, luggage: Luggage, lines: list[str], place: Place) -> None:
    from argosy.frontend.templates import Template

    value = luggage.known.get(statement.name)
    is_template = isinstance(value, Template)
    if isinstance(value, Template) and not value.kind.plain:
        _refuse(statement.name, place, f"it is a {value.kind.name} template", "call it as a step of the workflow")
    text = _definition_text(statement, lines, set(), keep_decorators=not is_template)
    luggage.definitions[statement.lineno] = text
    luggage.annotated = True
    for decorator in [] if is_template else statement.decorator_list:
        _travel(ast.Module(body=[ast.Expr(decorator)], type_ignores=[]), luggage)
    lean = copy.copy(statement)
    lean.decorator_list = []
    _travel(lean, luggage)


def _bring_import(statement: ast.Import | ast.ImportFrom, name: str, luggage: Luggage, place: Place) -> None:
    """Bring the import lines for a name: ``import a.b, a.c`` binds ``a`` twice."""
    for alias in statement.names:
        if (alias.asname or alias.name.split(".")[0]) == name:
            luggage.add_import(_import_line(statement, alias, name, luggage.known.get(name), place))


def _import_line(statement: ast.Import | ast.ImportFrom, alias: ast.alias, name: str, value: Any, place: Place) -> str:
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
