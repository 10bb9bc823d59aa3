"""The origin of a document made by Python: the statement that authored an address."""

from __future__ import annotations

import ast
import functools
import linecache
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from argosy.errors import Place
from argosy.frontend.options import camel
from argosy.source import Address, Part, Span


@dataclass(slots=True)
class PythonOrigin:
    """Turns an address into the Python line that wrote it; within a call or decorator, into the argument that did."""

    path: str
    marks: Mapping[Address, Place] = field(default_factory=dict)

    def locate(self, address: Address, part: Part = "value", chars: tuple[int, int] | None = None) -> Span:
        """Give the statement of the nearest marked parent, or the keyword in it that gave the field."""
        for end in range(len(address), -1, -1):
            place = self.marks.get(address[:end])
            if place is not None:
                return _span(place, address[end:])
        return Span(self.path, 1, 1)

    def lines(self) -> Sequence[str] | None:
        """Give the file's lines."""
        found = [line.rstrip("\n") for line in linecache.getlines(self.path)]
        return found or None


def _span(place: Place, rest: Address) -> Span:
    """Give the span of a statement's first line, or of the keyword that names a field of ``rest``."""
    for call in _calls(place.path, place.line):
        for step in reversed(rest):
            for keyword in call.keywords:
                if keyword.arg and step in (camel(keyword.arg), keyword.arg):
                    value = keyword.value
                    return Span(
                        place.path,
                        keyword.lineno,
                        keyword.col_offset + 1,
                        value.end_lineno or 0,
                        (value.end_col_offset or 0) + 1,
                    )
    line = linecache.getline(place.path, place.line).rstrip("\n")
    start = len(line) - len(line.lstrip())
    return Span(place.path, place.line, start + 1, place.line, len(line) + 1)


def _calls(path: str, line: int) -> list[ast.Call]:
    return _by_line("".join(linecache.getlines(path))).get(line, [])


@functools.lru_cache(maxsize=64)
def _by_line(text: str) -> dict[int, list[ast.Call]]:
    found: dict[int, list[ast.Call]] = {}
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return found
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            found.setdefault(node.lineno, []).append(node)
    return found
