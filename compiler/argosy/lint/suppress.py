"""Comments that hide findings: ``# argosy: ignore[rule, rule]``, at the end of the line, or alone on the line above it.

``# argosy: ignore-file[rule]`` at the top hides findings of the whole file; a reason may follow after ``--``. What is
hidden is not shown; Argo's verdict on the document stays what it is. The same comments work in Python. Comments are
found line by line, so that they work inside of scripts, too, where YAML knows no comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct, field

from argosy.lint.finding import Finding
from argosy.lint.result import FileResult, LocatedFinding
from argosy.lint.rule import Problem, find, finding, rules
from argosy.source import Origin, Span
from argosy.spelling import did_you_mean, nearest

if TYPE_CHECKING:
    from argosy.lint.settings import Settings

MARK = "argosy:"
UNUSED, UNKNOWN = "suppression-unused", "suppression-unknown"
_ALMOST = ("disable", "noqa", "suppress", "skip", "off", "nolint", "allow")
_MANY = 20
"""A word longer than this is prose."""


@cache
def _comment() -> re.Pattern[str]:
    return re.compile(r"(?:^|(?<=\s))#\s*argosy:\s*([\w-]+)\s*(\[[^\]]*\]?)?[ \t]*(.*?)\s*$")


class Comment(Struct):
    """One comment: the rules that it names, and which of them hid something."""

    line: int
    columns: tuple[int, int]
    rules: list[str]
    whole_file: bool
    covers: int
    """The line whose findings it hides; 0 where nothing follows it."""
    wrong: str | None = None
    """What is wrong with it as a whole, if it cannot be understood."""
    hint: str | None = None
    used: set[str] = field(default_factory=set)

    def hides(self, rule: str, line: int) -> bool:
        """Tell whether it hides a finding of a rule on a line, and remember that it did."""
        if rule not in self.rules or not (self.whole_file or line == self.covers):
            return False
        self.used.add(rule)
        return True


def comments(lines: Sequence[str]) -> list[Comment]:
    """Give the comments of a text that speak to Argosy."""
    top = next(
        (n for n, line in enumerate(lines) if line.strip(" \t-") and not line.lstrip().startswith("#")), len(lines)
    )
    return [
        one
        for number, line in enumerate(lines)
        if MARK in line and (found := _comment().search(line)) and (one := _read(found, number, lines, top)) is not None
    ]


def _read(found: re.Match[str], number: int, lines: Sequence[str], top: int) -> Comment | None:
    action, listed, rest = found.groups()
    alone = not lines[number][: found.start()].strip()
    covers = _next(lines, number) if alone else number + 1
    names = [name.strip() for name in (listed or "").strip("[]").split(",")]
    made = Comment(
        number + 1, (found.start() + 1, found.end() + 1), [n for n in names if n], action == "ignore-file", covers
    )
    if action not in ("ignore", "ignore-file"):
        if len(action) > _MANY or not (action in _ALMOST or nearest(action, ["ignore", "ignore-file"])):
            return None
        made.wrong, made.hint = f"a comment cannot say {action!r}", "write `# argosy: ignore[RULE]`"
    elif not made.rules:
        made.wrong, made.hint = "the comment does not say which rules it ignores", f"write `# argosy: {action}[RULE]`"
    elif listed and not listed.endswith("]"):
        made.wrong, made.hint = "the list of rules has no end", "close it with `]`"
    elif rest and not rest.startswith(("--", "#")):
        made.wrong, made.hint = f"the comment goes on with {rest[:_MANY]!r}", "write the reason after `--`"
    elif made.whole_file and number >= top:
        made.wrong = "`ignore-file` stands below the beginning of the file, where it is not looked for"
        made.hint = "write it above everything else, or `ignore` for one line"
    return made


def _next(lines: Sequence[str], number: int) -> int:
    """Give the next line, from 1, that is neither blank nor a comment."""
    for below in range(number + 1, len(lines)):
        text = lines[below].strip()
        if text and not text.startswith("#"):
            return below + 1
    return 0


def suppress(file: FileResult, origin: Origin, chosen: Settings) -> None:
    """Take the findings out of a file's that its comments hide, and add those about the comments themselves."""
    origins = {origin.path: origin}
    for found in file.findings:
        if found.manifest is not None:
            origins.setdefault(found.span().path, found.manifest.origin)
    by_path = {path: comments(one.lines() or ()) for path, one in origins.items() if path == one.path}
    file.findings = [found for found in file.findings if not _hidden(found, by_path)]
    for path, written in by_path.items():
        said = chosen.finish(one for comment in written for one in _about(comment, path, chosen))
        located = [LocatedFinding(one, file.path, None, None, origins[path]) for one in said]
        file.findings += [one for one in located if not _hidden(one, by_path)]


def _hidden(found: LocatedFinding, by_path: dict[str, list[Comment]]) -> bool:
    span = found.span()
    hiding = [one.hides(found.finding.rule, span.line) for one in by_path.get(span.path, ()) if one.wrong is None]
    return any(hiding)


def _about(comment: Comment, path: str, chosen: Settings) -> Iterator[Finding]:
    """Say what a comment names that is not there, and what it hides that does not occur."""
    span = Span(path, comment.line, comment.columns[0], comment.line, comment.columns[1])
    if comment.wrong is not None:
        yield finding(find(UNKNOWN), Problem(comment.wrong, (), comment.hint, span=span))
        return
    known = {one.name for one in rules()}
    for name in comment.rules:
        if name not in known:
            hint = did_you_mean(name, known, count=2, cutoff=0.5) or "`argosy rule` lists all of them"
            yield finding(find(UNKNOWN), Problem(f"there is no rule {name!r} to ignore", (), hint, span=span))
        elif name not in comment.used and name in chosen.shown and name not in (UNUSED, UNKNOWN):
            where = "in this file" if comment.whole_file else "on the line that the comment is for"
            message = f"the comment hides nothing: {name} finds nothing {where}"
            yield finding(find(UNUSED), Problem(message, (), "take the comment out", span=span))
