"""Which variables a value is made of, and which steps or tasks it therefore needs."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING

from argosy.frontend.expressions import Choice, Expression, Function, Member, Not, Operation, Raw, Slice, Variable

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


def fields_with_references(value: object) -> dict[str, object]:
    """Give the fields of a user's dataclass or NamedTuple that is made of values of the run; nothing for others."""
    if isinstance(value, type) or type(value).__module__.startswith("argosy."):
        return {}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        found: dict[str, object] = value._asdict()
    elif dataclasses.is_dataclass(value):
        found = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    else:
        return {}
    return found if any(_holds_expression(v) for v in found.values()) else {}


def _holds_expression(value: object) -> bool:
    if isinstance(value, Expression):
        return True
    if isinstance(value, dict):
        return any(_holds_expression(v) for v in value.values())
    if isinstance(value, (list, tuple)) and any(_holds_expression(v) for v in value):
        return True
    return bool(fields_with_references(value))


def nodes_of(value: object) -> list[Node]:
    """Give the steps or tasks whose outputs a value needs, in order of appearance, each once."""
    found: dict[int, Node] = {}
    for part in parts_of(value):
        nodes = part.nodes if isinstance(part, Raw) else (part.node,)
        found.update({id(n): n for n in nodes if n is not None and id(n) not in found})
    return list(found.values())
