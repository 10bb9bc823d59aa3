"""A run in virtual time: a row for each node, indented as in the tree, with a bar from its begin to its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element

from argosy.report.html.elements import Child, add, h
from argosy.report.html.icons import sign
from argosy.report.html.outline import Row
from argosy.report.run_view import RunView, moment
from argosy.report.timeline import NO_TIME
from argosy.report.tree import duration, remarks

WIDE = 1000
NARROWEST = 5
DEEPEST = 12
TICKS = 4
LONGEST_NOTE = 200


@dataclass(frozen=True, slots=True)
class Scale:
    """Turns a time, or the number of an event, into a place in the chart."""

    start: float
    whole: float

    def place(self, value: float) -> int:
        """Give the place, from 0 to ``WIDE``."""
        return round(min(max((value - self.start) / self.whole, 0), 1) * WIDE) if self.whole else 0


def chart(run: RunView, rows: Sequence[Row]) -> Element:
    """Give the chart. A run that took no time is drawn in the order of its events."""
    shown = [row for row in rows if row.shown]
    times = [time for row in shown for time in row.item.times() if time]
    start, end = (min(times), max(times)) if times else (None, None)
    timed = start is not None and end is not None and end > start
    spans = _by_time(run, shown) if timed else _by_order(run, shown)
    edges = [point for span in spans.values() for point in span]
    scale = Scale(min(edges, default=0), max(edges, default=0) - min(edges, default=0))
    list_ = h("ol", class_="chart")
    add(list_, *(_row(row, spans.get(row.item.node["name"]), scale, start if timed else None) for row in shown))
    head = _axis(start, end) if timed and start and end else None
    why = h("p", f"This is the order of events: {NO_TIME}.", class_="quiet")
    return h("div", why if head is None else head, list_, class_="timeline")


def _axis(start: datetime, end: datetime) -> Element:
    step = (end - start) / TICKS
    marks = [h("span", f"+{duration(start, start + step * i)}" if i else "0s") for i in range(TICKS + 1)]
    return h("div", h("span", "virtual time"), h("div", *marks, class_="ticks"), class_="axis", aria_hidden="true")


def _by_time(run: RunView, rows: Sequence[Row]) -> dict[str, tuple[float, ...]]:
    """Give when each node came up, ran and ended, in seconds."""
    running = _moments(run, "Running")
    waited = _moments(run, "Pending")
    last = max(time.timestamp() for row in rows for time in row.item.times() if time)
    spans: dict[str, tuple[float, ...]] = {}
    for row in rows:
        name = row.item.node["name"]
        began, ended = row.item.times()
        if began is not None:
            first = waited.get(name) or began.timestamp()
            finish = ended.timestamp() if ended else last
            spans[name] = (first, max(first, running.get(name, first)), max(first, finish))
    return spans


def _moments(run: RunView, phase: str) -> dict[str, float]:
    """Give when nodes first came into a phase."""
    out: dict[str, float] = {}
    for event in run.events:
        at = event.get("at")
        time = moment(at) if isinstance(at, str) else None
        if event.get("to") == phase and event.get("node") and time:
            out.setdefault(event["node"], time.timestamp())
    return out


def _by_order(run: RunView, rows: Sequence[Row]) -> dict[str, tuple[float, ...]]:
    """Give the numbers of the first event of each node, of that in which it ran, and of its last."""
    found: dict[str, list[float]] = {}
    running: dict[str, float] = {}
    for number, event in enumerate(run.events):
        if event.get("node"):
            found.setdefault(event["node"], []).append(number)
            if event.get("to") == "Running":
                running.setdefault(event["node"], number)
    names = {row.item.node["name"] for row in rows}
    return {name: (at[0], running.get(name, at[0]), at[-1] + 1) for name, at in found.items() if name in names}


def _row(row: Row, span: tuple[float, ...] | None, scale: Scale, start: datetime | None) -> Element:
    item = row.item
    notes = [
        one if len(one) <= LONGEST_NOTE else one[: LONGEST_NOTE - 1] + "…" for one in remarks(item, dict(row.known))
    ]
    name = h(
        "span",
        h(
            "svg",
            sign(item.phase, str(item.node.get("type"))),
            viewBox="-8 -8 16 16",
            class_="mark",
            aria_hidden="true",
        ),
        h("span", row.title, class_="what"),
        *(h("small", note) for note in notes),
        class_=f"step deep{min(row.depth, DEEPEST)}",
    )
    bar: Child = None
    if span is not None:
        first, ran, last = (scale.place(value) for value in span)
        width = max(last - ran, NARROWEST)
        ran = min(ran, WIDE - width)
        waiting = h("rect", x=first, y=3, width=ran - first, height=8, class_="waiting") if ran > first else None
        full = h("rect", x=ran, y=0, width=width, height=14, rx=2, class_="bar")
        bar = h("svg", waiting, full, viewBox=f"0 0 {WIDE} 14", preserveAspectRatio="none", aria_hidden="true")
    return h("li", h("a", name, bar, h("span", _when(row, start), class_="when"), href=f"#{row.id}", class_=item.phase))


def _when(row: Row, start: datetime | None) -> str:
    began, ended = row.item.times()
    if start is None or began is None:
        return row.item.phase
    took = f" for {duration(began, ended)}" if ended and ended > began else ""
    return f"+{duration(start, began)}{took}"


def by_name(values: Mapping[str, str]) -> list[tuple[str, str]]:
    """Give values of variables of the workflow, its status first."""
    known = [(name, value) for name, value in values.items() if name.startswith("workflow.")]
    return sorted(known, key=lambda pair: (pair[0] != "workflow.status", pair[0]))
