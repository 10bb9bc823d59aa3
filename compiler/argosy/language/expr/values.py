"""Values that only expressions make: functions, months, time zones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, ClassVar

from argosy.errors import LanguageError
from argosy.language.expr.natures import LOCATION, MONTH, WEEKDAY, Nature, nature_of
from argosy.language.gotext import format_value
from argosy.language.gotime import DAYS, MONTHS
from argosy.language.gotypes import Key, duration, nanoseconds


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
    __slots__ = ("name", "zone")

    def __init__(self, name: str, zone: tzinfo) -> None:
        self.name = name
        self.zone = zone

    def __str__(self) -> str:
        """Give the zone's name."""
        return self.name

    def go_json(self) -> dict[str, Any]:
        """Give what JSON holds of it: nothing, as all its fields are private."""
        return {}


def key_of(value: Any) -> Any:
    """Give the key that stands for a value in an ``AnyMap``. Raises LanguageError for what Go cannot hash."""
    if type(value) is str or type(value) is int:
        return value
    if isinstance(value, (list, dict, bytes)):
        raise LanguageError(f"runtime error: hash of unhashable type {nature_of(value)}")
    return Key(value, format_value(value))


def value_of(key: Any) -> Any:
    """Give the value that a key of a map stands for."""
    return key.value if isinstance(key, Key) else key


UTC_LOCATION = Location("UTC", UTC)

MAX_DURATION = 2**63 - 1
"""In nanoseconds."""


def between(later: datetime, earlier: datetime) -> timedelta:
    """Give the time between two times, at most the 292 years that Go's durations reach."""
    nanos = nanoseconds(later - earlier)
    return duration(max(-MAX_DURATION - 1, min(MAX_DURATION, nanos)))
