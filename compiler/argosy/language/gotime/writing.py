"""Writing a time in a layout."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from argosy.language.gotime.layout import DAYS, MONTHS, chunks


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
