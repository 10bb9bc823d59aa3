"""Quoted text that govaluate takes for a time: it becomes the seconds since 1970."""

from __future__ import annotations

import re

from argosy.later import regex

_LAYOUTS = (
    "Mon Jan _2 15:04:05 2006",
    "Mon Jan _2 15:04:05 MST 2006",
    "Mon Jan 02 15:04:05 -0700 2006",
    "3:04PM",
    "2006-01-02T15:04:05Z07:00",
    "2006-01-02T15:04:05.999999999Z07:00",
    "2006-01-02",
    "2006-01-02 15:04",
    "2006-01-02 15:04:05",
    "2006-01-02 15:04:05-07:00",
    "2006-01-02T15Z0700",
    "2006-01-02T15:04Z0700",
    "2006-01-02T15:04:05Z0700",
    "2006-01-02T15:04:05.999999999Z0700",
)
_MAYBE = regex(r"[A-Za-z]{3} |\d{4}-\d\d-\d\d|\d\d?:\d\d[AP]M", re.ASCII)


def unix_time(text: str) -> float | None:
    """Give the seconds since 1970 if the text has one of govaluate's date layouts (``tryParseTime``), else None."""
    if len(text) > 200 or not _MAYBE.match(text):
        return None
    from argosy.language import gotime  # few conditions speak of times

    for layout in _LAYOUTS:
        try:
            return float(gotime.parse(layout, text).unix())
        except gotime.BadTime:
            continue
    return None
