"""The careful way: libyaml's events to a tree with positions, for what is odd, broken or to be located."""

from __future__ import annotations

from typing import Any, Literal

import yaml
from msgspec import Struct, field
from yaml._yaml import CParser
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from argosy.later import regex
from argosy.yaml.fold import MAX_DEPTH
from argosy.yaml.problems import ProblemKind

NodeKind = Literal["scalar", "list", "map", "alias"]


class Node(Struct, eq=False):
    """One node; ``start`` and ``end`` are characters from the beginning of the text, the end exclusive."""

    kind: NodeKind
    start: int
    end: int
    value: str = ""
    """The text of a scalar, the name of an alias."""
    tag: str | None = None
    implicit: bool = False
    """A plain scalar without a tag: its text decides its type."""
    style: str = ""
    """Of a scalar: ``'``, ``"``, ``|``, ``>`` or empty for plain."""
    items: list[Node] = field(default_factory=list)
    """The entries of a list; of a map, keys and values in turn."""
    target: Node | None = None
    """What an alias stands for."""


class ComposeError(Exception):
    """A text that is no YAML to Argo, with the character where that shows."""

    def __init__(self, kind: ProblemKind, message: str, index: int, hint: str | None = None) -> None:
        super().__init__(message)
        self.kind: ProblemKind = kind
        self.message = message
        self.index = index
        self.hint = hint


BYTE_ORDER_MARK = "\ufeff".encode()
_COLON, _MARK = "\U0010fffb", "\U0010fffc"
_NOTHING = "\U0010fffa"
_MOST_PATCHES = 200


def compose(raw: bytes) -> tuple[Node | None, int]:
    """Give the tree of the first document of a text (None for an empty one), and where the document ends.

    libyaml 0.2.5 and go-yaml v2 are sisters that differ in five things, evened out here: in flow collections go-yaml
    refuses ``?`` in plain text and takes ``:`` before a bracket or comma for text; it has no escape ``\\/`` but has
    ``\\'``; and a byte-order mark after the beginning is text to it.

    Raises ComposeError.
    """
    if BYTE_ORDER_MARK in raw[1:]:
        raw = raw[:1] + raw[1:].replace(BYTE_ORDER_MARK, _MARK.encode())
    for _ in range(_MOST_PATCHES):
        try:
            root, end = _compose(CParser(raw))
            _check_escapes(root, raw)
            return root, end
        except yaml.reader.ReaderError as error:
            message = f"a character that YAML forbids: {error.reason}"
            raise ComposeError("encoding", message, _reader_index(raw, error)) from error
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            message = ", ".join(part for part in (error.context, error.problem) if part)
            text = raw.decode("utf-8", "replace")
            at = mark.index if mark else 0
            patched = _patched(text, error.problem or "", at)
            if patched is None:
                raise ComposeError("syntax", message, at, _hint(message)) from error
            raw = patched.encode()
        except yaml.YAMLError as error:
            raise ComposeError("syntax", str(error), 0) from error
    raise ComposeError("syntax", "too many odd colons or escapes", 0)


def _patched(text: str, problem: str, at: int) -> str | None:
    """Give the text, as long as before, without what libyaml refuses and go-yaml takes; None for another fault."""
    if problem == "found unexpected ':'" and text[at : at + 1] == ":":
        return f"{text[:at]}{_COLON}{text[at + 1 :]}"
    slash = text.find("\\'", at - 1, at + 2) if problem == "found unknown escape character" else -1
    return f"{text[:slash]}{_NOTHING}{text[slash + 1 :]}" if slash >= 0 else None


def _check_escapes(root: Node | None, raw: bytes) -> None:
    """Refuse the escape of a slash in double quotes, which libyaml takes from JSON and go-yaml does not know."""
    if root is None or b"\\/" not in raw:
        return
    text = raw.decode("utf-8", "replace")
    nodes = [root]
    while nodes:
        node = nodes.pop()
        nodes += node.items
        found = node.style == '"' and _SLASH_ESCAPE.match(text, node.start, node.end)
        if found:
            at = found.end() - 2
            raise ComposeError("syntax", "found unknown escape character: \\/", at, "write / alone")


_SLASH_ESCAPE = regex(r'[^"]*"(?:[^\\]|\\[^/])*?\\/')


def _reader_index(raw: bytes, error: yaml.reader.ReaderError) -> int:
    return len(raw[: max(error.position, 0)].decode("utf-8", "replace"))


_HINTS = (
    ("cannot start any token", "quote the text, or indent with spaces if this is a tab"),
    ("mapping values are not allowed", "quote a text that contains `: `, or check the indentation"),
    ("did not find expected key", "check the indentation and the quotes above"),
    ("could not find expected ':'", "a key needs a colon and a space after it"),
)


def _hint(message: str) -> str | None:
    return next((hint for part, hint in _HINTS if part in message), None)


def _compose(parser: Any) -> tuple[Node | None, int]:
    anchors: dict[str, Node] = {}
    top = Node("list", 0, 0)
    stack = [top]
    flow = 0
    while True:
        event: Any = parser.get_event()
        kind = event.__class__
        if kind is StreamEndEvent:
            return None, 0
        if kind is DocumentEndEvent:
            return top.items[0], event.end_mark.index if event.explicit else event.start_mark.index
        if kind is DocumentStartEvent:
            _check_version(event)
        elif kind in (MappingEndEvent, SequenceEndEvent):
            _close(stack.pop(), event)
            flow = max(flow - 1, 0)
        elif kind is not StreamStartEvent:
            node = _node(event, anchors)
            if flow and node.kind == "scalar" and not node.style and "?" in node.value:
                hint = "quote a text with a question mark within brackets"
                raise ComposeError("syntax", "found `?` in a plain text within brackets", node.start, hint)
            stack[-1].items.append(node)
            if node.kind in ("map", "list"):
                stack.append(node)
                flow += bool(flow or event.flow_style)
                if len(stack) > MAX_DEPTH + 2:
                    raise ComposeError("too-deep", f"nested deeper than {MAX_DEPTH} levels", node.start)


def _check_version(event: Any) -> None:
    if event.version is not None and tuple(event.version) != (1, 1):
        number = ".".join(str(part) for part in event.version)
        message = f"Argo does not read YAML {number}, only 1.1"
        raise ComposeError("yaml-version", message, event.start_mark.index, "leave the %YAML line out")


def _close(node: Node, event: Any) -> None:
    """End a block collection with its last entry: libyaml ends it where the next thing begins."""
    if event.end_mark.index > event.start_mark.index:
        node.end = event.end_mark.index
    else:
        node.end = max([node.start, *(item.end for item in node.items[-2:])])


def _node(event: Any, anchors: dict[str, Node]) -> Node:
    start, end = event.start_mark.index, event.end_mark.index
    kind = event.__class__
    if kind is AliasEvent:
        target = anchors.get(event.anchor)
        if target is None:
            raise ComposeError("unknown-anchor", f"alias *{event.anchor} names no anchor above it", start)
        return Node("alias", start, end, event.anchor, target=target)
    if kind is ScalarEvent:
        value = event.value.replace(_COLON, ":").replace(_MARK, "\ufeff").replace(_NOTHING, "")
        node = Node("scalar", start, end, value, event.tag, event.implicit[0], event.style or "")
    else:
        node = Node("list" if kind is SequenceStartEvent else "map", start, end, tag=event.tag)
    if event.anchor is not None:
        anchors[event.anchor] = node
    return node
