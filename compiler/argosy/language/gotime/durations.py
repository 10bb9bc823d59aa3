"""Reading durations."""

from __future__ import annotations

from argosy.language.gotext import to_bytes
from argosy.language.gotime.moment import BadTime
from argosy.later import regex

_UNITS = {
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,
    "μs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}
_PART = regex(r"([0-9]*)(\.[0-9]*)?([^0-9.]*)")
_LONGEST = 1000
_QUOTED = {0x22: '\\"', 0x5C: "\\\\"} | {byte: f"\\x{byte:02x}" for byte in (*range(32), *range(128, 256))}


def parse_duration(text: str) -> int:
    """Read a duration such as ``1h30m`` or ``-1.5s`` and give its nanoseconds, as Go's ``time.ParseDuration``.

    Raises BadTime, with Go's words, if it is none, or does not fit 64 bits.
    """
    negative, rest = text[:1] == "-", text[text[:1] in ("-", "+") :]
    if rest == "0":
        return 0
    total, at = 0, 0
    while at < len(rest) <= _LONGEST:
        match = _PART.match(rest, at)
        if not match or not (match[1] or len(match[2] or "") > 1):
            raise BadTime(f"time: invalid duration {_quoted(text)}")
        if match[3] not in _UNITS:
            problem = f"unknown unit {_quoted(match[3])}" if match[3] else "missing unit"
            raise BadTime(f"time: {problem} in duration {_quoted(text)}")
        total += int(match[1] or 0) * _UNITS[match[3]] + _fraction((match[2] or ".")[1:], _UNITS[match[3]])
        at = match.end()
    if not at or total > 2**63 - (not negative):
        raise BadTime(f"time: invalid duration {_quoted(text)}")
    return -total if negative else total


def _fraction(digits: str, unit: int) -> int:
    digits = digits[:18]  # Go reads no more
    return int(int(digits) * (unit / 10 ** len(digits))) if digits else 0


def _quoted(text: str) -> str:
    shown = "".join(_QUOTED.get(byte) or chr(byte) for byte in to_bytes(text[:100]))
    return f'"{shown}"'
