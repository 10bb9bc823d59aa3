"""Remembering what was made of an object: by identity if it is never changed in place, such as a template, or by what
it says."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")
_KEPT = 8192
_LONGEST = 100_000
"""Larger data, in bytes, is not worth remembering: what is made of it is little of what simulating it takes."""


def json_key(data: Any) -> str:
    """Give the text by which data can be remembered; empty if it is no JSON, or too large."""
    try:
        if len(msgspec.json.encode(data)) > _LONGEST:
            return ""
        return json.dumps(data)  # which does not take dates for texts, nor NaN for null
    except (TypeError, ValueError, RecursionError, OverflowError):
        return ""


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
