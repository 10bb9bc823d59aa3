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
    places = [(one, _place_of(found, one)) for one in finding.related]
    gutter = max(len(str(one.line)) for one in (span, *(second for _, second in places)))
    if (lines := _lines(found)) is not None:
        out += _indented(frame(lines, span, style, colour=colour, gutter=gutter))
    for related, second in places:
        out += _related(found, related, second, gutter, style)
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


def _place_of(found: LocatedFinding, related: Related) -> Span:
    manifest = related.manifest or found.manifest
    return manifest.origin.locate(related.address) if manifest is not None else Span(found.path)


def _related(found: LocatedFinding, related: Related, span: Span, gutter: int, style: Style) -> list[str]:
    manifest = related.manifest or found.manifest
    lines = manifest.origin.lines() if manifest is not None else None
    drawn = frame(lines or [], span, style, mark=SECOND, note=related.note, colour="blue", gutter=gutter)
    if not drawn:
        where = place(span) if span.line else format_address(related.address)
        return [_aside("note", f"{related.note} ({where})" if where else related.note, style)]
    return [_arrow(span, style, ":::"), *_indented(drawn)]


def _lines(found: LocatedFinding) -> Sequence[str] | None:
    origin = found.manifest.origin if found.manifest is not None else found.origin
    return origin.lines() if origin is not None else None


def _indented(drawn: str) -> list[str]:
    return [f"  {line}".rstrip() for line in drawn.splitlines()]


def _arrow(span: Span, style: Style, sign: str = "-->") -> str:
    return f"  {style.paint(sign, 'blue')} {place(span)}"


def place(span: Span) -> str:
    """Give ``path:line:column``, or the path alone, as editors and terminals link it."""
    return f"{span.path}:{span.line}:{span.column}" if span.line else span.path


def _aside(word: str, text: str, style: Style) -> str:
    return f"  {style.paint('=', 'blue')} {style.paint(f'{word}:', 'bold')} {text}"
