"""The coverage of workflows as a table, with what is missing below."""

from __future__ import annotations

from argosy.explore.coverage import KINDS, Coverage, Covered
from argosy.report.matrix import place
from argosy.report.paths import relative
from argosy.report.style import Style

TITLES = ("workflow", "scenarios", "templates", "branches", "hooks", "handler", "all")


def render(found: Coverage, style: Style) -> str:
    """Give the table."""
    rows = [row(one) for one in found.workflows]
    widths = [max(len(cells[i]) for cells in [TITLES, *rows]) for i in range(len(TITLES))]
    lines = [style.paint(_line(TITLES, widths), "bold"), *(_line(cells, widths) for cells in rows)]
    for one in found.workflows:
        if one.missing:
            lines += ["", style.paint(f"Not exercised in {relative(one.path)}:", "bold")]
            lines += [f"  {place(i.span.path, i.span.line)}{i.kind} {i.words}" for i in one.missing]
    lines += ["", f"{found.percent:.0f}% of all is exercised."]
    return "\n".join(lines) + "\n"


def row(one: Covered) -> tuple[str, ...]:
    """Give the cells of a workflow."""
    done, there = one.count()
    parts = ["{}/{}".format(*one.count(kind)) if one.count(kind)[1] else "-" for kind in KINDS]
    percent = f"{100 * done / there:.0f}%" if there else "-"
    return (relative(one.path), str(one.scenarios), *parts, percent)


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    first, *rest = zip(cells, widths, strict=True)
    return "  ".join([f"{first[0]:<{first[1]}}", *(f"{cell:>{width}}" for cell, width in rest)])
