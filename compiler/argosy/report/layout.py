"""Where the nodes of a graph stand: layer by layer from top to bottom, as few crossings as can be.

Drawing layered graphs well is a science (Sugiyama, Gansner, Brandes and Köpf); fast-sugiyama does it. What it cannot do
is done here: it wants numbers from 0 without gaps, no circles, and one connected graph.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float]

MOST_FOR_BEST_LAYERS = 500
"""So many nodes and edges get the layers that make edges shortest; finding them takes long in tangled graphs."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything stands: x in widths of a node, y in layers, from (0, 0) at the top left."""

    places: dict[str, Point]
    routes: dict[tuple[str, str], list[Point]]
    """The points of each edge, both ends too; more than two where it passes layers."""
    width: float
    height: float


def layout(keys: Sequence[str], edges: Sequence[tuple[str, str]]) -> Layout:
    """Give the place of each node. An edge that would close a circle has no say, and no route."""
    if not keys:
        return Layout({}, {}, 0, 0)
    number = {key: i for i, key in enumerate(keys)}
    links = _acyclic(len(keys), [(number[start], number[end]) for start, end in edges])
    ends = {end for _, end in links}
    sources = [i for i in range(len(keys)) if i not in ends]
    top = len(keys)  # a node above all others that have none makes the graph connected
    placed, ways = _solve([*links, *((top, one) for one in sources)], top)
    left = min(x for i, (x, _) in placed.items() if i != top)
    first = min(y for i, (_, y) in placed.items() if i != top)
    right = max(x for i, (x, _) in placed.items() if i != top)
    mirrored = _is_mirrored(links, placed)
    at = {i: (right - x if mirrored else x - left, y - first) for i, (x, y) in placed.items()}
    routes = {(keys[a], keys[b]): [at[i] for i in _way(a, b, ways, top)] for a, b in links}
    places = {key: at[i] for key, i in number.items()}
    return Layout(places, routes, right - left, max(y for _, y in places.values()))


def _is_mirrored(links: list[tuple[int, int]], placed: dict[int, Point]) -> bool:
    """Say whether most nodes stand to the left of those that should come before them."""
    after: dict[int, list[int]] = {}
    for start, end in links:
        after.setdefault(start, []).append(end)
    steps = [placed[b][0] - placed[a][0] for some in after.values() for a, b in pairwise(some)]
    return sum(step < 0 for step in steps) > sum(step > 0 for step in steps)


def _solve(links: list[tuple[int, int]], top: int) -> tuple[dict[int, Point], dict[int, list[int]]]:
    """Give the places of nodes and of the points where edges pass layers, and what leads where."""
    from fast_sugiyama import from_edges

    best = len(links) + top < MOST_FOR_BEST_LAYERS
    [(places, _, height, passes)] = from_edges(links, vertex_spacing=1, ranking_type="minimize" if best else "up")
    ways: dict[int, list[int]] = {}
    for start, end in passes or ():
        ways.setdefault(int(start), []).append(int(end))
    return {int(i): (float(x), float(height - y)) for i, (x, y) in places}, ways


def _way(start: int, end: int, ways: dict[int, list[int]], top: int) -> list[int]:
    """Follow an edge through the points where it passes layers: their numbers come after those of nodes."""
    for first in ways.get(start, ()):
        way = [start, first]
        while way[-1] > top:
            way += ways[way[-1]]
        if way[-1] == end and (len(way) > 2 or first == end):
            return way
    return [start, end]


def _acyclic(count: int, links: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Leave out what is there twice, and what would close a circle.

    >>> _acyclic(3, [(0, 1), (1, 2), (2, 0), (0, 1), (1, 1)])
    [(0, 1), (1, 2)]
    """
    after: dict[int, list[int]] = {}
    for start, end in dict.fromkeys(links):
        after.setdefault(start, []).append(end)
    closing: set[tuple[int, int]] = set()
    done: set[int] = set()
    for root in range(count):
        path, on_path = [(root, iter(after.get(root, ())))], {root}
        while path and root not in done:
            at, rest = path[-1]
            following = next(rest, None)
            if following is None:
                path.pop()
                on_path.discard(at)
                done.add(at)
            elif following in on_path:
                closing.add((at, following))
            elif following not in done:
                path.append((following, iter(after.get(following, ()))))
                on_path.add(following)
    return [link for link in dict.fromkeys(links) if link not in closing]
