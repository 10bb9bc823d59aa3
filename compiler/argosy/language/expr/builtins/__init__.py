"""The built-in functions of expr v1.17.8 that take no predicate, by theme."""

from __future__ import annotations

from argosy.language.expr.builtins import arrays, dates, json, maps, numbers, strings
from argosy.language.expr.builtins.entry import Entry

ENTRIES: dict[str, Entry] = {
    entry.function.name: entry
    for entry in (
        *strings.ENTRIES,
        *numbers.ENTRIES,
        *arrays.ENTRIES,
        *maps.ENTRIES,
        *json.ENTRIES,
        *dates.ENTRIES,
    )
}
"""Every one by name."""
