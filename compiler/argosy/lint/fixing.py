"""Fixes: the edits that findings bring along, made round after round until none is left; comments and layout stay.

Only findings that are shown are fixed. Of fixes that touch the same place, the first is made, and the others come again
in the next round, if they are still needed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from argosy.errors import UsageError
from argosy.lint.finding import Edit
from argosy.lint.result import LintResult, LocatedFinding
from argosy.lint.run import STDIN, lint
from argosy.source import Address

ROUNDS = 20
"""Rounds are never this many, unless fixes go in circles."""


@dataclass(slots=True)
class Fixed:
    """What fixing came to; nothing is written."""

    result: LintResult
    """What is still found after all fixes."""
    before: dict[str, bytes] = field(default_factory=dict)
    """The texts as they were, by path, of the files that change."""
    after: dict[str, bytes] = field(default_factory=dict)
    rules: Counter[str] = field(default_factory=Counter)
    """How many findings of each rule were fixed."""


def fix(paths: Sequence[str | Path], *, unsafe: bool = False, **options: Any) -> Fixed:
    """Lint, and make the fixes, with the options of :func:`argosy.lint.run.lint`; ``unsafe`` ones only if asked.

    Raises what linting raises.
    """
    names = {options.get("stdin_filename") or "<stdin>": STDIN} if STDIN in map(str, paths) else {}
    done = Fixed(lint(paths, **options))
    seen: dict[str, set[bytes]] = {}
    for _ in range(ROUNDS):
        changed = False
        for file in done.result.files:
            path = names.get(file.path, file.path)
            before = _text(file.findings)
            if before is None:
                continue
            after, rules = fix_text(before, file.findings, unsafe)
            if after == before or after in seen.setdefault(path, {before}):
                continue
            seen[path].add(after)
            done.before.setdefault(path, before)
            done.after[path] = after
            done.rules.update(rules)
            changed = True
        if not changed:
            break
        done.result = lint(paths, **options, texts=done.after)
    return done


def fix_text(text: bytes, findings: Sequence[LocatedFinding], unsafe: bool) -> tuple[bytes, list[str]]:
    """Make the fixes of some findings that do not touch each other; give the text and the rules that were fixed."""
    from argosy.yaml.edit import apply

    touched: list[tuple[int, Edit]] = []
    rules: list[str] = []
    for document, edits, rule in _fixes(findings, unsafe):
        if any(document == other and _touch(one, edit) for other, one in touched for edit in edits):
            continue
        try:
            text = apply(text.decode(), {document: edits}).encode()
        except (UsageError, UnicodeError):
            continue  # it cannot be done in this text: the finding stays
        touched += [(document, edit) for edit in edits]
        rules.append(rule)
    return text, rules


def _fixes(findings: Sequence[LocatedFinding], unsafe: bool) -> Iterator[tuple[int, tuple[Edit, ...], str]]:
    for found in findings:
        given = found.finding.fix
        if given is not None and found.document is not None and (given.safe or unsafe):
            yield found.document, given.edits, found.finding.rule


def _touch(one: Edit, other: Edit) -> bool:
    """Tell whether two edits may not be made in one round: one is inside of the other, or moves it to another index."""
    return _reaches(one, other.address) or _reaches(other, one.address)


def _reaches(edit: Edit, address: Address) -> bool:
    size = len(edit.address)
    if address[:size] == edit.address:
        return True
    shifts = edit.action in ("insert", "delete") and isinstance(edit.address[-1], int)
    return shifts and len(address) >= size and address[: size - 1] == edit.address[:-1]


def _text(findings: Sequence[LocatedFinding]) -> bytes | None:
    """Give the text that findings are about, if it is YAML and one of them has a fix."""
    from argosy.yaml.origin import YamlOrigin

    for found in findings:
        if found.finding.fix is not None and found.manifest is not None:
            origin = found.manifest.origin
            return origin.source.raw if isinstance(origin, YamlOrigin) else None
    return None
