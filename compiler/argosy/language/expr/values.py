"""Values that only expressions make: functions, months, time zones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, ClassVar

from argosy.language.expr.natures import LOCATION, MONTH, WEEKDAY, Nature
from argosy.language.gotime import DAYS, MONTHS


class GoFunction:
    """A function as a value: one of Argo's, one of sprig's, or a method taken from its object."""

    __slots__ = ("call", "name", "nature")

    def __init__(self, name: str, call: Callable[..., Any], nature: Nature) -> None:
        self.name = name
        self.call = call
        self.nature = nature

    def __str__(self) -> str:
        """Give ``func``, as nothing else can be said of it."""
        return "func"

    __repr__ = __str__


class Month(int):
    """Go's ``time.Month``: a number that is written as a name."""

    nature: ClassVar[Nature] = MONTH

    def __str__(self) -> str:
        """Give the English name."""
        return MONTHS[self - 1] if 1 <= self <= 12 else f"%!Month({int(self)})"


class Weekday(int):
    """Go's ``time.Weekday``: 0 is Sunday."""

    nature: ClassVar[Nature] = WEEKDAY

    def __str__(self) -> str:
        """Give the English name."""
        return DAYS[self] if 0 <= self <= 6 else f"%!Weekday({int(self)})"


class Location:
    """Go's ``*time.Location``."""

    nature: ClassVar[Nature] = LOCATION
    go_type: ClassVar[str] = "*time.Location"
    __slots__ = ("name", "zone")

    def __init__(self, name: str, zone: tzinfo) -> None:
        self.name = name
        self.zone = zone

    def __str__(self) -> str:
        """Give the zone's name."""
        return self.name


UTC_LOCATION = Location("UTC", UTC)

MAX_DURATION = 2**63 - 1
"""In nanoseconds."""

_MICROSECOND = timedelta(microseconds=1)


def nanoseconds(duration: timedelta) -> int:
    """Give a duration in nanoseconds."""
    return duration // _MICROSECOND * 1000


def duration(nanos: int) -> timedelta:
    """Give the duration of that many nanoseconds, to the microsecond below."""
    return timedelta(microseconds=nanos // 1000 if nanos >= 0 else -(-nanos // 1000))


def between(later: datetime, earlier: datetime) -> timedelta:
    """Give the time between two times, at most the 292 years that Go's durations reach."""
    nanos = nanoseconds(later - earlier)
    return duration(max(-MAX_DURATION - 1, min(MAX_DURATION, nanos)))
