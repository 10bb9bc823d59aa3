"""Snapshots: a run's tree as a file beside its test, compared whole."""

from __future__ import annotations

import re
from difflib import unified_diff
from pathlib import Path
from typing import Protocol

FOLDER = "__snapshots__"


class Tree(Protocol):
    """What can be drawn."""

    def tree(self) -> str:
        """Give the drawing."""


class Snapshots:
    """The snapshots of one test, numbered in the order in which they are taken."""

    def __init__(self, test: Path, name: str, *, update: bool) -> None:
        self._folder = test.parent / FOLDER / test.stem
        self._name = re.sub(r"[^\w.\-\[\]]+", "-", name)
        self._update = update
        self._taken = 0

    def __call__(self, run: Tree | str, name: str | None = None) -> None:
        """Compare a run (or a text) with its snapshot. Raises AssertionError where they differ, or there is none."""
        self._taken += 1
        number = f"-{self._taken}" if self._taken > 1 else ""
        path = self._folder / f"{name or self._name + number}.txt"
        text = run if isinstance(run, str) else run.tree()
        before = path.read_text(encoding="utf-8") if path.exists() else None
        if before == text:
            return
        if self._update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            return
        raise AssertionError(_differs(path, before, text))


def _differs(path: Path, before: str | None, text: str) -> str:
    where = f"{FOLDER}/{path.parent.name}/{path.name}"
    if before is None:
        return f"there is no snapshot {where}; --argosy-update writes it:\n{text}"
    diff = "\n".join(unified_diff(before.splitlines(), text.splitlines(), where, "this run", lineterm=""))
    return f"the run differs from its snapshot; --argosy-update writes it anew:\n{diff}"
