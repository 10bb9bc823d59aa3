"""What the operators give for the natures of their sides; None where they do not fit (expr v1.17.8 ``checker``)."""

from __future__ import annotations

from collections.abc import Callable

from argosy.language.expr import natures as t
from argosy.language.expr.natures import Nature

TEXTS = frozenset(["string"])
INTEGERS = frozenset(["int", "int64", "uint8", "uint64"])
_NUMBERS = INTEGERS | {"float64"}
_BOOLS = frozenset(["bool"])
_TIMES = frozenset(["time.Time", "time.Duration"])


def kind_of(nature: Nature) -> str:
    """Give the kind of Go's reflection, which has none for nil and the unknown."""
    return "none" if nature.kind in ("unknown", "nil") else nature.kind


def without_items(nature: Nature) -> Nature:
    """Give the type alone, without what is known of the items."""
    return t.ARRAY if nature.name == t.ARRAY.name else nature


def maybe(left: Nature, right: Nature, names: frozenset[str]) -> bool:
    """Whether only evaluation can tell: both unknown, or one of them and the other fits (``MaybeCompatible``)."""
    if left.is_unknown:
        return right.is_unknown or right.name in names
    return right.is_unknown and left.name in names


def coalesced(left: Nature, right: Nature) -> Nature:
    """``left ?? right``."""
    if left.kind == "nil" or right.kind == "nil":
        return right if left.kind == "nil" else left
    return left if right.assignable_to(left) else t.UNKNOWN


def _logical(left: Nature, right: Nature) -> Nature | None:
    both = left.kind == right.kind == "bool"
    return t.BOOL if both or maybe(left, right, _BOOLS) else None


def _ordered(left: Nature, right: Nature) -> Nature | None:
    if left.is_number and right.is_number:
        return t.BOOL
    if left.name == right.name and left.name in TEXTS | _TIMES:
        return t.BOOL
    return t.BOOL if maybe(left, right, _NUMBERS | TEXTS | _TIMES) else None


def _promoted(left: Nature, right: Nature) -> Nature:
    return t.FLOAT if t.FLOAT in (left, right) else t.INT


def _sum(left: Nature, right: Nature) -> Nature | None:
    if left.is_number and right.is_number:
        return _promoted(left, right)
    pair = (left.name, right.name)
    known = _SUMS.get(pair)
    return known or (t.UNKNOWN if maybe(left, right, _NUMBERS | TEXTS | _TIMES) else None)


def _difference(left: Nature, right: Nature) -> Nature | None:
    if left.is_number and right.is_number:
        return _promoted(left, right)
    known = _DIFFERENCES.get((left.name, right.name))
    return known or (t.UNKNOWN if maybe(left, right, _NUMBERS | _TIMES) else None)


def _product(left: Nature, right: Nature) -> Nature | None:
    if left.is_number and right.is_number:
        return _promoted(left, right)
    long = t.DURATION
    if (left is long or left.is_number) and (right is long or right.is_number):
        return long
    return t.UNKNOWN if maybe(left, right, _NUMBERS | {long.name}) else None


def _float(left: Nature, right: Nature) -> Nature | None:
    both = left.is_number and right.is_number
    return t.FLOAT if both or maybe(left, right, _NUMBERS) else None


def _remainder(left: Nature, right: Nature) -> Nature | None:
    both = left.is_integer and right.is_integer
    return t.INT if both or maybe(left, right, INTEGERS) else None


def _of_texts(left: Nature, right: Nature) -> Nature | None:
    both = left.kind == right.kind == "string"
    return t.BOOL if both or maybe(left, right, TEXTS) else None


_SUMS = {
    ("string", "string"): t.STRING,
    ("time.Time", "time.Duration"): t.TIME,
    ("time.Duration", "time.Time"): t.TIME,
    ("time.Duration", "time.Duration"): t.DURATION,
}
_DIFFERENCES = {
    ("time.Time", "time.Time"): t.DURATION,
    ("time.Time", "time.Duration"): t.TIME,
    ("time.Duration", "time.Duration"): t.DURATION,
}
RULES: dict[str, Callable[[Nature, Nature], Nature | None]] = {
    **dict.fromkeys(["or", "||", "and", "&&"], _logical),
    **dict.fromkeys(["<", ">", "<=", ">="], _ordered),
    **dict.fromkeys(["/", "**", "^"], _float),
    **dict.fromkeys(["contains", "startsWith", "endsWith"], _of_texts),
    "+": _sum,
    "-": _difference,
    "*": _product,
    "%": _remainder,
}
