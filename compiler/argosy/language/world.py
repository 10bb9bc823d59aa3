"""What an expression can see of the world besides its variables: the time and chance. A simulation sets both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

_CLOCK: ContextVar[Callable[[], datetime] | None] = ContextVar("clock", default=None)
_RANDOM: ContextVar[random.Random | None] = ContextVar("random", default=None)
_FORGIVING: ContextVar[bool] = ContextVar("forgiving", default=False)


def now() -> datetime:
    """Give the present: the simulation's if there is one, else the computer's."""
    clock = _CLOCK.get()
    return clock() if clock else datetime.now(UTC)


def chance() -> random.Random:
    """Give the source of random numbers: the simulation's if there is one. Not for secrets."""
    return _RANDOM.get() or _unseeded()


@cache
def _unseeded() -> random.Random:
    import random

    return random.Random()


def forgiving() -> bool:
    """Say whether an expression tag that fails stays as it is, where tags may stay unresolved, as before Argo 4."""
    return _FORGIVING.get()


@contextmanager
def world(
    clock: Callable[[], datetime] | None = None, rng: random.Random | None = None, *, forgiving: bool = False
) -> Iterator[None]:
    """Within the block, expressions read this clock (of aware times) and draw from this source of random numbers.

    ``forgiving`` leaves expression tags that fail as they are, where tags may stay unresolved, as before Argo 4.
    """
    tokens = _CLOCK.set(clock), _RANDOM.set(rng), _FORGIVING.set(forgiving)
    try:
        yield
    finally:
        _CLOCK.reset(tokens[0])
        _RANDOM.reset(tokens[1])
        _FORGIVING.reset(tokens[2])
