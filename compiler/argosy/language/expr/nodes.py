"""The syntax tree of an expression.

Every node has ``start`` and ``end``, its 0-based offsets in the text; they do not count when trees are compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct


class _Part(Struct, frozen=True, eq=False):
    def _told(self) -> list[Any]:
        return [getattr(self, name) for name in self.__struct_fields__ if name not in ("start", "end")]

    def __eq__(self, other: object) -> bool:
        return self.__class__ is other.__class__ and self._told() == other._told()

    def __hash__(self) -> int:
        return hash((self.__class__, *self._told()))


class Nil(_Part, frozen=True, eq=False):
    """``nil``."""

    start: int = 0
    end: int = 0


class Identifier(_Part, frozen=True, eq=False):
    """A name: a variable of the environment or one of ``let``."""

    name: str
    start: int = 0
    end: int = 0


class Integer(_Part, frozen=True, eq=False):
    """``42``."""

    value: int
    start: int = 0
    end: int = 0


class Float(_Part, frozen=True, eq=False):
    """``4.2``."""

    value: float
    start: int = 0
    end: int = 0


class Bool(_Part, frozen=True, eq=False):
    """``true`` or ``false``."""

    value: bool
    start: int = 0
    end: int = 0


class String(_Part, frozen=True, eq=False):
    """A text in quotes; also the name after a dot and the key of a map."""

    value: str
    start: int = 0
    end: int = 0


class Bytes(_Part, frozen=True, eq=False):
    """``b"text"``."""

    value: bytes
    start: int = 0
    end: int = 0


class Constant(_Part, frozen=True, eq=False):
    """A value that was worked out ahead of time; no parser makes it."""

    value: Any
    start: int = 0
    end: int = 0


class Unary(_Part, frozen=True, eq=False):
    """``-x``, ``+x``, ``!x``, ``not x``."""

    operator: str
    operand: Node
    start: int = 0
    end: int = 0


class Binary(_Part, frozen=True, eq=False):
    """``left operator right``."""

    operator: str
    left: Node
    right: Node
    start: int = 0
    end: int = 0


class Chain(_Part, frozen=True, eq=False):
    """The extent of an optional access: where ``?.`` meets nil, all of the chain is nil."""

    node: Node
    start: int = 0
    end: int = 0


class Member(_Part, frozen=True, eq=False):
    """``object.name``, ``object[property]``; optional with ``?.``."""

    object: Node
    property: Node
    optional: bool = False
    start: int = 0
    end: int = 0


class Slice(_Part, frozen=True, eq=False):
    """``object[low:high]``."""

    object: Node
    low: Node | None
    high: Node | None
    start: int = 0
    end: int = 0


class Call(_Part, frozen=True, eq=False):
    """A call of a function of the environment, or of a method."""

    callee: Node
    arguments: tuple[Node, ...]
    start: int = 0
    end: int = 0


class Builtin(_Part, frozen=True, eq=False):
    """A call of a built-in function. ``throws``, ``mapping`` and ``threshold`` are set by the optimizer only."""

    name: str
    arguments: tuple[Node, ...]
    throws: bool = False
    mapping: Node | None = None
    threshold: int | None = None
    start: int = 0
    end: int = 0


class Predicate(_Part, frozen=True, eq=False):
    """What is evaluated for each item: ``# > 1`` in ``filter(list, # > 1)``."""

    body: Node
    start: int = 0
    end: int = 0


class Pointer(_Part, frozen=True, eq=False):
    """``#`` (the item), ``#index`` or ``#acc``."""

    name: str
    start: int = 0
    end: int = 0


class Let(_Part, frozen=True, eq=False):
    """``let name = value; body``."""

    name: str
    value: Node
    body: Node
    start: int = 0
    end: int = 0


class Sequence(_Part, frozen=True, eq=False):
    """``first; second``: the value of the last."""

    nodes: tuple[Node, ...]
    start: int = 0
    end: int = 0


class Conditional(_Part, frozen=True, eq=False):
    """``test ? then : otherwise``, or ``if test { then } else { otherwise }``."""

    test: Node
    then: Node
    otherwise: Node
    ternary: bool = True
    start: int = 0
    end: int = 0


class Array(_Part, frozen=True, eq=False):
    """``[1, 2]``."""

    nodes: tuple[Node, ...]
    start: int = 0
    end: int = 0


class Map(_Part, frozen=True, eq=False):
    """``{a: 1, (key): 2}``: pairs of a key and a value."""

    pairs: tuple[tuple[Node, Node], ...]
    start: int = 0
    end: int = 0


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
