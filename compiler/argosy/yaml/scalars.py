"""What a scalar means to Argo: go-yaml v2's rules for plain and tagged texts, and Go's way to write numbers.

Source: ``resolve.go`` of go.yaml.in/yaml/v2 v2.4.4, which sigs.k8s.io/yaml uses in Argo v4.1.2.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import datetime
import math
import re
import struct
from decimal import Decimal

from argosy.later import regex

Scalar = str | int | float | bool | None

HINTS = frozenset("+-0123456789yYnNtTfFoO~.")
"""A plain text that is not empty and begins otherwise is a string."""

_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"], True),
    **dict.fromkeys(["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"], False),
    **dict.fromkeys(["", "~", "null", "Null", "NULL"], None),
    **dict.fromkeys([".nan", ".NaN", ".NAN"], math.nan),
    **dict.fromkeys([".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"], math.inf),
    **dict.fromkeys(["-.inf", "-.Inf", "-.INF"], -math.inf),
}
_INTEGER = regex(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|([1-9][0-9]*|0))\Z")
_SIGNED_BINARY = regex(r"0b([-+][01]+)\Z")
_FLOAT = regex(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_DOT_FLOAT = regex(r"\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?\Z")
_TIMESTAMP = regex(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(?:Z|[-+](\d\d):(\d\d))"
    r"| (\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?)?\Z"
)


def _replace_each_byte(error: UnicodeError) -> tuple[str, int]:
    """Replace invalid UTF-8 byte by byte, as Go does (Python's own "replace" takes several at once)."""
    assert isinstance(error, UnicodeDecodeError)
    return "\ufffd" * (error.end - error.start), error.end


codecs.register_error("go-replace", _replace_each_byte)
_PREFIX = "tag:yaml.org,2002:"
_LONGEST_INTEGER = 80
"""More digits than 64 bits have in any base, leading zeros aside: out of range for Go, not worth converting."""


class TagError(ValueError):
    """A text does not fit its explicit tag: ``!!int x``."""


def resolve(text: str) -> Scalar:
    """Give what a plain, untagged text is; floats that Go's JSON writes as whole numbers become int.

    >>> [resolve(t) for t in ("y", "010", "1e3", "22:22", "0o17", "08", "1_000", "~")]
    [True, 8, 1000, '22:22', 15, 8, 1000, None]
    """
    return as_json(resolve_key(text))


def resolve_key(text: str) -> Scalar:
    """Give what a plain, untagged text is to go-yaml, with floats kept apart from integers: keys differ so."""
    if text and text[0] not in HINTS:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if text[0] == ".":
        number = float(text.replace("_", "")) if _DOT_FLOAT.match(text) else math.inf
        return text if math.isinf(number) else number
    return _number(text) if text[0] in "+-0123456789" else text


def as_json(value: Scalar) -> Scalar:
    """Give a float as Go's ``encoding/json`` writes it and reads it back: whole ones below 1e21 have no fraction."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        if not value and math.copysign(1, value) < 0:
            return value
        return int(value) if abs(value) < 2**53 else int(Decimal(repr(value)))
    return value


def _number(text: str) -> Scalar:
    plain = text.replace("_", "")
    found = _INTEGER.match(plain)
    if found:
        sign, hexa, binary, octal, decimal = found.groups()
        digits, base = next((d, b) for d, b in ((hexa, 16), (binary, 2), (octal, 8), (decimal, 10)) if d is not None)
        digits = digits.lstrip("0") or "0"
        value = int(digits, base) if len(digits) < _LONGEST_INTEGER else 2**80
        if sign == "-":
            value = -value
        if -(2**63) <= value < 2**63 or (not sign and value < 2**64):
            return value
    if _FLOAT.match(plain):
        number = float(plain)
        return text if math.isinf(number) else number
    found = _SIGNED_BINARY.match(plain)
    if found and -(2**63) <= int(found[1], 2) < 2**63:
        return int(found[1], 2)
    return text


def resolve_tagged(tag: str, text: str) -> Scalar:
    """Give what a text with an explicit tag is; floats are kept apart from integers.

    Raises TagError where the text does not fit the tag.

    >>> resolve_tagged("tag:yaml.org,2002:float", "1")
    1.0
    """
    short = tag.removeprefix(_PREFIX) if tag.startswith(_PREFIX) else ""
    if short == "str" or short not in ("bool", "int", "float", "null", "timestamp", "binary"):
        return text
    if short == "binary":
        return _binary(text)
    if short == "timestamp" and is_timestamp(text):
        return text
    value = resolve_key(text)
    actual = _tag_of(value)
    if actual == short:
        return value
    if short == "float" and isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63:
        return float(value)
    raise TagError(f"cannot decode !!{actual} `{text}` as a !!{short}")


def _binary(text: str) -> str:
    try:
        return base64.b64decode(re.sub(r"[\r\n]", "", text), validate=True).decode("utf-8", "go-replace")
    except (binascii.Error, ValueError) as error:
        raise TagError("!!binary value contains invalid base64 data") from error


def _tag_of(value: Scalar) -> str:
    if value is None:
        return "null"
    return {bool: "bool", int: "int", float: "float"}.get(type(value), "str")


def is_timestamp(text: str) -> bool:
    """Say whether go-yaml takes a text for a timestamp (which it then keeps as text)."""
    found = _TIMESTAMP.match(text)
    if not found:
        return False
    year, month, day, *rest = (int(part or 0) for part in found.groups())
    hour, minute, second = (max(pair) for pair in zip(rest[:3], rest[5:], strict=True))
    try:
        datetime.datetime(max(year, 1), month, day, hour, minute, second, tzinfo=datetime.UTC)
    except ValueError:
        return False
    return rest[3] <= 24 and rest[4] <= 60


def key_text(key: Scalar) -> str | None:
    """Give the text that sigs.k8s.io/yaml makes of a key, or None for one it refuses (null, above int64)."""
    match key:
        case str():
            return key
        case bool():
            return "true" if key else "false"
        case int():
            return str(key) if -(2**63) <= key < 2**63 else None
        case float():
            return _float_key(key)
        case None:
            return None


def _float_key(key: float) -> str:
    if math.isnan(key):
        return ".nan"
    if math.isinf(key):
        return ".inf" if key > 0 else "-.inf"
    return shortest32(key)


def shortest32(value: float) -> str:
    """Write a float as Go's ``strconv.FormatFloat(value, 'g', -1, 32)`` does: the shortest that is the same float32."""
    single = _single(value)
    if math.isinf(single):
        return ".inf" if single > 0 else "-.inf"
    text = next(t for t in (f"{single:.{digits}e}" for digits in range(18)) if _single(float(t)) == single)
    digits, _, exponent = text.partition("e")
    power = int(exponent)
    if -4 <= power < 6:
        return number_plain(float(text))
    return f"{digits}e{'-' if power < 0 else '+'}{abs(power):02d}"


def _single(value: float) -> float:
    try:
        return float(struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return math.copysign(math.inf, value)


def number_json(value: int | float) -> str:
    """Write a number as Go's ``encoding/json`` does.

    >>> number_json(1e21), number_json(1e-7), number_json(0.1), number_json(1e20)
    ('1e+21', '1e-7', '0.1', '100000000000000000000')
    """
    if isinstance(value, int):
        return str(value)
    if value == 0 or 1e-6 <= abs(value) < 1e21:
        return number_plain(value)
    digits, _, exponent = repr(value).partition("e")
    if not exponent:
        digits, _, exponent = f"{value:.16e}".partition("e")
    return f"{digits.removesuffix('.0')}e{exponent[0]}{exponent[1:].lstrip('0')}"


def number_plain(value: int | float) -> str:
    """Write a number as Go's ``strconv.FormatFloat(value, 'f', -1, 64)`` does: what a parameter's value becomes.

    >>> number_plain(9223372036854775808), number_plain(1e-7), number_plain(3)
    ('9223372036854776000', '0.0000001', '3')
    """
    number = float(value)
    text = format(Decimal(repr(number)), "f")
    return text.removesuffix(".0") if "." in text else text
