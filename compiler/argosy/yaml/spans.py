"""Which characters of a YAML source made each character of a scalar's value, be it plain, quoted or a block."""

from __future__ import annotations

import re

from argosy.later import regex

Places = list[tuple[int, int]]
"""For each character of the value, and once more for its end: first character of the source, and the one after."""

_ESCAPES = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b",
    " ": " ", '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip
_PROPERTIES = regex(r"(?:[&!]\S*\s+)*")
"""An anchor and a tag, which stand before the text of a node."""
_HEX = {"x": 2, "u": 4, "U": 8}
_BREAK = regex(r"\r\n|[\n\r\x85\u2028\u2029]")
_FOLD = regex(r"[ \t]*(?:\r\n|[\n\r\x85])[ \t]*(?:(?:\r\n|[\n\r\x85])[ \t]*)*")
_HEADER = regex(r"[|>](?:([1-9])[-+]?|[-+]([1-9])?)?[^\r\n]*(?:\r\n|\n|\r)?")


def offsets(source: str, style: str, value: str) -> Places | None:
    """Give the places of the characters of ``value`` in ``source``, the node's text; None where they don't match up."""
    begin = _PROPERTIES.match(source)
    skip = begin.end() if begin else 0
    made = _block(source, style, value) if style in ("|", ">") else _flow(source, style, skip)
    return _ended(made[1], source) if made and made[0] == value else None


def _ended(places: Places, source: str) -> Places:
    end = places[-1][1] if places else len(source)
    return [*places, (end, end)]


def _flow(source: str, style: str, skip: int) -> tuple[str, Places] | None:
    start, stop = (skip + 1, len(source) - 1) if style else (skip, len(source))
    out: list[str] = []
    places: Places = []
    at = start
    while at < stop:
        text, after = _flow_piece(source, at, stop, style)
        if text is None:
            return None
        out.append(text)
        places += [(at, after)] * len(text)
        at = after
    return "".join(out), places


def _flow_piece(source: str, at: int, stop: int, style: str) -> tuple[str | None, int]:
    char = source[at]
    fold = _FOLD.match(source, at, stop)
    if fold:
        breaks = len(_BREAK.findall(fold[0]))
        return (" " if breaks == 1 else "\n" * (breaks - 1)), fold.end()
    if style == "'" and source.startswith("''", at):
        return "'", at + 2
    if style == '"' and char == "\\":
        return _escape(source, at, stop)
    return char, at + 1


def _escape(source: str, at: int, stop: int) -> tuple[str | None, int]:
    mark = source[at + 1 : at + 2]
    if mark in _HEX:
        end = at + 2 + _HEX[mark]
        return chr(int(source[at + 2 : end], 16)), end
    joined = re.compile(r"\\(?:\r\n|[\n\r\x85])[ \t]*").match(source, at, stop)
    if joined:
        return "", joined.end()
    return _ESCAPES.get(mark), at + 2


def _block(source: str, style: str, value: str) -> tuple[str, Places] | None:
    header = _HEADER.search(source)
    if not header:
        return None
    lines = _lines(source, header.end())
    indent = _indent(source, lines, value)
    if style == ">":
        return _folded(source, lines, indent, value)
    out: list[str] = []
    places: Places = []
    for start, end, after in lines:
        first = min(start + indent, end)
        out.append(source[first:end])
        places += [(i, i + 1) for i in range(first, end)]
        if after > end:
            out.append("\n")
            places.append((end, after))
    return _trimmed("".join(out), places, value)


def _folded(source: str, lines: list[tuple[int, int, int]], indent: int, value: str) -> tuple[str, Places] | None:
    """Align a folded text with its value: line ends became a space, a line end, or nothing."""
    places: Places = []
    for start, end, after in lines:
        for i in range(min(start + indent, end), end):
            if len(places) >= len(value) or value[len(places)] != source[i]:
                return None
            places.append((i, i + 1))
        if after > end and len(places) < len(value) and value[len(places)] in " \n":
            places.append((end, after))
    return (value, places) if len(places) == len(value) else None


def _lines(source: str, start: int) -> list[tuple[int, int, int]]:
    """Give the lines from a character on: beginning, end, and beginning of the next."""
    lines = []
    while start < len(source):
        found = _BREAK.search(source, start)
        end, after = found.span() if found else (len(source), len(source))
        lines.append((start, end, after))
        start = after
    return lines


def _indent(source: str, lines: list[tuple[int, int, int]], value: str) -> int:
    """Give the indentation: what the first line with text has more than the value's."""
    for start, end, _ in lines:
        line = source[start:end]
        if line.strip(" "):
            first = next((text for text in value.split("\n") if text.strip(" ")), line)
            return max(_leading(line) - _leading(first), 0)
    return 0


def _leading(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _trimmed(text: str, places: Places, value: str) -> tuple[str, Places]:
    """Drop the line ends that the block's chomping dropped."""
    return text[: len(value)], places[: len(value)]
