"""What linting gives: per file its documents, Argo's verdict on each, and the findings; ``to_dict`` is the contract."""

from __future__ import annotations

from msgspec import Struct, field

from argosy.lint.finding import Finding, Severity
from argosy.source import Json, Manifest, Origin, Span, format_address


class DocumentResult(Struct):
    """Argo's verdict on one document of a file."""

    index: int
    kind: str
    name: str
    accepted: bool


class LocatedFinding(Struct):
    """A finding and the document that it is about (None: the file as a whole)."""

    finding: Finding
    path: str
    document: int | None = None
    manifest: Manifest | None = None
    origin: Origin | None = None
    known: Span | None = None
    """The place in the file, once somebody has asked."""

    def span(self) -> Span:
        """Give the place in the file; line 0 where nothing is known."""
        if self.known is None:
            self.known = self.finding.span or self._located()
        return self.known

    def _located(self) -> Span:
        origin = self.manifest.origin if self.manifest is not None else self.origin
        if origin is None:
            return Span(self.path)
        return origin.locate(self.finding.address, self.finding.part, self.finding.chars)


class FileResult(Struct):
    """All that was found in one file."""

    path: str
    documents: list[DocumentResult] = field(default_factory=list)
    findings: list[LocatedFinding] = field(default_factory=list)
    accepted: bool | None = None
    """False where Argo refuses the file as a whole; None where the documents say."""
    foreign: bool = False
    """It is a source of another tool, and no manifest yet: what Argo says of it means nothing."""


class LintResult(Struct):
    """All files, in the order given."""

    files: list[FileResult] = field(default_factory=list)

    def findings(self) -> list[LocatedFinding]:
        """Give all findings, file by file."""
        return [finding for file in self.files for finding in file.findings]

    def count(self, severity: Severity) -> int:
        """Count the findings of one severity."""
        return sum(found.finding.severity is severity for found in self.findings())

    def to_dict(self) -> dict[str, Json]:
        """Give the JSON object of ``argosy lint --format json``, version 1."""
        return {"version": 1, "files": [_file(file) for file in self.files]}


def _file(file: FileResult) -> dict[str, Json]:
    out: dict[str, Json] = {
        "path": file.path,
        "documents": [
            {"index": d.index, "kind": d.kind, "name": d.name, "accepted": d.accepted} for d in file.documents
        ],
        "findings": [_finding(found) for found in file.findings],
    }
    if file.accepted is not None:
        out["accepted"] = file.accepted
    return out


def _finding(found: LocatedFinding) -> dict[str, Json]:
    finding, span = found.finding, found.span()
    return {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "rejected": finding.rejected,
        "message": finding.message,
        "hint": finding.hint,
        "document": found.document,
        "address": format_address(finding.address),
        "line": span.line or None,
        "column": span.column or None,
        "endLine": span.end_line or None,
        "endColumn": span.end_column or None,
        "fixable": finding.fix is not None,
        "url": rule_url(finding.rule),
    }


def rule_url(rule: str) -> str:
    """Give where a rule's page is in Argosy's sources; ``argosy rule NAME`` shows it, too."""
    return f"docs/rules/{rule}.md"
