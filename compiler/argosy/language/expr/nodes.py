"""The syntax tree of an expression.

Every node has ``start`` and ``end``, its 0-based offsets in the text; they do not count when trees are compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from argosy.language.meaning import Meaning


class Nil(Meaning, frozen=True):
    """``nil``."""

    start: int = 0
    end: int = 0


class Identifier(Meaning, frozen=True):
    """A name: a variable of the environment or one of ``let``."""

    name: str
    start: int = 0
    end: int = 0


class Integer(Meaning, frozen=True):
    """``42``."""

    value: int
    start: int = 0
    end: int = 0


class Float(Meaning, frozen=True):
    """``4.2``."""

    value: float
    start: int = 0
    end: int = 0


class Bool(Meaning, frozen=True):
    """``true`` or ``false``."""

    value: bool
    start: int = 0
    end: int = 0


class String(Meaning, frozen=True):
    """A text in quotes; also the name after a dot and the key of a map."""

    value: str
    start: int = 0
    end: int = 0


class Bytes(Meaning, frozen=True):
    """``b"text"``."""

    value: bytes
    start: int = 0
    end: int = 0


class Constant(Meaning, frozen=True):
    """A value that was worked out ahead of time; no parser makes it."""

    value: Any
    start: int = 0
    end: int = 0


class Unary(Meaning, frozen=True):
    """``-x``, ``+x``, ``!x``, ``not x``."""

    operator: str
    operand: Node
    start: int = 0
    end: int = 0


class Binary(Meaning, frozen=True):
    """``left operator right``."""

    operator: str
    left: Node
    right: Node
    start: int = 0
    end: int = 0


class Chain(Meaning, frozen=True):
    """The extent of an optional access: where ``?.`` meets nil, all of the chain is nil."""

    node: Node
    start: int = 0
    end: int = 0


class Member(Meaning, frozen=True):
    """``object.name``, ``object[property]``; optional with ``?.``."""

    object: Node
    property: Node
    optional: bool = False
    start: int = 0
    end: int = 0


class Slice(Meaning, frozen=True):
    """``object[low:high]``."""

    object: Node
    low: Node | None
    high: Node | None
    start: int = 0
    end: int = 0


class Call(Meaning, frozen=True):
    """A call of a function of the environment, or of a method."""

    callee: Node
    arguments: tuple[Node, ...]
    start: int = 0
    end: int = 0


class Builtin(Meaning, frozen=True):
    """A call of a built-in function. ``throws``, ``mapping`` and ``threshold`` are set by the optimizer only."""

    name: str
    arguments: tuple[Node, ...]
    throws: bool = False
    mapping: Node | None = None
    threshold: int | None = None
    start: int = 0
    end: int = 0


class Predicate(Meaning, frozen=True):
    """What is evaluated for each item: ``# > 1`` in ``filter(list, # > 1)``."""

    body: Node
    start: int = 0
    end: int = 0


class Pointer(Meaning, frozen=True):
    """``#`` (the item), ``#index`` or ``#acc``."""

    name: str
    start: int = 0
    end: int = 0


class Let(Meaning, frozen=True):
    """``let name = value; body``."""

    name: str
    value: Node
    body: Node
    start: int = 0
    end: int = 0


class Sequence(Meaning, frozen=True):
    """``first; second``: the value of the last."""

    nodes: tuple[Node, ...]
    start: int = 0
    end: int = 0


class Conditional(Meaning, frozen=True):
    """``test ? then : otherwise``, or ``if test { then } else { otherwise }``."""

    test: Node
    then: Node
    otherwise: Node
    ternary: bool = True
    start: int = 0
    end: int = 0


class Array(Meaning, frozen=True):
    """``[1, 2]``."""

    nodes: tuple[Node, ...]
    start: int = 0
    end: int = 0


class Map(Meaning, frozen=True):
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
