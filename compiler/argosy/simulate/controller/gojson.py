"""Messages of Go's encoding/json for texts that are no JSON, as Argo passes them on."""

from __future__ import annotations

import json

_LITERALS = {"t": "true", "f": "false", "n": "null"}


def _char(char: str) -> str:
    if char == "'":
        return "'\\''"
    if char == '"':
        return "'\"'"
    return "'" + json.dumps(char, ensure_ascii=False)[1:-1] + "'"


def syntax_error(text: str) -> str | None:
    """Give Go's message for the first error in a text, or None if it is one JSON value."""
    scanner = _Scanner(text)
    scanner.space()
    problem = scanner.value("looking for beginning of value")
    if problem is None:
        scanner.space()
        if scanner.at < len(text):
            problem = f"invalid character {_char(text[scanner.at])} after top-level value"
    return problem


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def space(self) -> None:
        while self.at < len(self.text) and self.text[self.at] in " \t\r\n":
            self.at += 1

    def peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""

    def unexpected(self, context: str) -> str:
        char = self.peek()
        return f"invalid character {_char(char)} {context}" if char else "unexpected end of JSON input"

    def value(self, context: str) -> str | None:
        char = self.peek()
        if char == "{":
            return self.object()
        if char == "[":
            return self.array()
        if char == '"':
            return self.string()
        if char and (char.isdigit() or char == "-") and char.isascii():
            return self.number()
        if char in _LITERALS and char:
            return self.literal(_LITERALS[char])
        return self.unexpected(context)

    def literal(self, word: str) -> str | None:
        for i, expected in enumerate(word):
            if self.peek() != expected:
                return self.unexpected(f"in literal {word} (expecting {_char(expected)})") if i else None
            self.at += 1
        return None

    def string(self) -> str | None:
        self.at += 1
        while True:
            char = self.peek()
            if not char:
                return "unexpected end of JSON input"
            if char == '"':
                self.at += 1
                return None
            if char < " ":
                return self.unexpected("in string literal")
            if char == "\\":
                self.at += 1
                escape = self.peek()
                if not escape or escape not in '"\\/bfnrtu':
                    return self.unexpected("in string escape code")
                if escape == "u":
                    for _ in range(4):
                        self.at += 1
                        if self.peek() not in "0123456789abcdefABCDEF" or not self.peek():
                            return self.unexpected("in \\u hexadecimal character escape")
            self.at += 1

    def number(self) -> str | None:
        if self.peek() == "-":
            self.at += 1
            if not self.peek().isdigit():
                return self.unexpected("in numeric literal")
        if self.peek() == "0":
            self.at += 1
        else:
            self.digits()
        if self.peek() == ".":
            self.at += 1
            if not self.peek().isdigit():
                return self.unexpected("after decimal point in numeric literal")
            self.digits()
        if self.peek() in ("e", "E"):
            self.at += 1
            if self.peek() in ("+", "-"):
                self.at += 1
            if not self.peek().isdigit():
                return self.unexpected("in exponent of numeric literal")
            self.digits()
        return None

    def digits(self) -> None:
        while self.peek().isdigit():
            self.at += 1

    def array(self) -> str | None:
        self.at += 1
        self.space()
        if self.peek() == "]":
            self.at += 1
            return None
        while True:
            self.space()
            problem = self.value("looking for beginning of value")
            if problem:
                return problem
            self.space()
            if self.peek() == "]":
                self.at += 1
                return None
            if self.peek() != ",":
                return self.unexpected("after array element")
            self.at += 1

    def object(self) -> str | None:
        self.at += 1
        self.space()
        if self.peek() == "}":
            self.at += 1
            return None
        while True:
            self.space()
            if self.peek() != '"':
                return self.unexpected("looking for beginning of object key string")
            problem = self.string()
            if problem:
                return problem
            self.space()
            if self.peek() != ":":
                return self.unexpected("after object key")
            self.at += 1
            self.space()
            problem = self.value("looking for beginning of value")
            if problem:
                return problem
            self.space()
            if self.peek() == "}":
                self.at += 1
                return None
            if self.peek() != ",":
                return self.unexpected("after object key:value pair")
            self.at += 1
