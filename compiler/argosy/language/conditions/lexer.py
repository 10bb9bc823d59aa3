"""Conditions as tokens (govaluate's ``parsing.go`` at the version of Argo 4.1), with offsets."""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import Enum

from msgspec import Struct

from argosy.errors import LanguageError
from argosy.language.conditions.times import unix_time
from argosy.language.gochars import SPACE
from argosy.later import regex


class Kind(Enum):
    """What a token is; the names are govaluate's, which its messages show."""

    PREFIX = "PREFIX"
    NUMERIC = "NUMERIC"
    BOOLEAN = "BOOLEAN"
    STRING = "STRING"
    PATTERN = "PATTERN"
    TIME = "TIME"
    VARIABLE = "VARIABLE"
    SEPARATOR = "SEPARATOR"
    ACCESSOR = "ACCESSOR"
    COMPARATOR = "COMPARATOR"
    LOGICALOP = "LOGICALOP"
    MODIFIER = "MODIFIER"
    CLAUSE = "CLAUSE"
    CLAUSE_CLOSE = "CLAUSE_CLOSE"
    TERNARY = "TERNARY"


class Token(Struct, frozen=True):
    """One token; ``value`` is what it means: a number, a bool, a text, an operator, seconds since 1970 for a time."""

    kind: Kind
    value: float | bool | str
    start: int
    end: int


MAX_TOKENS = 50_000
"""How many tokens a condition may have."""

PREFIXES = frozenset(["-", "!", "~"])
MODIFIERS = frozenset(["+", "-", "*", "/", "%", "**", "&", "|", "^", ">>", "<<"])
_SYMBOLS: dict[str, Kind] = {
    **dict.fromkeys(MODIFIERS, Kind.MODIFIER),
    **dict.fromkeys(["&&", "||"], Kind.LOGICALOP),
    **dict.fromkeys(["==", "!=", ">", ">=", "<", "<=", "=~", "!~"], Kind.COMPARATOR),
    **dict.fromkeys(["?", ":", "??"], Kind.TERNARY),
}
_BEFORE_PREFIX = frozenset(
    [Kind.CLAUSE, Kind.MODIFIER, Kind.COMPARATOR, Kind.LOGICALOP, Kind.TERNARY, Kind.SEPARATOR, None]
)
_HEX = regex(r"[0-9a-fA-F]+\Z")
_DECIMAL = regex(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)\Z")
_MAX_UINT64 = 2**64 - 1
_QUOTES = "'\""


def is_letter(char: str) -> bool:
    """Go's ``unicode.IsLetter``."""
    return char.isalpha()


def _is_digit(char: str) -> bool:
    return char.isdecimal()


def _is_numeric(char: str) -> bool:
    return char.isdecimal() or char == "."


def _is_hex(char: str) -> bool:
    return char.isdecimal() or char.lower() in "abcdef"


def is_variable(char: str) -> bool:
    """Whether a bare word goes on with this character."""
    return char.isalpha() or char.isdecimal() or char in "_."


def _is_symbol(char: str) -> bool:
    return not (char.isdecimal() or char.isalpha() or char in "()[]'\"")


def _is_not_quote(char: str) -> bool:
    return char not in _QUOTES


def _is_not_bracket(char: str) -> bool:
    return char != "]"


class _Lexer:
    """A cursor over the text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def fail(self, message: str, at: int, hint: str | None = None) -> LanguageError:
        return LanguageError(message, at, text=self.text, hint=hint)

    def read(self, allowed: Callable[[str], bool], *, spaces: bool = False) -> tuple[str, bool]:
        """Read while characters are allowed; a backslash takes the next one as it is. Also tell whether an end was
        found.

        Without ``spaces``, white space before the first character is skipped, and any after it ends the reading.
        """
        text, parts, size = self.text, list[str](), len(self.text)
        while self.at < size:
            char = text[self.at]
            self.at += 1
            if char == "\\":
                if self.at >= size:
                    raise self.fail("A backslash ends the expression, with nothing to escape", size - 1)
                parts.append(text[self.at])
                self.at += 1
            elif char in SPACE and not spaces:
                if parts:
                    self.at -= 1
                    return "".join(parts), True
            elif allowed(char):
                parts.append(char)
            else:
                self.at -= 1
                return "".join(parts), True
        return "".join(parts), False

    def number(self, start: int) -> Token:
        if self.text.startswith("0x", start) and start + 2 < len(self.text):
            self.at = start + 2
            digits, _ = self.read(_is_hex)
            if not _HEX.match(digits) or int(digits, 16) > _MAX_UINT64:
                raise self.fail(f"Unable to parse hex value '{digits}' to uint64", start)
            return self.token(Kind.NUMERIC, float(int(digits, 16)), start)
        self.at = start
        digits, _ = self.read(_is_numeric)
        number = float(digits) if _DECIMAL.match(digits) else math.inf
        if math.isinf(number):
            raise self.fail(
                f"Unable to parse numeric value '{digits}' to float64", start, "put versions and the like in quotes"
            )
        return self.token(Kind.NUMERIC, number, start)

    def word(self, start: int) -> Token:
        self.at = start
        word, _ = self.read(is_variable)
        if word.find(".") > 0:
            return self.accessor(word, start)
        if word in ("true", "false"):
            return self.token(Kind.BOOLEAN, word == "true", start)
        if word in ("in", "IN"):
            return self.token(Kind.COMPARATOR, "in", start)
        return self.token(Kind.VARIABLE, word, start)

    def accessor(self, word: str, start: int) -> Token:
        hint = "put text with dots in quotes"
        if word.endswith("."):
            raise self.fail(f"Hanging accessor on token '{word}'", start, hint)
        for part in word.split(".")[1:]:
            upper = part[:1].upper()
            if upper != part[:1] and len(upper) == 1:
                raise self.fail(f"Unable to access unexported field '{part}' in token '{word}'", start, hint)
        return self.token(Kind.ACCESSOR, word, start)

    def string(self, start: int) -> Token:
        value, closed = self.read(_is_not_quote, spaces=True)
        if not closed:
            raise self.fail("Unclosed string literal", start)
        self.at += 1
        seconds = unix_time(value)
        return self.token(Kind.STRING, value, start) if seconds is None else self.token(Kind.TIME, seconds, start)

    def bracket(self, start: int) -> Token:
        value, closed = self.read(_is_not_bracket, spaces=True)
        if not closed:
            raise self.fail("Unclosed parameter bracket", start)
        self.at += 1
        return self.token(Kind.VARIABLE, value, start)

    def symbol(self, start: int, last: Kind | None) -> Token:
        self.at = start
        symbol, _ = self.read(_is_symbol)
        if symbol in PREFIXES and last in _BEFORE_PREFIX:
            return self.token(Kind.PREFIX, symbol, start)
        if symbol in _SYMBOLS:
            return self.token(_SYMBOLS[symbol], symbol, start)
        raise self.fail(f"Invalid token: '{symbol}'", start, 'try wrapping the affected expression in quotes (")')

    def token(self, kind: Kind, value: float | bool | str, start: int) -> Token:
        return Token(kind, value, start, self.at)

    def next(self, last: Kind | None) -> Token | None:
        while self.at < len(self.text) and self.text[self.at] in SPACE:
            self.at += 1
        if self.at >= len(self.text):
            return None
        start, char = self.at, self.text[self.at]
        self.at += 1
        if _is_numeric(char):
            return self.number(start)
        if char in _SINGLE:
            return self.token(_SINGLE[char], char, start)
        if char == "[":
            return self.bracket(start)
        if is_letter(char):
            return self.word(start)
        if char in _QUOTES:
            return self.string(start)
        return self.symbol(start, last)


_SINGLE = {",": Kind.SEPARATOR, "(": Kind.CLAUSE, ")": Kind.CLAUSE_CLOSE}


def tokens(text: str) -> list[Token]:
    """Split a condition into tokens. Raises LanguageError at the first character that starts none."""
    lexer, found, last = _Lexer(text), list[Token](), None
    while (token := lexer.next(last)) is not None:
        found.append(token)
        if len(found) > MAX_TOKENS:
            raise lexer.fail(f"The expression has more than {MAX_TOKENS} parts", token.start)
        last = token.kind
    return found
