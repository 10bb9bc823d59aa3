"""What the operators do, as expr v1.17.8 ``vm/runtime`` does it; each raises LanguageError for types that do not fit.

Types are told by ``type(x) is``: a bool is no int, and a month is neither.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from argosy.errors import LanguageError
from argosy.language import gomath, regex
from argosy.language.expr.natures import nature_of
from argosy.language.expr.values import Location, between, key_of
from argosy.language.gotext import from_bytes, to_bytes
from argosy.language.gotypes import (
    AnyMap,
    Byte,
    GroupMap,
    Int64,
    IntList,
    NilList,
    NilMap,
    NilStringList,
    StringList,
    StringMap,
    duration,
    nanoseconds,
)

MAX_TEXT = 5_000_000
"""The longest text, in characters, that an expression may make. Go has no limit but its memory; a whole workflow has
to fit into 1.5 MB."""

_INTS = frozenset([int, Int64, Byte])
_NUMBERS = frozenset([int, float, Int64, Byte])
_LISTS = frozenset([list, tuple, IntList, StringList, NilList, NilStringList])
_ITEM_TYPE: dict[type, str] = {IntList: "int", StringList: "string", NilStringList: "string", bytes: "uint8"}


def wrap(number: int) -> int:
    """Give what 64 bits hold of a number."""
    return number if -(2**63) <= number < 2**63 else (number + 2**63) % 2**64 - 2**63


def type_name(value: Any) -> str:
    """Give Go's name of a value's type."""
    return "<nil>" if value is None else str(nature_of(value))


def _mismatch(operator: str, a: Any, b: Any) -> LanguageError:
    return LanguageError(f"invalid operation: {type_name(a)} {operator} {type_name(b)}")


def moved(time: datetime, by: timedelta) -> datetime:
    """Give the time that much later, in the same zone. Raises LanguageError outside the years 1 to 9999."""
    zone = time.tzinfo
    try:
        return (time.astimezone(UTC) + by).astimezone(zone)
    except (OverflowError, ValueError):
        raise LanguageError("the time is outside the years 1 to 9999") from None


def add(a: Any, b: Any) -> Any:
    """``a + b``."""
    ta, tb = type(a), type(b)
    if ta in _NUMBERS and tb in _NUMBERS:
        return a + b if ta is float or tb is float else wrap(int(a) + int(b))
    if ta is str and tb is str:
        if len(a) + len(b) > MAX_TEXT:
            raise LanguageError(f"the text would be longer than {MAX_TEXT} characters")
        return a + b
    if isinstance(a, timedelta):
        if isinstance(b, timedelta):
            return duration(wrap(nanoseconds(a) + nanoseconds(b)))
        if isinstance(b, datetime):
            return moved(b, a)
    elif isinstance(a, datetime) and isinstance(b, timedelta):
        return moved(a, b)
    raise _mismatch("+", a, b)


def subtract(a: Any, b: Any) -> Any:
    """``a - b``."""
    ta, tb = type(a), type(b)
    if ta in _NUMBERS and tb in _NUMBERS:
        return a - b if ta is float or tb is float else wrap(int(a) - int(b))
    if isinstance(a, datetime):
        if isinstance(b, datetime):
            return between(a, b)
        if isinstance(b, timedelta):
            return moved(a, -b)
    elif isinstance(a, timedelta) and isinstance(b, timedelta):
        return duration(wrap(nanoseconds(a) - nanoseconds(b)))
    raise _mismatch("-", a, b)


def multiply(a: Any, b: Any) -> Any:
    """``a * b``; a duration times a float is a float of nanoseconds."""
    ta, tb = type(a), type(b)
    if ta in _NUMBERS and tb in _NUMBERS:
        return a * b if ta is float or tb is float else wrap(int(a) * int(b))
    a_long, b_long = isinstance(a, timedelta), isinstance(b, timedelta)
    if (a_long or b_long) and (a_long or ta in _NUMBERS) and (b_long or tb in _NUMBERS):
        x = nanoseconds(a) if a_long else a
        y = nanoseconds(b) if b_long else b
        return float(x) * float(y) if float in (ta, tb) else duration(wrap(x * y))
    raise _mismatch("*", a, b)


def divide(a: Any, b: Any) -> float:
    """``a / b``, always a float; by zero it is infinite or NaN."""
    if type(a) not in _NUMBERS or type(b) not in _NUMBERS:
        raise _mismatch("/", a, b)
    return gomath.divide(float(a), float(b))


def modulo(a: Any, b: Any) -> int:
    """``a % b``, of integers only, with the sign of ``a``."""
    if type(a) not in _INTS or type(b) not in _INTS:
        raise _mismatch("%", a, b)
    if b == 0:
        raise LanguageError("runtime error: integer divide by zero")
    rest = abs(a) % abs(b)
    return int(-rest if a < 0 else rest)


def power(a: Any, b: Any) -> float:
    """``a ** b``, always a float."""
    return gomath.power(to_float(a), to_float(b))


def negate(a: Any) -> Any:
    """``-a``."""
    kind = type(a)
    if kind is float:
        return -a
    if kind is Byte:
        return Byte(-a % 256)
    if kind in _INTS:
        return kind(wrap(-a))
    raise LanguageError(f"invalid operation: - {type_name(a)}")


def invert(a: Any) -> bool:
    """``not a``."""
    return not truth(a)


def truth(a: Any) -> bool:
    """Give a bool. Raises LanguageError for anything else: nothing else is true or false."""
    if a is True or a is False:
        return bool(a)
    raise LanguageError(f"interface conversion: interface {{}} is {type_name(a).strip('<>')}, not bool")


# ---------------------------------------------------------------------- comparison


def is_nil(a: Any) -> bool:
    """Whether Go calls a value nil: also a list or map that was never made."""
    return a is None or isinstance(a, (NilList, NilMap))


def _same_zone(a: datetime, b: datetime) -> bool:
    return a == b and a.utcoffset() == b.utcoffset()


def deep_equal(a: Any, b: Any) -> bool:
    """Go's ``reflect.DeepEqual``: equal in type and value, all the way down."""
    kind = type(a)
    if kind is not type(b):
        return isinstance(a, (list, tuple)) and {kind, type(b)} == {list, tuple} and _deep_items(a, b)
    if isinstance(a, Mapping):
        return a.keys() == b.keys() and all(deep_equal(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)):
        return _deep_items(a, b)
    if isinstance(a, datetime):
        return _same_zone(a, b)
    return bool(a == b) and not callable(getattr(a, "call", None))


def _deep_items(a: Any, b: Any) -> bool:
    return len(a) == len(b) and all(map(deep_equal, a, b))


def equal(a: Any, b: Any) -> bool:
    """``a == b``: numbers by value, lists item by item, maps in every type."""
    ta, tb = type(a), type(b)
    if ta in _NUMBERS and tb in _NUMBERS:
        return bool(float(a) == float(b)) if ta is not tb and float in (ta, tb) else bool(a == b)
    if ta is str or ta is bool or a is None:
        return (ta is tb and a == b) or (a is None and is_nil(b))
    if ta in _LISTS or ta is bytes:
        if is_nil(a) and is_nil(b):
            return True
        if tb in _LISTS or tb is bytes:
            return _equal_lists(a, b)
        return False
    if isinstance(a, (datetime, timedelta)) and isinstance(b, (datetime, timedelta)):
        return a == b if isinstance(a, datetime) is isinstance(b, datetime) else False
    return deep_equal(a, b)


def _equal_lists(a: Any, b: Any) -> bool:
    of_a, of_b = _ITEM_TYPE.get(type(a)), _ITEM_TYPE.get(type(b))
    if of_a and of_b and of_a != of_b:
        return False  # []int and []string are never equal, not even when both are empty
    return len(a) == len(b) and all(map(equal, a, b))


def _compare(symbol: str, test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def compare(a: Any, b: Any) -> bool:
        ta, tb = type(a), type(b)
        if ta in _NUMBERS and tb in _NUMBERS:
            return test(float(a), float(b)) if float in (ta, tb) and ta is not tb else test(a, b)
        if ta is str and tb is str:
            return test(a, b)
        if isinstance(a, timedelta) and isinstance(b, timedelta):
            return test(nanoseconds(a), nanoseconds(b))
        if isinstance(a, datetime) and isinstance(b, datetime):
            return test(a, b)
        raise _mismatch(symbol, a, b)

    return compare


less = _compare("<", lambda a, b: bool(a < b))
more = _compare(">", lambda a, b: bool(a > b))
less_or_equal = _compare("<=", lambda a, b: bool(a <= b))
more_or_equal = _compare(">=", lambda a, b: bool(a >= b))


# ---------------------------------------------------------------------- texts


def _text_test(word: str, test: Callable[[str, str], bool]) -> Callable[[Any, Any], bool]:
    def run(a: Any, b: Any) -> bool:
        if is_nil(a) or is_nil(b):
            return False
        for value in (a, b):
            if type(value) is not str:
                raise LanguageError(f"interface conversion: interface {{}} is {type_name(value)}, not string")
        return test(a, b)

    run.__name__ = word
    return run


contains = _text_test("contains", lambda a, b: b in a)
starts_with = _text_test("startsWith", lambda a, b: a.startswith(b))
ends_with = _text_test("endsWith", lambda a, b: a.endswith(b))


def matches(a: Any, b: Any) -> bool:
    """``a matches b``: whether the regular expression is found in the text."""
    if is_nil(a) or is_nil(b):
        return False
    if type(a) is bytes:
        a = a.decode("latin-1")
    if type(a) is not str or type(b) is not str:
        raise LanguageError(f"interface conversion: interface {{}} is {type_name(a)}, not string")
    return regex.matches(b, a)


# ---------------------------------------------------------------------- conversion and access


def float_to_int(number: float) -> int:
    """Convert as Go on amd64 does: what does not fit is the smallest integer."""
    return int(number) if -(2.0**63) <= number < 2.0**63 else -(2**63)


def to_int(a: Any) -> int:
    """Give an index or a bound of a range."""
    if type(a) in _INTS:
        return int(a)
    if type(a) is float:
        return float_to_int(a)
    raise LanguageError(f"invalid operation: int({type_name(a)})")


def to_float(a: Any) -> float:
    """Give a number as a float."""
    if type(a) in _NUMBERS:
        return float(a)
    raise LanguageError(f"invalid operation: float({type_name(a)})")


def key_in(mapping: Mapping[Any, Any], key: Any) -> Any:
    """Give a value as a key of a map. Raises LanguageError if it cannot be one."""
    if isinstance(mapping, AnyMap):
        return key_of(key)
    if key is None:
        return ""
    if type(key) is not str:
        raise LanguageError(f"reflect.Value.MapIndex: value of type {type_name(key)} is not assignable to type string")
    return key


_ZERO_ITEM: dict[type, Callable[[], Any]] = {StringMap: str, GroupMap: NilList}


def look_up(mapping: Mapping[Any, Any], key: Any) -> Any:
    """Give what a map holds for a key, the zero of its items if nothing. Raises LanguageError for a key of the wrong
    type."""
    key = key_in(mapping, key)
    if key in mapping:
        return mapping[key]
    zero = _ZERO_ITEM.get(type(mapping))
    return zero() if zero else None


def fetch(a: Any, key: Any) -> Any:
    """``a[key]`` and ``a.key``."""
    kind = type(a)
    if kind is dict:
        if type(key) is str:
            return a.get(key)
        return look_up(a, key)
    if isinstance(a, Mapping):
        return look_up(a, key)
    if isinstance(a, (list, tuple, bytes, str)):
        sequence: Any = to_bytes(a) if isinstance(a, str) else a
        index = to_int(key)
        size = len(sequence)
        if index < 0:
            index += size
        if not 0 <= index < size:
            raise LanguageError(f"index out of range: {index} (array length is {size})")
        item = sequence[index]
        return Byte(item) if isinstance(sequence, bytes) else item
    if type(key) is str:
        from argosy.language.expr.methods import method

        found = method(a, key)
        if found is not None:
            return found
    shown = key if isinstance(key, (str, int)) else type_name(key)
    raise LanguageError(f"cannot fetch {shown} from {type_name(a)}")


def cut(a: Any, low: Any, high: Any) -> Any:
    """``a[low:high]``; of a text, in bytes of UTF-8."""
    if not isinstance(a, (str, list, tuple, bytes)):
        raise LanguageError(f"cannot slice {type_name(a)}")
    as_bytes = isinstance(a, str) and not a.isascii()
    sequence: Any = to_bytes(str(a)) if as_bytes else a
    size = len(sequence)
    start = to_int(0 if low is None else low)
    end = size if high is None else to_int(high)
    start = max(start + size, 0) if start < 0 else start
    end = max(end + size, 0) if end < 0 else min(end, size)
    piece = sequence[min(start, end) : end]
    if as_bytes:
        return from_bytes(piece)
    return type(a)(piece) if type(a) not in (str, list, bytes) else piece


def within(needle: Any, haystack: Any) -> bool:
    """``needle in haystack``."""
    if haystack is None:
        return False
    if isinstance(haystack, (list, tuple)):
        return any(equal(item, needle) for item in haystack)
    if isinstance(haystack, bytes):
        return any(equal(Byte(item), needle) for item in haystack)
    if isinstance(haystack, Mapping):
        return key_in(haystack, needle) in haystack
    if isinstance(haystack, (datetime, Location)) and type(needle) is str:
        return False
    raise LanguageError(f'operator "in" not defined on {type_name(haystack)}')


def within_constants(needle: Any, constants: frozenset[Any], kind: type) -> bool:
    """``needle in ["a", "b"]`` where all are texts, or all integers: the needle must be one too (expr's optimizer)."""
    if needle is None:
        return kind() in constants
    if type(needle) is not kind:
        raise LanguageError(
            f"reflect.Value.MapIndex: value of type {type_name(needle)} is not assignable to type {nature_of(kind())}"
        )
    return needle in constants


BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "%": modulo,
    "**": power,
    "^": power,
    "==": equal,
    "!=": lambda a, b: not equal(a, b),
    "<": less,
    ">": more,
    "<=": less_or_equal,
    ">=": more_or_equal,
    "in": within,
    "contains": contains,
    "startsWith": starts_with,
    "endsWith": ends_with,
    "matches": matches,
}
