"""Values whose Go type Python's own types do not tell; each behaves as the Python type that it extends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any


class Int64(int):
    """Go's ``int64``, which a few functions tell from ``int``."""


class FineDuration(timedelta):
    """Go's ``time.Duration`` where it is no whole number of microseconds, the most that ``timedelta`` can hold."""

    nanos: int

    def __new__(cls, nanos: int) -> FineDuration:
        """Hold this many nanoseconds."""
        made = super().__new__(cls, microseconds=abs(nanos) // 1000 * (-1 if nanos < 0 else 1))
        made.nanos = nanos
        return made

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FineDuration) and other.nanos == self.nanos

    def __hash__(self) -> int:
        return hash(self.nanos)


_MICROSECOND = timedelta(microseconds=1)


def nanoseconds(value: timedelta) -> int:
    """Give a duration in nanoseconds."""
    return value.nanos if isinstance(value, FineDuration) else value // _MICROSECOND * 1000


def duration(nanos: int) -> timedelta:
    """Give the duration of that many nanoseconds."""
    return FineDuration(nanos) if nanos % 1000 else timedelta(microseconds=nanos // 1000)


class StringList(list[Any]):
    """Go's ``[]string``."""


class IntList(list[Any]):
    """Go's ``[]int``."""


class ListList(list[Any]):
    """Go's ``[][]interface {}``."""


class PairList(list[Any]):
    """Go's ``[][2]interface {}``, of :class:`Pair`."""


class Pair(list[Any]):
    """Go's ``[2]interface {}``."""


class NilList(list[Any]):
    """Go's nil slice: no items, equal to nil, ``null`` in JSON."""


class NilStringList(NilList):
    """Go's nil ``[]string``."""


class StringMap(dict[str, Any]):
    """Go's ``map[string]string``, which functions that want a map of anything do not take."""


class NilMap(dict[str, Any]):
    """Go's nil map: no items, equal to nil, ``null`` in JSON."""


class Key:
    """A key of an :class:`AnyMap` that is neither text nor integer: Go tells ``1``, ``1.0`` and ``true`` apart."""

    __slots__ = ("text", "value")

    def __init__(self, value: Any, text: str) -> None:
        self.value = value
        self.text = text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and type(other.value) is type(self.value) and bool(other.value == self.value)

    def __hash__(self) -> int:
        return hash((type(self.value), self.value))

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__


class AnyMap(dict[Any, Any]):
    """Go's ``map[interface {}]interface {}`` (or of lists), which JSON cannot hold; see ``values.key_of``."""


class GroupMap(AnyMap):
    """Go's ``map[interface {}][]interface {}``."""


class Byte(int):
    """Go's ``uint8``."""
