"""Findings for people: a code frame each, what to do, and a summary."""

from __future__ import annotations

from collections.abc import Sequence

from argosy.lint.finding import Related, Severity
from argosy.lint.result import LintResult, LocatedFinding
from argosy.report.frame import SECOND, frame
from argosy.report.style import Style
from argosy.report.summary import summary
from argosy.source import Span, format_address

COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


def render(result: LintResult, style: Style) -> str:
    """Give the text; nothing but the summary where nothing was found."""
    parts = [_finding(found, style) for found in result.findings()]
    return "\n\n".join([*parts, summary(result, style)]) + "\n"


def _finding(found: LocatedFinding, style: Style) -> str:
    finding, span = found.finding, found.span()
    colour = COLOURS[finding.severity]
    out = [
        style.paint(f"{finding.severity}[{finding.rule}]", "bold", colour)
        + style.paint(f": {finding.message}", "bold"),
        _arrow(span, style),
    ]
    out += _frame(_lines(found), span, style, colour=colour)
    for related in finding.related:
        out += _related(found, related, style)
    if finding.address and not span.line:
        out.append(_aside("at", format_address(finding.address), style))
    if finding.rejected:
        out.append(_aside("argo", "refuses this manifest for it", style))
    if finding.hint:
        out.append(_aside("hint", finding.hint, style))
    if finding.fix:
        option = "--fix" if finding.fix.safe else "--fix --unsafe-fixes"
        out.append(_aside("fix", f"{finding.fix.title} ({option})", style))
    out.append(_aside("help", f"argosy rule {finding.rule}", style))
    return "\n".join(out)


def _related(found: LocatedFinding, related: Related, style: Style) -> list[str]:
    manifest = related.manifest or found.manifest
    if manifest is None:
        return [_aside("note", related.note, style)]
    span = manifest.origin.locate(related.address)
    drawn = _frame(manifest.origin.lines(), span, style, mark=SECOND, note=related.note, colour="blue")
    if not drawn:
        return [_aside("note", f"{related.note} ({place(span) or format_address(related.address)})", style)]
    return [_arrow(span, style, ":::"), *drawn]


def _lines(found: LocatedFinding) -> Sequence[str] | None:
    origin = found.manifest.origin if found.manifest is not None else found.origin
    return origin.lines() if origin is not None else None


def _frame(lines: Sequence[str] | None, span: Span, style: Style, **how: str) -> list[str]:
    drawn = frame(lines, span, style, **how) if lines is not None else ""
    return [f"  {line}".rstrip() for line in drawn.splitlines()]


def _arrow(span: Span, style: Style, sign: str = "-->") -> str:
    return f"  {style.paint(sign, 'blue')} {place(span)}"


def place(span: Span) -> str:
    """Give ``path:line:column``, or the path alone, as editors and terminals link it."""
    return f"{span.path}:{span.line}:{span.column}" if span.line else span.path


def _aside(word: str, text: str, style: Style) -> str:
    return f"  {style.paint('=', 'blue')} {style.paint(f'{word}:', 'bold')} {text}"
