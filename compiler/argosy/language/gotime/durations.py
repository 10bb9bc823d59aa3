"""Reading durations."""

from __future__ import annotations

import re

from argosy.language.gotime.moment import BadTime

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
