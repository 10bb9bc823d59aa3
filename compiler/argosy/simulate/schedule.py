"""Cron schedules as Argo reads them: the standard parser of github.com/robfig/cron v3, and when they fire next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from argosy.errors import UsageError
from argosy.simulate.shape import seconds

_MONTHS = {
    name: i
    for i, name in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)
}
_DAYS = {name: i for i, name in enumerate(("sun", "mon", "tue", "wed", "thu", "fri", "sat"))}


@dataclass(frozen=True, slots=True)
class _Bounds:
    low: int
    high: int
    names: dict[str, int]


_FIELDS = (_Bounds(0, 59, {}), _Bounds(0, 23, {}), _Bounds(1, 31, {}), _Bounds(1, 12, _MONTHS), _Bounds(0, 6, _DAYS))
_DESCRIPTORS = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_YEARS = 5
"""A schedule that does not fire within so many years never does."""


@dataclass(frozen=True, slots=True)
class Every:
    """``@every 90s``: a constant delay, in whole seconds."""

    seconds: int

    def next(self, moment: datetime) -> datetime | None:
        """Give the next firing after a moment."""
        return moment.replace(microsecond=0) + timedelta(seconds=self.seconds)


@dataclass(frozen=True, slots=True)
class Schedule:
    """The minutes, hours, days and months at which to fire, in a time zone."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    both: bool
    """Day and weekday must both fit (one of them is a star); otherwise either will do."""
    zone: tzinfo

    def next(self, moment: datetime) -> datetime | None:
        """Give the next firing after a moment, in UTC; None if there is none in five years (cron.SpecSchedule.Next)."""
        local = (moment.replace(microsecond=0) + timedelta(seconds=1)).astimezone(self.zone)
        if local.second:
            local = self._later(local, timedelta(seconds=60 - local.second))
        limit = local.year + _YEARS
        while local.year <= limit:
            if local.month not in self.months:
                year, month = divmod(local.month, 12)
                local = self._wall(local.year + year, month + 1, 1)
            elif not self._day_fits(local):
                tomorrow = local.date() + timedelta(days=1)
                local = self._wall(tomorrow.year, tomorrow.month, tomorrow.day)
            elif local.hour not in self.hours:
                local = self._later(local.replace(minute=0), timedelta(hours=1))
            elif local.minute not in self.minutes:
                local = self._later(local, timedelta(minutes=1))
            else:
                return local.astimezone(UTC)
        return None

    def _day_fits(self, local: datetime) -> bool:
        day, weekday = local.day in self.days, local.isoweekday() % 7 in self.weekdays
        return (day and weekday) if self.both else (day or weekday)

    def _later(self, local: datetime, by: timedelta) -> datetime:
        """Let time pass: over a change of the clocks, too."""
        return (local.astimezone(UTC) + by).astimezone(self.zone)

    def _wall(self, year: int, month: int, day: int) -> datetime:
        """Give the beginning of a day; where a change of the clocks has removed midnight, the first moment after."""
        return datetime(year, month, day, tzinfo=self.zone).astimezone(UTC).astimezone(self.zone)


def parse(text: str, zone: str = "") -> Schedule | Every:
    """Read a schedule: five fields, a descriptor such as ``@daily``, or ``@every 1h``; ``CRON_TZ=...`` may stand first.

    Without a zone it is UTC, as in Argo's own image. Raises UsageError, with robfig's message.
    """
    place: tzinfo = UTC
    if text.startswith(("TZ=", "CRON_TZ=")):
        head, _, text = text.partition(" ")
        zone = head.partition("=")[2]
    if zone:
        place = _zone(zone)
    text = text.strip()
    if text.startswith("@every "):
        return _every(text)
    if text.startswith("@"):
        if text not in _DESCRIPTORS:
            raise UsageError(f"unrecognized descriptor: {text}")
        text = _DESCRIPTORS[text]
    fields = text.split()
    if not text:
        raise UsageError("empty spec string")
    if len(fields) != len(_FIELDS):
        raise UsageError(f"expected exactly 5 fields, found {len(fields)}: [{' '.join(fields)}]")
    parsed = [_field(field, bounds) for field, bounds in zip(fields, _FIELDS, strict=True)]
    minutes, hours, days, months, weekdays = (frozenset(values) for values, _ in parsed)
    return Schedule(minutes, hours, days, months, weekdays, parsed[2][1] or parsed[4][1], place)


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise UsageError(f"provided bad location {name}: unknown time zone {name}") from None


def _every(text: str) -> Every:
    try:
        length = seconds(text.removeprefix("@every "))
    except ValueError:
        raise UsageError(f"failed to parse duration {text}") from None
    return Every(max(1, int(length)))


def _field(text: str, bounds: _Bounds) -> tuple[set[int], bool]:
    """Read one field: the values it names, and whether it is a star."""
    values: set[int] = set()
    star = False
    for part in filter(None, text.split(",")):
        found, is_star = _range(part, bounds)
        values |= found
        star = star or is_star
    return values, star


def _range(text: str, bounds: _Bounds) -> tuple[set[int], bool]:
    span, *steps = text.split("/")
    ends = span.split("-")
    star = ends[0] in ("*", "?")
    if star:
        start, end = bounds.low, bounds.high
    elif len(ends) > 2:
        raise UsageError(f"too many hyphens: {text}")
    else:
        start = _number(ends[0], bounds.names)
        end = _number(ends[-1], bounds.names)
    step = 1
    if len(steps) > 1:
        raise UsageError(f"too many slashes: {text}")
    if steps:
        step = _number(steps[0], {})
        end = bounds.high if len(ends) == 1 else end
    if start < bounds.low:
        raise UsageError(f"beginning of range ({start}) below minimum ({bounds.low}): {text}")
    if end > bounds.high:
        raise UsageError(f"end of range ({end}) above maximum ({bounds.high}): {text}")
    if start > end:
        raise UsageError(f"beginning of range ({start}) beyond end of range ({end}): {text}")
    if step == 0:
        raise UsageError(f"step of range should be a positive number: {text}")
    return set(range(start, end + 1, step)), star and step == 1


def _number(text: str, names: dict[str, int]) -> int:
    named = names.get(text.lower())
    if named is not None:
        return named
    if not text.lstrip("+-").isdigit():
        raise UsageError(f'failed to parse int from {text}: strconv.Atoi: parsing "{text}": invalid syntax')
    if text.startswith("-"):
        raise UsageError(f"negative number ({int(text)}) not allowed: {text}")
    return int(text)
