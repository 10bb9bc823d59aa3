"""Built-in functions of numbers, and conversions (expr v1.17.8 ``builtin/lib.go``)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from argosy.errors import LanguageError
from argosy.language.expr.builtins.checks import aggregate, number, one, overloads
from argosy.language.expr.builtins.entry import entry
from argosy.language.expr.natures import INT, nature_of
from argosy.language.expr.operations import float_to_int, less, more, type_name, wrap
from argosy.language.expr.values import Month, Weekday
from argosy.language.gotext import format_value
from argosy.language.gotypes import Byte, Int64, nanoseconds
from argosy.later import regex

_INTS = (int, Int64, Byte)
_NUMBERS = (int, float, Int64, Byte)
_INTEGER = regex(r"[+-]?[0-9]{1,400}\Z")
_FLOAT = regex(r"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|inf|infinity|nan)\Z", re.IGNORECASE)
_HEX_FLOAT = regex(
    r"[+-]?0[xX]_?(?:[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*\.?(?:[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*)?"
    r"|\.[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*)[pP][+-]?[0-9]+\Z"
)
MAX_DEPTH = 200


def is_number(value: Any) -> bool:
    """Whether it is a plain number: no bool, duration or month."""
    return type(value) in _NUMBERS


def to_integer(value: Any) -> int:
    """``int``: a number without its fraction, or the decimal integer that a text is."""
    kind = type(value)
    if kind in _INTS:
        return int(value)
    if kind is float:
        return float_to_int(value)
    if kind is str:
        if _INTEGER.match(value) and -(2**63) <= int(value) < 2**63:
            return int(value)
        raise LanguageError(f"invalid operation: int({value[:60]})", hint="only digits, with a sign, are an integer")
    if isinstance(value, timedelta):
        return nanoseconds(value)
    if isinstance(value, (Month, Weekday)):
        return int(value)
    raise LanguageError(f"invalid operation: int({type_name(value)})")


def to_float(value: Any) -> float:
    """``float``: a number as a float, or the number that a text is."""
    if is_number(value):
        return float(value)
    if type(value) is str:
        found = _parse_float(value)
        if found is not None:
            return found
        raise LanguageError(f"invalid operation: float({value[:60]})")
    raise LanguageError(f"invalid operation: float({type_name(value)})")


def _parse_float(plain: str) -> float | None:
    if _FLOAT.match(plain):
        found = float(plain)
        return None if math.isinf(found) and "n" not in plain.lower() else found
    if _HEX_FLOAT.match(plain):
        try:
            return float.fromhex(plain.replace("_", ""))
        except OverflowError:
            return None
    return None


def absolute(value: Any) -> Any:
    """``abs``."""
    if type(value) is float:
        return -value if value < 0 else value
    if type(value) in _INTS:
        return type(value)(wrap(-value)) if value < 0 else value
    raise LanguageError(f"invalid argument for abs (type {type_name(value)})")


def _away_from_zero(value: float) -> float:
    return math.copysign(math.floor(abs(value) + 0.5) if abs(value) != 0.49999999999999994 else 0.0, value)


def _rounding(name: str, function: Callable[[float], float]) -> Callable[[Any], float]:
    def run(value: Any) -> float:
        if not is_number(value):
            raise LanguageError(f"invalid argument for {name} (type {type_name(value)})")
        plain = float(value)
        if type(value) is not float or not math.isfinite(plain) or abs(plain) >= 2**52:
            return plain
        return math.copysign(float(function(plain)), plain)

    return run


def length(value: Any) -> int:
    """``len``: of a text in characters."""
    if isinstance(value, (str, list, tuple, dict, bytes)):
        return len(value)
    raise LanguageError(f"invalid argument for len (type {type_name(value)})")


_TYPES = {"slice": "array", "unknown": "unknown", "nil": "nil", "uint8": "uint", "int64": "int", "pointer": "unknown"}

_PACKAGES = {"semver.Version": "github.com/Masterminds/semver/v3.Version"}


def type_of(value: Any) -> str:
    """``type``: expr's name of a value's type."""
    nature = nature_of(value)
    name = nature.name.lstrip("*")
    if name.startswith("time."):
        return name
    return _PACKAGES.get(name) or _TYPES.get(nature.kind, nature.kind)


# ---------------------------------------------------------------------- over numbers and lists of them


def _is_list(value: Any) -> bool:
    return isinstance(value, (list, tuple, bytes))


def _extreme(name: str, better: Callable[[Any, Any], bool], arguments: Iterable[Any], depth: int = 0) -> Any:
    if depth > MAX_DEPTH:
        raise LanguageError("recursion depth exceeded")
    best: Any = None
    for argument in arguments:
        items = map(Byte, argument) if isinstance(argument, bytes) else argument
        found = _extreme(name, better, items, depth + 1) if _is_list(argument) else argument
        if found is None and _is_list(argument):
            continue
        named = depth == 0 and isinstance(found, (timedelta, Month, Weekday))
        if not is_number(found) and not named:
            raise LanguageError(f"invalid argument for {name} (type {type_name(found)})")
        if best is None or better(best, found):
            best = found
    return best


def _aggregate(name: str, better: Callable[[Any, Any], bool]) -> Callable[..., Any]:
    def run(*arguments: Any) -> Any:
        if len(arguments) == 1 and not _is_list(arguments[0]) and not is_number(arguments[0]):
            return arguments[0]
        return _extreme(name, better, arguments)

    return run


def _numbers(name: str, arguments: Iterable[Any], depth: int = 0) -> list[float]:
    if depth > MAX_DEPTH:
        raise LanguageError("recursion depth exceeded")
    found: list[float] = []
    for argument in arguments:
        if is_number(argument):
            found.append(float(argument))
        elif _is_list(argument):
            found += _numbers(name, argument, depth + 1)
        elif isinstance(argument, timedelta):
            found.append(float(nanoseconds(argument)))
        elif isinstance(argument, (Month, Weekday)):
            found.append(float(argument))
        else:
            raise LanguageError(f"invalid argument for {name} (type {type_name(argument)})")
    return found


def mean(*arguments: Any) -> float:
    """``mean``: 0 of nothing."""
    found = _numbers("mean", arguments)
    total = 0.0
    for value in found:  # not sum(), which rounds better than Go from Python 3.12 on
        total += value
    return total / len(found) if found else 0.0


def median(*arguments: Any) -> float:
    """``median``: 0 of nothing."""
    found = _numbers("median", arguments)
    found.sort(key=lambda value: (not math.isnan(value), value))
    if not found:
        return 0.0
    middle = len(found) // 2
    return found[middle] if len(found) % 2 else (found[middle - 1] + found[middle]) / 2


def _bits(name: str, function: Callable[[int, int], int], *, shift: bool = False) -> Callable[[Any, Any], int]:
    def run(a: Any, b: Any) -> int:
        for value in (a, b):
            if type(value) not in _INTS:
                raise LanguageError(f"cannot use {type_name(value)} as argument (type int) to call {name}")
        if shift and b < 0:
            raise LanguageError(f"invalid operation: negative shift count {b} (type int)")
        return wrap(function(int(a), int(b)))

    return run


def bitnot(a: Any) -> int:
    """``bitnot``."""
    if type(a) not in _INTS:
        raise LanguageError(f"cannot use {type_name(a)} as argument (type int) to call bitnot")
    return ~int(a)


def _n(signature: str, call: Any, check: Any, summary: str, example: str, result: str) -> Any:
    return entry("Numbers", signature, call, check, summary, example, result)


def _bit(name: str, call: Any, summary: str, example: str, result: str, shift: bool = False) -> Any:
    check = overloads(name, "int, int -> int")
    signature = f"{name}(number, {'count' if shift else 'other'}) -> int"
    return entry("Bits", signature, _bits(name, call, shift=shift), check, summary, example, result)


ENTRIES = (
    entry("Values", "len(value) -> int", length, one("len", ["slice", "map", "string"], INT),
          "The number of items of a list or map, of characters of a text.", "len('né')", "2"),
    entry("Values", "type(value) -> string", type_of, overloads("type", "any -> string"),
          "The name of the value's type.", "type(1.5)", "'float'"),
    entry("Values", "string(value) -> string", format_value, overloads("string", "any -> string"),
          "The value as text, as Go's %v writes it.", "string([1, 2.50, nil])", "'[1 2.5 <nil>]'"),
    _n("int(value) -> int", to_integer, number("int", INT, texts=True),
       "The integer that a text is, or a number without its fraction.", "int('42')", "42"),
    _n("float(value) -> float", to_float, number("float", texts=True),
       "The number that a text is, or a number as a float.", "float('2.50')", "2.5"),
    _n("abs(number) -> number", absolute, number("abs", None), "The number without its sign.", "abs(-3)", "3"),
    _n("ceil(number) -> float", _rounding("ceil", math.ceil), number("ceil"),
       "The number rounded up.", "ceil(1.2)", "2.0"),
    _n("floor(number) -> float", _rounding("floor", math.floor), number("floor"),
       "The number rounded down.", "floor(1.8)", "1.0"),
    _n("round(number) -> float", _rounding("round", _away_from_zero), number("round"),
       "The nearest whole number; halves go away from zero.", "round(2.5)", "3.0"),
    _n("max(numbers...) -> number", _aggregate("max", less), aggregate("max"),
       "The greatest of numbers and of lists of them.", "max(3, [1, 4])", "4"),
    _n("min(numbers...) -> number", _aggregate("min", more), aggregate("min"),
       "The least of numbers and of lists of them.", "min(3, [1, 4])", "1"),
    _n("mean(numbers...) -> float", mean, aggregate("mean"),
       "The average of numbers and of lists of them.", "mean([1, 2, 3, 4])", "2.5"),
    _n("median(numbers...) -> float", median, aggregate("median"),
       "The middle one of numbers and of lists of them.", "median([3, 1, 2])", "2.0"),
    _bit("bitand", lambda a, b: a & b, "The bits set in both.", "bitand(6, 3)", "2"),
    _bit("bitor", lambda a, b: a | b, "The bits set in either.", "bitor(6, 3)", "7"),
    _bit("bitxor", lambda a, b: a ^ b, "The bits set in one of them.", "bitxor(6, 3)", "5"),
    _bit("bitnand", lambda a, b: a & ~b, "The bits set in the first and not in the second.", "bitnand(6, 3)", "4"),
    _bit("bitshl", lambda a, b: a << b if b < 64 else 0, "The bits moved to the left.", "bitshl(1, 4)", "16", True),
    _bit("bitshr", lambda a, b: a >> min(b, 64), "The bits moved to the right, keeping the sign.",
         "bitshr(-16, 2)", "-4", True),
    _bit("bitushr", lambda a, b: a % 2**64 >> min(b, 64), "The bits moved to the right, filling with zeros.",
         "bitushr(16, 2)", "4", True),
    entry("Bits", "bitnot(number) -> int", bitnot, overloads("bitnot", "int -> int"),
          "Every bit turned over.", "bitnot(6)", "-7"),
)  # fmt: skip
