"""What the parser stands on: the token at hand, the one before, limits and errors."""

from __future__ import annotations

import math

from argosy.errors import LanguageError
from argosy.language.expr import nodes as n
from argosy.language.expr.lexer import tokens
from argosy.language.expr.tokens import Token

MAX_NODES = 10_000
"""How many nodes a tree may have: expr's ``DefaultMaxNodes``."""

MAX_DEPTH = 100
"""How deep brackets and operands may nest. expr has no such limit."""


class Reader:
    """Reads tokens one by one; counts nodes and depth."""

    def __init__(self, text: str, overridden: frozenset[str]) -> None:
        self.text = text
        self.overridden = overridden
        self.tokens = tokens(text)
        self.count = 0
        self.depth = 0
        self.predicates = 0
        self.last_end = 0
        self.stashed: Token | None = None
        self.current = next(self.tokens)

    def fail(self, message: str, at: int | None = None, hint: str | None = None) -> LanguageError:
        """Give an error at a place, by default that of the current token."""
        return LanguageError(message, self.current.start if at is None else at, text=self.text, hint=hint)

    def unexpected(self) -> LanguageError:
        """Give the error of a token that does not belong here."""
        return self.fail(f"unexpected token {self.current}")

    def next(self) -> None:
        """Go to the next token. Raises LanguageError past the end."""
        self.last_end = self.current.end
        if self.stashed is not None:
            self.current, self.stashed = self.stashed, None
            return
        token = next(self.tokens, None)
        if token is None:
            raise self.fail("unexpected end of expression")
        self.current = token

    def operator(self, value: str) -> bool:
        """Whether the current token is this operator."""
        return self.current.value == value and self.current.kind == "Operator"

    def bracket(self, value: str) -> bool:
        """Whether the current token is this bracket."""
        return self.current.value == value and self.current.kind == "Bracket"

    def expect(self, kind: str, value: str | None = None) -> None:
        """Pass a token that must stand here. Raises LanguageError."""
        if self.current.kind != kind or (value is not None and self.current.value != value):
            raise self.unexpected()
        self.next()

    def grow(self, count: int = 1) -> None:
        """Count nodes. Raises LanguageError when there are too many."""
        self.count += count
        if self.count > MAX_NODES:
            raise self.fail("compilation failed: expression exceeds maximum allowed nodes")

    def number(self, token: Token) -> n.Node:
        """Give the node of a number. Raises LanguageError if 64 bits cannot hold it."""
        text = token.value.replace("_", "").lower()
        base = {"0x": 16, "0b": 2, "0o": 8}.get(text[:2], 10)
        try:
            if base != 16 and ("." in text or "e" in text):
                number = float(text)
                if not math.isfinite(number):
                    raise self.fail(f"invalid float literal: {token.value} is out of range", token.start)
                return n.Float(number, token.start, token.end)
            if len(text) > 100:
                raise ValueError
            integer = int(text, base)
        except ValueError:
            raise self.fail(f"invalid number: {token.value[:40]}", token.start) from None
        if integer >= 2**63:
            raise self.fail(f"invalid integer literal: {token.value} is out of range", token.start)
        return n.Integer(integer, token.start, token.end)
