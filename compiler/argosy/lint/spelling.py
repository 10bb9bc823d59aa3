"""Fixes of names that are written almost right: the one known name that is near takes the place of the wrong one."""

from __future__ import annotations

from collections.abc import Iterable

from argosy import spelling
from argosy.lint.context import Context
from argosy.lint.finding import Edit, Fix
from argosy.source import Address, at

_NEAR = 0.75
_SURE = 0.08
"""How much nearer the nearest name must be than the second."""


def respelt(
    context: Context, address: Address, wrong: str, known: Iterable[str], chars: tuple[int, int] | None = None
) -> Fix | None:
    """Give the fix that writes the nearest known name at an address, or within ``chars`` of the text there.

    None where no name, or more than one, is near. What was meant is a guess, so that the fix is never safe.
    """
    near = nearest(wrong, known)
    text = at(context.manifest.data, address)
    if near is None or not isinstance(text, str):
        return None
    start, end = chars or (0, len(text))
    if text[start:end].count(wrong) != 1:
        return None
    written = text[:start] + text[start:end].replace(wrong, near) + text[end:]
    return Fix(f"write {near}", (Edit("set", address, written),), safe=False)


def nearest(wrong: str, known: Iterable[str]) -> str | None:
    """Give the one name that is nearest to a wrong one; None if none is, or it is not sure which."""
    from difflib import SequenceMatcher

    near = spelling.nearest(wrong, (one for one in known if one != wrong), 3, _NEAR)
    rates = [SequenceMatcher(None, one, wrong).ratio() for one in near]
    if not near or (len(near) > 1 and rates[0] - rates[1] < _SURE):
        return None
    return near[0]
