"""Reads shell scripts, as `sh` and `bash` do before they run them: the commands in them, or what is wrong with them.

It takes all that either shell takes, so that a fault is one for both; what it can't be sure of, it passes. Expansions
are found, not made. Source: POSIX.1-2017, XCU 2.9 and 2.10; the Bash Reference Manual 5.2, chapter 3.
"""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from argosy.language.caching import LONGEST
from argosy.lint.shell_words import ASSIGNMENT, WORD_ENDS, BrokenError, Command, Fault, UnsureError, Words


class Script(Struct):
    """What a script is made of; ``fault`` is what is wrong with it, and then commands after it are missing."""

    commands: list[Command]
    fault: Fault | None = None


class _EndError(Exception):
    """The script ends itself: what comes after is never read."""


_CLOSERS = {"then", "elif", "else", "fi", "do", "done", "esac", "}"}
_OPENERS = {"if", "while", "until", "for", "select", "case", "{", "function", "[["}


def read(text: str, *, bash: bool) -> Script:
    """Give the commands of a script, and its first fault: one for bash, or for all that a `sh` can be."""
    return _known(text, bash) if len(text) <= LONGEST else _read(text, bash)


def _read(text: str, bash: bool) -> Script:
    reader = _Reader(text, bash)
    fault: Fault | None = None
    try:
        reader.script()
    except BrokenError as broken:
        fault = broken.fault
    except (UnsureError, _EndError, RecursionError):
        pass
    return Script(reader.commands, fault)


_known = lru_cache(256)(_read)
"""Files are full of the same short scripts."""


class _Reader(Words):
    """Goes through the grammar; the commands that it comes by are in ``commands``."""

    def __init__(self, text: str, bash: bool) -> None:
        super().__init__(text, bash)
        self.commands: list[Command] = []
        self.conditions = 0

    def script(self) -> None:
        self.list(set(), 0, "script")
        if self.at < len(self.text):
            self.unexpected()

    def list(self, ends: set[str], opened: int, what: str, *, may_be_empty: bool = False) -> None:
        """Go over commands up to a reserved word of some, a ``)`` or the end of the text."""
        self.newlines()
        empty = True
        while self.at < len(self.text) and not self.peek(")") and not (self.peek(";;") or self.peek(";&")):
            word = self.reserved()
            if word in ends or word in _CLOSERS:
                break
            self.and_or()
            empty = False
            self.blanks()
            if self.peek(";;") or self.peek(";&"):
                break
            if self.peek(";") or self.peek("&"):
                self.at += 1
            elif not self.peek("\n"):
                break
            self.newlines()
        if empty and not may_be_empty and (ends or what == "("):
            if self.at >= len(self.text):
                raise BrokenError(f"{what!r} is never closed", opened, opened + len(what))
            self.unexpected()

    def and_or(self) -> None:
        first = len(self.commands)
        joined = self.pipeline()
        while True:
            self.blanks()
            if not (self.peek("&&") or self.peek("||")):
                break
            self.at += 2
            joined = True
            self.newlines()
            self.pipeline()
        if joined or self.conditions:
            for one in self.commands[first:]:
                one.joined = True

    def pipeline(self) -> bool:
        """Go over one; say whether it is more than a command."""
        joined = False
        while (word := self.reserved()) in ("!", "time"):
            self.at += len(word)
            joined = joined or word == "!"
            self.blanks()
            if self.at >= len(self.text) or self.text[self.at] in "\n;&|)":
                raise UnsureError
        self.command()
        while True:
            self.blanks()
            if not self.peek("|") or self.peek("||"):
                return joined
            self.at += 2 if self.peek("|&") else 1
            joined = True
            self.newlines()
            self.command()

    def command(self) -> None:
        self.blanks()
        start = self.at
        if self.peek("(("):
            if not self.arithmetic():
                raise UnsureError
            self.redirections()
        elif self.peek("("):
            self.subshell()
            self.redirections()
        elif (word := self.reserved()) in _OPENERS:
            self.compound(word, start)
        elif word in _CLOSERS:
            self.unexpected(word)
        elif word == "coproc":
            raise UnsureError
        else:
            self.simple(start)

    def subshell(self) -> None:
        start = self.at
        self.at += 1
        self.nested()
        self.list(set(), start, "(")
        self.close(")", start, "(")
        self.depth -= 1

    def close(self, literal: str, start: int, what: str) -> None:
        if self.at >= len(self.text):
            raise BrokenError(f"{what!r} is never closed", start, start + len(what))
        if not self.peek(literal):
            self.unexpected()
        self.at += len(literal)

    def inside(self, start: int, what: str) -> None:
        """Go over the commands of a ``$(...)``, and its end."""
        conditions, self.conditions = self.conditions, 0
        self.list(set(), start, what, may_be_empty=True)
        self.close(")", start, what)
        self.conditions = conditions

    def compound(self, word: str, start: int) -> None:
        self.nested()
        self.at += len(word)
        match word:
            case "if":
                self.conditional(start)
            case "while" | "until":
                self.condition({"do"}, start, word)
                self.body(start, word)
            case "for" | "select":
                self.loop(start, word)
            case "case":
                self.case(start)
            case "{":
                self.list({"}"}, start, "{")
                self.end("}", start, "{")
            case "[[":
                self.test(start)
            case _ if not self.bash:
                raise UnsureError  # other shells know no `function`
            case _:
                self.function()
                self.depth -= 1
                return
        self.depth -= 1
        self.redirections()

    def end(self, word: str, start: int, opener: str) -> None:
        self.blanks()
        if self.reserved() == word:
            self.at += len(word)
        elif self.at >= len(self.text):
            raise BrokenError(f"{opener!r} has no {word!r}", start, start + len(opener))
        else:
            found = self.reserved() or self.text[self.at : self.at + 1]
            raise BrokenError(f"{found!r} comes where {opener!r} needs {word!r}", self.at, self.at + len(found))

    def condition(self, ends: set[str], start: int, what: str) -> None:
        self.conditions += 1
        self.list(ends, start, what)
        self.conditions -= 1

    def conditional(self, start: int) -> None:
        self.condition({"then"}, start, "if")
        self.end("then", start, "if")
        while True:
            self.list({"elif", "else", "fi"}, start, "if")
            word = self.reserved()
            if word == "elif":
                self.at += 4
                self.condition({"then"}, start, "if")
                self.end("then", start, "if")
                continue
            if word == "else":
                self.at += 4
                self.list({"fi"}, start, "if")
            self.end("fi", start, "if")
            return

    def body(self, start: int, what: str) -> None:
        self.end("do", start, what)
        self.list({"done"}, start, what)
        self.end("done", start, what)

    def loop(self, start: int, what: str) -> None:
        self.blanks()
        if self.peek("(("):
            if not self.arithmetic():
                raise UnsureError
        else:
            self.word(None)
            self.newlines()
            if self.reserved() == "in":
                self.at += 2
                self.words_until_separator()
        self.blanks()
        if self.peek(";"):
            self.at += 1
        self.newlines()
        if self.reserved() == "{":
            raise UnsureError
        self.body(start, what)

    def words_until_separator(self) -> None:
        self.blanks()
        while self.at < len(self.text) and self.text[self.at] not in "\n;":
            if self.text[self.at] in "&|<>)(":
                self.unexpected()
            self.word(None)
            self.blanks()

    def case(self, start: int) -> None:
        self.blanks()
        if self.at < len(self.text) and self.text[self.at] not in WORD_ENDS:
            self.word(None)
        self.newlines()
        self.end("in", start, "case")
        self.newlines()
        while self.reserved() != "esac":
            if self.at >= len(self.text):
                raise BrokenError("'case' has no 'esac'", start, start + 4)
            self.pattern()
            self.list({"esac"}, start, "case", may_be_empty=True)
            self.blanks()
            if not (self.peek(";;") or self.peek(";&")):
                break
            self.at += 3 if self.peek(";;&") else 2
            self.newlines()
        self.end("esac", start, "case")

    def pattern(self) -> None:
        if self.peek("("):
            self.at += 1
        while True:
            self.blanks()
            if self.at >= len(self.text) or self.text[self.at] in "\n;&<>":
                self.unexpected()
            if self.text[self.at] not in "|)":
                self.word(None)
            self.blanks()
            if not self.peek("|"):
                break
            self.at += 1
        if not self.peek(")"):
            self.unexpected()
        self.at += 1

    def test(self, start: int) -> None:
        """Go to the ``]]`` that stands by itself."""
        self.blanks()
        if self.peek("]]"):
            raise UnsureError
        while self.at < len(self.text):
            char = self.text[self.at]
            if char in "'\"$`\\":
                self.part(None)
                continue
            before, after = self.text[self.at - 1], self.text[self.at + 2 : self.at + 3]
            if self.peek("]]") and before in " \t\n" and (not after or after in WORD_ENDS):
                self.at += 2
                return
            self.at += 1
        if not self.bash:
            raise UnsureError
        raise BrokenError("'[[' has no ']]'", start, start + 2)

    def function(self) -> None:
        self.blanks()
        self.word(None)
        self.blanks()
        if re.compile(r"\([ \t]*\)").match(self.text, self.at):
            self.at = self.text.index(")", self.at) + 1
        self.newlines()
        self.command()

    def simple(self, start: int) -> None:
        command = Command(start, depth=self.depth)
        self.commands.append(command)
        place = len(self.commands) - 1
        while self.at < len(self.text):
            self.blanks()
            if self.at >= len(self.text) or self.text[self.at] in "\n;|)":
                break
            if self.redirection():
                command.redirected = True
                continue
            if self.peek("&"):
                break
            if self.peek("("):
                if self.function_of(command):
                    del self.commands[place]
                    return
                self.unexpected("(")
            begin = self.at
            self.word(command)
            written = self.text[begin : self.at]
            if command.words or not ASSIGNMENT.match(written):
                command.words.append(written)
            else:
                command.unquoted.clear()
        if self.at == start:
            self.unexpected()
        if command.words[:1] in (["exit"], ["exec"], ["return"]) and not self.depth and len(self.commands) == place + 1:
            self.leaves(command)

    def leaves(self, command: Command) -> None:
        """A script that ends itself may have anything below, if nothing keeps the command from being run."""
        self.blanks()
        if command.words[0] == "exec" and len(command.words) == 1:
            return
        if self.at >= len(self.text) or self.text[self.at] in ";\n":
            raise _EndError

    def function_of(self, command: Command) -> bool:
        if len(command.words) != 1 or not re.compile(r"\([ \t]*\)").match(self.text, self.at):
            return False
        self.at = self.text.index(")", self.at) + 1
        self.newlines()
        self.nested()
        self.command()
        self.depth -= 1
        return True

    def redirections(self) -> None:
        """Go over those after a compound command; something else may not follow it."""
        self.blanks()
        while self.redirection():
            self.blanks()
        if self.at < len(self.text) and self.text[self.at] not in "\n;&|)" and self.reserved() not in _CLOSERS:
            self.unexpected(self.reserved() or self.text[self.at])
