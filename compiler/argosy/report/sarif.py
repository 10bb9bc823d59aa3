"""Findings as SARIF 2.1.0, which code-scanning services and editors read (OASIS standard, version 2.1.0)."""

from __future__ import annotations

import json
from urllib.parse import quote

from argosy.errors import UsageError
from argosy.lint.finding import Finding, Related, Severity
from argosy.lint.result import LintResult, LocatedFinding
from argosy.report.paths import Fingerprints, relative
from argosy.report.style import Style
from argosy.source import Json, Span, format_address

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def render(result: LintResult, style: Style) -> str:
    """Give the JSON text of a log with one run."""
    from argosy import __version__

    found = result.findings()
    rules = sorted({one.finding.rule for one in found})
    fingerprints = Fingerprints()
    driver = {
        "name": "argosy",
        "semanticVersion": __version__,
        "rules": [_rule(name) for name in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The directory that argosy ran in."}}},
        "results": [_result(one, rules.index(one.finding.rule), fingerprints) for one in found],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _rule(name: str) -> dict[str, Json]:
    """Describe a rule by its page, which is all in here; a name under which the tool itself speaks has none."""
    from argosy.lint.rule import find

    out: dict[str, Json] = {"id": name}
    try:
        rule = find(name)
    except UsageError:
        return out
    return out | {
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.summary},
        "help": {"text": rule.doc},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
    }


def _result(found: LocatedFinding, index: int, fingerprints: Fingerprints) -> dict[str, Json]:
    finding = found.finding
    out: dict[str, Json] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": LEVELS[finding.severity],
        "message": {"text": _message(finding)},
        "locations": [_location(found.span()) | _logical(finding)],
        "partialFingerprints": {"argosy/v1": fingerprints.of(found)},
        "properties": {"rejectedByArgo": finding.rejected, "document": found.document},
    }
    related = [place for one in finding.related if (place := _related(found, one))]
    return out | ({"relatedLocations": related} if related else {})


def _message(finding: Finding) -> str:
    return f"{finding.message}. {finding.hint}" if finding.hint else finding.message


def _location(span: Span) -> dict[str, Json]:
    physical: dict[str, Json] = {"artifactLocation": {"uri": quote(relative(span.path)), "uriBaseId": "%SRCROOT%"}}
    if span.line:
        region = {"startLine": span.line, "startColumn": max(span.column, 1)}
        if (span.end_line, span.end_column) > (span.line, span.column):
            region |= {"endLine": span.end_line, "endColumn": max(span.end_column, 1)}
        physical["region"] = region
    return {"physicalLocation": physical}


def _logical(finding: Finding) -> dict[str, Json]:
    if not finding.address:
        return {}
    return {"logicalLocations": [{"fullyQualifiedName": format_address(finding.address), "kind": "member"}]}


def _related(found: LocatedFinding, related: Related) -> dict[str, Json]:
    manifest = related.manifest or found.manifest
    if manifest is None:
        return {}
    return _location(manifest.origin.locate(related.address)) | {"message": {"text": related.note}}
