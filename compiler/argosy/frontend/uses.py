"""Which variables a value is made of, and which steps or tasks it therefore needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from argosy.frontend.expressions import Choice, Function, Member, Not, Operation, Raw, Slice, Variable

if TYPE_CHECKING:
    from argosy.frontend.graph import Node


def parts_of(value: object) -> Iterator[Variable | Raw]:
    """Give the variables, and the expressions in Argo's own words, within a value, in order of appearance."""
    match value:
        case Variable() | Raw():
            yield value
            return
        case Operation(left=left, right=right):
            inner: tuple[object, ...] = (left, right)
        case Not(value=one):
            inner = (one,)
        case Member(base=base, key=key):
            inner = (base, key)
        case Slice(base=base, start=start, end=end):
            inner = (base, start, end)
        case Function(arguments=arguments):
            inner = arguments
        case Choice(condition=condition, yes=yes, no=no):
            inner = (condition, yes, no)
        case list() | tuple():
            inner = tuple(value)
        case dict():
            inner = tuple(value.values())
        case _:
            return
    for part in inner:
        yield from parts_of(part)


def nodes_of(value: object) -> list[Node]:
    """Give the steps or tasks whose outputs a value needs, in order of appearance, each once."""
    found: dict[int, Node] = {}
    for part in parts_of(value):
        nodes = part.nodes if isinstance(part, Raw) else (part.node,)
        found.update({id(n): n for n in nodes if n is not None and id(n) not in found})
    return list(found.values())
