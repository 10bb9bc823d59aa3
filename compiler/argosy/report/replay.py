"""A real run beside its simulation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argosy.report.style import Style
from argosy.report.summary import count

if TYPE_CHECKING:
    from argosy.explore.replayed import Replayed


def render(found: Replayed, style: Style) -> str:
    """Say whether the simulation does what the real run did, and where it does not."""
    name = style.paint(found.name, "bold")
    outcomes, actions = len(found.scenario.outcomes or []), len(found.scenario.actions or [])
    told = f"{count(outcomes, 'outcome')} and {count(actions, 'action')} recovered"
    if not found.differences:
        same = style.paint("the simulation does the same", "bold", "green")
        return f"{name} ended {found.phase}: {told}; {same}, node by node ({count(found.nodes, 'node')}).\n"
    lines = [f"{name} ended {found.phase}: {told}; the simulation differs:"]
    lines += [f"  {style.paint('✖', 'red')} {one}" for one in found.differences]
    return "\n".join(lines) + "\n"
