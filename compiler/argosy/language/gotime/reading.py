"""Reading a time that has a layout."""

from __future__ import annotations

import re
from collections.abc import Callable

from argosy.language.gotime.layout import DAYS, MONTHS, chunks
from argosy.language.gotime.moment import BadTime, Moment, days_in, is_leap
from argosy.later import regex


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
_OFFSET_PATTERNS = {key: regex(pattern, re.ASCII) for key, pattern in _OFFSETS.items()}


def _offset(moment: Moment, text: str, chunk: str) -> str:
    if chunk[0] == "Z" and text.startswith("Z"):
        moment.is_utc = True
        return text[1:]
    match = _OFFSET_PATTERNS[chunk[1:]].match(text)
    if not match:
        raise BadTime("no time zone")
    hours, minutes, seconds = (int(group or 0) for group in match.groups()[1:])
    if hours > 24 or minutes > 60 or seconds > 60:
        raise BadTime("time zone out of range")
    moment.offset = (hours * 3600 + minutes * 60 + seconds) * (-1 if match[1] == "-" else 1)
    return text[match.end() :]


_ZONE = regex(r"ChST|MeST|GMT[+-](?:2[0-3]|[01]?[0-9])(?![0-9])|GMT|[+-](?:2[0-3]|[01]?[0-9])(?![0-9])|[A-Z]{3,6}")


def _zone(moment: Moment, text: str) -> str:
    if text.startswith("UTC"):
        moment.is_utc = True
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
    if moment.is_utc:
        moment.offset, moment.zone = 0, "UTC"
    elif moment.zone and moment.offset is None:
        moment.offset = int(moment.zone[3:]) * 3600 if moment.zone.startswith("GMT") and moment.zone != "GMT" else 0
    if moment.year_day >= 0:
        _apply_year_day(moment)
    moment.month = 1 if moment.month < 0 else moment.month
    moment.day = 1 if moment.day < 0 else moment.day
    if not 1 <= moment.day <= days_in(moment.month, moment.year):
        raise BadTime("day out of range")
    return moment


def _apply_year_day(moment: Moment) -> None:
    left = moment.year_day
    if not 1 <= left <= 365 + is_leap(moment.year):
        raise BadTime("day-of-year out of range")
    month = 1
    while left > days_in(month, moment.year):
        left -= days_in(month, moment.year)
        month += 1
    if moment.month not in (-1, month) or moment.day not in (-1, left):
        raise BadTime("day-of-year does not match")
    moment.month, moment.day = month, left
