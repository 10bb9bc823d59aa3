"""Where in a Python file a workflow of Hera's was written: Hera keeps no lines, so names are looked up in the file."""

from __future__ import annotations

import ast
import functools
import linecache
from dataclasses import dataclass

from argosy.errors import Place
from argosy.frontend.bindings import names_bound
from argosy.frontend.options import camel
from argosy.frontend.origin import PythonOrigin
from argosy.source import Address, Json


@dataclass(frozen=True, slots=True)
class HeraSource:
    """A workflow of Hera's: the file that defines it, and its name there; both empty where that is not known."""

    path: str = ""
    name: str = ""

    @property
    def place(self) -> Place:
        """The line that makes it: ``with Workflow(...) as NAME`` or ``NAME = Workflow(...)``."""
        for statement in _module(self.path).body if self.path else []:
            bound = (
                [i.optional_vars.id for i in statement.items if isinstance(i.optional_vars, ast.Name)]
                if isinstance(statement, ast.With)
                else names_bound(statement)
            )
            if self.name in bound:
                return Place(self.path, statement.lineno)
        return Place(self.path or "<hera>", 1 if self.path else 0)

    def argument(self, address: Address) -> Place:
        """Give the argument that gave a field, as ``on_exit=`` for ``spec.onExit``; else the workflow's line."""
        start = self.place
        for node in ast.walk(_module(self.path)) if self.path else ():
            if (
                isinstance(node, ast.keyword)
                and node.arg
                and node.lineno >= start.line
                and camel(node.arg) == address[-1]
            ):
                return Place(self.path, node.lineno, node.col_offset + 1)
        return start

    def origin(self, document: dict[str, Json]) -> PythonOrigin:
        """Give the origin of its manifest: templates, steps and tasks stand where their names do."""
        lines = _names(self.path)
        marks: dict[Address, Place] = {(): self.place}
        spec: Address = ("spec", "workflowSpec") if document.get("kind") == "CronWorkflow" else ("spec",)
        inner = document.get("spec") or {}
        inner = inner.get("workflowSpec") or inner
        for index, template in enumerate(inner.get("templates") or []):
            address: Address = (*spec, "templates", index)
            _mark(template, address, lines, marks, self.path)
            for number, task in enumerate((template.get("dag") or {}).get("tasks") or []):
                _mark(task, (*address, "dag", "tasks", number), lines, marks, self.path)
            for number, group in enumerate(template.get("steps") or []):
                for place, step in enumerate(group if isinstance(group, list) else []):
                    _mark(step, (*address, "steps", number, place), lines, marks, self.path)
        return PythonOrigin(self.path, marks)


def _mark(
    named: dict[str, Json], address: Address, lines: dict[str, int], marks: dict[Address, Place], path: str
) -> None:
    line = lines.get(str(named.get("name")))
    if line is not None:
        marks[address] = Place(path, line)


@functools.lru_cache(maxsize=16)
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


def _module(path: str) -> ast.Module:
    return _parsed("".join(linecache.getlines(path)))


def _names(path: str) -> dict[str, int]:
    """Give the lines of functions, and of calls with a ``name``, by those names."""
    found: dict[str, int] = {}
    for node in ast.walk(_module(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found.setdefault(node.name.replace("_", "-"), node.lineno)
        elif isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg == "name" and isinstance(keyword.value, ast.Constant):
                    found[str(keyword.value.value)] = node.lineno
    return found
