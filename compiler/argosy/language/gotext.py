"""Text as Go's standard library reads and writes it: quoting, ``%v``, JSON. Argo's languages show through it
everywhere."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from argosy.errors import LanguageError
from argosy.language.gotypes import AnyMap, NilList

SPACE = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
"""The characters of Go's ``unicode.IsSpace``; Python's ``str.isspace`` has four more."""

_ESCAPES = {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
_QUOTED = re.compile(r'["\\]|[^ -~]')
_HTML = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029", "\x7f": "\x7f"}
)
_NEEDS_HTML = re.compile("[<>&\u2028\u2029]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_MAX_DEPTH = 500


def trim_space(text: str) -> str:
    """Give the text without leading and trailing white space, as Go's ``strings.TrimSpace``."""
    return text.strip(SPACE)


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    if char in '"\\':
        return "\\" + char
    if char in _ESCAPES:
        return _ESCAPES[char]
    code = ord(char)
    if code < 0x20 or code == 0x7F:
        return f"\\x{code:02x}"
    if char.isprintable():
        return char
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"  # Go's strings are UTF-8, which has no lone surrogates
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def escape(text: str) -> str:
    """Give what Go's ``strconv.Quote`` puts between its quotes."""
    return _QUOTED.sub(_escape, text)


def quote(text: str) -> str:
    """Quote a text as Go's ``strconv.Quote`` does."""
    return f'"{escape(text)}"'


def valid(text: str) -> str:
    """Give the text with U+FFFD for every lone surrogate, as Go holds it."""
    return _SURROGATE.sub("\ufffd", text) if not text.isascii() else text


def _exponent(text: str) -> str:
    mantissa, _, exponent = text.partition("e")
    sign = exponent[0] if exponent[0] in "+-" else "+"
    return f"{mantissa}e{sign}{exponent.lstrip('+-0').rjust(2, '0')}"


def format_float(number: float, *, low: int = -4, high: int = 6) -> str:
    """Write a float as Go's ``%v``: the shortest digits, with an exponent below 1e-4 and from 1e6 on."""
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "+Inf" if number > 0 else "-Inf"
    if number == 0:
        return "-0" if math.copysign(1, number) < 0 else "0"
    digits, _, exp = f"{number!r}".lstrip("-").partition("e")
    whole, _, fraction = digits.partition(".")
    significant = (whole + fraction).lstrip("0")
    point = len(whole) + int(exp or 0) - (len(whole + fraction) - len(significant))
    significant = significant.rstrip("0")
    sign = "-" if number < 0 else ""
    if point - 1 < low or point - 1 >= high:
        rest = f".{significant[1:]}" if len(significant) > 1 else ""
        return f"{sign}{_exponent(f'{significant[0]}{rest}e{point - 1}')}"
    if point <= 0:
        return f"{sign}0.{'0' * -point}{significant}"
    if len(significant) <= point:
        return f"{sign}{significant.ljust(point, '0')}"
    return f"{sign}{significant[:point]}.{significant[point:]}"


_FLOAT = re.compile(
    r"[+-]?(?:inf(?:inity)?|nan|(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:e[+-]?[0-9]+)?)\Z", re.IGNORECASE
)
_MISPLACED = re.compile(r"__|_\Z|_[.e]|[.e]_", re.IGNORECASE)
_HEX_FLOAT = re.compile(r"[+-]?0x(?:[0-9a-f]+\.?[0-9a-f]*|\.[0-9a-f]+)p[+-]?[0-9]+\Z", re.IGNORECASE)


def parse_float(text: str) -> float | None:
    """Read a float as Go's ``strconv.ParseFloat``; None if the text is none, or is out of range."""
    if len(text) > 2000 or not text.isascii():
        return None
    if _HEX_FLOAT.match(text):
        try:
            return float.fromhex(text)
        except OverflowError:
            return None
    if not _FLOAT.match(text) or _MISPLACED.search(text):
        return None
    number = float(text)
    return None if math.isinf(number) and text.lstrip("+-")[:1] not in "iI" else number


def format_duration(value: timedelta) -> str:
    """Write a duration as Go's ``Duration.String``: ``1h30m0s``, ``1.5s``, ``2ms``, ``0s``."""
    micros = round(value / timedelta(microseconds=1))
    sign, micros = ("-" if micros < 0 else ""), abs(micros)
    if micros == 0:
        return "0s"
    if micros < 1_000_000:
        scale, unit = (1000, "ms") if micros >= 1000 else (1, "µs")
        return sign + format_float(micros / scale) + unit
    seconds, fraction = divmod(micros, 1_000_000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    tail = f"{seconds}.{fraction:06d}".rstrip("0") if fraction else str(seconds)
    return f"{sign}{f'{hours}h' if hours else ''}{f'{minutes}m' if hours or minutes else ''}{tail}s"


def format_time(value: datetime) -> str:
    """Write a time as Go's ``Time.String``: ``2024-01-31 10:00:00 +0000 UTC``."""
    fraction = f".{value.microsecond:06d}".rstrip("0") if value.microsecond else ""
    offset = value.strftime("%z") or "+0000"
    zone = value.tzname() or offset
    if zone.startswith("UTC") and zone != "UTC":
        zone = offset
    return f"{value.year:04d}{value:-%m-%d %H:%M:%S}{fraction} {offset} {zone}"


def format_value(value: Any, depth: int = 0) -> str:
    """Write any value as Go's ``fmt.Sprint`` (``%v``): ``<nil>``, ``[1 2]``, ``map[a:1]``."""
    if depth > _MAX_DEPTH:
        raise LanguageError("value is nested too deeply to be written")
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return format_float(value)
    if isinstance(value, Mapping):
        items = sorted(value.items(), key=lambda item: str(item[0]))
        return "map[" + " ".join(f"{k}:{format_value(v, depth + 1)}" for k, v in items) + "]"
    if isinstance(value, (bytes, bytearray)):
        return "[" + " ".join(map(str, value)) + "]"
    if isinstance(value, (list, tuple)):
        return "[" + " ".join(format_value(v, depth + 1) for v in value) + "]"
    if isinstance(value, datetime):
        return format_time(value)
    if isinstance(value, timedelta):
        return format_duration(value)
    return str(value)


def json_string(text: str, *, html: bool = True) -> str:
    """Write a string as Go's ``encoding/json``: with ``<``, ``>`` and ``&`` escaped unless told otherwise."""
    out = json.dumps(valid(text), ensure_ascii=False)
    if html:
        return out.translate(_HTML) if _NEEDS_HTML.search(out) else out
    return out.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _json_scalar(value: Any, html: bool) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json_string(value, html=html)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise LanguageError(f"json: unsupported value: {format_float(value)}")
        text = format_float(value, low=-6, high=21)
        return re.sub(r"e-0(\d)$", r"e-\1", text)
    if isinstance(value, datetime):
        offset = value.strftime("%z") or "+0000"
        fraction = f".{value.microsecond:06d}".rstrip("0") if value.microsecond else ""
        zone = "Z" if offset == "+0000" else f"{offset[:3]}:{offset[3:5]}"
        return f'"{value.year:04d}{value:-%m-%dT%H:%M:%S}{fraction}{zone}"'
    if isinstance(value, timedelta):
        return str(round(value / timedelta(microseconds=1)) * 1000)
    if isinstance(value, (bytes, bytearray)):
        import base64

        return f'"{base64.b64encode(value).decode()}"'
    if getattr(value, "go_json_text", False):
        return json_string(str(value), html=html)
    raise LanguageError(f"json: unsupported type: {type(value).__name__}")


def marshal(value: Any, *, html: bool = True, indent: str | None = None) -> str:
    """Write a value as Go's ``json.Marshal`` does: keys in order, ``<`` escaped, times RFC 3339, durations nanoseconds.

    Raises LanguageError for what JSON cannot hold: infinities, functions, values nested too deeply.
    """
    return _marshal(value, html, indent, 0)


def _marshal(value: Any, html: bool, indent: str | None, depth: int) -> str:
    if depth > _MAX_DEPTH:
        raise LanguageError("value is nested too deeply for JSON")
    if isinstance(value, AnyMap):
        raise LanguageError("json: unsupported type: map[interface {}]interface {}", hint="its keys are not texts")
    if isinstance(value, Mapping):
        colon = ":" if indent is None else ": "
        items = sorted((str(k), v) for k, v in value.items()) if _sortable(value) else list(value.items())
        parts = [json_string(str(k), html=html) + colon + _marshal(v, html, indent, depth + 1) for k, v in items]
        return _wrap("{", parts, "}", indent, depth)
    if isinstance(value, NilList):
        return "null"
    if isinstance(value, (list, tuple)):
        return _wrap("[", [_marshal(v, html, indent, depth + 1) for v in value], "]", indent, depth)
    return _json_scalar(value, html)


def _sortable(value: Mapping[Any, Any]) -> bool:
    return len({str(k) for k in value}) == len(value)


def _wrap(opening: str, parts: list[str], closing: str, indent: str | None, depth: int) -> str:
    if indent is None or not parts:
        return opening + ",".join(parts) + closing
    inner = "\n" + indent * (depth + 1)
    return opening + inner + ("," + inner).join(parts) + "\n" + indent * depth + closing
