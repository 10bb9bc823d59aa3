"""The methods of times, durations, months and time zones that expressions can call (Go 1.26 ``time``)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import Struct

from argosy.errors import LanguageError
from argosy.language import gotext, gotime
from argosy.language.expr.natures import FUNCTION, Signature, nature_of, signature
from argosy.language.expr.operations import moved, wrap
from argosy.language.expr.values import (
    MAX_DURATION,
    UTC_LOCATION,
    GoFunction,
    Location,
    Month,
    Weekday,
    between,
)
from argosy.language.gotypes import Int64, duration, nanoseconds

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_YEAR_ONE = datetime(1, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Method(Struct, frozen=True):
    """A method: its parameters and result without the receiver, and what it does."""

    signature: Signature
    call: Callable[..., Any]


def _add_date(time: datetime, years: int, months: int, days: int) -> datetime:
    total = time.year * 12 + time.month - 1 + years * 12 + months
    year, month = divmod(total, 12)
    try:
        first = time.replace(year=year, month=month + 1, day=1, tzinfo=UTC)
        return gotime.at(first + timedelta(days=time.day - 1 + days), time.tzinfo or UTC)
    except (ValueError, OverflowError):
        raise LanguageError("the time is outside the years 1 to 9999") from None


def _unix(time: datetime, unit: timedelta) -> Int64:
    return Int64((time - _EPOCH) // unit)


def _truncated(time: datetime, step: timedelta, *, nearest: bool) -> datetime:
    if step <= timedelta(0):
        return time
    rest = (time - _YEAR_ONE) % step
    up = nearest and rest + rest >= step
    return moved(time, step - rest if up else -rest)


def _rounded(value: timedelta, step: timedelta, *, nearest: bool) -> timedelta:
    size, unit = abs(nanoseconds(value)), nanoseconds(step)
    if unit <= 0:
        return value
    rest = size % unit
    size += unit - rest if nearest and rest + rest >= unit else -rest
    return duration(size if value >= timedelta(0) else -size)


def _whole_units(value: timedelta, nanos: int) -> Int64:
    size = abs(nanoseconds(value)) // nanos
    return Int64(size if value >= timedelta(0) else -size)


def _location(time: datetime) -> Location:
    zone = time.tzinfo
    if zone is None or zone is UTC:
        return UTC_LOCATION
    return Location(getattr(zone, "key", None) or _zone(time), zone)


def _in(time: datetime, zone: Location) -> datetime:
    try:
        return time.astimezone(zone.zone)
    except (OverflowError, ValueError):
        raise LanguageError("the time is outside the years 1 to 9999") from None


def _zone(time: datetime) -> str:
    name = gotime.zone_name(time)
    return "" if name[0] in "+-" and (time.tzname() or "").startswith("UTC") else name


def _in_unit(value: timedelta, nanos: int) -> float:
    whole, rest = divmod(abs(nanoseconds(value)), nanos)
    number = whole + rest / nanos
    return number if value >= timedelta(0) else -number


def _table(*rows: tuple[str, str, Callable[..., Any]]) -> dict[str, Method]:
    return {name: Method(signature(text), call) for name, text, call in rows}


METHODS: dict[str, dict[str, Method]] = {
    "time.Time": _table(
        ("Add", "duration -> time", moved),
        ("AddDate", "int, int, int -> time", _add_date),
        ("After", "time -> bool", lambda t, u: t > u),
        ("Before", "time -> bool", lambda t, u: t < u),
        ("Clock", "-> int*3", lambda t: t.hour),
        ("Compare", "time -> int", lambda t, u: (t > u) - (t < u)),
        ("Date", "-> int*3", lambda t: t.year),
        ("Day", "-> int", lambda t: t.day),
        ("Equal", "time -> bool", lambda t, u: t == u),
        ("Format", "string -> string", lambda t, layout: gotime.format(layout, t)),
        ("Hour", "-> int", lambda t: t.hour),
        ("ISOWeek", "-> int*2", lambda t: t.isocalendar().year),
        ("In", "location -> time", _in),
        ("IsDST", "-> bool", lambda t: bool(t.dst())),
        ("IsZero", "-> bool", lambda t: t == _YEAR_ONE),
        ("Local", "-> time", lambda t: t.astimezone(UTC)),
        ("Location", "-> location", _location),
        ("MarshalJSON", "-> bytes*2", lambda t: gotext.marshal(t).encode()),
        ("MarshalText", "-> bytes*2", lambda t: gotext.marshal(t)[1:-1].encode()),
        ("Minute", "-> int", lambda t: t.minute),
        ("Month", "-> month", lambda t: Month(t.month)),
        ("Nanosecond", "-> int", lambda t: t.microsecond * 1000),
        ("Round", "duration -> time", lambda t, step: _truncated(t, step, nearest=True)),
        ("Second", "-> int", lambda t: t.second),
        ("String", "-> string", gotext.format_time),
        ("Sub", "time -> duration", between),
        ("Truncate", "duration -> time", lambda t, step: _truncated(t, step, nearest=False)),
        ("UTC", "-> time", lambda t: t.astimezone(UTC)),
        ("Unix", "-> int64", lambda t: _unix(t, timedelta(seconds=1))),
        ("UnixMicro", "-> int64", lambda t: _unix(t, _MICROSECOND)),
        ("UnixMilli", "-> int64", lambda t: _unix(t, timedelta(milliseconds=1))),
        ("UnixNano", "-> int64", lambda t: Int64(wrap(_unix(t, _MICROSECOND) * 1000))),
        ("Weekday", "-> weekday", lambda t: Weekday(t.isoweekday() % 7)),
        ("Year", "-> int", lambda t: t.year),
        ("YearDay", "-> int", lambda t: t.timetuple().tm_yday),
        ("Zone", "-> string*2", _zone),
    ),
    "time.Duration": _table(
        ("Abs", "-> duration", lambda d: duration(min(abs(nanoseconds(d)), MAX_DURATION))),
        ("Hours", "-> float", lambda d: _in_unit(d, 3_600_000_000_000)),
        ("Microseconds", "-> int64", lambda d: _whole_units(d, 1000)),
        ("Milliseconds", "-> int64", lambda d: _whole_units(d, 1_000_000)),
        ("Minutes", "-> float", lambda d: _in_unit(d, 60_000_000_000)),
        ("Nanoseconds", "-> int64", lambda d: Int64(nanoseconds(d))),
        ("Round", "duration -> duration", lambda d, step: _rounded(d, step, nearest=True)),
        ("Seconds", "-> float", lambda d: _in_unit(d, 1_000_000_000)),
        ("String", "-> string", gotext.format_duration),
        ("Truncate", "duration -> duration", lambda d, step: _rounded(d, step, nearest=False)),
    ),
    "time.Month": _table(("String", "-> string", str)),
    "time.Weekday": _table(("String", "-> string", str)),
    "*time.Location": _table(("String", "-> string", str)),
}


def method(value: Any, name: str) -> GoFunction | None:
    """Give a value's method, ready to be called; None if there is none."""
    own = getattr(value, "go_methods", None)
    if own is not None and name in own:
        return GoFunction(name, value.method(name), FUNCTION)
    found = METHODS.get(nature_of(value).name, {}).get(name)
    if found is None:
        return None

    def run(*arguments: Any) -> Any:
        wanted = found.signature.parameters
        if len(arguments) != len(wanted):
            raise LanguageError(f"invalid number of arguments: expected {len(wanted)}, got {len(arguments)}")
        for argument, nature in zip(arguments, wanted, strict=True):
            if not nature_of(argument).assignable_to(nature):
                raise LanguageError(f"reflect: Call using {nature_of(argument)} as type {nature}")
        return found.call(value, *arguments)

    return GoFunction(name, run, FUNCTION)
