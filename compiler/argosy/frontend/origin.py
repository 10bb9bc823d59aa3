"""The origin of a document made by Python: the statement that authored an address."""

from __future__ import annotations

import ast
import functools
import linecache
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from argosy.errors import Place
from argosy.frontend.options import camel
from argosy.source import Address, Json, Part, Span, at


@dataclass(slots=True)
class PythonOrigin:
    """Turns an address into the Python line that wrote it; within a call or decorator, into the argument that did."""

    path: str
    marks: Mapping[Address, Place] = field(default_factory=dict)
    functions: Mapping[Address, tuple[Callable[..., Any], dict[str, Json]]] = field(default_factory=dict)
    """The function and the data of the template at an address."""
    given: Mapping[str, str] = field(default_factory=dict)
    """How the user calls a file, by its absolute path."""

    def called(self, given: str) -> None:
        """Let the file be called as the user does."""
        absolute = os.path.abspath(given)  # noqa: PTH100 - as Python itself names it, symbolic links and all
        self.given = {absolute: given}
        self.path = self.given.get(self.path, self.path)

    def locate(self, address: Address, part: Part = "value", chars: tuple[int, int] | None = None) -> Span:
        """Give the statement of the nearest marked parent, or the keyword in it that gave the field."""
        span = self._locate(address)
        return replace(span, path=self.given.get(span.path, span.path))

    def _locate(self, address: Address) -> Span:
        for end in range(len(address), -1, -1):
            place = self.marks.get(address[:end])
            if place is not None:
                rest = address[end:]
                return self._argument(address[:end], rest) or _span(place, rest)
        return Span(self.path, 1, 1)

    def lines(self) -> Sequence[str] | None:
        """Give the file's lines."""
        found = [line.rstrip("\n") for line in linecache.getlines(self.path)]
        return found or None

    def _argument(self, address: Address, rest: Address) -> Span | None:
        """Give the argument of the function that declared an input."""
        declared = self.functions.get(address)
        if declared is None or rest[:1] != ("inputs",) or len(rest) < 3:
            return None
        function, template = declared
        one = at(template, rest[:3])
        path = function.__code__.co_filename
        tree = _functions("".join(linecache.getlines(path))).get(function.__code__.co_firstlineno)
        if tree is None or not isinstance(one, dict):
            return None
        for argument in [*tree.args.posonlyargs, *tree.args.args, *tree.args.kwonlyargs]:
            if argument.arg == one.get("name"):
                return _of(path, argument)
        return None


def _of(path: str, node: ast.expr | ast.arg | ast.keyword) -> Span:
    return Span(path, node.lineno, node.col_offset + 1, node.end_lineno or 0, (node.end_col_offset or 0) + 1)


def _span(place: Place, rest: Address) -> Span:
    """Give the span of a statement's first line, or of the keyword that names a field of ``rest``."""
    for call in _calls(place.path, place.line):
        for step in reversed(rest):
            for keyword in call.keywords:
                found = _keyword(keyword, step)
                if found is not None:
                    return _of(place.path, found)
    line = linecache.getline(place.path, place.line).rstrip("\n")
    start = len(line) - len(line.lstrip())
    return Span(place.path, place.line, start + 1, place.line, len(line) + 1)


def _keyword(keyword: ast.keyword, step: str | int) -> ast.keyword | ast.expr | None:
    """Give the keyword if it names a field, or the key that does within ``extra={...}``."""
    if keyword.arg is None:
        return None
    if step in (camel(keyword.arg), keyword.arg):
        return keyword
    if keyword.arg == "extra" and isinstance(keyword.value, ast.Dict):
        return next((k for k in keyword.value.keys if isinstance(k, ast.Constant) and k.value == step), None)
    return None


def _calls(path: str, line: int) -> list[ast.Call]:
    return _by_line("".join(linecache.getlines(path))).get(line, [])


@functools.lru_cache(maxsize=64)
def _by_line(text: str) -> dict[int, list[ast.Call]]:
    found: dict[int, list[ast.Call]] = {}
    for node in _nodes(text):
        if isinstance(node, ast.Call):
            found.setdefault(node.lineno, []).append(node)
    return found


@functools.lru_cache(maxsize=64)
def _functions(text: str) -> dict[int, ast.FunctionDef | ast.AsyncFunctionDef]:
    """Give the functions of a module by the line that Python gives for them: that of the first decorator."""
    found: dict[int, ast.FunctionDef | ast.AsyncFunctionDef] = {}
    for node in _nodes(text):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found[min([node.lineno, *(d.lineno for d in node.decorator_list)])] = node
    return found


def _nodes(text: str) -> Iterable[ast.AST]:
    try:
        return ast.walk(ast.parse(text))
    except SyntaxError:
        return ()
