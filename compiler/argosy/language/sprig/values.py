"""Go's types as sprig meets them: how arguments are checked and converted, and what values count as equal or empty."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Hashable, Mapping
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any

from argosy.errors import LanguageError
from argosy.language.expr.natures import nature_of
from argosy.language.expr.operations import MAX_TEXT
from argosy.language.function import Function
from argosy.language.gotext import format_value, from_bytes, parse_float
from argosy.language.gotypes import AnyMap, Byte, StringMap, nanoseconds
from argosy.later import regex

MAX_ITEMS = 1_000_000
"""The longest list that a function may make."""


_KINDS = {"nil": "invalid", "float": "float64", "pointer": "ptr"}


def type_of(value: Any) -> str:
    """Give Go's name of a value's type (``%T``)."""
    return "<nil>" if value is None else nature_of(value).name


def kind_of(value: Any) -> str:
    """Give Go's kind of a value."""
    kind = nature_of(value).kind
    return _KINDS.get(kind, kind)


def is_list(value: Any) -> bool:
    """Whether Go would call the value a slice."""
    return isinstance(value, (list, tuple, bytes))


def items(value: Any, doing: str) -> list[Any]:
    """Give the items of a list. Raises LanguageError, saying what was being done, for anything else."""
    if value is None:
        raise LanguageError("invalid memory address or nil pointer dereference", hint="the list is nil")
    if not is_list(value):
        raise LanguageError(f"Cannot {doing} type {kind_of(value)}")
    return list(map(Byte, value) if isinstance(value, bytes) else value)


def same(a: Any, b: Any) -> bool:
    """Go's ``reflect.DeepEqual``: equal in type and value."""
    if type(a) is not type(b):
        return False
    if isinstance(a, Mapping):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    return bool(a == b)


def identity(value: Any) -> Hashable:
    """Give something to look a value up by: equal for two values exactly if they are the same."""
    if isinstance(value, Mapping):
        return type(value), frozenset((key, identity(item)) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return type(value), tuple(map(identity, value))
    return object() if value != value else (type(value), value)


def is_empty(value: Any) -> bool:
    """Whether a value is its type's zero: nil, 0, false, or no characters or items."""
    if value is None:
        return True
    return not isinstance(value, datetime) and not callable(value) and not value


def text_of(value: Any) -> str:
    """Write a value as sprig does (``strval``)."""
    if isinstance(value, bytes):
        return from_bytes(value)
    return format_value(value)


_INTEGER = regex(r"([+-]?)(?:(0[xX])([0-9a-fA-F_]+)|(0[bB])([01_]+)|(0[oO]?)([0-7_]+)|(0|[1-9][0-9_]*))\Z", re.ASCII)
_MISPLACED = regex(r"__|_\Z|\A[+-]?_")
_DECIMAL = regex(r"([+-]?\d*)(\.\d*)?\Z", re.ASCII)


def wrap64(number: int) -> int:
    """Give what is left of a number in 64 bits."""
    return (number + 2**63) % 2**64 - 2**63


def _parse_int(text: str) -> int:
    if "." in text:
        match = _DECIMAL.match(text)
        if match:
            text = {"-": "-0", "+": "+0", "": "0"}.get(match[1], match[1])
    match = _INTEGER.match(text)
    if not match or _MISPLACED.search(text):
        return 0
    bases = ((match[3], 16), (match[5], 2), (match[7], 8), (match[8], 10))
    digits, base = next((digits, base) for digits, base in bases if digits)
    number = int(digits.replace("_", ""), base) * (-1 if match[1] == "-" else 1)
    return number if -(2**63) <= number < 2**63 else 0


_ATOI = regex(r"[+-]?[0-9]+\Z")


def atoi(text: str) -> int:
    """Read a decimal integer of 64 bits: 0 where it is none, the nearest where it does not fit."""
    number = int(text) if len(text) < 400 and _ATOI.match(text) else 0
    return min(max(number, -(2**63)), 2**63 - 1)


def to_int(value: Any) -> int:
    """Convert anything to a 64-bit integer, 0 where that fails (Go's ``cast.ToInt64``)."""
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return int(value) if math.isfinite(value) and -(2.0**63) <= value < 2.0**63 else -(2**63)
    if isinstance(value, str):
        return _parse_int(value) if len(value) < 400 else 0
    if isinstance(value, timedelta):
        return nanoseconds(value)
    return 0


def to_float(value: Any) -> float:
    """Convert anything to a float, 0 where that fails (Go's ``cast.ToFloat64``)."""
    if isinstance(value, (int, float)):
        return float(value)
    if isinstance(value, str):
        return parse_float(value) or 0.0
    if isinstance(value, timedelta):
        return float(to_int(value))
    return 0.0


ZERO_TIME = datetime(1, 1, 1, tzinfo=UTC)
"""Go's zero time."""

_ZEROS: dict[str, Any] = {
    "string": "",
    "int": 0,
    "uint32": 0,
    "float64": 0.0,
    "bool": False,
    "map": None,
    "time": ZERO_TIME,
    "algorithm": "",
    "list": None,
    "any": None,
    "certificate": None,
}


def _fits(value: Any, wanted: str) -> bool:
    match wanted:
        case "any":
            return True
        case "string":
            return isinstance(value, str)
        case "int":
            return type(value) is int
        case "float64":
            return isinstance(value, float)
        case "bool":
            return isinstance(value, bool)
        case "map":
            return isinstance(value, Mapping) and not isinstance(value, (StringMap, AnyMap))
        case "list":
            return type(value) in (list, tuple)
        case "time":
            return isinstance(value, datetime)
        case _:
            return False  # a type of sprig's own, which no expression can make


_SIGNATURE = regex(r"\w+\((.*)\)")


def _parameters(signature: str) -> tuple[list[str], str | None]:
    match = _SIGNATURE.match(signature)
    types = [part.split()[-1] for part in match[1].split(",")] if match and match[1] else []
    if types and types[-1].startswith("..."):
        return types[:-1], types[-1][3:]
    return types, None


def checked(call: Callable[..., Any], signature: str) -> Callable[..., Any]:
    """Give the function with its arguments checked as Go's reflection does; nil becomes the zero of the wanted type.

    The signature tells the types: ``name(text string, rest ...any) string``.
    """
    types, rest = _parameters(signature)

    @wraps(call)
    def run(*arguments: Any) -> Any:
        if rest is None and len(arguments) != len(types):
            raise LanguageError(f"invalid number of arguments: expected {len(types)}, got {len(arguments)}")
        if len(arguments) < len(types):
            raise LanguageError(f"invalid number of arguments: expected at least {len(types)}, got {len(arguments)}")
        passed = []
        for index, value in enumerate(arguments):
            wanted = types[index] if index < len(types) else rest or "any"
            if value is None:
                passed.append(_ZEROS[wanted])
            elif _fits(value, wanted):
                passed.append(value)
            else:
                raise LanguageError(f"reflect: Call using {type_of(value)} as type {wanted}")
        try:
            return call(*passed)
        except RecursionError:
            raise LanguageError("the value is nested too deeply") from None
        except (MemoryError, OverflowError) as error:
            raise LanguageError(f"the result is too large: {error}") from None

    return run


def entry(
    theme: str, call: Callable[..., Any], signature: str, summary: str, example: str, result: str, *aliases: str
) -> list[Function]:
    """Describe a function, once for each of its names. The example is written with ``sprig.`` in front."""
    name = signature.partition("(")[0]
    run = checked(call, signature)
    return [
        Function(
            alias,
            run,
            alias + signature[len(name) :],
            summary,
            example.replace(f"sprig.{name}(", f"sprig.{alias}("),
            result,
            theme,
        )
        for alias in (name, *aliases)
    ]


def too_long(size: float) -> None:
    """Raise LanguageError if a text of that many characters is more than a function may make."""
    if size > MAX_TEXT:
        raise LanguageError(f"the text would be longer than {MAX_TEXT} characters")


def too_many(size: float) -> None:
    """Raise LanguageError if a list of that many items is more than a function may make."""
    if size > MAX_ITEMS:
        raise LanguageError(f"the list would be longer than {MAX_ITEMS} items")
