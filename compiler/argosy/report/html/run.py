"""A run as a page: its graph, its exit handler, its time, and for each node what it got, ran, wrote and gave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from argosy.report.cron import firings, is_cron, runs
from argosy.report.graph import Graph, Shown, graph
from argosy.report.html import nodes
from argosy.report.html.chart import by_name, chart
from argosy.report.html.drawing import draw
from argosy.report.html.elements import Child, h, table
from argosy.report.html.outline import MOST_OF_A_STACK, became, outline
from argosy.report.html.shell import chip, keys, page, section
from argosy.report.plain_json import HasDict
from argosy.report.run_view import RunView
from argosy.report.style import PLAIN, Style
from argosy.report.summary import count
from argosy.report.tree import duration

MOST_EVENTS = 2000


def render(run: HasDict, style: Style) -> str:
    """Give the page of a run; of a CronWorkflow, its firings and all of its runs."""
    data = run.to_dict()
    drawn = runs(data)
    if is_cron(data):
        return _schedule(data, drawn)
    [one] = drawn
    main, details = _parts(one, "")
    return page(f"{one.name} {one.phase}", _title(one), main, details)


def _schedule(data: Mapping[str, Any], drawn: Sequence[RunView]) -> str:
    """Give the page of a CronWorkflow."""
    name = str(data["metadata"].get("name", ""))
    lines = [line.strip() for line in firings(data, PLAIN) if line]
    listed = section("Schedule", h("p", lines[0]), h("ul", *(h("li", line) for line in lines[1:])))
    main: list[Child] = [_verdict(data.get("argosy") or {}), listed]
    details: list[Element] = []
    for number, one in enumerate(drawn):
        parts, more = _parts(one, f"r{number}")
        main.append(h("article", h("div", *_title(one, "h2"), class_="title"), *parts))
        details += more
    return page(f"{name}: {count(len(drawn), 'run')}", [h("h1", name), h("span", "CronWorkflow")], main, details)


def _title(run: RunView, heading: str = "h1") -> Iterator[Child]:
    yield h(heading, run.name)
    yield chip(run.phase)
    if run.started and run.finished and run.finished > run.started:
        yield h("span", f"after {duration(run.started, run.finished)}")
    if run.message:
        yield h("span", run.message, class_="quiet")


def _parts(run: RunView, prefix: str) -> tuple[list[Child], list[Element]]:
    """Give what is on the page about a run, and the details of its nodes."""
    drawn = graph(run)
    rows = outline(run, drawn, prefix)
    ids = {row.item.node["id"]: row.id for row in rows}
    stacks = {shown.key: f"{prefix}s{i}" for i, shown in enumerate(s for s in drawn.nodes if s.stack)}
    main: list[Child] = [
        _verdict(run.ours),
        _handler(run),
        _graph(run, drawn, ids | stacks),
        section("Steps in time", chart(run, rows)) if rows else None,
        _events(run),
    ]
    start = min((began for row in rows if (began := row.item.times()[0])), default=None)
    details = [nodes.details(row.item, row.id, row.title, row.known, start) for row in rows]
    details += [_stack(shown, stacks[shown.key], ids) for shown in drawn.nodes if shown.stack]
    return main, details


def _stack(shown: Shown, id_: str, ids: Mapping[str, str]) -> Element:
    listed = [item for item in shown.items[:MOST_OF_A_STACK] if item.node["id"] in ids]
    links = [(ids[item.node["id"]], item.name) for item in listed]
    return nodes.stack(shown.items, id_, shown.label, links, len(shown.items) - len(links))


def _verdict(ours: Mapping[str, Any]) -> Element | None:
    """Say why a run did not come to its end, and what of its scenario does not hold."""
    lists: dict[str, list[str]] = {}
    if (ended := ours.get("ended", "completed")) != "completed":
        lists[f"The run did not come to its end ({ended})"] = ours.get("waitsFor") or []
    for key, title in (("failures", "Expected, but not so"), ("unused", "In the scenario, but it never came to that")):
        if ours.get(key):
            lists[title] = ours[key]
    parts = [h("div", h("h3", title), h("ul", *(h("li", line) for line in lines))) for title, lines in lists.items()]
    return h("section", *parts, class_="card alert", role="alert") if parts else None


def _handler(run: RunView) -> Element:
    if run.handler is None:
        if run.handler_declared is None:
            return section("Exit handler", h("p", "The workflow has none."))
        ended = run.phase in ("Succeeded", "Failed", "Error")
        words = "did not run." if ended else "did not run so far."
        class_ = "card alert" if ended else "card"
        return section("Exit handler", h("p", h("b", run.handler_declared), " ", words), class_=class_)
    values = became(run)
    status = values["workflow.status"]
    said: list[Child] = [h("b", run.handler.template_name), " ran"]
    if status != "Succeeded":
        said += [" all the same after ", chip(status)]
    said += [", and ended ", chip(run.handler.phase), "."]
    rows = [("{{" + name + "}}", h("code", value) if value else h("i", "empty")) for name, value in by_name(values)]
    listed = table(("variable", "became"), rows, class_="values")
    shown = listed if len(rows) <= 3 else h("details", h("summary", f"What {len(rows)} variables became in it"), listed)
    return section("Exit handler", h("p", *said), shown)


_LEGEND = ("Succeeded", "Failed", "Error", "Running", "Pending", "Skipped", "Omitted")


def _graph(run: RunView, drawn: Graph, ids: Mapping[str, str]) -> Element | None:
    if not drawn.nodes:
        return None
    tools = h(
        "div",
        *(h("button", sign, type="button", class_="quiet", data_zoom=zoom, aria_label=f"Zoom {words}", title=words)
          for sign, zoom, words in (("−", "out", "out"), ("+", "in", "in"), ("Fit", "fit", "to fit"))),
        class_="tools",
        hidden=True,
    )  # fmt: skip
    used = {shown.item.phase for shown in drawn.nodes}
    legend = [h("li", phase, class_=f"key {phase}") for phase in _LEGEND if phase in used]
    picture = h("div", draw(drawn, run, ids), class_="picture")
    return section(
        "Graph",
        picture,
        h("ul", *legend, keys(("arrows", "move"), ("Enter", "opens"), ("Esc", "closes")), class_="legend"),
        class_="card wide",
        tools=tools,
    )


def _events(run: RunView) -> Element | None:
    rows = [
        (
            str(event.get("at") or ""),
            str(event.get("node") or "workflow"),
            h("span", str(event.get("to") or ""), class_=f"word {event.get('to') or ''}"),
            str(event.get("message") or ""),
        )
        for event in run.events[:MOST_EVENTS]
    ]
    listed = table(("at", "node", "became", "message"), rows, class_="events")
    if listed is None:
        return None
    more = len(run.events) - len(rows)
    rest = h("p", f"and {more} more, in --format json", class_="quiet") if more else None
    return section("Events", h("details", h("summary", f"{len(run.events)} events"), listed, rest))
