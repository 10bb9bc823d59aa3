"""From addresses to lines and columns of a YAML text; the text is read again for it, on the first use only."""

from __future__ import annotations

import bisect
import codecs
import re
from collections.abc import Sequence
from functools import cached_property

from msgspec import Struct

from argosy.later import regex
from argosy.source import Address, Part, Span
from argosy.yaml.decode import is_merge, scalar
from argosy.yaml.scalars import TagError, key_text
from argosy.yaml.spans import offsets
from argosy.yaml.tree import ComposeError, Node, compose

_LINE_END = regex(r"\r\n|\n|\r")
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_UNREAD = object()


class Source:
    """The bytes of a file, and its characters and lines once somebody asks."""

    def __init__(self, raw: bytes, path: str) -> None:
        self.raw = raw
        self.path = path

    def __reduce__(self) -> tuple[type[Source], tuple[bytes, str]]:
        """Send no more than the bytes to another process."""
        return Source, (self.raw, self.path)

    @cached_property
    def encoding(self) -> str:
        """The encoding, by byte-order mark as in libyaml; UTF-8 without one."""
        return next((name for mark, name in _MARKS if self.raw.startswith(mark)), "utf-8")

    @cached_property
    def text(self) -> str:
        """All characters, without a leading byte-order mark."""
        return self.raw.decode(self.encoding, "replace").removeprefix("\ufeff")

    @cached_property
    def line_starts(self) -> list[int]:
        """Where each line begins, in characters."""
        return [0, *(found.end() for found in _LINE_END.finditer(self.text))]

    @cached_property
    def lines(self) -> list[str]:
        """All lines, without their ends."""
        return _LINE_END.split(self.text)

    def characters(self, offset: int) -> int:
        """Give how many characters stand before a byte."""
        return len(self.raw[:offset].decode(self.encoding, "replace").removeprefix("\ufeff"))

    def span(self, start: int, end: int) -> Span:
        """Give the lines and columns of a range of characters."""
        line, column = self.position(start)
        end_line, end_column = self.position(max(start, end))
        return Span(self.path, line, column, end_line, end_column)

    def position(self, index: int) -> tuple[int, int]:
        """Give the line and column of a character, both from 1."""
        index = max(0, min(index, len(self.text)))
        line = bisect.bisect_right(self.line_starts, index)
        return line, index - self.line_starts[line - 1] + 1


class YamlOrigin(Struct, eq=False):
    """The origin of one document: bytes ``start`` to ``end`` of a source."""

    source: Source
    start: int
    end: int
    _root: Node | object | None = _UNREAD
    _base: int = -1

    def __reduce__(self) -> tuple[type[YamlOrigin], tuple[Source, int, int]]:
        """Send no tree to another process."""
        return YamlOrigin, (self.source, self.start, self.end)

    @property
    def path(self) -> str:
        """The file, as the user named it."""
        return self.source.path

    @property
    def text(self) -> str:
        """The characters of this document."""
        return self.source.raw[self.start : self.end].decode(self.source.encoding, "replace").removeprefix("\ufeff")

    def lines(self) -> Sequence[str]:
        """Give the lines of the whole file, without their ends."""
        return self.source.lines

    def locate(self, address: Address, part: Part = "value", chars: tuple[int, int] | None = None) -> Span:
        """Give the span of a key or a value; where the document has none, of what is nearest above it."""
        root = self.root()
        if root is None:
            return self.span(0, 0)
        key, node, depth = _walk(root, address)
        if depth < len(address):
            return self.node_span(key or _first(node))
        if part == "key" and key is not None:
            return self.node_span(key)
        if chars is not None and node.kind == "scalar":
            return self._narrow(node, chars)
        return self.node_span(node)

    def root(self) -> Node | None:
        """Give the tree of the document; None where it is empty or broken."""
        if self._root is _UNREAD:
            try:
                self._root = compose(self.source.raw[self.start : self.end])[0]
            except ComposeError:
                self._root = None
        return self._root if isinstance(self._root, Node) else None

    def span(self, start: int, end: int) -> Span:
        """Give the lines and columns of a range of the document's characters."""
        if self._base < 0:
            self._base = self.source.characters(self.start)
        return self.source.span(self._base + start, self._base + end)

    def node_span(self, node: Node) -> Span:
        """Give the span of a node, without the line end that libyaml counts to a block scalar."""
        end = node.end
        if node.kind == "scalar" and node.style in ("|", ">"):
            text = self.text
            end = node.start + len(text[node.start : node.end].rstrip())
        return self.span(node.start, end)

    def ignored(self, end: int) -> Span | None:
        """Give the span of what stands after the end of the document and is no comment; None if nothing does."""
        rest = self.text[end:]
        found = re.search(r"(?m)^(?!\s*(?:#|\.\.\.|$)).*\S", rest)
        return self.span(end + found.start(), end + found.end()) if found else None

    def _narrow(self, node: Node, chars: tuple[int, int]) -> Span:
        places = offsets(self.text[node.start : node.end], node.style, node.value)
        if places is None:
            return self.node_span(node)
        first, last = (max(0, min(at, len(node.value))) for at in chars)
        end = places[last - 1][1] if last > first else places[first][0]
        return self.span(node.start + places[first][0], node.start + end)


def node_at(root: Node, address: Address) -> Node | None:
    """Give the node at an address, aliases followed; None where there is none."""
    _, node, depth = _walk(root, address)
    return _resolved(node) if depth == len(address) else None


def _first(node: Node) -> Node:
    """Give something short to point at: the first key of a map, else the node."""
    return node.items[0] if node.kind == "map" and node.items else node


def _walk(root: Node, address: Address) -> tuple[Node | None, Node, int]:
    """Give the last key passed, the node reached, and how many steps of the address there were."""
    key: Node | None = None
    node = root
    for depth, step in enumerate(address):
        found = _step(_resolved(node), step, set())
        if found is None:
            return key, node, depth
        key, node = found
    return key, node, len(address)


def _resolved(node: Node) -> Node:
    seen = set()
    while node.kind == "alias" and node.target is not None and id(node) not in seen:
        seen.add(id(node))
        node = node.target
    return node


def _step(node: Node, step: str | int, seen: set[int]) -> tuple[Node | None, Node] | None:
    if isinstance(step, int):
        inside = node.kind == "list" and -len(node.items) <= step < len(node.items)
        return (None, node.items[step]) if inside else None
    if node.kind != "map" or id(node) in seen:
        return None
    seen.add(id(node))
    pairs = list(zip(node.items[::2], node.items[1::2], strict=True))
    for key, value in reversed(pairs):
        if not is_merge(key) and _text(key) == step:
            return key, value
    for key, value in reversed(pairs):
        if is_merge(key):
            for source in [value] if value.kind != "list" else value.items:
                found = _step(_resolved(source), step, seen)
                if found:
                    return found
    return None


def _text(key: Node) -> str | None:
    key = _resolved(key)
    try:
        return key_text(scalar(key)) if key.kind == "scalar" else None
    except TagError:
        return None
