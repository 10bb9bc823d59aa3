"""An exploration as Markdown, for pull requests."""

from __future__ import annotations

from argosy.explore.exploration import Exploration
from argosy.explore.invariants import Broken
from argosy.explore.rows import labels_by_kind
from argosy.report.matrix import LEGEND, NOT_REACHED, cells, columns, facts, place, ran, summary, titles
from argosy.report.style import PLAIN, Style
from argosy.report.summary import count
from argosy.report.tree import SYMBOLS


def render(found: Exploration, style: Style) -> str:
    """Give the matrix as a table, and the rest as lists."""
    names = columns(found)
    out = [f"### {_text(found.name or 'workflow')}", "", summary(found, PLAIN), ""]
    heads = ["fault", *titles(found), *names]
    out += [_row(heads), _row(["---"] * len(heads))]
    for row in ran(found):
        marks = [SYMBOLS[phase][0] if phase else NOT_REACHED for phase in cells(row, names)]
        out.append(_row(["<br>".join(map(_text, row.labels())), *facts(row, found), *marks]))
    out += ["", LEGEND]
    if untaken := found.untaken():
        out += ["", "**Branches that no fault ever took**", ""]
        out += [f"- {place(one.span.path, one.span.line)}{_text(one.words)}" for one in untaken]
    for title, hinted in (("The handler never runs, but could", True), ("No handler survives", False)):
        if some := [n for n in found.never() if n.survivable is hinted]:
            out += ["", f"**{title}**", ""]
            for never in some:
                faults = _text("; ".join(labels_by_kind(never.those)))
                out.append(f"- {place(never.path, never.line)}{_text(never.reason)}: {faults}")
                out += [f"  - {_text(never.hint)}"] if never.hint else []
    if found.invariants:
        out += ["", "**Invariants**", ""]
        for one in found.invariants:
            broken = [b for b in found.broken if b.invariant == one]
            out.append(f"- {'✖' if broken else '✔'} {_text(str(one))}{_after(broken)}")
    return "\n".join(out) + "\n"


def _after(broken: list[Broken]) -> str:
    if not broken:
        return ""
    first, more = broken[0], len(broken) - 1
    others = f", and {count(more, 'other fault')}" if more else ""
    return f": {_text(first.message)} after {_text(first.result.fault.name)}{others}"


def _row(texts: list[str]) -> str:
    return "| " + " | ".join(texts) + " |"


def _text(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
