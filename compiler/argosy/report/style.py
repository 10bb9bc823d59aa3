"""Colour and width: decided once for a stream, and asked by reporters that draw for people."""

from __future__ import annotations

import os
from typing import NamedTuple, TextIO

_CODES = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "magenta": "35",
    "cyan": "36",
}


class Style(NamedTuple):
    """How to draw for people."""

    colour: bool = False
    width: int = 100
    """Columns that there are."""

    def paint(self, text: str, *how: str) -> str:
        """Put text in colours; as it is where there is no colour.

        >>> Style(colour=True).paint("no", "bold", "red")
        '\\x1b[1;31mno\\x1b[0m'
        """
        if not self.colour or not text or not how:
            return text
        return f"\x1b[{';'.join(_CODES[one] for one in how)}m{text}\x1b[0m"


PLAIN = Style()


def style_for(stream: TextIO | None) -> Style:
    """Give the style for a stream: colour on a terminal only, unless NO_COLOR or FORCE_COLOR says otherwise."""
    if stream is None:
        return PLAIN
    terminal = stream.isatty()
    return Style(_coloured(terminal), _width(stream) if terminal else PLAIN.width)


def _coloured(terminal: bool) -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return terminal and os.environ.get("TERM") != "dumb"


def _width(stream: TextIO) -> int:
    try:
        return max(40, os.get_terminal_size(stream.fileno()).columns)
    except (OSError, ValueError):
        return PLAIN.width
