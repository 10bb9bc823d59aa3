"""Words of shell scripts: quoting, expansions, redirections, here-documents.

What shells differ in is not decided. Source: POSIX.1-2017, XCU 2.2 to 2.7; the Bash Reference Manual 5.2, chapter 3.
"""

from __future__ import annotations

import re
from typing import NoReturn

from msgspec import Struct, field


class Expansion(Struct, frozen=True):
    """A plain ``$NAME`` or ``${NAME}`` outside quotes."""

    name: str
    start: int
    end: int


class Command(Struct):
    """A simple command: its words as they are written, assignments before them left out."""

    start: int
    words: list[str] = field(default_factory=list)
    unquoted: list[Expansion] = field(default_factory=list)
    """The expansions in its words that the shell splits."""
    depth: int = 0
    """How many compound commands and substitutions it is in."""
    joined: bool = False
    """It stands beside a ``&&``, ``||`` or ``|``, behind a ``!``, or is a condition."""
    redirected: bool = False


class Fault(Struct, frozen=True):
    """Why a shell cannot read a script, and where."""

    message: str
    start: int
    end: int


class BrokenError(Exception):
    """The script is wrong, whatever shell reads it."""

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.fault = Fault(message, start, end)


class UnsureError(Exception):
    """Shells differ here, or the reader knows too little."""


ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\[[^\]]*\])?\+?=")
WORD_ENDS = frozenset(" \t\n;&|<>()")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_REDIRECTION = re.compile(r"&>>?|<<<|<<-|<<|<&|<>|>>|>&|>\||<|>")
_DEEPEST = 40


class Words:
    """Goes through a script once, from left to right; ``at`` is where it is."""

    def __init__(self, text: str, bash: bool) -> None:
        self.text = text
        self.bash = bash
        self.at = 0
        self.depth = 0
        self.documents: list[tuple[str, bool, int]] = []
        """Here-documents whose text begins after the line: delimiter, whether tabs go, and where they are asked for."""

    def peek(self, literal: str) -> bool:
        """Say whether a text comes next."""
        return self.text.startswith(literal, self.at)

    def blanks(self) -> None:
        """Go over blanks, joined lines, and a comment."""
        text = self.text
        while self.at < len(text):
            if text[self.at] in " \t":
                self.at += 1
            elif text.startswith("\\\n", self.at):
                self.at += 2
            elif text[self.at] == "#":
                end = text.find("\n", self.at)
                self.at = end if end >= 0 else len(text)
            else:
                return

    def newlines(self) -> None:
        """Go over line ends, and the here-documents after them."""
        self.blanks()
        while self.peek("\n"):
            self.at += 1
            self.here_documents()
            self.blanks()

    def here_documents(self) -> None:
        """Go over the here-documents that the line before asked for."""
        asked, self.documents = self.documents, []
        for delimiter, tabs, start in asked:
            while True:
                if self.at >= len(self.text):
                    self.never_ends("here-document", delimiter, start)
                end = self.text.find("\n", self.at)
                line = self.text[self.at : end if end >= 0 else len(self.text)]
                self.at = end + 1 if end >= 0 else len(self.text)
                if (line.lstrip("\t") if tabs else line) == delimiter:
                    break

    def never_ends(self, what: str, delimiter: str, start: int) -> NoReturn:
        """Say that a here-document goes on to the end of the script."""
        if self.depth:
            raise UnsureError
        raise BrokenError(f"the {what} never ends: no line is just {delimiter!r}", start, self.line_end(start))

    def line_end(self, at: int) -> int:
        """Give where a line ends."""
        end = self.text.find("\n", at)
        return end if end >= 0 else len(self.text)

    def reserved(self) -> str:
        """Give the word that comes next, if it is a plain one that shells may reserve; else nothing."""
        found = re.compile(r"[A-Za-z]+|[{}!]|\[\[").match(self.text, self.at)
        if found is None:
            return ""
        after = self.text[found.end() : found.end() + 2]
        return found[0] if not after or after[0] in WORD_ENDS or after == "\\\n" else ""

    def unexpected(self, what: str = "") -> NoReturn:
        """Say that what comes next may not stand there."""
        what = what or self.reserved() or self.text[self.at : self.at + 1]
        if not what:
            raise BrokenError("it ends where a command should come", max(len(self.text) - 1, 0), len(self.text))
        if what == "\n":
            raise BrokenError("a line ends where a command should come", max(self.at - 1, 0), self.at)
        raise BrokenError(f"{what!r} is not expected here", self.at, self.at + len(what))

    def nested(self) -> None:
        """Go one level deeper."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise UnsureError

    def redirection(self) -> bool:
        """Go over a redirection, if one comes next."""
        numbered = re.compile(r"(?:\d+|\{[A-Za-z_]\w*\})(?=[<>])").match(self.text, self.at)
        begin = numbered.end() if numbered else self.at
        found = _REDIRECTION.match(self.text, begin)
        if found is None or self.text.startswith(("<(", ">("), begin):
            return False
        start = self.at
        self.at = found.end()
        self.blanks()
        if self.at >= len(self.text) or (
            self.text[self.at] in WORD_ENDS and self.text[self.at : self.at + 2] not in ("<(", ">(")
        ):
            raise BrokenError(f"{found[0]!r} does not say to where", start, found.end())
        begin = self.at
        self.word(None)
        if found[0] in ("<<", "<<-"):
            delimiter = re.sub(r"['\"\\]", "", self.text[begin : self.at])
            if "$" in delimiter or "`" in delimiter:
                raise UnsureError
            self.documents.append((delimiter, found[0] == "<<-", start))
        return True

    def word(self, command: Command | None) -> None:
        """Go over a word; what is split in it is noted with the command."""
        begin = self.at
        while self.at < len(self.text):
            char = self.text[self.at]
            if self.text.startswith(("<(", ">("), self.at):
                self.at += 1
                self.substitution(self.at - 1, self.text[self.at - 1 : self.at + 1])
            elif char == "(" and self.at > begin and self.is_bash_parenthesis(begin):
                self.parentheses()
            elif char in WORD_ENDS:
                break
            else:
                self.part(command)
        if self.at == begin:
            self.unexpected()

    def is_bash_parenthesis(self, begin: int) -> bool:
        """Say whether a parenthesis inside a word begins an array, or a pattern."""
        before = self.text[self.at - 1]
        return before in "@?*+!" or (before == "=" and ASSIGNMENT.fullmatch(self.text, begin, self.at) is not None)

    def parentheses(self) -> None:
        """An array, or a pattern of bash."""
        start, depth = self.at, 0
        while self.at < len(self.text):
            char = self.text[self.at]
            if char in "'\"$`\\":
                self.part(None)
                continue
            if char == "#" and self.text[self.at - 1] in " \t\n":
                self.at = self.line_end(self.at)
                continue
            depth += {"(": 1, ")": -1}.get(char, 0)
            self.at += 1
            if not depth:
                return
        raise BrokenError("'(' is never closed", start, start + 1)

    def part(self, command: Command | None) -> None:
        """Go over a piece of a word: something quoted or expanded, or one character."""
        char = self.text[self.at]
        if char == "\\":
            self.at += 2
        elif char == "'":
            self.at = self.quoted("'", self.at + 1)
        elif char == '"':
            self.double()
        elif char == "`":
            self.backquoted()
        elif char == "$":
            self.dollar(command, quoted=False)
        else:
            self.at += 1
        self.at = min(self.at, len(self.text))

    def quoted(self, quote: str, begin: int) -> int:
        """Give where a text ends that only its quote sign ends."""
        end = self.text.find(quote, begin)
        if end < 0:
            raise BrokenError(f"the quote sign {quote} is never closed", begin - 1, begin)
        return end + 1

    def double(self) -> None:
        """Go over a text in double quotes."""
        start = self.at
        self.at += 1
        while self.at < len(self.text):
            char = self.text[self.at]
            if char == '"':
                self.at += 1
                return
            if char == "\\":
                self.at += 2
            elif char == "`":
                self.backquoted()
            elif char == "$":
                self.dollar(None, quoted=True)
            else:
                self.at += 1
        raise BrokenError('the quote sign " is never closed', start, start + 1)

    def backquoted(self) -> None:
        """Go over a command in backquotes, whose inside is not looked at."""
        start = self.at
        self.at += 1
        while self.at < len(self.text):
            char = self.text[self.at]
            self.at += 2 if char == "\\" else 1
            if char == "`":
                return
        raise BrokenError("the quote sign ` is never closed", start, start + 1)

    def dollar(self, command: Command | None, *, quoted: bool) -> None:
        """Go over an expansion."""
        start = self.at
        after = self.text[start + 1 : start + 2]
        if self.peek("$(("):
            self.at += 1
            if not self.arithmetic():
                raise UnsureError
        elif after == "(":
            self.at += 1
            self.substitution(start, "$(")
        elif after == "{":
            self.braces(command, quoted=quoted)
        elif after == "'" and not quoted:
            self.ansi()
        elif (found := _NAME.match(self.text, start + 1)) is not None:
            self.at = found.end()
            if command is not None and not quoted:
                command.unquoted.append(Expansion(found[0], start, self.at))
        else:
            self.at += 2 if after and after in "$!?#*@-0123456789" else 1

    def ansi(self) -> None:
        """``$'...'``, in which a backslash takes the next character with it; `sh` may read it otherwise."""
        found = re.compile(r"\$'(?:[^'\\]|\\.)*'", re.DOTALL).match(self.text, self.at)
        if found is None or "\\'" in found[0]:
            raise UnsureError
        self.at = found.end()

    def substitution(self, start: int, what: str) -> None:
        """Go over ``$(...)`` from its parenthesis on."""
        self.at += 1
        asked, self.documents = self.documents, []
        self.nested()
        self.inside(start, what)
        self.depth -= 1
        if self.documents:
            raise UnsureError
        self.documents = asked

    def inside(self, start: int, what: str) -> None:
        """Go over the commands of a ``$(...)``, and its end."""
        raise NotImplementedError

    def braces(self, command: Command | None, *, quoted: bool) -> None:
        """Go over ``${...}``."""
        start = self.at
        plain = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}").match(self.text, start)
        if plain is not None:
            self.at = plain.end()
            if command is not None and not quoted:
                command.unquoted.append(Expansion(plain[1], start, self.at))
            return
        begun = re.compile(r"\$\{[#!]?(?:\w+|[@*#?$!-])(?=[]}:=+?#%/^,@*\[-])").match(self.text, start)
        if begun is None:
            raise UnsureError  # it is wrong, or an oddity of one shell
        self.at = begun.end()
        while self.at < len(self.text):
            char = self.text[self.at]
            if char == "}":
                self.at += 1
                return
            if char == "'" and quoted:
                raise UnsureError  # shells differ on what it means here
            self.part(None)
        raise BrokenError("'${' is never closed", start, start + 2)

    def arithmetic(self) -> bool:
        """Go behind the ``))``, or say that there is none, and that it is something else."""
        self.at += 2
        depth = 0
        while self.at < len(self.text):
            char = self.text[self.at]
            if char in "'\"$`\\":
                self.part(None)
                continue
            if char == ")" and not depth:
                self.at += 2
                return self.text[self.at - 1 : self.at] == ")"
            depth += {"(": 1, ")": -1}.get(char, 0)
            self.at += 1
        return False
