"""A test run of scenarios, as a test runner shows it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from argosy.explore.cases import Case, Cases
from argosy.report.errors import render as render_error
from argosy.report.paths import relative
from argosy.report.style import Style
from argosy.report.summary import count
from argosy.report.tree import render as tree


def render(found: Cases, style: Style) -> str:
    """Give a line for each file, what is wrong with each scenario that fails, with its tree, and a last line."""
    out: list[str] = []
    for path, cases in groupby(found.cases, key=lambda case: case.path):
        marks = "".join(style.paint("✔", "green") if c.passed else style.paint("✖", "red") for c in cases)
        out.append(f"{relative(path)} {marks}")
    for case in found.failed:
        out += ["", *_failure(case, style)]
    out += ["", _last(found, style)] if out else [_last(found, style)]
    return "\n".join(out) + "\n"


def _failure(case: Case, style: Style) -> Iterator[str]:
    yield style.paint(f"✖ {relative(case.path)}::{case.name}", "bold", "red")
    if case.wrong is not None:
        yield from (f"  {line}".rstrip() for line in render_error(case.wrong, style).splitlines())
    yield from (f"  {problem}" for problem in case.problems)
    if case.run is not None:
        yield ""
        yield from (f"    {line}".rstrip() for line in tree(case.run, style).rstrip().splitlines())


def _last(found: Cases, style: Style) -> str:
    failed, total = len(found.failed), len(found.cases)
    left = f", {found.left_out} left out" if found.left_out else ""
    if not total:
        return f"There is no scenario to run{left}; their files are called *.scenario.yaml."
    if failed:
        return style.paint(f"{failed} failed", "bold", "red") + f", {total - failed} passed{left}"
    return style.paint(f"{count(total, 'scenario')} passed", "bold", "green") + left
