"""The tokens of an expression."""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal["Identifier", "Number", "String", "Bytes", "Operator", "Bracket", "EOF"]

WORD_OPERATORS = frozenset(
    ["not", "in", "or", "and", "matches", "contains", "startsWith", "endsWith", "let", "if", "else"]
)
"""Words that are operators wherever they stand, except after a dot."""


class Token(NamedTuple):
    """A token: its kind, its text (of a string: the text it means), and where it stands (0-based, end exclusive)."""

    kind: Kind
    value: str
    start: int
    end: int

    def __str__(self) -> str:
        """Give the token as error messages show it: ``Operator("+")``."""
        shown = self.value if len(self.value) <= 40 else self.value[:39] + "…"
        return f'{self.kind}("{shown}")' if self.value else self.kind
