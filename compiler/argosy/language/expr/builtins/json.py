"""Built-in functions of JSON and base64 (expr v1.17.8 ``builtin/builtin.go``, on Go's ``encoding/json``)."""

from __future__ import annotations

import base64
import binascii
import json
import math
from typing import Any

from argosy.errors import LanguageError
from argosy.language.expr.builtins.checks import overloads
from argosy.language.expr.builtins.entry import entry, text
from argosy.language.gochars import valid
from argosy.language.gotext import from_bytes, marshal, to_bytes


def _number(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError(f"cannot unmarshal number {digits[:40]} into Go value of type float64")
    return number


def _constant(name: str) -> Any:
    raise ValueError(f"invalid character '{name[0]}' looking for beginning of value")


_DECODER = json.JSONDecoder(parse_int=_number, parse_float=_number, parse_constant=_constant)
_SURROGATE = "\\ud"


def _valid(value: Any) -> Any:
    if isinstance(value, str):
        return valid(value)
    if isinstance(value, list):
        return [_valid(item) for item in value]
    if isinstance(value, dict):
        return {valid(key): _valid(item) for key, item in value.items()}
    return value


def from_json(value: Any) -> Any:
    """``fromJSON``: every number becomes a float."""
    plain = text(value)
    try:
        found = _DECODER.decode(plain)
    except RecursionError:
        raise LanguageError("json: exceeded max depth") from None
    except ValueError as error:
        reason = str(error) if plain.strip() else "unexpected end of JSON input"
        raise LanguageError(f"not JSON: {reason}", hint="fromJSON takes the text of one JSON value") from None
    return _valid(found) if _SURROGATE in plain.lower() else found


def to_json(value: Any) -> str:
    """``toJSON``: indented by two."""
    return marshal(value, indent="  ")


def to_base64(value: Any) -> str:
    """``toBase64``."""
    return base64.b64encode(to_bytes(text(value))).decode("ascii")


def from_base64(value: Any) -> str:
    """``fromBase64``."""
    try:
        raw = text(value).replace("\r", "").replace("\n", "").encode("ascii")
        return from_bytes(binascii.a2b_base64(raw, strict_mode=True))
    except (binascii.Error, UnicodeEncodeError):
        raise LanguageError("illegal base64 data") from None


ENTRIES = (
    entry("JSON", "toJSON(value) -> string", to_json, overloads("toJSON", "any -> string"),
          "The value as JSON, indented.", "toJSON({a: 1})", '"{\\n  \\"a\\": 1\\n}"'),
    entry("JSON", "fromJSON(text) -> any", from_json, overloads("fromJSON", "string -> any"),
          "The value of a JSON text; its numbers are floats.", "fromJSON('{\"a\": [1]}').a[0]", "1.0"),
    entry("JSON", "toBase64(text) -> string", to_base64, overloads("toBase64", "string -> string"),
          "The text in base64.", "toBase64('hi')", "'aGk='"),
    entry("JSON", "fromBase64(text) -> string", from_base64, overloads("fromBase64", "string -> string"),
          "The text that base64 stands for.", "fromBase64('aGk=')", "'hi'"),
)  # fmt: skip
