"""Small conversions of Go and Argo: numbers that are text, durations, times."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from argosy.language import gotime
from argosy.simulate.controller.operation import Refused
from argosy.source import Json

_SORTED = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_INT = re.compile(r"[+-]?\d+\Z")


def any_string(value: Json) -> str | None:
    """Read a JSON value as Argo's AnyString does: numbers and booleans become text (v4.1 anystring.go).

    >>> any_string(1e21), any_string(True), any_string(0.5)
    ('1000000000000000000000', 'true', '0.5')
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if abs(value) < 1 << 53 else format(Decimal(repr(float(value))), "f")
    if isinstance(value, float):
        text = format(Decimal(repr(value)), "f")
        return text.removesuffix(".0")
    return ""


def parse_duration(text: str) -> float:
    """Read a duration in seconds: Go's notation, or whole seconds (v1alpha1/utils.go ParseStringToDuration).

    Raises Refused with Argo's words.

    >>> parse_duration("1m30s"), parse_duration("5")
    (90.0, 5.0)
    """
    if _INT.match(text):
        return float(int(text))
    try:
        return go_duration(text)
    except Refused as refused:
        raise Refused(f"unable to parse {text} as a duration: {refused}") from None


def go_duration(text: str) -> float:
    """Read a duration in seconds, in Go's notation only (time.ParseDuration). Raises Refused."""
    try:
        return gotime.parse_duration(text) / 1e9
    except gotime.BadTime as error:
        raise Refused(str(error)) from None


def humanize(seconds: float) -> str:
    """Say a duration as Argo does (v4.1 util/humanize Duration).

    >>> humanize(1), humanize(90), humanize(7200)
    ('1 second', '1 minute 30 seconds', '2 hours 0 minutes')
    """
    if seconds < 60:
        return _largest(seconds)
    if seconds < 3600:
        return f"{_largest(seconds)} {int(seconds % 60)} seconds"
    if seconds < 86400:
        return f"{_largest(seconds)} {int(seconds / 60 % 60)} minutes"
    return f"{_largest(seconds)} {int(seconds / 3600 % 24)} hours"


def _largest(seconds: float) -> str:
    for limit, divisor, text in (
        (1, 1, "0 seconds"), (2, 0, "1 second"), (60, 1, "{} seconds"), (120, 0, "1 minute"),
        (3600, 60, "{} minutes"), (7200, 0, "1 hour"), (86400, 3600, "{} hours"), (172800, 0, "1 day"),
    ):  # fmt: skip
        if seconds < limit:
            return text.format(int(seconds / divisor)) if divisor else text
    return f"{int(seconds / 86400)} days"


def rfc3339(moment: float) -> str:
    """Write a moment as metav1.Time does, in whole seconds of UTC."""
    return _rfc3339(int(moment))


@lru_cache(maxsize=4096)
def _rfc3339(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def go_time(moment: float) -> str:
    """Write a moment as Go's Time.String does."""
    return datetime.fromtimestamp(int(moment), UTC).strftime("%Y-%m-%d %H:%M:%S +0000 UTC")


@lru_cache(maxsize=1024)
def parse_time(text: str) -> float:
    """Read an RFC 3339 time."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def go_float(value: float) -> str:
    """Write a number as fmt.Sprint does a float64."""
    from argosy.language.gotext import format_value

    return format_value(float(value))


def int_or_string(value: Json) -> int | None:
    """Read an IntOrString that must be a number (v4.1 util/intstr). Raises Refused with Go's words."""
    if value is None:
        return None
    if isinstance(value, int):
        return value
    text = str(value)
    if not _INT.match(text):
        raise Refused(f"value '{text}' cannot be resolved to an int")
    return int(text)


def atoi(text: str) -> int:
    """strconv.Atoi. Raises Refused with Go's words."""
    if not _INT.match(text):
        raise Refused(f"strconv.Atoi: parsing {json.dumps(text, ensure_ascii=False)}: invalid syntax")
    return int(text)


def go_json(value: Any) -> str:
    """Write JSON as Go's json.Marshal does with a map: keys sorted, ``<`` ``>`` ``&`` escaped."""
    return escape_html(_SORTED.encode(value))


def compact_json(value: Any) -> str:
    """Write JSON without spaces, keys in the order that they have."""
    return _COMPACT.encode(value)


def escape_html(text: str) -> str:
    """Escape what Go's json.Marshal escapes in text that json.dumps leaves alone."""
    if "<" in text or ">" in text or "&" in text:
        text = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


_PARAMETER_FIELDS = ("name", "default", "value", "valueFrom", "globalName", "enum", "description")


def go_parameters(parameters: list[Json] | None) -> str:
    """Write parameters as Go marshals them: fields in the order of the struct, and ``null`` without any."""
    if parameters is None:
        return "null"
    ordered = [{k: p[k] for k in _PARAMETER_FIELDS if p.get(k) not in (None, [])} for p in parameters]
    return escape_html(_COMPACT.encode(ordered))


def strip_none(value: dict[str, Any]) -> dict[str, Any]:
    """Leave out what Go's omitempty leaves out at the top: None, "", empty lists and objects, False, 0."""
    return {k: v for k, v in value.items() if v not in (None, "", [], {}, False, 0)}
