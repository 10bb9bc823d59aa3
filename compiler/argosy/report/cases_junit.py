"""A test run of scenarios as JUnit XML: a file is a suite, a scenario a test case."""

from __future__ import annotations

from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from argosy.explore.cases import Case, Cases
from argosy.report.junit import clean
from argosy.report.paths import relative
from argosy.report.style import PLAIN, Style
from argosy.report.tree import render as tree


def render(found: Cases, style: Style) -> str:
    """Give the XML document."""
    suites = "".join(_suite(relative(path), list(cases)) for path, cases in groupby(found.cases, key=lambda c: c.path))
    counts = _counts(found.cases)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f'{head}<testsuites name="argosy test" {counts}>\n{suites}</testsuites>\n'


def _counts(cases: list[Case]) -> str:
    errors = sum(bool(case.error) for case in cases)
    failures = sum(not case.passed for case in cases) - errors
    return f'tests="{len(cases)}" failures="{failures}" errors="{errors}"'


def _suite(path: str, cases: list[Case]) -> str:
    body = "".join(_case(path, case) for case in cases)
    return f"  <testsuite name={quoteattr(clean(path))} {_counts(cases)}>\n{body}  </testsuite>\n"


def _case(path: str, case: Case) -> str:
    head = f"    <testcase classname={quoteattr(clean(path))} name={quoteattr(clean(case.name))}"
    if case.passed:
        return f"{head}/>\n"
    kind = "error" if case.error else "failure"
    lines = [case.error] if case.error else [str(problem) for problem in case.problems]
    drawn = f"\n\n{tree(case.run, PLAIN)}" if case.run is not None else ""
    text = escape(clean("\n".join(lines) + drawn))
    return f"{head}>\n      <{kind} message={quoteattr(clean(lines[0]))}>{text}</{kind}>\n    </testcase>\n"
