"""Text as Go's standard library reads and writes it: quoting, ``%v``, JSON. Argo's languages show through it
everywhere."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from argosy.errors import LanguageError
from argosy.language.gochars import SPACE, SURROGATE, are_printable, is_printable
from argosy.language.gotypes import AnyMap, Key, NilList, NilMap, nanoseconds
from argosy.later import regex

_ESCAPES = {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
_ASCII = {ord('"'): '\\"', ord("\\"): "\\\\"} | {code: f"\\x{code:02x}" for code in (*range(32), 127)}
_ASCII |= {ord(char): escaped for char, escaped in _ESCAPES.items()}
_SPECIAL = regex(r'["\\]|[^ -~]')
_BEYOND_ASCII = regex("[^\0-\x7f]")
_HTML = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029", "\x7f": "\x7f"}
)
_NEEDS_HTML = regex("[<>&\u2028\u2029]")
_NO_BYTE = regex("[\ud800-\udc7f\udd00-\udfff]")
_BYTE = regex("[\udc80-\udcff]")
_MAX_DEPTH = 500


def trim_space(text: str) -> str:
    """Give the text without leading and trailing white space, as Go's ``strings.TrimSpace``."""
    return text.strip(SPACE)


def _escape(match: re.Match[str]) -> str:
    char, code = match[0], ord(match[0])
    if is_printable(char):
        return char
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"  # a byte of a cut character
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"  # Go's strings are UTF-8, which has no lone surrogates
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def escape(text: str) -> str:
    """Give what Go's ``strconv.Quote`` puts between its quotes."""
    if not _SPECIAL.search(text):
        return text
    escaped = text.translate(_ASCII)
    return escaped if are_printable(escaped) else _BEYOND_ASCII.sub(_escape, escaped)


def quote(text: str) -> str:
    """Quote a text as Go's ``strconv.Quote`` does."""
    return f'"{escape(text)}"'


def to_bytes(text: str) -> bytes:
    """Give the bytes that Go would hold; of a cut character, what there is."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return _NO_BYTE.sub("\ufffd", text).encode("utf-8", "surrogateescape")


def from_bytes(data: bytes) -> str:
    """Give bytes as text; those of a cut character are kept, as lone surrogates."""
    return data.decode("utf-8", "surrogateescape")


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


_FLOAT = regex(
    r"[+-]?(?:inf(?:inity)?|nan|(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:e[+-]?[0-9]+)?)\Z", re.IGNORECASE
)
_MISPLACED = regex(r"__|_\Z|_[.e]|[.e]_", re.IGNORECASE)
_HEX_FLOAT = regex(r"[+-]?0x(?:[0-9a-f]+\.?[0-9a-f]*|\.[0-9a-f]+)p[+-]?[0-9]+\Z", re.IGNORECASE)


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
    nanos = nanoseconds(value)
    sign, nanos = ("-" if nanos < 0 else ""), abs(nanos)
    if nanos < 10**9:
        scale, unit = next((scale, unit) for scale, unit in _SMALL_UNITS if nanos >= scale)
        return sign + _with_fraction(nanos, scale) + unit
    minutes, nanos = divmod(nanos, 60 * 10**9)
    hours, minutes = divmod(minutes, 60)
    tail = _with_fraction(nanos, 10**9)
    return f"{sign}{f'{hours}h' if hours else ''}{f'{minutes}m' if hours or minutes else ''}{tail}s"


_SMALL_UNITS = ((10**6, "ms"), (10**3, "µs"), (1, "ns"), (0, "s"))


def _with_fraction(number: int, scale: int) -> str:
    whole, rest = divmod(number, scale) if scale else (0, 0)
    digits = f"{rest:0{len(str(scale)) - 1}d}".rstrip("0") if rest else ""
    return f"{whole}.{digits}" if digits else str(whole)


def format_time(value: datetime) -> str:
    """Write a time as Go's ``Time.String``: ``2024-01-31 10:00:00 +0000 UTC``."""
    fraction = f".{value.microsecond:06d}".rstrip("0") if value.microsecond else ""
    offset = value.strftime("%z") or "+0000"
    zone = value.tzname() or offset
    if zone.startswith("UTC") and zone != "UTC":
        zone = offset
    return f"{value.year:04d}{value:-%m-%d %H:%M:%S}{fraction} {offset} {zone}"


def format_value(value: Any) -> str:
    """Write any value as Go's ``fmt.Sprint`` (``%v``): ``<nil>``, ``[1 2]``, ``map[a:1]``.

    Raises LanguageError for a value that is nested too deeply.
    """
    try:
        return _format(value, 0)
    except RecursionError:
        raise LanguageError("value is nested too deeply to be written") from None


def _format(value: Any, depth: int) -> str:
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
        return "map[" + " ".join(f"{k}:{_format(value[k], depth + 1)}" for k in _in_order(value)) + "]"
    if isinstance(value, (bytes, bytearray)):
        return "[" + " ".join(map(str, value)) + "]"
    if isinstance(value, (list, tuple)):
        return "[" + " ".join(_format(v, depth + 1) for v in value) + "]"
    if isinstance(value, datetime):
        return format_time(value)
    if isinstance(value, timedelta):
        return format_duration(value)
    return str(value)


def format_as_text(value: Any, depth: int = 0) -> str:
    """Write any value as Go's ``%s``, which has a word to say of what is no text: ``%!s(int=2)``."""
    if depth > _MAX_DEPTH:
        raise LanguageError("value is nested too deeply to be written")
    if value is None:
        return "%!s(<nil>)"
    if isinstance(value, Mapping):
        return "map[" + " ".join(f"{k}:{format_as_text(value[k], depth + 1)}" for k in _in_order(value)) + "]"
    if isinstance(value, (list, tuple)):
        return "[" + " ".join(format_as_text(v, depth + 1) for v in value) + "]"
    for kind, name in ((bool, "bool"), (int, "int"), (float, "float64")):
        if isinstance(value, kind):
            return f"%!s({name}={format_value(value)})"
    return format_value(value)


def _in_order(keys: Iterable[Any]) -> list[Any]:
    found = list(keys)
    numbers = [key.value if isinstance(key, Key) else key for key in found]
    if all(type(number) in (int, float) for number in numbers):
        return [key for _, key in sorted(zip(numbers, found, strict=True), key=lambda pair: pair[0])]
    return sorted(found, key=lambda key: (not (isinstance(key, Key) and key.value is None), str(key)))


def json_string(text: str, *, html: bool = True) -> str:
    """Write a string as Go's ``encoding/json``: with ``<``, ``>`` and ``&`` escaped unless told otherwise."""
    if SURROGATE.search(text):
        out = _BYTE.sub(r"\\ufffd", json.dumps(from_bytes(to_bytes(text)), ensure_ascii=False))
    else:
        out = json.dumps(text, ensure_ascii=False)
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
        return str(int(value))
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
        return str(nanoseconds(value))
    if isinstance(value, (bytes, bytearray)):
        import base64

        return f'"{base64.b64encode(value).decode()}"'
    if hasattr(value, "go_json"):
        return marshal(value.go_json(), html=html)
    raise LanguageError(f"json: unsupported type: {type(value).__name__}")


def marshal(value: Any, *, html: bool = True, indent: str | None = None) -> str:
    """Write a value as Go's ``json.Marshal`` does: keys in order, ``<`` escaped, times RFC 3339, durations nanoseconds.

    Raises LanguageError for what JSON cannot hold: infinities, functions, values nested too deeply.
    """
    try:
        return _marshal(value, html, indent, 0)
    except RecursionError:
        raise LanguageError("value is nested too deeply for JSON") from None


def _marshal(value: Any, html: bool, indent: str | None, depth: int) -> str:
    if depth > _MAX_DEPTH:
        raise LanguageError("value is nested too deeply for JSON")
    if isinstance(value, (NilList, NilMap)):
        return "null"
    if isinstance(value, AnyMap):
        raise LanguageError("json: unsupported type: map[interface {}]interface {}", hint="its keys are not texts")
    if isinstance(value, Mapping):
        colon = ":" if indent is None else ": "
        items = sorted((str(k), v) for k, v in value.items()) if _sortable(value) else list(value.items())
        parts = [json_string(str(k), html=html) + colon + _marshal(v, html, indent, depth + 1) for k, v in items]
        return _wrap("{", parts, "}", indent, depth)
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


def atoi(text: str) -> int | None:
    """Give the number that a text is, as Go's ``strconv.Atoi`` reads it, or None: it has 64 bits at most."""
    digits = text[1:] if text[:1] in ("+", "-") else text
    if not (digits.isascii() and digits.isdigit()):
        return None
    number = int(text) if len(digits) < 4000 else 2**63
    return number if -(2**63) <= number < 2**63 else None
