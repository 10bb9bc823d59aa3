"""Remembering what was worked out from a text, unless it is so long that keeping it costs more than doing it again."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

T = TypeVar("T")

LONGEST = 50_000
"""The longest text, in characters, whose result is kept."""


def remembered(size: int) -> Callable[[Callable[[str], T]], Callable[[str], T]]:
    """Keep the results of a function of a text for the latest ``size`` texts that are not too long."""

    def decorate(call: Callable[[str], T]) -> Callable[[str], T]:
        cached = lru_cache(maxsize=size)(call)

        @wraps(call)
        def run(text: str) -> T:
            return cached(text) if len(text) <= LONGEST else call(text)

        return run

    return decorate
