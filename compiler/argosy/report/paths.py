"""Paths as other tools want them in reports: relative to the current directory, with slashes."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from os.path import relpath
from pathlib import Path

from argosy.lint.result import LocatedFinding
from argosy.source import format_address


def relative(path: str) -> str:
    """Give a path below the current directory relative to it, any other as it is.

    >>> relative("./a/b.yaml")
    'a/b.yaml'
    """
    if path.startswith("<"):
        return path
    short = relpath(path) if Path(path).is_absolute() else str(Path(path))
    return (path if short.startswith("..") else short).replace("\\", "/")


class Fingerprints:
    """Names findings so that they keep their name when lines move; equal ones are numbered."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def of(self, found: LocatedFinding) -> str:
        """Give the name of one finding."""
        finding = found.finding
        parts = (finding.rule, relative(found.path), format_address(finding.address), finding.message)
        text = "\0".join((*parts, str(found.document)))
        self._seen[text] += 1
        return sha256(f"{text}\0{self._seen[text]}".encode()).hexdigest()[:32]
