"""The syntax tree of a condition. Nodes are equal when they mean the same, wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal as OneOf

from argosy.language.meaning import Meaning
from argosy.later import regex

LiteralKind = OneOf["number", "boolean", "string", "word", "time"]


class Literal(Meaning, frozen=True):
    """A constant. A ``word`` is text without quotes (or in square brackets), a ``time`` quoted text that reads as one.

    ``text`` is the text without its quotes, ``value`` what it is compared by: for a time the seconds since 1970.
    """

    kind: LiteralKind
    value: float | bool | str
    text: str
    start: int = 0
    end: int = 0


class Access(Meaning, frozen=True):
    """A dotted name such as ``steps.A`` outside quotes. Argo has no variables here, so it never evaluates."""

    path: str
    arguments: Node | None = None
    start: int = 0
    end: int = 0


class Unary(Meaning, frozen=True):
    """``!``, ``-`` or ``~`` before an operand; the operand is missing in ``(!)``."""

    operator: str
    operand: Node | None
    start: int = 0
    end: int = 0


class Binary(Meaning, frozen=True):
    """Two operands and what joins them: an arithmetic, comparing or logical operator, ``?``, ``:``, ``??`` or a comma.

    An operand can be missing where a bracket closes early: ``(1 +)``.
    """

    operator: str
    left: Node | None
    right: Node | None
    start: int = 0
    end: int = 0


class Group(Meaning, frozen=True):
    """Round brackets; ``inner`` is None in ``()``."""

    inner: Node | None
    start: int = 0
    end: int = 0


Node = Literal | Access | Unary | Binary | Group

_BARE = regex(r"[^\W\d_][\w]*\Z")
_RESERVED = frozenset(["true", "false", "in", "IN"])


def children(node: Node) -> list[Node]:
    """Give the nodes directly below a node, from left to right."""
    match node:
        case Binary():
            found = [node.left, node.right]
        case Unary():
            found = [node.operand]
        case Group():
            found = [node.inner]
        case Access():
            found = [node.arguments]
        case _:
            found = []
    return [child for child in found if child is not None]


def walk(node: Node) -> Iterator[Node]:
    """Give a node and all nodes below it, from left to right, however deep they are."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(children(current)))


def _literal(node: Literal) -> str:
    if node.kind == "number" and isinstance(node.value, float):
        return f"{node.value:f}".rstrip("0").rstrip(".") if node.value < 1e-3 else _decimal(node.value)
    if node.kind == "boolean":
        return node.text
    if node.kind == "word":
        if _BARE.match(node.text) and node.text.isascii() and node.text not in _RESERVED:
            return node.text
        return "[" + re.sub(r"([\]\\])", r"\\\1", node.text) + "]"
    return "'" + re.sub(r"(['\"\\])", r"\\\1", node.text) + "'"


def _decimal(number: float) -> str:
    from decimal import Decimal

    text = f"{Decimal(repr(number)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def unparse(node: Node | None) -> str:
    """Give a text that parses to this tree."""
    parts: list[str] = []
    stack: list[Node | str | None] = [node]
    while stack:
        current = stack.pop()
        match current:
            case None:
                pass
            case str():
                parts.append(current)
            case Literal():
                parts.append(_literal(current))
            case Group():
                stack += [")", current.inner, "("]
            case Unary():
                stack += [current.operand, current.operator]
            case Access():
                stack += [current.arguments, current.path]
            case Binary():
                gap = "" if current.operator == "," else " "
                stack += [current.right, f"{gap}{current.operator} ", current.left]
    return "".join(parts)
