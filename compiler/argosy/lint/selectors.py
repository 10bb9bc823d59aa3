"""Label selectors as Kubernetes reads them. Source: ``apimachinery/pkg/labels/selector.go`` (``Parse``)."""

from __future__ import annotations

import re

from argosy.language.gotext import atoi

Fault = tuple[str, int, int]
"""What is wrong, and from where to where."""


class _FaultError(Exception):
    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.fault: Fault = (message, start, end)


def selector_fault(text: str) -> Fault | None:
    """Say why a label selector cannot be read, or give None for one that can."""
    tokens = [(found[0], found.start()) for found in re.finditer(r"==|!=|[=!(),<>]|[^\s=!(),<>]+", text)]
    reader = _Reader(text, [*tokens, ("", len(text))])
    try:
        reader.requirements()
    except _FaultError as fault:
        return fault.fault
    return None


class _Reader:
    def __init__(self, text: str, tokens: list[tuple[str, int]]) -> None:
        self.text = text
        self.tokens = tokens
        self.at = 0

    def next(self) -> str:
        return self.tokens[self.at][0]

    def take(self) -> str:
        found = self.tokens[self.at][0]
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return found

    def fail(self, wanted: str) -> _FaultError:
        found, start = self.tokens[self.at]
        if not found:
            return _FaultError(f"it ends where {wanted} should come", max(len(self.text) - 1, 0), len(self.text))
        return _FaultError(f"{found!r} comes where {wanted} should", start, start + len(found))

    def requirements(self) -> None:
        while self.next():
            self.requirement()
            if self.next() not in ("", ","):
                raise self.fail("a comma")
            if self.take() == "," and not self.next():
                raise self.fail("a name")

    def requirement(self) -> None:
        absent = self.next() == "!"
        if absent:
            self.take()
        self.key()
        if absent or self.next() in ("", ","):
            return
        operator = self.next()
        if operator not in ("=", "==", "!=", ">", "<", "in", "notin"):
            raise self.fail("one of = == != > < in notin")
        self.take()
        if operator in ("in", "notin"):
            self.values()
        elif self.next() not in ("", ","):
            self.value(number=operator in "<>")
        elif operator in "<>":
            raise self.fail("a whole number")

    def key(self) -> None:
        name = self.next()
        prefix, slash, last = name.rpartition("/")
        named = re.fullmatch(r"[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?", last) and len(last) <= 63
        if not named or (slash and not re.fullmatch(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?", prefix)):
            raise self.fail("the name of a field")
        self.take()

    def value(self, *, number: bool) -> None:
        text = self.next()
        if number and atoi(text) is None:
            raise self.fail("a whole number")
        if len(text) > 63 or not re.fullmatch(r"[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?", text):
            raise self.fail("a value of letters, digits, dashes, dots and underscores")
        self.take()

    def values(self) -> None:
        if self.next() != "(":
            raise self.fail("a parenthesis")
        self.take()
        while self.next() != ")":
            if self.next() != ",":
                self.value(number=False)
            if self.next() not in (",", ")"):
                raise self.fail("a comma or a parenthesis")
            if self.next() == ",":
                self.take()
        self.take()
