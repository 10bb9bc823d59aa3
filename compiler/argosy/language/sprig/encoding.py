"""Sprig's encodings: base64, base32 and JSON. Those named ``must...`` fail where the plain ones give an empty value."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable
from typing import Any

from argosy.errors import LanguageError
from argosy.language.function import Function
from argosy.language.gochars import valid
from argosy.language.gotext import from_bytes, marshal, to_bytes
from argosy.language.sprig.values import entry
from argosy.later import regex

_BASE64 = regex(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\Z")
_BASE32 = regex(r"(?:[A-Z2-7]{8})*(?:[A-Z2-7]{2}={6}|[A-Z2-7]{4}={4}|[A-Z2-7]{5}={3}|[A-Z2-7]{7}=)?\Z")


def _wrong_byte(text: str, group: int, alphabet: str) -> int:
    """Find where Go's decoder stops: at the first byte that is neither of the alphabet nor padding in its place."""
    data = [(at, char) for at, char in enumerate(to_bytes(text)) if char not in b"\r\n"]
    for index, (at, char) in enumerate(data):
        if chr(char) in alphabet:
            continue
        place = index % group
        if char != 0x3D or (place < 2 or (group == 8 and place in (3, 6))):
            return at
        for later, (position, other) in enumerate(data[index + 1 :], index + 1):
            if later // group != index // group:
                return position
            if other != 0x3D:
                return position
        return len(to_bytes(text)) if len(data) % group else at
    return len(data) - len(data) % group if group == 8 else len(to_bytes(text)) - len(data) % group


def _decoder(
    name: str, pattern: re.Pattern[str], decode: Callable[[str], bytes], alphabet: str
) -> Callable[[str], bytes]:
    group = 4 if name == "base64" else 8

    def run(text: str) -> bytes:
        plain = text.replace("\r", "").replace("\n", "")
        if not pattern.match(plain):
            raise LanguageError(f"illegal {name} data at input byte {_wrong_byte(text, group, alphabet)}")
        try:
            return decode(plain)
        except (binascii.Error, ValueError):
            raise LanguageError(f"illegal {name} data at input byte 0") from None

    return run


_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
decode_base64 = _decoder("base64", _BASE64, base64.b64decode, _UPPER + _UPPER.lower() + "0123456789+/")
decode_base32 = _decoder("base32", _BASE32, base64.b32decode, _UPPER + "234567")


def _decoded(decode: Callable[[str], bytes]) -> Callable[[str], str]:
    def run(text: str) -> str:
        try:
            return from_bytes(decode(text))
        except LanguageError as error:
            return error.message

    return run


def _not_json(name: str) -> float:
    raise ValueError(f"invalid character in {name}")


def _number(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError(f"cannot unmarshal number {text} into Go value of type float64")
    return number


_DECODER = json.JSONDecoder(parse_int=_number, parse_float=_number, parse_constant=_not_json)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return valid(value)
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {valid(key): _clean(item) for key, item in value.items()}
    return value


def parse_json(text: str) -> Any:
    """Read JSON as Go does into an ``any``: every number is a float. Raises LanguageError if it is none."""
    try:
        value = _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        message = "unexpected end of JSON input" if not text.strip() else f"invalid JSON: {error}"
        raise LanguageError(message) from None
    return _clean(value) if "\\u" in text or not text.isascii() else value


def _lenient(call: Callable[..., Any], otherwise: Any) -> Callable[[Any], Any]:
    def run(value: Any) -> Any:
        try:
            return call(value)
        except LanguageError:
            return otherwise

    return run


def _pretty(value: Any) -> str:
    return marshal(value, indent="  ")


def _raw(value: Any) -> str:
    return marshal(value, html=False)


_T = "encoding"
# fmt: off
FUNCTIONS: list[Function] = [
    *entry(_T, lambda t: base64.b64encode(to_bytes(t)).decode(), "b64enc(text string) string", "Encodes as base64.",
           "sprig.b64enc('hi')", "'aGk='"),
    *entry(_T, _decoded(decode_base64), "b64dec(text string) string", "Decodes base64; gives the error as text.",
           "sprig.b64dec('aGk=')", "'hi'"),
    *entry(_T, lambda t: base64.b32encode(to_bytes(t)).decode(), "b32enc(text string) string", "Encodes as base32.",
           "sprig.b32enc('hi')", "'NBUQ===='"),
    *entry(_T, _decoded(decode_base32), "b32dec(text string) string", "Decodes base32; gives the error as text.",
           "sprig.b32dec('NBUQ====')", "'hi'"),
    *entry(_T, _lenient(parse_json, None), "fromJson(text string) any", "Reads JSON, giving nil if it is none.",
           "sprig.fromJson('{\"a\": 1}').a", "1.0"),
    *entry(_T, parse_json, "mustFromJson(text string) any", "Reads JSON, or fails.", "sprig.mustFromJson('[true]')",
           "[true]"),
    *entry(_T, _lenient(marshal, ""), "toJson(value any) string", "Writes JSON, escaping HTML.",
           "sprig.toJson({a: '<'})", "'{\"a\":\"\\\\u003c\"}'"),
    *entry(_T, marshal, "mustToJson(value any) string", "Writes JSON, or fails.", "sprig.mustToJson([1])", "'[1]'"),
    *entry(_T, _lenient(_pretty, ""), "toPrettyJson(value any) string", "Writes JSON on many lines.",
           "sprig.toPrettyJson([1])", "'[\\n  1\\n]'"),
    *entry(_T, _pretty, "mustToPrettyJson(value any) string", "Writes JSON on many lines, or fails.",
           "sprig.mustToPrettyJson([1])", "'[\\n  1\\n]'"),
    *entry(_T, _raw, "toRawJson(value any) string", "Writes JSON without escaping HTML.", "sprig.toRawJson({a: '<'})",
           "'{\"a\":\"<\"}'", "mustToRawJson"),
]
# fmt: on
