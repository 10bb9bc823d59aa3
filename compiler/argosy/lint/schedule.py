"""Cron schedules as Argo reads them: github.com/robfig/cron v3, ``ParseStandard``."""

from __future__ import annotations

from argosy.errors import LanguageError

_MONTHS = {
    name: n
    for n, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}
_DAYS = {name: n for n, name in enumerate(["sun", "mon", "tue", "wed", "thu", "fri", "sat"])}
_FIELDS: tuple[tuple[str, int, int, dict[str, int]], ...] = (
    ("minute", 0, 59, {}),
    ("hour", 0, 23, {}),
    ("day of the month", 1, 31, {}),
    ("month", 1, 12, _MONTHS),
    ("day of the week", 0, 6, _DAYS),
)
_NAMED = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")


def schedule_fault(text: str) -> str | None:
    """Say why a schedule cannot be read, or give None if it can.

    >>> schedule_fault("*/5 9-17 * * mon-fri"), schedule_fault("0 3 * * 7")
    (None, 'the day of the week goes from 0 to 6, and this is 7')
    """
    if not text:
        return "it is empty"
    if text.startswith(("TZ=", "CRON_TZ=")):
        zone, separator, text = text.partition("=")[2].partition(" ")
        if not separator:
            return "nothing follows its time zone"
        if not zone_exists(zone):
            return f"there is no time zone {zone!r}"
        text = text.strip()
    if text.startswith("@"):
        return _descriptor_fault(text)
    fields = text.split()
    if len(fields) != len(_FIELDS):
        return f"it has {len(fields)} fields, not 5"
    for field, (noun, low, high, names) in zip(fields, _FIELDS, strict=True):
        for part in filter(None, field.split(",")):
            fault = _range_fault(part, noun, low, high, names)
            if fault:
                return fault
    return None


_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""How many days each month can have."""


def never_comes(text: str) -> bool:
    """Whether a schedule that can be read names a day that none of its months has.

    >>> never_comes("0 3 30 2 *"), never_comes("0 3 29 2 *"), never_comes("0 3 31 2 mon")
    (True, False, False)
    """
    fields = text.rpartition("TZ=")[2].split()
    if len(fields) != len(_FIELDS):
        fields = fields[1:]  # its time zone
    if len(fields) != len(_FIELDS) or fields[4] not in ("*", "?"):
        return False
    days, months = _values(fields[2], 2), _values(fields[3], 3)
    return min(days) > max(_LONGEST[month - 1] for month in months)


def _values(field: str, number: int) -> set[int]:
    _, low, high, names = _FIELDS[number]
    found: set[int] = set()
    for part in filter(None, field.split(",")):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        start = low if first in ("*", "?") else names.get(first.lower(), _number(first) or low)
        end = names.get(last.lower(), _number(last) or high) if last else high if step or first in ("*", "?") else start
        found.update(range(start, end + 1, _number(step) or 1))
    return found or set(range(low, high + 1))


def _descriptor_fault(text: str) -> str | None:
    if text in _NAMED:
        return None
    if not text.startswith("@every "):
        return f"there is no {text!r}"
    from argosy.language.gotime import parse_duration

    try:
        parse_duration(text.removeprefix("@every "))
    except LanguageError as error:
        return error.message
    return None


def _range_fault(part: str, noun: str, low: int, high: int, names: dict[str, int]) -> str | None:
    span, *steps = part.split("/")
    ends = span.split("-")
    if ends[0] in ("*", "?"):
        start, end = low, high
    else:
        if len(ends) > 2:
            return f"{part!r} has more than one hyphen"
        numbers = [names.get(one.lower(), _number(one)) for one in ends]
        if None in numbers:
            return f"{part!r} is no {noun}"
        start, end = int(numbers[0] or 0), int(numbers[-1] or 0)
        if len(steps) == 1 and len(ends) == 1:
            end = high
    if len(steps) > 1:
        return f"{part!r} has more than one slash"
    if steps and not _number(steps[0]):
        return f"{steps[0]!r} is no step"
    for one in (start, end):
        if not low <= one <= high:
            return f"the {noun} goes from {low} to {high}, and this is {one}"
    return f"{part!r} ends before it begins" if start > end else None


def _number(text: str) -> int | None:
    sign = text[:1] in ("+", "-")
    digits = text[sign:]
    if not digits.isascii() or not digits.isdigit() or (text.startswith("-") and int(digits)):
        return None
    return int(digits)


def zone_exists(name: str) -> bool:
    """Whether there is a time zone of that name (Go's ``time.LoadLocation``); True where this machine knows none."""
    import zoneinfo

    if name in ("", "UTC", "Local"):
        return True
    if name.startswith(("/", "\\")) or ".." in name:
        return False
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return not zoneinfo.available_timezones()
    return True
