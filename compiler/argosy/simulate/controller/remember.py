"""Remembering what was made of an object that is never changed in place, such as a template."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")
_KEPT = 8192


def by_identity(make: Callable[[Any], T]) -> Callable[[Any], T]:
    """Let a function of one object, which is never changed, be called once for each; the latest are remembered.

    What is remembered keeps its object, so that no other gets the same identity.
    """
    known: dict[int, tuple[Any, T]] = {}

    def find(obj: Any) -> T:
        found = known.get(id(obj))
        if found is not None and found[0] is obj:
            return found[1]
        if len(known) >= _KEPT:
            known.clear()
        made = make(obj)
        known[id(obj)] = (obj, made)
        return made

    return find
