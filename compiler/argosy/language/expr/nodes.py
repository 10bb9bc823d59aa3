"""The syntax tree of an expression.

Every node has ``start`` and ``end``, its 0-based offsets in the text; they do not count when trees are compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Nil:
    """``nil``."""

    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Identifier:
    """A name: a variable of the environment or one of ``let``."""

    name: str
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Integer:
    """``42``."""

    value: int
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Float:
    """``4.2``."""

    value: float
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Bool:
    """``true`` or ``false``."""

    value: bool
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class String:
    """A text in quotes; also the name after a dot and the key of a map."""

    value: str
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Bytes:
    """``b"text"``."""

    value: bytes
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that was worked out ahead of time; no parser makes it."""

    value: Any
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Unary:
    """``-x``, ``+x``, ``!x``, ``not x``."""

    operator: str
    operand: Node
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """``left operator right``."""

    operator: str
    left: Node
    right: Node
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Chain:
    """The extent of an optional access: where ``?.`` meets nil, all of the chain is nil."""

    node: Node
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Member:
    """``object.name``, ``object[property]``; optional with ``?.``."""

    object: Node
    property: Node
    optional: bool = False
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Slice:
    """``object[low:high]``."""

    object: Node
    low: Node | None
    high: Node | None
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a function of the environment, or of a method."""

    callee: Node
    arguments: tuple[Node, ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Builtin:
    """A call of a built-in function. ``throws``, ``mapping`` and ``threshold`` are set by the optimizer only."""

    name: str
    arguments: tuple[Node, ...]
    throws: bool = False
    mapping: Node | None = None
    threshold: int | None = None
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Predicate:
    """What is evaluated for each item: ``# > 1`` in ``filter(list, # > 1)``."""

    body: Node
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Pointer:
    """``#`` (the item), ``#index`` or ``#acc``."""

    name: str
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Let:
    """``let name = value; body``."""

    name: str
    value: Node
    body: Node
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Sequence:
    """``first; second``: the value of the last."""

    nodes: tuple[Node, ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Conditional:
    """``test ? then : otherwise``, or ``if test { then } else { otherwise }``."""

    test: Node
    then: Node
    otherwise: Node
    ternary: bool = True
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Array:
    """``[1, 2]``."""

    nodes: tuple[Node, ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Map:
    """``{a: 1, (key): 2}``: pairs of a key and a value."""

    pairs: tuple[tuple[Node, Node], ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


Node = (
    Nil
    | Identifier
    | Integer
    | Float
    | Bool
    | String
    | Bytes
    | Constant
    | Unary
    | Binary
    | Chain
    | Member
    | Slice
    | Call
    | Builtin
    | Predicate
    | Pointer
    | Let
    | Sequence
    | Conditional
    | Array
    | Map
)


def children(node: Node) -> tuple[Node, ...]:
    """Give the nodes directly below a node, in the order of the text."""
    match node:
        case Unary(operand=inner) | Chain(node=inner) | Predicate(body=inner):
            return (inner,)
        case Binary(left=left, right=right):
            return (left, right)
        case Member(object=inner, property=key):
            return (inner, key)
        case Slice(object=inner, low=low, high=high):
            return tuple(part for part in (inner, low, high) if part is not None)
        case Call(callee=callee, arguments=arguments):
            return (callee, *arguments)
        case Builtin(arguments=arguments, mapping=mapping):
            return arguments if mapping is None else (*arguments, mapping)
        case Let(value=value, body=body):
            return (value, body)
        case Sequence(nodes=nodes) | Array(nodes=nodes):
            return nodes
        case Conditional(test=test, then=then, otherwise=otherwise):
            return (test, then, otherwise)
        case Map(pairs=pairs):
            return tuple(part for pair in pairs for part in pair)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """Give a node and all below it, parents first, in the order of the text; however deep the tree is."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))
