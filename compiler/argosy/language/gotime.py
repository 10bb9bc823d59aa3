"""Times in Go's layouts: the reference time ``Mon Jan 2 15:04:05 MST 2006`` written as the text should look.

After Go 1.26 ``time/format.go``. Local time is UTC, as it is for Argo's controller.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905 - reads better
)
DAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split()  # noqa: SIM905 - reads better

RFC3339 = "2006-01-02T15:04:05Z07:00"

_CHUNK = re.compile(
    r"January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|002|0[1-6]|15|1|2006|2|_(?=2006)|__2|_2|3|4|5|PM|pm"
    r"|[-Z]070000|[-Z]07:00:00|[-Z]0700|[-Z]07:00|[-Z]07|[.,](?:0+|9+)(?![0-9])"
)
_EPOCH_DAYS = 719468  # from 0000-03-01 to 1970-01-01


class BadTime(Exception):  # noqa: N818 - it is what a caller catches to try the next layout
    """A text that does not have the layout."""


@dataclass(slots=True)
class Moment:
    """A time as it was read; unlike ``datetime`` it has a year 0 and nanoseconds."""

    year: int = 0
    month: int = -1
    day: int = -1
    hour: int = 0
    minute: int = 0
    second: int = 0
    nanosecond: int = 0
    offset: int | None = None
    zone: str | None = None
    half: str | None = None
    year_day: int = -1

    def unix(self) -> int:
        """Give the seconds since 1970."""
        return _days(self.year, self.month, self.day) * 86400 + (
            self.hour * 3600 + self.minute * 60 + self.second - (self.offset or 0)
        )

    def to_datetime(self) -> datetime:
        """Give an aware ``datetime``, to the microsecond. Raises BadTime for a year that it cannot hold."""
        try:
            zone = UTC if not self.offset else timezone(timedelta(seconds=self.offset), *self._zone_name())
            return datetime(
                self.year,
                self.month,
                self.day,
                self.hour,
                self.minute,
                self.second,
                self.nanosecond // 1000,
                tzinfo=zone,
            )
        except (ValueError, OverflowError) as error:
            raise BadTime(str(error)) from None

    def _zone_name(self) -> tuple[str, ...]:
        return (self.zone,) if self.zone else ()


def _days(year: int, month: int, day: int) -> int:
    year -= month <= 2
    era, of_era = divmod(year, 400)
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - _EPOCH_DAYS


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _days_in(month: int, year: int) -> int:
    return 29 if month == 2 and _is_leap(year) else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


@lru_cache(maxsize=256)
def chunks(layout: str) -> tuple[str | tuple[str], ...]:
    """Split a layout into literal text (as a 1-tuple) and the elements of the reference time (as text)."""
    found: list[str | tuple[str]] = []
    at = 0
    for match in _CHUNK.finditer(layout):
        if match.start() > at:
            found.append((layout[at : match.start()],))
        found.append((match[0],) if match[0] == "_" else match[0])
        at = match.end()
    if at < len(layout):
        found.append((layout[at:],))
    return tuple(found)


# ---------------------------------------------------------------------- reading


def _digit(text: str, index: int) -> bool:
    return index < len(text) and "0" <= text[index] <= "9"


def _number(text: str, fixed: bool, low: int, high: int) -> tuple[int, str]:
    if not _digit(text, 0) or (fixed and not _digit(text, 1)):
        raise BadTime("not a number")
    size = 2 if _digit(text, 1) else 1
    number = int(text[:size])
    if not low <= number <= high:
        raise BadTime("out of range")
    return number, text[size:]


def _digits(text: str, size: int) -> tuple[int, str]:
    if len(text) < size or not all(_digit(text, i) for i in range(size)):
        raise BadTime("not a number")
    return int(text[:size]), text[size:]


def _skip(text: str, literal: str) -> str:
    while literal:
        if literal[0] == " ":
            if text and text[0] != " ":
                raise BadTime("no space")
            literal, text = literal.lstrip(" "), text.lstrip(" ")
        elif not text or text[0] != literal[0]:
            raise BadTime("other text")
        else:
            literal, text = literal[1:], text[1:]
    return text


def _name(names: list[str], text: str) -> tuple[int, str]:
    for index, name in enumerate(names):
        if text[: len(name)].lower() == name.lower():
            return index, text[len(name) :]
    raise BadTime("no such name")


def _nanoseconds(text: str) -> int:
    return int(text[1:10].ljust(9, "0"))


def _fraction(moment: Moment, text: str, chunk: str) -> str:
    if chunk[1] == "0":
        if len(text) < len(chunk) or text[0] not in ".," or not text[1 : len(chunk)].isascii():
            raise BadTime("no fraction")
        if not text[1 : len(chunk)].isdigit():
            raise BadTime("no fraction")
        moment.nanosecond = _nanoseconds(text[: len(chunk)])
        return text[len(chunk) :]
    return _optional_fraction(moment, text)


def _optional_fraction(moment: Moment, text: str) -> str:
    if len(text) < 2 or text[0] not in ".," or not _digit(text, 1):
        return text
    size = 2
    while _digit(text, size):
        size += 1
    moment.nanosecond = _nanoseconds(text[:size])
    return text[size:]


_OFFSETS = {
    "0700": r"([+-])(\d\d)(\d\d)()",
    "07:00": r"([+-])(\d\d):(\d\d)()",
    "07": r"([+-])(\d\d)()()",
    "070000": r"([+-])(\d\d)(\d\d)(\d\d)",
    "07:00:00": r"([+-])(\d\d):(\d\d):(\d\d)",
}
_OFFSET_PATTERNS = {key: re.compile(pattern, re.ASCII) for key, pattern in _OFFSETS.items()}


def _offset(moment: Moment, text: str, chunk: str) -> str:
    if chunk[0] == "Z" and text.startswith("Z"):
        moment.offset = 0
        return text[1:]
    match = _OFFSET_PATTERNS[chunk[1:]].match(text)
    if not match:
        raise BadTime("no time zone")
    hours, minutes, seconds = (int(group or 0) for group in match.groups()[1:])
    if hours > 24 or minutes > 60 or seconds > 60:
        raise BadTime("time zone out of range")
    moment.offset = (hours * 3600 + minutes * 60 + seconds) * (-1 if match[1] == "-" else 1)
    return text[match.end() :]


_ZONE = re.compile(r"ChST|MeST|GMT[+-](?:2[0-3]|[01]?[0-9])(?![0-9])|GMT|[+-](?:2[0-3]|[01]?[0-9])(?![0-9])|[A-Z]{3,6}")


def _zone(moment: Moment, text: str) -> str:
    if text.startswith("UTC"):
        moment.offset, moment.zone = 0, "UTC"
        return text[3:]
    match = _ZONE.match(text)
    if not match:
        raise BadTime("no time zone")
    name = match[0]
    plain = name.isalpha() and name not in ("ChST", "MeST")
    if plain and (len(name) == 6 or (len(name) == 5 and name[4] != "T")):
        raise BadTime("no time zone")
    if plain and len(name) == 4 and name[3] != "T" and name != "WITA":
        raise BadTime("no time zone")
    moment.zone = name
    moment.offset = int(name[3:]) * 3600 if name.startswith("GMT") and len(name) > 3 else 0
    return text[match.end() :]


def _half(moment: Moment, text: str, chunk: str) -> str:
    half = text[:2]
    if half not in (("PM", "AM") if chunk == "PM" else ("pm", "am")):
        raise BadTime("neither AM nor PM")
    moment.half = half.upper()
    return text[2:]


def _year(moment: Moment, text: str, chunk: str) -> str:
    if chunk == "2006":
        moment.year, text = _digits(text, 4)
        return text
    year, text = _digits(text, 2)
    moment.year = year + (1900 if year >= 69 else 2000)
    return text


def _month(moment: Moment, text: str, chunk: str) -> str:
    if chunk in ("1", "01"):
        moment.month, text = _number(text, chunk == "01", 1, 12)
        return text
    names = MONTHS if chunk == "January" else [month[:3] for month in MONTHS]
    index, text = _name(names, text)
    moment.month = index + 1
    return text


def _day(moment: Moment, text: str, chunk: str) -> str:
    if chunk == "_2" and text.startswith(" "):
        text = text[1:]
    moment.day, text = _number(text, chunk == "02", 0, 99)
    return text


def _year_day(moment: Moment, text: str, chunk: str) -> str:
    for _ in range(2):
        if chunk == "__2" and text.startswith(" "):
            text = text[1:]
    size = 3 if chunk == "002" else next((n for n in (3, 2, 1) if all(_digit(text, i) for i in range(n))), 1)
    moment.year_day, text = _digits(text, size)
    return text


def _weekday(_: Moment, text: str, chunk: str) -> str:
    return _name(DAYS if chunk == "Monday" else [day[:3] for day in DAYS], text)[1]


def _hour(moment: Moment, text: str, chunk: str) -> str:
    moment.hour, text = _number(text, chunk == "03", 0, 23 if chunk == "15" else 12)
    return text


def _minute(moment: Moment, text: str, chunk: str) -> str:
    moment.minute, text = _number(text, chunk == "04", 0, 59)
    return text


def _second(moment: Moment, text: str, chunk: str) -> str:
    moment.second, text = _number(text, chunk == "05", 0, 59)
    return text


_READERS: dict[str, Callable[[Moment, str, str], str]] = {
    **dict.fromkeys(["2006", "06"], _year),
    **dict.fromkeys(["January", "Jan", "1", "01"], _month),
    **dict.fromkeys(["Monday", "Mon"], _weekday),
    **dict.fromkeys(["2", "_2", "02"], _day),
    **dict.fromkeys(["__2", "002"], _year_day),
    **dict.fromkeys(["15", "3", "03"], _hour),
    **dict.fromkeys(["4", "04"], _minute),
    **dict.fromkeys(["5", "05"], _second),
    **dict.fromkeys(["PM", "pm"], _half),
}


def parse(layout: str, text: str) -> Moment:
    """Read a time that has the layout, as Go's ``time.Parse``. Raises BadTime if the text does not have it."""
    moment = Moment()
    parts = chunks(layout)
    for index, chunk in enumerate(parts):
        if isinstance(chunk, tuple):
            text = _skip(text, chunk[0])
        elif chunk in _READERS:
            text = _READERS[chunk](moment, text, chunk)
            following = parts[index + 1] if index + 1 < len(parts) else ""
            if chunk in ("5", "05") and not (isinstance(following, str) and following[:1] in (".", ",")):
                text = _optional_fraction(moment, text)
        elif chunk == "MST":
            text = _zone(moment, text)
        elif chunk[0] in ".,":
            text = _fraction(moment, text, chunk)
        else:
            text = _offset(moment, text, chunk)
    if text:
        raise BadTime("extra text")
    return _checked(moment)


def _checked(moment: Moment) -> Moment:
    if moment.half == "PM" and moment.hour < 12:
        moment.hour += 12
    elif moment.half == "AM" and moment.hour == 12:
        moment.hour = 0
    if moment.year_day >= 0:
        _apply_year_day(moment)
    moment.month = 1 if moment.month < 0 else moment.month
    moment.day = 1 if moment.day < 0 else moment.day
    if not 1 <= moment.day <= _days_in(moment.month, moment.year):
        raise BadTime("day out of range")
    return moment


def _apply_year_day(moment: Moment) -> None:
    left = moment.year_day
    if not 1 <= left <= 365 + _is_leap(moment.year):
        raise BadTime("day-of-year out of range")
    month = 1
    while left > _days_in(month, moment.year):
        left -= _days_in(month, moment.year)
        month += 1
    if moment.month not in (-1, month) or moment.day not in (-1, left):
        raise BadTime("day-of-year does not match")
    moment.month, moment.day = month, left


# ---------------------------------------------------------------------- writing


def _write_offset(value: datetime, chunk: str) -> str:
    seconds = round((value.utcoffset() or timedelta()).total_seconds())
    if chunk[0] == "Z" and seconds == 0:
        return "Z"
    sign, seconds = ("-" if seconds < 0 else "+"), abs(seconds)
    colon = ":" if ":" in chunk else ""
    text = f"{sign}{seconds // 3600:02d}"
    if len(chunk) > 3:
        text += f"{colon}{seconds // 60 % 60:02d}"
    return text + (f"{colon}{seconds % 60:02d}" if len(chunk) > 6 else "")


def zone_name(value: datetime) -> str:
    """Give the abbreviation of a time's zone; its offset where it has none."""
    name = value.tzname() or ""
    if value.tzinfo is UTC or name == "UTC":
        return "UTC"
    if not name or name.startswith("UTC") or name[0] in "+-":
        seconds = round((value.utcoffset() or timedelta()).total_seconds())
        return _write_offset(value, "-07" if seconds % 3600 == 0 and name[:1] in ("+", "-") else "-0700")
    return name


def _write_fraction(value: datetime, chunk: str) -> str:
    digits = f"{value.microsecond:06d}000"[: len(chunk) - 1].ljust(len(chunk) - 1, "0")
    if chunk[1] == "9":
        digits = digits.rstrip("0")
    return chunk[0] + digits if digits else ""


_WRITERS: dict[str, Callable[[datetime], str]] = {
    "2006": lambda t: f"{t.year:04d}",
    "06": lambda t: f"{t.year % 100:02d}",
    "January": lambda t: MONTHS[t.month - 1],
    "Jan": lambda t: MONTHS[t.month - 1][:3],
    "1": lambda t: str(t.month),
    "01": lambda t: f"{t.month:02d}",
    "Monday": lambda t: DAYS[t.isoweekday() % 7],
    "Mon": lambda t: DAYS[t.isoweekday() % 7][:3],
    "2": lambda t: str(t.day),
    "_2": lambda t: f"{t.day:2d}",
    "02": lambda t: f"{t.day:02d}",
    "__2": lambda t: f"{t.timetuple().tm_yday:3d}",
    "002": lambda t: f"{t.timetuple().tm_yday:03d}",
    "15": lambda t: f"{t.hour:02d}",
    "3": lambda t: str(t.hour % 12 or 12),
    "03": lambda t: f"{t.hour % 12 or 12:02d}",
    "4": lambda t: str(t.minute),
    "04": lambda t: f"{t.minute:02d}",
    "5": lambda t: str(t.second),
    "05": lambda t: f"{t.second:02d}",
    "PM": lambda t: "PM" if t.hour >= 12 else "AM",
    "pm": lambda t: "pm" if t.hour >= 12 else "am",
    "MST": zone_name,
}


def format(layout: str, value: datetime) -> str:
    """Write a time in the layout, as Go's ``Time.Format``."""
    out: list[str] = []
    for chunk in chunks(layout):
        if isinstance(chunk, tuple):
            out.append(chunk[0])
        elif chunk in _WRITERS:
            out.append(_WRITERS[chunk](value))
        elif chunk[0] in ".,":
            out.append(_write_fraction(value, chunk))
        else:
            out.append(_write_offset(value, chunk))
    return "".join(out)


# ---------------------------------------------------------------------- durations

_DURATION_UNITS = {
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,
    "μs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}
_DURATION_PART = re.compile(r"([0-9]*)(?:\.([0-9]*))?(ns|us|µs|μs|ms|s|m|h)(?![a-zµμ])", re.ASCII)


def parse_duration(text: str) -> int:
    """Read a duration such as ``1h30m`` or ``-1.5s`` and give its nanoseconds, as Go's ``time.ParseDuration``.

    Raises BadTime if it is none, or does not fit 64 bits.
    """
    rest = text[1:] if text[:1] in ("+", "-") else text
    if rest == "0":
        return 0
    total, at = 0, 0
    while at < len(rest):
        match = _DURATION_PART.match(rest, at)
        if not match or not (match[1] or match[2]):
            raise BadTime("invalid duration")
        unit = _DURATION_UNITS[match[3]]
        fraction = (match[2] or "")[:18]
        total += int(match[1][:25] or 0) * unit + (int(fraction) * unit // 10 ** len(fraction) if fraction else 0)
        at = match.end()
        if total > 2**63:
            raise BadTime("invalid duration")
    if not rest or (total == 2**63 and text[0] != "-"):
        raise BadTime("invalid duration")
    return -total if text[0] == "-" else total
