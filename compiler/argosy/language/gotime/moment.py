"""Times as they are read, and what Python's own cannot hold of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo

from msgspec import Struct

_EPOCH_DAYS = 719468  # from 0000-03-01 to 1970-01-01


class BadTime(Exception):  # noqa: N818 - it is what a caller catches to try the next layout
    """A text that does not have the layout."""


class YearZero(datetime):
    """A time in the year 0, where Go puts ``15:04`` alone; kept as the year 400, whose calendar is the same."""

    @property
    def year(self) -> int:
        """The year as Go has it."""
        return super().year - 400

    def isoformat(self, sep: str = "T", timespec: str = "auto") -> str:
        """Give ISO 8601, with the year as Go has it."""
        return f"{self.year:04d}{super().isoformat(sep, timespec)[4:]}"


_FOUR_CENTURIES = 146097 * 86400


def unix(value: datetime) -> int:
    """Give the seconds since 1970, rounded down."""
    seconds = (value - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)
    return seconds - _FOUR_CENTURIES if isinstance(value, YearZero) else seconds


def at(local: datetime, zone: tzinfo) -> datetime:
    """Give the time when clocks in the zone show the local time, chosen as Go's ``time.Date`` does where they are
    changed: 02:30 that is left out becomes 03:30.

    Raises OverflowError outside the years 1 to 9999.
    """
    plain = local.replace(tzinfo=UTC)
    offset = plain.astimezone(zone).utcoffset() or timedelta()
    if offset:
        offset = (plain - offset).astimezone(zone).utcoffset() or timedelta()
    return (plain - offset).astimezone(zone)


class Moment(Struct):
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
    is_utc: bool = False
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
            named_utc = not self.offset and self.zone in (None, "UTC")
            zone = UTC if named_utc else timezone(timedelta(seconds=self.offset or 0), *self._zone_name())
            kind = datetime if self.year else YearZero
            return kind(
                self.year or 400,
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


def is_leap(year: int) -> bool:
    """Tell whether a year has a 29th of February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in(month: int, year: int) -> int:
    """Give the length of a month."""
    return 29 if month == 2 and is_leap(year) else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]
