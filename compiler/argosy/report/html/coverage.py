"""The coverage of workflows as a page: how much of each is exercised, and its manifest, line by line."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element

from argosy.explore.coverage import Coverage, Covered, Item
from argosy.report.coverage import TITLES, row
from argosy.report.html.elements import h, table
from argosy.report.html.shell import page, section
from argosy.report.paths import relative
from argosy.report.style import Style


def render(found: Coverage, style: Style) -> str:
    """Give the page."""
    head = [h("h1", "Coverage"), h("span", f"{found.percent:.0f}% of all is exercised", class_="quiet")]
    rows = [row(one) for one in found.workflows]
    return page(
        "Coverage of workflows",
        head,
        [section("Workflows", table(TITLES, rows, class_="counts")), *map(_workflow, found.workflows)],
    )


def _workflow(one: Covered) -> Element:
    missing = h("ul", *(h("li", f"{item.kind} {item.words}") for item in one.missing))
    said = [h("p", "Not exercised:"), missing] if one.missing else [h("p", "All is exercised.")]
    return section(relative(one.path), *said, _source(one))


def _source(one: Covered) -> Element | None:
    by_line: dict[int, list[Item]] = {}
    for item in one.items:
        if item.span.path == one.path:
            by_line.setdefault(item.span.line, []).append(item)
    try:
        lines = Path(one.path).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    return h(
        "pre", *(_line(i, line, by_line.get(i, [])) for i, line in enumerate(lines, 1)), class_="source", tabindex=0
    )


def _line(number: int, text: str, items: list[Item]) -> Element:
    kind = "plain" if not items else "yes" if all(item.times for item in items) else "no"
    told = "; ".join(f"{item.kind} {item.words}: {item.times} times" for item in items)
    note = h("span", f" {told}", class_="unseen") if told else None
    return h("span", f"{number:>4}  {text}", note, class_=kind, title=told or None)
