"""Sprig's functions on times and durations. Layouts are Go's; local time is UTC, as for Argo's controller."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from argosy.errors import LanguageError
from argosy.language import gotime
from argosy.language.expr.operations import moved
from argosy.language.expr.values import between
from argosy.language.function import Function
from argosy.language.gotext import format_duration
from argosy.language.gotypes import Int64, duration, nanoseconds
from argosy.language.sprig.values import ZERO_TIME, atoi, entry, wrap64
from argosy.language.world import now

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = "2006-01-02"


def _zone(name: str) -> tzinfo:
    if name in ("", "UTC", "Local"):
        return UTC
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # rarely needed, and slow to import

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    if type(value) in (int, Int64):
        return _shifted(_EPOCH, value * 10**9)
    return now()


def _shifted(moment: datetime, nanos: int) -> datetime:
    return moved(moment, duration(nanos))


def _date_in_zone(layout: str, value: Any, zone: str) -> str:
    return gotime.format(layout, _moment(value).astimezone(_zone(zone)))


def _duration_or_none(text: str) -> int | None:
    try:
        return gotime.parse_duration(text)
    except gotime.BadTime:
        return None


def _modify(text: str, moment: datetime) -> datetime:
    nanos = _duration_or_none(text)
    return moment if nanos is None else _shifted(moment, nanos)


def _must_modify(text: str, moment: datetime) -> datetime:
    try:
        return _shifted(moment, gotime.parse_duration(text))
    except gotime.BadTime as error:
        raise LanguageError(str(error)) from None


def _parsed(layout: str, text: str) -> datetime:
    return gotime.parse(layout, text).to_datetime()


def _to_date(layout: str, text: str) -> datetime:
    try:
        return _parsed(layout, text)
    except gotime.BadTime:
        return ZERO_TIME


def _must_to_date(layout: str, text: str) -> datetime:
    try:
        return _parsed(layout, text)
    except gotime.BadTime as error:
        raise LanguageError(f'parsing time "{text}" as "{layout}": {error}') from None


def _since(moment: datetime) -> int:
    return nanoseconds(between(now(), moment))


def _ago(value: Any) -> str:
    seconds, rest = divmod(abs(_since(_moment(value))), 10**9)
    seconds += rest * 2 >= 10**9
    return format_duration(timedelta(seconds=seconds if now() >= _moment(value) else -seconds))


def _duration(seconds: Any) -> str:
    count = atoi(seconds) if isinstance(seconds, str) else int(seconds) if isinstance(seconds, Int64) else 0
    return format_duration(duration(wrap64(count * 10**9)))


_UNITS = (("y", 365 * 86400), ("mo", 30 * 86400), ("d", 86400), ("h", 3600), ("m", 60), ("s", 1))


def _duration_round(value: Any) -> str:
    nanos = 0
    if isinstance(value, str):
        nanos = _duration_or_none(value) or 0
    elif isinstance(value, Int64):
        nanos = int(value)
    elif isinstance(value, datetime):
        nanos = _since(value)
    for unit, seconds in _UNITS:
        if abs(nanos) > seconds * 10**9:
            return f"{abs(nanos) // (seconds * 10**9)}{unit}"
    return "0s"


def _unix(moment: datetime) -> str:
    return str(gotime.unix(moment))


_T = "dates"
_EXAMPLE = "sprig.toDate('2006-01-02', '2024-03-05')"
# fmt: off
FUNCTIONS: list[Function] = [
    *entry(_T, now, "now() time", "Gives the present.", "sprig.now() > date('2020-01-01')", "true"),
    *entry(_T, _ago, "ago(time any) string", "Tells how long ago a time was.", "sprig.ago(sprig.now())", "'0s'"),
    *entry(_T, lambda layout, v: _date_in_zone(layout, v, "Local"), "date(layout string, time any) string",
           "Writes a time in a layout.", f"sprig.date('02.01.06', {_EXAMPLE})", "'05.03.24'"),
    *entry(_T, _date_in_zone, "dateInZone(layout string, time any, zone string) string",
           "Writes a time in a layout and time zone.", f"sprig.dateInZone('15:04', {_EXAMPLE}, 'UTC')", "'00:00'",
           "date_in_zone"),
    *entry(_T, _modify, "dateModify(duration string, time time) time", "Adds a duration, if it is one.",
           f"sprig.dateModify('48h', {_EXAMPLE})", "date('2024-03-07')", "date_modify"),
    *entry(_T, _must_modify, "mustDateModify(duration string, time time) time", "Adds a duration, or fails.",
           f"sprig.mustDateModify('48h', {_EXAMPLE})", "date('2024-03-07')", "must_date_modify"),
    *entry(_T, _duration, "duration(seconds any) string", "Writes a number of seconds, given as text, as a duration.",
           "sprig.duration('95')", "'1m35s'"),
    *entry(_T, _duration_round, "durationRound(duration any) string", "Gives the largest unit of a duration.",
           "sprig.durationRound('2h10m5s')", "'2h'"),
    *entry(_T, lambda v: _date_in_zone(_DAY, v, "Local"), "htmlDate(time any) string", "Writes the day of a time.",
           f"sprig.htmlDate({_EXAMPLE})", "'2024-03-05'"),
    *entry(_T, lambda v, zone: _date_in_zone(_DAY, v, zone), "htmlDateInZone(time any, zone string) string",
           "Writes the day of a time in a time zone.", f"sprig.htmlDateInZone({_EXAMPLE}, 'UTC')", "'2024-03-05'"),
    *entry(_T, _to_date, "toDate(layout string, text string) time", "Reads a time, giving year 1 if it is none.",
           _EXAMPLE, "date('2024-03-05')"),
    *entry(_T, _must_to_date, "mustToDate(layout string, text string) time", "Reads a time, or fails.",
           _EXAMPLE.replace("toDate", "mustToDate"), "date('2024-03-05')"),
    *entry(_T, _unix, "unixEpoch(time time) string", "Gives the seconds since 1970 as text.",
           f"sprig.unixEpoch({_EXAMPLE})", "'1709596800'"),
]
# fmt: on
