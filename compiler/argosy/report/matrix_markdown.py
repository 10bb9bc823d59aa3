"""An exploration as Markdown, for pull requests."""

from __future__ import annotations

from argosy.explore.exploration import Exploration
from argosy.report.matrix import LEGEND, NOT_REACHED, cells, columns, place, ran, summary
from argosy.report.style import PLAIN, Style
from argosy.report.tree import SYMBOLS


def render(found: Exploration, style: Style) -> str:
    """Give the matrix as a table, and the rest as lists."""
    names = columns(found)
    out = [f"### {_text(found.name or 'workflow')}", "", summary(found, PLAIN), ""]
    out += [_row(["fault", "workflow", *names]), _row(["---"] * (2 + len(names)))]
    for row in ran(found):
        marks = [SYMBOLS[phase][0] if phase else NOT_REACHED for phase in cells(row, names)]
        ended = row.observed.phase if row.observed.ended == "completed" else row.observed.ended
        out.append(_row(["<br>".join(map(_text, row.labels())), ended, *marks]))
    out += ["", LEGEND]
    if untaken := found.untaken():
        out += ["", "**Branches that no fault ever took**", ""]
        out += [f"- {place(one.span.path, one.span.line)}{_text(one.words)}" for one in untaken]
    for title, hinted in (("The handler never runs, but could", True), ("No handler survives", False)):
        if some := [n for n in found.never() if n.survivable is hinted]:
            out += ["", f"**{title}**", ""]
            for never in some:
                out.append(f"- {place(never.path, never.line)}{_text(never.reason)}: {_text(', '.join(never.faults))}")
                out += [f"  - {_text(never.hint)}"] if never.hint else []
    return "\n".join(out) + "\n"


def _row(texts: list[str]) -> str:
    return "| " + " | ".join(texts) + " |"


def _text(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
