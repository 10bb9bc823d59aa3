"""Built-in functions of times and durations (expr v1.17.8 ``builtin/builtin.go``, on Go's ``time``)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from argosy.errors import LanguageError
from argosy.language import gotime
from argosy.language.expr.builtins.checks import overloads
from argosy.language.expr.builtins.entry import entry, text
from argosy.language.expr.natures import TIME, Nature
from argosy.language.expr.values import UTC_LOCATION, Location
from argosy.language.gotext import quote
from argosy.language.gotypes import duration
from argosy.language.world import now

_LAYOUTS = (
    "2006-01-02",
    "15:04:05",
    "2006-01-02 15:04:05",
    gotime.RFC3339,
    "02 Jan 06 15:04 MST",
    "Monday, 02-Jan-06 15:04:05 MST",
    "Mon, 02 Jan 2006 15:04:05 MST",
)


def parse_duration(value: Any) -> timedelta:
    """``duration``: Go's ``time.ParseDuration``."""
    plain = text(value)
    try:
        return duration(gotime.parse_duration(plain))
    except gotime.BadTime as error:
        raise LanguageError(str(error), hint="write it as 1h30m, 45s or 200ms") from None


def location(name: Any) -> Location:
    """``timezone``: a zone of the IANA database."""
    plain = text(name)
    if plain in ("", "UTC", "Local"):
        return UTC_LOCATION if plain != "Local" else Location("Local", UTC)
    from zoneinfo import ZoneInfo  # rarely needed, and slow to import

    try:
        return Location(plain, ZoneInfo(plain))
    except (ValueError, OSError, KeyError):
        raise LanguageError(f"unknown time zone {plain[:100]}") from None


def _read(layout: str, value: str, zone: tzinfo | None) -> datetime:
    moment = gotime.parse(layout, value)
    if moment.offset is None and zone is not None:
        try:
            return gotime.at(moment.to_datetime(), zone)
        except OverflowError as error:
            raise gotime.BadTime(str(error)) from None
    return moment.to_datetime()


def date(*arguments: Any) -> datetime:
    """``date``: a time from a text, in a layout of Go's if given, in a time zone if given."""
    zone: tzinfo | None = None
    if arguments and isinstance(arguments[0], Location):
        zone, arguments = arguments[0].zone, arguments[1:]
    if not arguments:
        raise LanguageError("invalid number of arguments (expected at least 1, got 0)")
    value = text(arguments[0])
    if len(arguments) == 1:
        for layout in _LAYOUTS:
            try:
                return _read(layout, value, zone)
            except gotime.BadTime:
                continue
        raise LanguageError(f"invalid date {value[:100]}", hint="write it as 2006-01-02, or give a layout")
    layout = text(arguments[1])
    if len(arguments) == 3:
        zone = location(arguments[2]).zone
    try:
        return _read(layout, value, zone)
    except gotime.BadTime as error:
        raise LanguageError(
            f"parsing time {quote(value[:100])} as {quote(layout[:100])}: {error}",
            hint="a layout shows how 2 January 2006, 15:04:05 would be written",
        ) from None


def present(zone: Any = None) -> datetime:
    """``now``."""
    if zone is None:
        return now()
    if isinstance(zone, Location):
        return now().astimezone(zone.zone)
    raise LanguageError("invalid number of arguments (expected 0, got 1)")


def _now_check(arguments: Sequence[Nature]) -> Nature:
    if len(arguments) > 1 or (arguments and arguments[0].name != "*time.Location"):
        raise LanguageError(f"invalid number of arguments (expected 0, got {len(arguments)})")
    return TIME


def _date_check(arguments: Sequence[Nature]) -> Nature:
    if not arguments:
        raise LanguageError("invalid number of arguments (expected at least 1, got 0)")
    given = arguments[1:] if arguments[0].name == "*time.Location" else arguments
    if len(given) > 3:
        raise LanguageError(f"invalid number of arguments (expected at most 3, got {len(given)})")
    return TIME


ENTRIES = (
    entry("Times", "now(zone?) -> time", present, _now_check, "The present.", "now() > date('2020-01-01')", "true"),
    entry("Times", "date(text, layout?, zone?...) -> time", date, _date_check,
          "The time that a text gives; common layouts are tried if none is given.",
          "date('31.12.2024', '02.01.2006').YearDay()", "366"),
    entry("Times", "duration(text) -> duration", parse_duration, overloads("duration", "string -> duration"),
          "The length of time that a text gives.", "duration('90m').Hours()", "1.5"),
    entry("Times", "timezone(name) -> location", location, overloads("timezone", "string -> location"),
          "A time zone by its name.", "date('2024-03-05T23:30:00Z').In(timezone('Asia/Tokyo')).Day()", "6"),
)  # fmt: skip
