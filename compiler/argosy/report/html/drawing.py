"""The graph of a run as SVG, after Argo's own user interface: from top to bottom, colours by phase, names below."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from xml.etree.ElementTree import Element

from argosy.report.graph import Edge, Graph, Shown
from argosy.report.html.elements import add, h
from argosy.report.html.icons import SIZE, shape, sign
from argosy.report.layout import Layout, Point, layout
from argosy.report.run_view import RunView

ACROSS, DOWN = 124, 94
"""Pixels from node to node."""
MARGIN = 72
LINE = 14
LONGEST = 16
"""Characters in a line of a name, of which there are two."""
_JUNCTION = 4


def draw(graph: Graph, run: RunView, ids: Mapping[str, str]) -> Element:
    """Give the picture; ``ids`` are those of the details of each node, by key."""
    known = {shown.key: shown for shown in graph.nodes}
    placed = layout(list(known), _links(graph))
    width, height = placed.width * ACROSS + 2 * MARGIN + 40, placed.height * DOWN + 2 * MARGIN
    at = {key: _pixels(point) for key, point in placed.places.items()}
    picture = h(
        "svg",
        _arrowhead(),
        class_="graph",
        role="group",
        aria_label="Graph: arrow keys move from node to node, Enter opens one",
        width=_number(width),
        height=_number(height),
        viewBox=f"0 0 {_number(width)} {_number(height)}",
    )
    add(picture, _handler_box(graph, at, run))
    add(picture, *(_edge(edge, known, placed) for edge in graph.edges))
    after: dict[str, list[str]] = {}
    for edge in graph.edges:
        after.setdefault(edge.start, []).append(ids[edge.end])
    return add(picture, *(_node(shown, at[shown.key], ids[shown.key], after) for shown in graph.nodes))


def _links(graph: Graph) -> list[tuple[str, str]]:
    """Give the arrows to lay out: the handler stands below all that came before it, not only its last nodes."""
    handler = next((edge.end for edge in graph.edges if edge.kind == "exit"), None)
    links = [(edge.start, edge.end) for edge in graph.edges]
    if handler is not None:
        leading = {edge.start for edge in graph.edges}
        links += [(s.key, handler) for s in graph.nodes if s.part != "handler" and s.key not in leading]
    return links


def _pixels(point: Point) -> Point:
    return point[0] * ACROSS + MARGIN, point[1] * DOWN + MARGIN


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _arrowhead() -> Element:
    tip = h("path", d="M0 0L8 4L0 8z", class_="tip")
    size = {"markerWidth": 8, "markerHeight": 8, "refX": 7, "refY": 4}
    return h(
        "defs", h("marker", tip, id="arrow", viewBox="0 0 8 8", markerUnits="userSpaceOnUse", orient="auto", **size)
    )


def _handler_box(graph: Graph, at: Mapping[str, Point], run: RunView) -> Element | None:
    """Give the frame around the exit handler."""
    points = [at[shown.key] for shown in graph.nodes if shown.part == "handler"]
    if not points or run.handler is None:
        return None
    xs, ys = [x for x, _ in points], [y for _, y in points]
    left, right, top, bottom = min(xs) - 66, max(xs) + 104, min(ys) - 40, max(ys) + 54
    frame = h("rect", x=_number(left), y=_number(top), width=_number(right - left), height=_number(bottom - top), rx=10)
    return h("g", frame, h("text", "exit handler", x=_number(right - 12), y=_number(top + 19)), class_="frame")


def _edge(edge: Edge, known: Mapping[str, Shown], placed: Layout) -> Element:
    """Give an arrow: a smooth line from below the name of one node to the top of another."""
    ends = [placed.places[edge.start], placed.places[edge.end]]
    points = [_pixels(point) for point in placed.routes.get((edge.start, edge.end), ends)]
    (x, y), (z, w) = points[0], points[-1]
    points[0] = (x, y + _bottom(known[edge.start]))
    points[-1] = (z, w - (_JUNCTION if known[edge.end].junction else SIZE + 3))
    path = f"M{_number(points[0][0])} {_number(points[0][1])}"
    for (ax, ay), (bx, by) in pairwise(points):
        half = (by - ay) / 2
        path += f"C{_number(ax)} {_number(ay + half)} {_number(bx)} {_number(by - half)} {_number(bx)} {_number(by)}"
    line = h("path", d=path, marker_end=None if known[edge.end].junction else "url(#arrow)")
    words = {"hook": edge.label, "exit": ""}.get(edge.kind)
    note = None
    if words:
        (ax, ay), (bx, by) = points[-2:]
        note = h("text", words, x=_number((ax + bx) / 2), y=_number((ay + by) / 2 + 4))
    return h("g", line, note, class_=f"edge {edge.kind}")


def _bottom(shown: Shown) -> float:
    return _JUNCTION if shown.junction else SIZE + 6 + LINE * len(lines(shown.label))


def _node(shown: Shown, at: Point, id_: str, after: Mapping[str, list[str]]) -> Element:
    phase, type_ = shown.item.phase, str(shown.item.node.get("type") or "")
    node = h(
        "a",
        h("title", told(shown)),
        class_=f"node {phase} {shown.part}"
        + (" junction" if shown.junction else "")
        + (" stack" if shown.stack else ""),
        href=f"#{id_}",
        transform=f"translate({_number(at[0])} {_number(at[1])})",
        aria_label=told(shown),
        data_x=_number(at[0]),
        data_y=_number(at[1]),
        data_next=" ".join(after.get(shown.key, ())) or None,
    )
    add(node, h("circle", r=SIZE + 5, class_="ring"))
    if shown.junction:
        return add(node, h("circle", r=_JUNCTION, class_="shape"))
    if shown.stack:
        add(node, *(h("circle", r=SIZE, cx=shift, cy=-shift, class_="shape under") for shift in (8, 4)))
    add(node, shape("" if shown.stack else type_), sign(phase, type_))
    if type_ == "Retry" and not shown.stack:
        add(node, h("circle", r=SIZE + 3, class_="again"))
    name = h("text", class_="name")
    for number, line in enumerate(lines(shown.label)):
        add(name, h("tspan", line, x=0, y=SIZE + LINE * (number + 1)))
    return add(node, name)


def told(shown: Shown) -> str:
    """Give what is read out of a node."""
    item = shown.item
    what = f"{shown.label} like {item.template_name or item.name}" if shown.stack else shown.label
    type_ = item.node.get("type")
    return f"{what}, {item.phase}" + (f": {item.message}" if item.message else "") + (f" ({type_})" if type_ else "")


def lines(label: str) -> list[str]:
    """Give a name in at most two lines, broken where it has a dash; what is too long loses its middle.

    >>> lines("build"), lines("create-environment(0)"), lines("a" * 40)
    (['build'], ['create-', 'environment(0)'], ['aaaaaaaaaaaaaaa…', 'aaaaaaaaaaaaaaaa'])
    """
    if len(label) <= LONGEST:
        return [label]
    breaks = [i + 1 for i, c in enumerate(label) if c in "-_. " and 0 < i < len(label) - 1]
    fitting = [i for i in breaks if i <= LONGEST and len(label) - i <= LONGEST]
    if fitting:
        best = min(fitting, key=lambda i: abs(2 * i - len(label)))
        return [label[:best].strip(), label[best:]]
    if len(label) <= 2 * LONGEST:
        half = (len(label) + 1) // 2
        return [label[:half], label[half:]]
    return [label[: LONGEST - 1] + "…", label[-LONGEST:]]
