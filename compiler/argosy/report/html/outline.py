"""The nodes of a run in the order of its tree: how deep each stands, what to call it, and where its details are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from argosy.report.became import values
from argosy.report.graph import Graph
from argosy.report.run_view import Item, RunView
from argosy.report.tree import STATUS, hook_name, label

MOST_OF_A_STACK = 50
"""So many nodes of a stack have details of their own."""


@dataclass(frozen=True, slots=True)
class Row:
    """A node of the tree."""

    item: Item
    depth: int
    title: str
    known: Mapping[str, str]
    """The values of variables in its condition."""
    id: str
    """Of its details."""
    shown: bool = True
    """False: a group that holds one step only; it is only in the graph, as a point."""


def outline(run: RunView, graph: Graph, prefix: str = "") -> list[Row]:
    """Give the rows of a run; ``prefix`` begins the ids of all, where a page has several runs."""
    without = _without_details(graph)
    drawn = {shown.key for shown in graph.nodes}
    rows: list[Row] = []

    def visit(item: Item, depth: int, title: str, known: Mapping[str, str]) -> None:
        if item.node["id"] in without:
            return
        group = item.node.get("type") == "StepGroup" and len(item.children) == 1 and not item.hooks
        if not group or item.node["id"] in drawn:
            rows.append(Row(item, depth, title, known, f"{prefix}n{len(rows)}", not group))
        inner = {**known, **_inputs(item)}
        for child in item.children:
            visit(child, depth + (not group), label(child), inner)
        for hook in item.hooks:
            visit(hook, depth + 1, f"hook {hook_name(item.node['name'], hook)}", values(hook))

    for root, title, known in _roots(run):
        visit(root, 0, title, known)
    return rows


def became(run: RunView) -> dict[str, str]:
    """Give what the variables of the exit handler became."""
    if run.handler is None:
        return {}
    return {STATUS: run.entry.phase if run.entry else run.phase} | values(run.handler)


def _roots(run: RunView) -> Iterator[tuple[Item, str, dict[str, str]]]:
    if run.entry is not None:
        yield run.entry, label(run.entry), {}
    for hook in run.hooks:
        yield hook, f"hook {hook_name(run.name, hook)}", values(hook)
    if run.handler is not None:
        yield run.handler, f"exit handler {label(run.handler)}", became(run)


def _inputs(item: Item) -> dict[str, str]:
    given = (item.node.get("inputs") or {}).get("parameters") or []
    return {f"inputs.parameters.{p.get('name')}": str(p.get("value", "")) for p in given}


def _without_details(graph: Graph) -> set[str]:
    stacks = [shown for shown in graph.nodes if shown.stack]
    return {below.node["id"] for one in stacks for item in one.items[MOST_OF_A_STACK:] for below in item.walk()}
