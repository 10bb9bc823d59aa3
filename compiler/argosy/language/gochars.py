"""Characters as Go 1.26 sees them (``unicode``, Unicode 15), where Python's methods differ or depend on its version."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from argosy.later import regex

SPACE = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
"""The characters of ``unicode.IsSpace``; Python's ``str.isspace`` has four more."""

SURROGATE = regex("[\ud800-\udfff]")
"""Halves of UTF-16 pairs, which are no characters; some stand for bytes of cut characters (``gotext.from_bytes``)."""


def valid(text: str) -> str:
    """Give the text with U+FFFD for every lone surrogate."""
    return SURROGATE.sub("\ufffd", text) if not text.isascii() else text


_NEW_IN_15 = (
    "\u0cf3\u0ece\U00010efd-\U00010eff\U0001123f-\U00011241\U00011b00-\U00011b09\U00011f00-\U00011f10"
    "\U00011f12-\U00011f3a\U00011f3e-\U00011f59\U0001342f\U00013440-\U00013455\U0001b132\U0001b155"
    "\U0001d2c0-\U0001d2d3\U0001df25-\U0001df2a\U0001e030-\U0001e06d\U0001e08f\U0001e4d0-\U0001e4f9\U0001f6dc"
    "\U0001f774-\U0001f776\U0001f77b-\U0001f77f\U0001f7d9\U0001fa75-\U0001fa77\U0001fa87\U0001fa88"
    "\U0001faad-\U0001faaf\U0001fabb-\U0001fabd\U0001fabf\U0001face\U0001facf\U0001fada\U0001fadb\U0001fae8"
    "\U0001faf7\U0001faf8\U0002b739\U00031350-\U000323af"
)
"""Printable characters that Python 3.11 does not know yet."""

_NEW_SINCE = "\u2ffc-\u2fff\u31ef\U0002ebf0-\U0002ee5d"
"""Printable characters of Unicode 15.1, which Go does not know yet."""


@cache
def _of(ranges: str) -> re.Pattern[str]:
    return re.compile(f"[{ranges}]")


def is_printable(char: str) -> bool:
    """``strconv.IsPrint``."""
    return (char.isprintable() and are_printable(char)) or bool(_of(_NEW_IN_15).match(char))


def are_printable(text: str) -> bool:
    """Whether Python knows all characters as printable, and so does Go."""
    return text.isascii() or (text.isprintable() and not _of(_NEW_SINCE).search(text))


def is_upper(char: str) -> bool:
    """``unicode.IsUpper``."""
    return unicodedata.category(char) == "Lu"


def is_lower(char: str) -> bool:
    """``unicode.IsLower``."""
    return unicodedata.category(char) == "Ll"


def is_title(char: str) -> bool:
    """``unicode.IsTitle``."""
    return unicodedata.category(char) == "Lt"


def _simple(char: str, mapped: str) -> str:
    return mapped if len(mapped) == 1 else char


def _upper(char: str) -> str:
    mapped = char.upper()
    return mapped if len(mapped) == 1 else _simple(char, char.title())


def to_upper(text: str) -> str:
    """``strings.ToUpper``: one character becomes one character, so ``ß`` stays."""
    return text.upper() if text.isascii() else "".join(map(_upper, valid(text)))


def to_lower(text: str) -> str:
    """``strings.ToLower``."""
    return text.lower() if text.isascii() else "".join(char.lower()[0] for char in valid(text))


def to_title(text: str) -> str:
    """``unicode.ToTitle`` of each character."""
    return "".join(_simple(char, char.title()) for char in text)
