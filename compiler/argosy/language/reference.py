"""The reference of all functions that expressions can call, as Markdown: ``docs/language.md`` is this text."""

from __future__ import annotations

from collections.abc import Iterable

from argosy.language.expr.builtins import ENTRIES
from argosy.language.expr.environment import ARGO_FUNCTIONS
from argosy.language.expr.predicates import FUNCTIONS as PREDICATES
from argosy.language.function import Function
from argosy.language.sprig import FUNCTIONS as SPRIG

_HEAD = """\
# Functions of Argo's expressions

What may be called in `{{=...}}`, in `expression` fields of retry strategies, hooks and parameters, and in `depends`.
The language itself is described at expr-lang.org; Argo 4.1 uses its version 1.17.8.
Each example below is run as a test. This page is written by `python -m argosy.language.reference`.
"""


def functions() -> tuple[Function, ...]:
    """Give every function of expressions, without sprig's."""
    return (*PREDICATES, *(entry.function for entry in ENTRIES.values()), *ARGO_FUNCTIONS)


def sprig_functions() -> tuple[Function, ...]:
    """Give sprig's functions, which are called as ``sprig.name(...)``."""
    return tuple(SPRIG.values())


def markdown() -> str:
    """Give the page."""
    parts = [_HEAD, *_tables(functions()), "## Sprig\n\nCalled as `sprig.name(...)`.\n"]
    parts += _tables(sprig_functions(), level="###")
    return "\n".join(parts)


def _tables(listed: Iterable[Function], level: str = "##") -> list[str]:
    themes: dict[str, list[Function]] = {}
    for function in listed:
        themes.setdefault(function.theme or "Other", []).append(function)
    return [_table(f"{level} {theme}", found) for theme, found in themes.items()]


def _table(title: str, listed: Iterable[Function]) -> str:
    rows = [f"| {_code(f.signature)} | {_cell(f.summary)} | {_code(f.example)} | {_code(f.result)} |" for f in listed]
    return "\n".join([title, "", "| function | gives | example | result |", "|---|---|---|---|", *rows, ""])


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\\\|")


def _code(text: str) -> str:
    if not text:
        return ""
    mark = "``" if "`" in text else "`"
    return f"{mark}{_cell(text)}{mark}"


if __name__ == "__main__":
    import sys

    sys.stdout.write(markdown())
