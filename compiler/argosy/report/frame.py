"""A code frame: the line that is meant, and a mark under the columns that are meant."""

from __future__ import annotations

from collections.abc import Sequence

from argosy.report.style import Style
from argosy.source import Span

MARK = "^"
SECOND = "-"
_LONGEST_MARK = 120


def frame(
    lines: Sequence[str],
    span: Span,
    style: Style,
    *,
    mark: str = MARK,
    note: str = "",
    colour: str = "red",
    gutter: int = 0,
) -> str:
    """Draw the first line of a span with a mark under it, and a note behind the mark.

    A span of several lines is marked to the end of its first one; ``gutter`` is the room for the line number.
    Empty where the line is not there.
    """
    if not 1 <= span.line <= len(lines):
        return ""
    text = lines[span.line - 1].rstrip("\r\n")
    start = max(span.column, 1) - 1
    end = span.end_column - 1 if span.end_line == span.line else len(text.rstrip())
    text, start, end = _window(text, start, max(end, start + 1), style.width - 12)
    number = f"{span.line:>{gutter}}" if gutter else str(span.line)
    blank = style.paint(" " * len(number) + " |", "blue")
    pad = _width(text[:start])
    drawn = mark * min(max(1, _width(text[start:end])), _LONGEST_MARK)
    under = " " * pad + style.paint(f"{drawn} {note}".rstrip(), "bold", colour)
    return "\n".join(
        [blank, f"{style.paint(f'{number} |', 'blue')} {_flat(text)}".rstrip(), f"{blank} {under}"],
    )


def _window(text: str, start: int, end: int, room: int) -> tuple[str, int, int]:
    """Cut a long line down to what is around the mark."""
    room = max(room, 40)
    if len(text) <= room:
        return text, start, end
    first = max(0, min(start - room // 3, len(text) - room))
    cut = text[first : first + room]
    left, right = ("…" if first else ""), ("…" if first + room < len(text) else "")
    shift = len(left) - first
    return left + cut + right, start + shift, min(end + shift, len(left + cut))


def _flat(text: str) -> str:
    """Show tabs as one blank each and other control characters as a sign, so that columns stay columns."""
    return "".join(" " if c == "\t" else "\N{REPLACEMENT CHARACTER}" if c < " " or c == "\x7f" else c for c in text)


def _width(text: str) -> int:
    """Give the columns that text takes on a terminal."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)
