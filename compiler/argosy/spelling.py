"""The names that were probably meant by one that there is not."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

_COMPARED = 500
"""How many known names are compared at most: comparing takes time."""


def nearest(word: str, known: Iterable[str], count: int = 1, cutoff: float = 0.6) -> list[str]:
    """Give up to ``count`` known names that are near, the nearest first; ``cutoff`` is 0 (any) to 1 (the same).

    >>> nearest("cleanpu", ["main", "cleanup"])
    ['cleanup']
    """
    from difflib import get_close_matches

    some = islice(dict.fromkeys(one for one in known if one), _COMPARED)
    return get_close_matches(word, list(some), count, cutoff)


def did_you_mean(word: str, known: Iterable[str], count: int = 1, cutoff: float = 0.6) -> str | None:
    """Give a hint with the known names that are near, or None.

    >>> did_you_mean("cleanpu", ["main", "cleanup"])
    "did you mean 'cleanup'?"
    """
    near = nearest(word, known, count, cutoff)
    return f"did you mean {' or '.join(map(repr, near))}?" if near else None
