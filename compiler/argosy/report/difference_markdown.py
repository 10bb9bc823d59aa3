"""What changed between two versions of a workflow, as Markdown for pull requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argosy.report.style import Style
from argosy.report.summary import count

if TYPE_CHECKING:
    from argosy.explore.difference import Comparison

_MARKS = {True: "❌", False: "✅", None: "🔸"}


def render(found: Comparison, style: Style) -> str:
    """Give a list of the changes, worst first."""
    if not found.changes:
        return f"Nothing changed after {count(found.compared, 'fault')} that both versions know.\n"
    out = [f"**{count(len(found.changes), 'change')}** in behaviour; {count(found.compared, 'fault')} compared.", ""]
    for change in found.changes:
        out.append(f"- {_MARKS[change.worse]} {change.words} after {count(len(change.faults), 'fault')}")
        out.append(f"  <details><summary>faults</summary>{'; '.join(change.faults)}</details>")
    return "\n".join(out) + "\n"
