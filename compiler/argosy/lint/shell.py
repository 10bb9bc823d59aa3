"""Code that a container runs, and how it quotes: enough of shell syntax to say whether a tag stands inside quotes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from argosy.later import regex
from argosy.lint import tables
from argosy.lint.context import Context, table
from argosy.source import Address

Language = Literal["shell", "python", "node", "other"]
Quote = Literal["none", "single", "double", "comment", "here-document"]

_SHELLS = {"sh", "bash", "ash", "dash", "zsh", "ksh"}


class Code(Struct, frozen=True, eq=False):
    """Source that a container runs: a script, or the text after ``sh -c``."""

    text: str
    address: Address
    language: Language
    holder: tables.ContainerAt


@table
def code(context: Context) -> Iterator[Code]:
    """Give all code in the document that a known interpreter runs."""
    for one in tables.containers(context):
        container = one.container
        if one.role == "script":
            source = getattr(container, "source", "")
            if source:
                yield Code(source, one.at("source"), interpreter(container.command), one)
            continue
        words = [(word, one.at("command", n)) for n, word in enumerate(container.command)]
        words += [(word, one.at("args", n)) for n, word in enumerate(container.args)]
        found = _after_c(words)
        if found is not None:
            yield Code(*found, interpreter([word for word, _ in words]), one)


def interpreter(command: list[str]) -> Language:
    """Say what runs the code: by the program's name; ``env bash`` counts as bash."""
    names = [word.rpartition("/")[2] for word in command if not word.startswith("-")]
    name = names[1] if len(names) > 1 and names[0] == "env" else names[0] if names else ""
    if name in _SHELLS:
        return "shell"
    if name.startswith("python"):
        return "python"
    return "node" if name == "node" else "other"


def _after_c(words: list[tuple[str, Address]]) -> tuple[str, Address] | None:
    """The word after ``-c`` (or ``-ec``, ``-xc``, ...) or after node's ``-e``, if an interpreter comes first."""
    language = interpreter([word for word, _ in words])
    if language == "other":
        return None
    for n, (word, _) in enumerate(words[1:-1], 1):
        if word.startswith("-") and not word.startswith("--") and word.endswith("e" if language == "node" else "c"):
            return words[n + 1]
    return None


_TURNS = {"none": regex(r"[\\'\"#<]"), "double": regex(r"[\\\"]"), "single": regex("'"), "comment": regex("\n")}
"""What may end a way of quoting, or begin another; the rest is passed over."""


def quoting(text: str, offset: int) -> Quote:
    """Say how a place in shell code is quoted."""
    state: Quote = "none"
    n = 0
    while turn := _TURNS[state].search(text, n, offset):
        n, char = turn.start(), turn[0]
        if state in ("single", "comment"):
            state = "none"
        elif char == "\\":
            n += 1
        elif state == "double":
            state = "none"
        elif char == "'":
            state = "single"
        elif char == '"':
            state = "double"
        elif char == "#":
            state = "comment" if n == 0 or text[n - 1] in " \t\n;|&(" else state
        elif text.startswith("<<", n) and not text.startswith("<<<", n) and "\n" in text[n:offset]:
            end = _here_document_end(text, n)
            if end is None or end > offset:
                return "here-document"
            n = end
            continue
        n += 1
    return state


def _here_document_end(text: str, start: int) -> int | None:
    """The offset after a here-document whose ``<<`` stands at ``start``; None where it never ends."""
    line, newline, rest = text[start + 2 :].partition("\n")
    word = line.lstrip("-").split()[0].strip("'\"") if line.lstrip("-").split() else ""
    if not newline or not word:
        return start + 2
    at = start + 2 + len(line) + 1
    for body in rest.splitlines(keepends=True):
        at += len(body)
        if body.strip() == word:
            return at
    return None
