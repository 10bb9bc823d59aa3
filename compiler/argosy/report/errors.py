"""An error of a request, for people: what, where with the line itself, what to do."""

from __future__ import annotations

from argosy.errors import ArgosyError, LanguageError, Place
from argosy.report.frame import frame
from argosy.report.style import Style
from argosy.source import Span


def render(error: ArgosyError, style: Style) -> str:
    """Give the text, with a final line break."""
    where = f"{_shown(error.place)}: " if error.place else ""
    out = [f"{style.paint('error:', 'bold', 'red')} {where}{error.message}"]
    if drawn := _frame(error, style):
        out.append(_indent(drawn))
    if error.hint:
        out.append(f"  {style.paint('hint:', 'cyan')} {error.hint}")
    return "\n".join(out) + "\n"


def _shown(place: Place) -> Place:
    """Name a file below the current directory from there, as people do."""
    from os import sep
    from pathlib import Path

    below = Path(place.path)
    if place.path.startswith(sep) and below.is_relative_to(Path.cwd()):
        return Place(str(below.relative_to(Path.cwd())), place.line, place.column)
    return place


def _frame(error: ArgosyError, style: Style) -> str:
    if isinstance(error, LanguageError) and error.text and not error.place:
        lines = error.text.splitlines() or [""]
        before = error.text[: error.position]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        return frame(lines, Span("", line, column, line, column + 1), style)
    if error.place is None or not error.place.line:
        return ""
    place, lines = error.place, _lines(error.place)
    if place.column:
        return frame(lines, Span(place.path, place.line, place.column, place.line, place.column + 1), style)
    text = lines[place.line - 1] if place.line <= len(lines) else ""
    return frame(lines, Span(place.path, place.line, len(text) - len(text.lstrip()) + 1, 0, 0), style)


def _lines(place: Place) -> list[str]:
    from pathlib import Path

    try:
        return Path(place.path).read_text(encoding="utf-8", errors="replace").splitlines()
    except (OSError, ValueError):
        return []


def _indent(text: str) -> str:
    return "\n".join(f"  {line}".rstrip() for line in text.splitlines())
