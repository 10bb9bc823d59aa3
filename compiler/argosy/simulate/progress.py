"""Progress: how much of what a node stands for is done, as ``done/total`` (v4.1 workflow/progress/updater.go)."""

from __future__ import annotations

from collections.abc import Iterable

from argosy.simulate.controller.state import Node

EXECUTED = frozenset({"Pod", "HTTP", "Plugin", "Container", "Suspend"})
"""Types of nodes that have a progress of their own; the others' is the sum of what is below them."""
_COMPLETE = frozenset({"Succeeded", "Skipped", "Omitted"})

Amount = tuple[int, int]
_USUAL: dict[str, Amount] = {"": (0, 1), "0/1": (0, 1), "1/1": (1, 1)}


def update(nodes: dict[str, Node]) -> str:
    """Set the progress of all nodes; give that of the workflow."""
    own: dict[str, Amount] = {}
    for node in nodes.values():
        if node.type in EXECUTED:
            amount = _USUAL.get(node.progress) or _amount(node.progress)
            if amount is not None:
                if node.phase in _COMPLETE:
                    amount = (amount[1], amount[1])
                own[node.id] = amount
                node.progress = _text(amount)
            elif not node.progress:
                node.progress = "0/1"
    sums = _sums(nodes, own)
    for node in nodes.values():
        if node.type not in EXECUTED:
            below = sums[node.id]
            if below is None:
                below = _total(own.get(i, (0, 0)) for i in _below(nodes, node))
            if below[1]:
                node.progress = _text(below)
    return _text(_total(own.values()))


def _amount(text: str) -> Amount | None:
    """Read a progress; None for what is not valid (Progress.IsValid)."""
    done, _, total = text.partition("/")
    if not done.isdigit() or not total.isdigit() or not 0 <= int(done) <= int(total) or not int(total):
        return None
    return int(done), int(total)


def _text(amount: Amount) -> str:
    return f"{amount[0]}/{amount[1]}"


def _total(amounts: Iterable[Amount]) -> Amount:
    done = total = 0
    for amount in amounts:
        done += amount[0]
        total += amount[1]
    return done, total


def _sums(nodes: dict[str, Node], own: dict[str, Amount]) -> dict[str, Amount | None]:
    """Give the sum of what is below each node, in one pass; None where a node below has two parents.

    There each has to count what is below it once, which costs a walk of its own.
    """
    seen: set[str] = set()
    shared: set[str] = set()
    for node in nodes.values():
        for child in node.children:
            (shared if child in seen else seen).add(child)
    sums: dict[str, Amount | None] = {}
    for start in reversed(nodes):  # most nodes come up after those above them
        stack = [start]
        while stack:
            i = stack[-1]
            if i not in sums:
                children = nodes[i].children
                open_children = [c for c in children if c not in sums and c in nodes]
                if open_children:
                    stack += open_children
                    continue
                sums[i] = _sum(children, nodes, sums, own, shared) if children else (0, 0)
            stack.pop()
    return sums


def _sum(
    children: Iterable[str],
    nodes: dict[str, Node],
    sums: dict[str, Amount | None],
    own: dict[str, Amount],
    shared: set[str],
) -> Amount | None:
    done = total = 0
    for child in children:
        if child not in nodes:
            continue
        below = sums[child]
        if below is None or child in shared:
            return None
        mine = own.get(child, (0, 0))
        done += below[0] + mine[0]
        total += below[1] + mine[1]
    return done, total


def _below(nodes: dict[str, Node], node: Node) -> set[str]:
    found: set[str] = set()
    stack = [node.id]
    while stack:
        for child in nodes[stack.pop()].children:
            if child in nodes and child not in found:
                found.add(child)
                stack.append(child)
    return found
