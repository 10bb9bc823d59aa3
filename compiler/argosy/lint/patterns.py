"""Patterns for paths as ``.gitignore`` has them: ``*.yaml`` at any depth, ``/ci/**`` from the top, ``!keep.yaml``.

Source: the manual page gitignore(5), "PATTERN FORMAT". Paths are relative to the folder of the patterns, with slashes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from msgspec import Struct


class Pattern(Struct, frozen=True):
    """One line of an ignore file."""

    regex: re.Pattern[str]
    negated: bool
    """It takes back what patterns above it say."""
    only_folders: bool


def patterns(lines: Iterable[str]) -> tuple[Pattern, ...]:
    """Read the lines of an ignore file; blank ones and comments are none."""
    return _patterns(tuple(lines))


@lru_cache(maxsize=256)
def _patterns(lines: tuple[str, ...]) -> tuple[Pattern, ...]:
    return tuple(found for line in lines if (found := _pattern(line)) is not None)


def says(known: Sequence[Pattern], path: str, is_folder: bool) -> bool | None:
    """Tell whether the patterns take a path (the last that matches decides); None where none matches."""
    for one in reversed(known):
        if (is_folder or not one.only_folders) and one.regex.fullmatch(path):
            return not one.negated
    return None


def takes(known: Sequence[Pattern], path: str) -> bool:
    """Tell whether the patterns take a file, or a folder that it is in."""
    parts = path.split("/")
    folders = ("/".join(parts[:end]) for end in range(1, len(parts)))
    return any(says(known, folder, True) for folder in folders) or bool(says(known, path, False))


def _pattern(line: str) -> Pattern | None:
    text = re.sub(r"(?<!\\)\s+\Z", "", line.rstrip("\r\n"))
    if not text or text.startswith("#"):
        return None
    negated = text.startswith("!")
    text = text.removeprefix("!")
    only_folders = text.endswith("/")
    text = text.removesuffix("/")
    anywhere = "/" not in text
    text = text.removeprefix("/")
    if not text or text.endswith("/"):
        return None  # nothing is named so
    try:
        regex = re.compile("(?:.*/)?" + _regex(text) if anywhere else _from_top(text), re.DOTALL)
    except re.error:
        return None
    return Pattern(regex, negated, only_folders)


_PIECE = re.compile(r"\A\*\*+/|/\*\*+/|/\*\*+\Z|\*+|\?|\[[!^]?\]?[^\]]*\]|\\.|.", re.DOTALL)


def _from_top(text: str) -> str:
    """Git takes what stands before the first wildcard away, and matches the rest by itself: ``a**/b`` takes ``ab``."""
    plain = re.match(r"[^*?[\\]*", text)
    start = plain.end() if plain else 0
    rest = text[start:]
    return re.escape(text[:start]) + (".*" if re.fullmatch(r"\*\*+", rest) else _regex(rest))


def _regex(text: str) -> str:
    return "".join(_translate(found[0]) for found in _PIECE.finditer(text))


def _translate(piece: str) -> str:
    match re.sub(r"\*{3,}", "**", piece):
        case "**/":
            return "(?:.*/)?"
        case "/**/":
            return "/(?:.*/)?"
        case "/**":
            return "/.*"
        case "?":
            return "[^/]"
        case _ if piece.startswith("*"):
            return "[^/]*"
        case _ if piece.startswith("[") and len(piece) > 1:
            inside = piece[1:-1].replace("\\", "\\\\")
            return f"(?!/)[{'^' + inside[1:] if inside[:1] in ('!', '^') else inside}]"
        case _:
            return re.escape(piece.removeprefix("\\") or "\\")
