"""Variables that an expression reads: dotted names, taken from its syntax tree."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from argosy.language.expr import nodes as n
from argosy.language.expr.nodes import children


class Path(Struct, frozen=True):
    """A chain of names such as ``steps.a.status``, with its place in the text."""

    parts: tuple[str, ...]
    start: int
    end: int
    optional: bool
    """It has a ``?.``, or stands left of ``??``: it may be missing."""

    @property
    def name(self) -> str:
        """The dotted name."""
        return ".".join(self.parts)


def paths(tree: n.Node) -> Iterator[Path]:
    """Give every variable that an expression reads, longest names first where they contain each other."""
    bound = {one.name for one in n.walk(tree) if isinstance(one, n.Let)}
    todo: list[tuple[n.Node, bool]] = [(tree, False)]
    while todo:
        node, optional = todo.pop()
        found = _chain(node)
        if found is not None:
            if found.parts[0] not in bound:
                yield Path(found.parts, found.start, found.end, found.optional or optional)
            continue
        left_optional = isinstance(node, n.Binary) and node.operator == "??"
        for position, child in enumerate(children(node)):
            todo.append((child, optional or (left_optional and position == 0)))


def _chain(node: n.Node) -> Path | None:
    parts: list[str] = []
    optional = False
    start, end = node.start, node.end
    while True:
        match node:
            case n.Chain():
                node = node.node
            case n.Member(object=below, property=n.String(value=name)):
                parts.append(name)
                optional = optional or node.optional
                node = below
            case n.Identifier(name=name):
                return Path((name, *reversed(parts)), start, end, optional)
            case _:
                return None
