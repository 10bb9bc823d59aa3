"""Findings as a GitLab Code Quality report: a JSON list; format: "Code Quality" in GitLab's documentation."""

from __future__ import annotations

import json

from argosy.lint.finding import Finding, Severity
from argosy.lint.result import LintResult, LocatedFinding
from argosy.report.paths import Fingerprints, relative
from argosy.report.style import Style
from argosy.source import Json

LEVELS = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "info"}


def render(result: LintResult, style: Style) -> str:
    """Give the JSON text."""
    fingerprints = Fingerprints()
    return json.dumps([_issue(found, fingerprints) for found in result.findings()], indent=2) + "\n"


def _issue(found: LocatedFinding, fingerprints: Fingerprints) -> dict[str, Json]:
    finding, span = found.finding, found.span()
    return {
        "description": finding.message,
        "check_name": finding.rule,
        "fingerprint": fingerprints.of(found),
        "severity": _level(finding),
        "location": {
            "path": relative(span.path),
            "lines": {"begin": span.line or 1, "end": max(span.end_line, span.line) or 1},
        },
    }


def _level(finding: Finding) -> str:
    return "blocker" if finding.rejected else LEVELS[finding.severity]
