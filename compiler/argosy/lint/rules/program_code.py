"""Scripts that cannot even be read by their own interpreter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from argosy.language.caching import remembered
from argosy.lint import tables
from argosy.lint.context import Context
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule
from argosy.model.container import ScriptTemplate


@rule(Severity.WARNING, over=tables.containers)
def python_code_invalid(one: tables.ContainerAt, context: Context) -> Iterator[Problem]:
    """The source of a Python script is no Python.

    The container fails as soon as it starts. Only scripts without tags are looked at, and a syntax of tomorrow's
    Python may be unknown here.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: sum-}
        spec:
          entrypoint: main
          templates:
            - name: main
              script:
                image: python:3.12
                command: [python]
                source: |
                  for number in range(3)
                      print(number)

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: sum-}
        spec:
          entrypoint: main
          templates:
            - name: main
              script:
                image: python:3.12
                command: [python]
                source: |
                  for number in range(3):
                      print(number)
    """
    script = one.container
    if not isinstance(script, ScriptTemplate) or "{{" in script.source or "\0" in script.source or not script.command:
        return
    if not re.fullmatch(r"(?:.*/)?python(?:3(?:\.\d+)?)?", script.command[0]) or ":2" in script.image:
        return
    fault = _python_fault(script.source)
    if fault is not None:
        message, number = fault
        start, end = _line(script.source, number)
        yield Problem(f"the source is no Python: {message} (line {number})", one.at("source"), chars=(start, end))


@remembered(256)
def _python_fault(source: str) -> tuple[str, int] | None:
    """Give what is wrong with a program's syntax, and the line; None where nothing is, or where it cannot be said."""
    import warnings
    from _ast import PyCF_ONLY_AST  # ast itself takes a millisecond to import

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source, "<source>", "exec", PyCF_ONLY_AST, dont_inherit=True)
    except SyntaxError as error:
        return error.msg, error.lineno or 1
    except (ValueError, RecursionError, MemoryError):
        pass
    return None


def _line(text: str, number: int) -> tuple[int, int]:
    """Give where a line of a text begins and ends."""
    lines = text.splitlines(keepends=True)
    before = sum(map(len, lines[: number - 1]))
    line = lines[number - 1].rstrip() if number <= len(lines) else ""
    indent = len(line) - len(line.lstrip())
    return before + indent, max(before + len(line), before + indent)
