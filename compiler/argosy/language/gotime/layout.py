"""Go's layouts, taken apart."""

from __future__ import annotations

from functools import lru_cache

from argosy.later import regex

MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905 - reads better
)
DAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split()  # noqa: SIM905 - reads better

RFC3339 = "2006-01-02T15:04:05Z07:00"

_CHUNK = regex(
    r"January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|002|0[1-6]|15|1|2006|2|_(?=2006)|__2|_2|3|4|5|PM|pm"
    r"|[-Z]070000|[-Z]07:00:00|[-Z]0700|[-Z]07:00|[-Z]07|[.,](?:0+|9+)(?![0-9])"
)


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
