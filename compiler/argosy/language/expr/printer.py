"""A syntax tree as text that parses to the same tree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from argosy.language.expr import nodes as n
from argosy.language.expr.lexer import is_name
from argosy.language.expr.operators import BINARY, BOOLEAN, COMPARISONS
from argosy.later import regex

_PLAIN = regex(r"[ !#-\[\]-~]*\Z")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_OPEN = (n.Unary, n.Binary, n.Conditional, n.Let, n.Sequence)
_LOOSE = (n.Let, n.Sequence)
_NO_POSTFIX = (n.Integer, n.Float, n.Bool, n.Nil)


def to_text(node: n.Node) -> str:
    """Write a tree as an expression that parses to an equal tree, with no more brackets than needed to be clear."""
    return _WRITERS[type(node)](node)


def quote(text: str) -> str:
    """Write a text as a literal."""
    if _PLAIN.match(text):
        return f'"{text}"'
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char.isprintable():
        return char
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _bytes(value: bytes) -> str:
    body = "".join(chr(b) if 32 <= b < 127 and b not in b'"\\' else f"\\x{b:02x}" for b in value)
    return f'b"{body}"'


def _group(node: n.Node, kinds: tuple[type, ...] = _OPEN) -> str:
    return f"({to_text(node)})" if isinstance(node, kinds) else to_text(node)


def _unary(node: n.Unary) -> str:
    return node.operator + (" " if node.operator == "not" else "") + _group(node.operand)


def _binary(node: n.Binary) -> str:
    parts: list[str] = []
    left: n.Node = node
    while isinstance(left, n.Binary):
        parts[:0] = [left.operator, _group(left.right)]
        if not _continues(left.left, left.operator):
            return " ".join([_group(left.left), *parts])
        left = left.left
    return to_text(left) + " " + " ".join(parts)


def _continues(left: n.Node, operator: str) -> bool:
    """Whether ``left operator ...`` needs no brackets around the left: the same operator, from the left."""
    if not isinstance(left, n.Binary) or left.operator != operator or operator in ("**", "^"):
        return False
    return operator not in COMPARISONS


def _member(node: n.Member) -> str:
    base = _group(node.object, (*_OPEN, *_NO_POSTFIX))
    name = node.property.value if isinstance(node.property, n.String) else None
    if name is not None and is_name(name) and not isinstance(node.object, n.Chain):
        return f"{base}{'?.' if node.optional else '.'}{name}"
    return f"{base}{'?.' if node.optional else ''}[{_group(node.property, _LOOSE)}]"


def _slice(node: n.Slice) -> str:
    low = _group(node.low, (n.Conditional, *_LOOSE)) if node.low else ""
    high = _group(node.high, (n.Conditional, *_LOOSE)) if node.high else ""
    return f"{_group(node.object, (*_OPEN, *_NO_POSTFIX))}[{low}:{high}]"


def _list(nodes: tuple[n.Node, ...]) -> str:
    return ", ".join(_group(node, _LOOSE) for node in nodes)


def _predicate(node: n.Predicate) -> str:
    body = to_text(node.body)
    return f"{{ {body} }}" if body.startswith("{") or isinstance(node.body, _LOOSE) else body


def _let(node: n.Let) -> str:
    return f"let {node.name} = {_group(node.value, _LOOSE)}; {to_text(node.body)}"


def _conditional(node: n.Conditional) -> str:
    wrapped = (n.Conditional, *_LOOSE)
    if node.ternary:
        parts = [_group(part, wrapped) for part in (node.test, node.then, node.otherwise)]
        return f"{parts[0]} ? {parts[1]} : {parts[2]}"
    chained = isinstance(node.otherwise, n.Conditional) and not node.otherwise.ternary
    otherwise = to_text(node.otherwise) if chained else f"{{ {to_text(node.otherwise)} }}"
    return f"if {_group(node.test, wrapped)} {{ {to_text(node.then)} }} else {otherwise}"


def _pair(key: n.Node, value: n.Node) -> str:
    if isinstance(key, n.String):
        written = (
            key.value if is_name(key.value) and key.value.isascii() and not _is_word(key.value) else quote(key.value)
        )
    else:
        written = f"({to_text(key)})"
    return f"{written}: {_group(value, _LOOSE)}"


def _is_word(name: str) -> bool:
    return name in BINARY or name in BOOLEAN or name in ("not", "let", "if", "else")


_WRITERS: dict[type, Callable[[Any], str]] = {
    n.Nil: lambda node: "nil",
    n.Identifier: lambda node: node.name,
    n.Integer: lambda node: str(node.value),
    n.Float: lambda node: repr(node.value),
    n.Bool: lambda node: "true" if node.value else "false",
    n.String: lambda node: quote(node.value),
    n.Bytes: lambda node: _bytes(node.value),
    n.Unary: _unary,
    n.Binary: _binary,
    n.Chain: lambda node: to_text(node.node),
    n.Member: _member,
    n.Slice: _slice,
    n.Call: lambda node: f"{to_text(node.callee)}({_list(node.arguments)})",
    n.Builtin: lambda node: f"{node.name}({_list(node.arguments)})",
    n.Predicate: _predicate,
    n.Pointer: lambda node: f"#{node.name}",
    n.Let: _let,
    n.Sequence: lambda node: "; ".join(_group(part, _LOOSE) for part in node.nodes),
    n.Conditional: _conditional,
    n.Array: lambda node: f"[{_list(node.nodes)}]",
    n.Map: lambda node: "{" + ", ".join(_pair(key, value) for key, value in node.pairs) + "}",
}
