"""Argo versions that Argosy knows, and what differs between them, each said once."""

from __future__ import annotations

from enum import StrEnum

from argosy.errors import UsageError


class ArgoVersion(StrEnum):
    """A minor version of Argo Workflows; they compare in order of release."""

    V3_6 = "3.6"
    V3_7 = "3.7"
    V4_0 = "4.0"
    V4_1 = "4.1"

    @property
    def number(self) -> tuple[int, int]:
        """The version as numbers, to compare."""
        return _NUMBERS[self]

    def __ge__(self, other: str) -> bool:
        """Compare by release, not by text."""
        return _NUMBERS[self] >= _number(other)

    def __gt__(self, other: str) -> bool:
        """Compare by release, not by text."""
        return _NUMBERS[self] > _number(other)

    def __le__(self, other: str) -> bool:
        """Compare by release, not by text."""
        return _NUMBERS[self] <= _number(other)

    def __lt__(self, other: str) -> bool:
        """Compare by release, not by text."""
        return _NUMBERS[self] < _number(other)


def _number(text: str) -> tuple[int, int]:
    return _NUMBERS.get(text) or _NUMBERS[ArgoVersion(text)]  # which says what is wrong with it


_NUMBERS: dict[str, tuple[int, int]] = {version: (int(version[0]), int(version[2:])) for version in ArgoVersion}
NEWEST = ArgoVersion.V4_1


def argo_version(text: str | ArgoVersion | None) -> ArgoVersion:
    """Read a version as people write it: ``4.1``, ``v4.1.2``; None gives the newest.

    Raises UsageError for one that is not known.
    """
    if text is None:
        return NEWEST
    short = ".".join(text.removeprefix("v").split(".")[:2])
    try:
        return ArgoVersion(short)
    except ValueError:
        known = ", ".join(ArgoVersion)
        raise UsageError(f"Argo version {text!r} is not known", hint=f"known versions: {known}") from None
