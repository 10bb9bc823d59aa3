"""Findings for people in a hurry and for editors: one line each."""

from __future__ import annotations

from argosy.lint.result import LintResult, LocatedFinding
from argosy.report.style import Style
from argosy.report.summary import summary
from argosy.report.text import COLOURS, place


def render(result: LintResult, style: Style) -> str:
    """Give ``path:line:column: severity[rule] message`` for each finding, and the summary."""
    return "\n".join([*(_line(found, style) for found in result.findings()), summary(result, style)]) + "\n"


def _line(found: LocatedFinding, style: Style) -> str:
    finding = found.finding
    rule = style.paint(f"{finding.severity}[{finding.rule}]", COLOURS[finding.severity])
    return f"{style.paint(place(found.span()), 'bold')}: {rule} {finding.message}"
