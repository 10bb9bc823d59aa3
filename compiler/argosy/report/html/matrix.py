"""An exploration as a page: a row for each fault, a column for each step of the exit handler, and what is behind it."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from argosy.explore.exploration import Exploration, Never, Result
from argosy.explore.rows import Row, rows
from argosy.report.html.elements import Child, h
from argosy.report.html.faults import details, ended
from argosy.report.html.icons import sign
from argosy.report.html.shell import chip, keys, page, section
from argosy.report.matrix import left_alone, place, summary
from argosy.report.style import PLAIN, Style
from argosy.report.summary import count

MOST_OF_A_ROW = 100
"""So many faults with the same consequences have a row of their own."""
MOST_LABELS = 4
"""So many leaves are named in a row of many faults."""
MANY_COLUMNS = 8
"""With more columns than that, their names stand upright."""
_NEVER_RAN = "did not run"


def render(found: Exploration, style: Style) -> str:
    """Give the page of an exploration."""
    name = found.name or "workflow"
    merged = rows(found)
    kept = {fault.name for row in merged for fault in row.faults[:MOST_OF_A_ROW]}
    results = [result for result in found.results if result.fault.name in kept]
    ids = {result.fault.name: f"f{number}" for number, result in enumerate(results)}
    main = [
        _overview(found),
        _matrix(found, merged, {result.fault.name: result for result in results}, ids),
        _never("The handler never runs, but could", [n for n in found.never() if n.survivable], "card warn"),
        _never("No handler survives", [n for n in found.never() if not n.survivable], "card"),
        _untaken(found),
        _invariants(found),
    ]
    head = [h("h1", name), h("span", count(len(found.results) - 1, "fault"), class_="quiet")]
    return page(
        f"{name}: what its exit handler does", head, main, [details(found, r, ids[r.fault.name]) for r in results]
    )


def _overview(found: Exploration) -> Element:
    """Say in how many faults the handler ran, as a sentence and as a bar."""
    title = f"Exit handler {found.handler}" if found.handler else "Exit handler"
    sentence = h("p", summary(found, PLAIN))
    others = f"{count(found.others, 'fault')} left to other shards." if found.others else ""
    notes = [h("p", text, class_="quiet") for text in (others, left_alone(found)) if text]
    did = sum(1 for result in found.results[1:] if result.observed.handler)
    could = sum(len(never.faults) for never in found.never() if never.survivable)
    total = len(found.results) - 1
    bar = None
    if found.handler and total:
        parts = [("Succeeded", did), ("Pending", could), ("Skipped", max(total - did - could, 0))]
        bar, left = (
            h("svg", viewBox=f"0 0 {total} 10", preserveAspectRatio="none", class_="share", aria_hidden="true"),
            0,
        )
        for phase, number in parts:
            bar.append(h("rect", x=left, y=0, width=number, height=10, class_=phase))
            left += number
    return section(title, sentence, *notes, bar)


def _matrix(found: Exploration, merged: Sequence[Row], results: dict[str, Result], ids: dict[str, str]) -> Element:
    steps, hooks = found.columns(), found.hooks()
    tall = " tall" if len(steps) + len(hooks) > MANY_COLUMNS else ""
    names = [h("th", h("span", name), scope="col") for name in (*steps, *hooks)]
    groups = h(
        "tr",
        h("td", colspan=3),
        h("th", "steps of the handler", scope="colgroup", colspan=len(steps)) if steps else None,
        h("th", "hooks", scope="colgroup", colspan=len(hooks)) if hooks else None,
    )
    heads = [h("th", title, scope="col") for title in ("fault", "workflow", "handler")]
    table = h("table", h("thead", groups, h("tr", *heads, *names)), class_=f"matrix{tall}")
    for number, row in enumerate(merged):
        table.append(_rows(row, f"g{number}", steps, hooks, results, ids))
    search = h(
        "input", type="search", id="filter", placeholder="Filter faults", aria_label="Filter faults", hidden=True
    )
    unfold = h(
        "button", "One row a fault", type="button", id="unfold", class_="quiet", aria_pressed="false", hidden=True
    )
    tools = h("div", search, unfold, class_="tools")
    shown = h("div", table, class_="scroll")
    return section("Fault by fault", shown, h("ul", *_legend(), class_="legend"), class_="card wide", tools=tools)


def _legend() -> list[Element]:
    words = {"Succeeded": "succeeded", "Failed": "failed", "Error": "error", "Skipped": "left out by its condition"}
    words |= {"Running": "never ended", "Pending": "never started"}
    signs = [h("li", _sign(phase), f" {said}", class_=phase) for phase, said in words.items()]
    hints = keys(("arrows", "move"), ("→", "unfolds"), ("Enter", "opens"), ("Esc", "closes"))
    return [*signs, h("li", "· not reached"), hints]


def _sign(phase: str) -> Element:
    return h("svg", sign(phase), viewBox="-8 -8 16 16", class_="mark", aria_hidden="true")


def _rows(
    row: Row, id_: str, steps: Sequence[str], hooks: Sequence[str], results: dict[str, Result], ids: dict[str, str]
) -> Element:
    """Give the faults with the same consequences: one row for all, and below it one for each."""
    first = results[row.faults[0].name]
    out = h("tbody", id=id_)
    if len(row.faults) == 1:
        out.append(_row(first, [_link(first, ids)], steps, hooks))
        return out
    fold = h("button", str(len(row.faults)), type="button", class_="fold", aria_controls=id_, aria_expanded="true")
    fold.set("aria-label", f"{count(len(row.faults), 'fault')} with the same consequences")
    words = [part for label in _labels(row) for part in (label, h("br"))][:-1]
    link = h("a", *words, href=f"#{ids[first.fault.name]}", class_="row")
    out.append(_row(first, [fold, link], steps, hooks, class_="together"))
    each = [results[fault.name] for fault in row.faults[:MOST_OF_A_ROW]]
    out.extend(_row(result, [_link(result, ids)], steps, hooks, class_="single") for result in each)
    if len(row.faults) > len(each):
        rest = f"and {len(row.faults) - len(each)} more, in --format json"
        out.append(h("tr", h("th", rest, scope="row", class_="quiet"), class_="single"))
    return out


def _labels(row: Row) -> list[str]:
    labels = row.labels()
    return labels if len(labels) <= MOST_LABELS else [*labels[: MOST_LABELS - 1], "…"]


def _link(result: Result, ids: dict[str, str]) -> Element:
    return h("a", result.fault.name, href=f"#{ids[result.fault.name]}", class_="row")


def _row(
    result: Result, name: Sequence[Child], steps: Sequence[str], hooks: Sequence[str], **attributes: str
) -> Element:
    seen = result.observed
    phases = {step.path: step for step in seen.steps}, {hook.path: hook for hook in seen.hooks}
    cells = [
        _cell(found[name].phase if name in found else "", found[name].message if name in found else "")
        for found, names in zip(phases, (steps, hooks), strict=True)
        for name in names
    ]
    end = h("td", ended(seen))
    handler = h("td", chip(seen.handler) if seen.handler else h("span", _NEVER_RAN, class_="quiet"))
    return h("tr", h("th", *name, scope="row"), end, handler, *cells, **attributes)


def _cell(phase: str, message: str) -> Element:
    if not phase:
        return h(
            "td", h("span", "·", aria_hidden="true"), h("span", "not reached", class_="unseen"), class_="cell quiet"
        )
    told = f"{phase}: {message}" if message else phase
    return h("td", _sign(phase), h("span", phase, class_="unseen"), class_=f"cell {phase}", title=told)


def _never(title: str, never: Sequence[Never], class_: str) -> Element | None:
    if not never:
        return None
    items = [
        h(
            "li",
            h("p", h("code", place(one.path, one.line)) if one.line else None, one.reason),
            h("p", ", ".join(one.faults), class_="quiet"),
            h("p", h("b", "help: "), one.hint) if one.hint else None,
        )
        for one in never
    ]
    return section(title, h("ul", *items, class_="reasons"), class_=class_)


def _untaken(found: Exploration) -> Element | None:
    items = [
        h(
            "li",
            h("code", place(one.span.path, one.span.line)) if one.span.line else None,
            one.words,
            h("span", ": ", h("code", one.condition)) if one.condition else None,
        )
        for one in found.untaken()
    ]
    return section("Branches that no fault ever took", h("ul", *items), class_="card warn") if items else None


def _invariants(found: Exploration) -> Element | None:
    items = []
    for invariant in found.invariants:
        broken = [one for one in found.broken if one.invariant == invariant]
        phase = "Failed" if broken else "Succeeded"
        said = [h("li", h("b", one.result.fault.name), f": {one.message}") for one in broken[:MOST_OF_A_ROW]]
        more = (
            h("details", h("summary", f"broken after {count(len(broken), 'fault')}"), h("ul", *said)) if said else None
        )
        state = h("span", "broken" if broken else "holds", class_="unseen")
        items.append(h("li", _sign(phase), state, f" {invariant}", more, class_=phase))
    return section("Invariants", h("ul", *items, class_="plain")) if items else None
