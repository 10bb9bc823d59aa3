"""A run as a graph for people: what followed what, with many of the same drawn as one stack.

Argo's own user interface (``workflow-dag.tsx`` in ``ui/src/workflows/components`` of v4.1.2) draws the children of
each node's status, leads from the last nodes of the workflow to its exit handler, hides groups of steps, and folds long
lists of children. Here groups are left out where no arrow needs them, and only nodes are folded that do not differ:
same template, same phase, same arrows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from argosy.report.run_view import Item, RunView
from argosy.report.tree import hook_name, label

Kind = Literal["next", "hook", "exit"]
Part = Literal["run", "hook", "handler"]

MOST_ALIKE = 8
"""So many siblings that do not differ are drawn one by one."""
FIRST_ALIKE = 3
"""Of more than that, so many are drawn; the rest is a stack."""
_GROUPS = ("StepGroup", "TaskGroup")


class Edge(NamedTuple):
    """An arrow; ``start`` and ``end`` are ids of nodes, or keys of what is drawn for them."""

    start: str
    end: str
    kind: Kind = "next"
    label: str = ""
    """What a hook is called."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is drawn in one place: a node, or a stack of nodes."""

    key: str
    items: tuple[Item, ...]
    """The node; of a stack, its nodes without those below them."""
    part: Part
    stack: bool = False

    @property
    def item(self) -> Item:
        """The node, or the first of the stack."""
        return self.items[0]

    @property
    def junction(self) -> bool:
        """Whether it only joins arrows, as groups of steps do."""
        return not self.stack and self.item.node.get("type") in _GROUPS

    @property
    def label(self) -> str:
        """What to call it."""
        return f"{len(self.items)} more" if self.stack else name_of(self.item)


@dataclass(slots=True)
class Graph:
    """What to draw of a run."""

    nodes: list[Shown]
    edges: list[Edge]


def name_of(item: Item) -> str:
    """Give what to call a node in a graph: a step by its name; a workflow, handler or hook by its template."""
    if item.node.get("type") in _GROUPS:
        return item.name
    hooked = (item.node.get("nodeFlag") or {}).get("hooked")
    return (item.template_name if hooked else "") or label(item)


def graph(run: RunView, most: int = 1500) -> Graph:
    """Give the graph of a run, with about ``most`` nodes at most; nodes that went wrong come first."""
    parts: dict[str, Part] = {}
    for part, roots in _roots(run):
        parts.update((item.node["id"], part) for root in roots for item in root.walk())
    items = {item.node["id"]: item for item in run.items()}
    links = edges(run)
    stands_for = _stacks(run, links)
    nodes = _drawn(items, parts, stands_for)
    found = _mapped(links, stands_for)
    nodes, found = _without_groups(nodes, found)
    if len(nodes) > most:
        nodes, found = _limited(nodes, found, most)
    return Graph(list(nodes.values()), list(found))


def edges(run: RunView) -> list[Edge]:
    """Give what followed what, between all nodes of a run.

    Hooks hang on what they belong to. The exit handler follows the last nodes of the workflow.
    """
    items = {item.node["id"]: item for item in run.items()}
    hooks = [(item, hook, hook_name(item.node["name"], hook)) for item in items.values() for hook in item.hooks]
    if run.entry is not None:
        hooks += [(run.entry, hook, hook_name(run.name, hook)) for hook in run.hooks]
    hooked = {hook.node["id"] for _, hook, _ in hooks}
    out = [
        Edge(key, child)
        for key, item in items.items()
        for child in dict.fromkeys(item.node.get("children") or [])
        if child in items and child not in hooked and not (items[child].node.get("nodeFlag") or {}).get("hooked")
    ]
    led_to = {edge.end for edge in out}
    # a recorded run may lack children: then what stands below hangs on what it stands below
    out += [
        Edge(key, child.node["id"])
        for key, item in items.items()
        for child in item.children
        if child.node["id"] not in led_to
    ]
    out += [Edge(item.node["id"], hook.node["id"], "hook", name) for item, hook, name in hooks]
    if run.entry is not None and run.handler is not None:
        ends = dict.fromkeys(_outbound(run.entry.node["id"], items))
        out += [Edge(end, run.handler.node["id"], "exit") for end in ends]
    return out


def _outbound(key: str, items: dict[str, Item]) -> Iterator[str]:
    """Give the last nodes of a node, as the exit handler follows them."""
    waiting, seen = [key], {key}
    while waiting:
        at = waiting.pop()
        below = [one for one in items[at].node.get("outboundNodes") or [] if one in items and one != at]
        if not below:
            yield at
        fresh = [one for one in reversed(below) if one not in seen]
        seen.update(fresh)
        waiting += fresh


def _roots(run: RunView) -> Iterator[tuple[Part, list[Item]]]:
    yield "run", [run.entry] if run.entry is not None else []
    yield "hook", run.hooks
    yield "handler", [run.handler] if run.handler is not None else []


def _stacks(run: RunView, links: list[Edge]) -> dict[str, str]:
    """Give the key of the stack for each node that is in one, by its id."""
    into: dict[str, list[str]] = {}
    out_of: dict[str, list[str]] = {}
    for edge in links:
        into.setdefault(edge.end, []).append(edge.start)
        out_of.setdefault(edge.start, []).append(edge.end)
    stands_for: dict[str, str] = {}
    waiting = [root for _, roots in _roots(run) for root in roots]
    while waiting:
        item = waiting.pop()
        hidden: set[str] = set()
        if len(item.children) > MOST_ALIKE:
            for alike in _alike(item.children, into, out_of):
                rest = alike[FIRST_ALIKE:] if len(alike) > MOST_ALIKE else []
                hidden.update(one.node["id"] for one in rest)
                stands_for.update((below.node["id"], f"{rest[0].node['id']}+") for one in rest for below in one.walk())
        waiting += [below for below in (*item.children, *item.hooks) if below.node["id"] not in hidden]
    return stands_for


def _alike(children: Iterable[Item], into: dict[str, list[str]], out_of: dict[str, list[str]]) -> list[list[Item]]:
    """Give nodes together that have the same template, phase and arrows from and to what is not below them."""
    found: dict[tuple[object, ...], list[Item]] = {}
    for child in children:
        inside = {item.node["id"] for item in child.walk()}
        before = sorted({one for key in inside for one in into.get(key, ())} - inside)
        after = sorted({one for key in inside for one in out_of.get(key, ())} - inside)
        kind = child.node.get("type"), child.template_name, child.phase, tuple(before), tuple(after)
        found.setdefault(kind, []).append(child)
    return list(found.values())


def _drawn(items: dict[str, Item], parts: dict[str, Part], stands_for: dict[str, str]) -> dict[str, Shown]:
    """Give what is drawn, by key: nodes, and stacks in the place of the first of theirs."""
    members: dict[str, list[Item]] = {}
    for key, item in items.items():
        members.setdefault(stands_for.get(key, key), []).append(item)
    out = {}
    for key, some in members.items():
        below = {one.node["id"] for item in some for one in (*item.children, *item.hooks)}
        top = tuple(item for item in some if item.node["id"] not in below)
        out[key] = Shown(key, top, parts[top[0].node["id"]], stack=key.endswith("+") and key not in items)
    return out


def _mapped(links: Iterable[Edge], stands_for: dict[str, str]) -> dict[Edge, None]:
    """Give the arrows between what is drawn, each once."""
    found: dict[Edge, None] = {}
    for edge in links:
        start, end = stands_for.get(edge.start, edge.start), stands_for.get(edge.end, edge.end)
        if start != end:
            found[edge._replace(start=start, end=end)] = None
    return found


def _without_groups(nodes: dict[str, Shown], found: dict[Edge, None]) -> tuple[dict[str, Shown], dict[Edge, None]]:
    """Leave out groups of steps that are no more than a point on an arrow."""
    into: dict[str, dict[Edge, None]] = {key: {} for key in nodes}
    out_of: dict[str, dict[Edge, None]] = {key: {} for key in nodes}
    for edge in found:
        into[edge.end][edge] = None
        out_of[edge.start][edge] = None
    left = dict(nodes)
    for key, shown in nodes.items():
        before, after = into[key], out_of[key]
        if not shown.junction or not before or not after or (len(before) > 1 and len(after) > 1):
            continue
        if any(edge.kind == "hook" for edge in (*before, *after)):
            continue
        del left[key]
        for first in before:
            del out_of[first.start][first]
            for second in after:
                edge = Edge(first.start, second.end, second.kind, second.label)
                into[second.end].pop(second, None)
                into[second.end][edge] = out_of[first.start][edge] = None
    return left, {edge: None for key in left for edge in out_of[key]}


def _limited(nodes: dict[str, Shown], found: dict[Edge, None], most: int) -> tuple[dict[str, Shown], dict[Edge, None]]:
    """Keep the handler, what went wrong, and what came up first; the rest is one stack."""

    def worth(shown: Shown) -> int:
        return 0 if shown.part == "handler" else 1 if shown.item.phase in ("Failed", "Error") else 2

    keep = {shown.key for shown in sorted(nodes.values(), key=worth)[:most]}
    rest = [shown for key, shown in nodes.items() if key not in keep]
    key = f"{rest[0].key}++"
    stack = Shown(key, tuple(item for shown in rest for item in shown.items), rest[0].part, stack=True)
    # no arrow leads on from this stack: it holds what has little to do with one another
    edges = {edge._replace(end=edge.end if edge.end in keep else key): None for edge in found if edge.start in keep}
    return {**{k: shown for k, shown in nodes.items() if k in keep}, key: stack}, edges
