"""Findings as JUnit XML, for servers that show tests: a file is a suite, a manifest in it a test case.

A manifest with an error is a failure; warnings and advice stand in its output, as they fail nothing by themselves.
"""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from argosy.lint.finding import Severity
from argosy.lint.result import FileResult, LintResult, LocatedFinding
from argosy.report.paths import relative
from argosy.report.style import Style
from argosy.report.summary import count
from argosy.report.text import place

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(result: LintResult, style: Style) -> str:
    """Give the XML document."""
    suites = [_suite(file) for file in result.files]
    tests, failures = sum(t for _, t, _ in suites), sum(f for _, _, f in suites)
    body = "".join(text for text, _, _ in suites)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f'{head}<testsuites name="argosy lint" tests="{tests}" failures="{failures}">\n{body}</testsuites>\n'


def _suite(file: FileResult) -> tuple[str, int, int]:
    path = relative(file.path)
    named: dict[int | None, str] = {d.index: f"{d.kind} {d.name}".strip() or "document" for d in file.documents}
    of: dict[int | None, list[LocatedFinding]] = {index: [] for index in named}
    for found in file.findings:
        of.setdefault(found.document, []).append(found)
    cases = [_case(path, named.get(index, "the file as a whole"), found) for index, found in of.items()]
    failures = sum(failed for _, failed in cases)
    body = "".join(text for text, _ in cases)
    head = f'  <testsuite name={quoteattr(clean(path))} tests="{len(cases)}" failures="{failures}" errors="0">'
    return f"{head}\n{body}  </testsuite>\n", len(cases), failures


def _case(path: str, name: str, found: list[LocatedFinding]) -> tuple[str, bool]:
    errors = [one for one in found if one.finding.severity is Severity.ERROR]
    others = [one for one in found if one.finding.severity is not Severity.ERROR]
    head = f"    <testcase classname={quoteattr(clean(path))} name={quoteattr(clean(name))}"
    inside = ""
    if errors:
        message = count(len(errors), "error")
        inside += f'      <failure type="error" message="{message}">{_lines(errors)}</failure>\n'
    if others:
        inside += f"      <system-out>{_lines(others)}</system-out>\n"
    return (f"{head}>\n{inside}    </testcase>\n" if inside else f"{head}/>\n"), bool(errors)


def _lines(found: list[LocatedFinding]) -> str:
    lines = [f"{place(f.span())}: {f.finding.severity}[{f.finding.rule}] {f.finding.message}" for f in found]
    return escape(clean("\n".join(lines)))


def clean(text: str) -> str:
    """Leave out what no XML document may hold."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
