"""Findings as annotations of GitHub Actions (workflow commands ``::error file=...``), with the summary for the log.

Format: "Workflow commands for GitHub Actions" in GitHub's documentation.
"""

from __future__ import annotations

from argosy.lint.finding import Severity
from argosy.lint.result import LintResult, LocatedFinding
from argosy.report.paths import relative
from argosy.report.style import PLAIN, Style
from argosy.report.summary import summary

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(result: LintResult, style: Style) -> str:
    """Give one command a line, and the summary."""
    return "\n".join([*(_command(found) for found in result.findings()), summary(result, PLAIN)]) + "\n"


def _command(found: LocatedFinding) -> str:
    finding, span = found.finding, found.span()
    properties = {"file": relative(span.path)}
    if span.line:
        properties |= {"line": str(span.line), "endLine": str(span.end_line or span.line), "col": str(span.column)}
        if span.end_line == span.line and span.end_column > span.column:
            properties["endColumn"] = str(span.end_column)
    properties["title"] = finding.rule
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    message = f"{finding.message} ({finding.hint})" if finding.hint else finding.message
    return f"::{LEVELS[finding.severity]} {listed}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
