"""What changed between two versions of a workflow, in words."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from argosy.explore.faults import Fault
from argosy.explore.rows import labels
from argosy.report.style import Style
from argosy.report.summary import count

if TYPE_CHECKING:
    from argosy.explore.difference import Comparison

_MOST = 6
"""So many lines of faults are shown of a change."""
_MARKS = {True: ("✖", "red"), False: ("✔", "green"), None: ("•", "yellow")}


def render(found: Comparison, style: Style) -> str:
    """Give the changes, worst first, with the faults after which each shows."""
    out: list[str] = []
    for change in found.changes:
        mark, colour = _MARKS[change.worse]
        out.append(f"{style.paint(mark, colour)} {style.paint(change.words, 'bold')} after")
        out += _faults(change.faults, style)
    for title, names in (
        ("Faults that only the old version knows:", found.gone),
        ("Faults that only the new version knows:", found.added),
    ):
        if names:
            out += ["", title, *_faults(tuple(names), style)]
    if not found.changes:
        out = [f"Nothing changed after {count(found.compared, 'fault')} that both versions know.", *out]
    else:
        out += ["", f"{count(len(found.changes), 'change')}; {count(found.compared, 'fault')} compared."]
    return "\n".join(out) + "\n"


def _named(name: str) -> Fault:
    """Give a fault by its name, without those before it."""
    where, _, what = name.partition(", after ")[0].rpartition(": ")
    return Fault(where, what)


def _faults(names: tuple[str, ...], style: Style) -> list[str]:
    lines = textwrap.wrap("; ".join(labels(map(_named, names))), max(40, style.width - 6), break_on_hyphens=False)
    if len(lines) > _MOST:
        lines = [*lines[: _MOST - 1], f"... {count(len(names), 'fault')} in all"]
    return [f"    {line}" for line in lines]
