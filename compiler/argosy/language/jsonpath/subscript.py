"""What stands in square brackets, as its arguments (the second half of ``token/token.go``)."""

from __future__ import annotations

from argosy.errors import LanguageError
from argosy.later import regex

Argument = int | str | None

_INTEGER = regex(r"[+-]?[0-9]+\Z")
_WHITE = " \t\n\v\f\r\x85\xa0"


def invalid(token: str) -> LanguageError:
    """Say that a token does not have the form of any."""
    return LanguageError(f"invalid token. '{token}' does not match any token format")


def integer(text: str) -> int | None:
    """Read an integer of 64 bits, None if the text is none."""
    if len(text) > 25 or not _INTEGER.match(text):
        return None
    number = int(text)
    return number if -(2**63) <= number < 2**63 else None


def is_script(text: str) -> bool:
    """Whether an argument is ``(expression)``."""
    return len(text) > 2 and text.startswith("(") and text.endswith(")")


def is_key(text: str) -> bool:
    """Whether an argument is in quotes."""
    return len(text) > 1 and text[0] == text[-1] and text[0] in "'\""


class _Reader:
    def __init__(self, token: str) -> None:
        self.token = token
        self.found: list[Argument] = []
        self.buffer = ""
        self.depth = 0
        self.quote = ""

    def read(self, text: str) -> list[Argument]:
        for index, char in enumerate(text):
            self.buffer += char
            if char == " " and not self.quote and self.depth == 0:
                self.buffer = self.buffer.strip(_WHITE)
            elif char == "(" and not self.quote:
                self.depth += 1
            elif char == ")":
                self.close()
            elif char in "'\"":
                self.quoted(char)
            elif char in ":," and not self.quote and self.depth == 0:
                self.separate(char, index)
        if self.buffer:
            number = integer(self.buffer)
            self.found.append(self.buffer if number is None else number)
        return self.found

    def close(self) -> None:
        self.depth -= 1
        if self.depth == 0:
            if not is_script(self.buffer):
                raise LanguageError(f"invalid expression. invalid format '{self.buffer}'")
            self.found.append(self.buffer)
            self.buffer = ""

    def quoted(self, char: str) -> None:
        if (self.quote and self.quote != char) or self.depth != 0:
            return
        if len(self.buffer) > 1 and self.buffer[-2] == "\\":
            self.buffer = self.buffer[:-2] + char
            return
        if not self.quote:
            self.quote = char
            if self.buffer != char:
                raise invalid(self.token)
            return
        self.quote = ""
        if not is_key(self.buffer):
            raise invalid(self.token)
        self.found.append(self.buffer)
        self.buffer = ""

    def separate(self, char: str, index: int) -> None:
        argument = self.buffer[:-1]
        number = integer(argument)
        if argument and number is None and char == ":":
            raise invalid(self.token)
        if argument:
            self.found.append(argument if number is None else number)
        elif char == ":" and index == 0:
            self.found.append(None)
        self.found.append(char)
        self.buffer = ""


def arguments(token: str, text: str) -> list[Argument]:
    """Give the arguments of a subscript and what separates them (``:`` or ``,``). Raises LanguageError for an odd
    form."""
    return _Reader(token).read(text)
