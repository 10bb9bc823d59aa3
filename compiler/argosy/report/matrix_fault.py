"""One fault of an exploration in full: what the handler saw, to the byte, and the tree of the run."""

from __future__ import annotations

from argosy.explore.exploration import Exploration, Result
from argosy.explore.play import played
from argosy.report.style import Style
from argosy.report.tree import render as tree


def render(found: Exploration, result: Result, style: Style) -> str:
    """Give the name of the fault, what the handler saw, what was left behind, and the tree of the run."""
    seen = result.observed
    lines = [style.paint(result.fault.name, "bold")]
    lines += [f"  the handler saw {{{{{name}}}}} as {value}" for name, value in seen.saw.items()]
    lines += [f"  left behind: {', '.join(seen.left)}"] if seen.left and seen.ended == "completed" else []
    drawn = (f"  {line}".rstrip() for line in tree(played(found, result.fault), style).splitlines())
    return "\n".join([*lines, "", *drawn]) + "\n"
