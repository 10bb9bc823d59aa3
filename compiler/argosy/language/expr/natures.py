"""What is known of a value's type before evaluation, as expr v1.17.8 ``checker/nature`` has it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

from msgspec import Struct

from argosy.language import gotypes

Kind = Literal[
    "unknown",
    "any",
    "nil",
    "bool",
    "int",
    "uint8",
    "int64",
    "float",
    "string",
    "slice",
    "map",
    "struct",
    "pointer",
    "func",
]


class Nature(Struct, frozen=True, eq=False):
    """A type of Go: its name, kind, the natures of items and keys, and how it is called if it is a function."""

    name: str
    kind: Kind
    item: Nature | None = None
    key: Nature | None = None
    signature: Signature | None = None
    check: Callable[[list[Nature]], Nature] | None = None

    @property
    def is_unknown(self) -> bool:
        """Whether only evaluation will tell."""
        return self.kind in ("unknown", "any")

    @property
    def is_integer(self) -> bool:
        """Whether it is a plain integer; months and durations are not."""
        return self.name in _INTEGERS

    @property
    def is_number(self) -> bool:
        """Whether it is a plain number."""
        return self.name in _INTEGERS or self.name == "float64"

    def assignable_to(self, other: Nature) -> bool:
        """Whether a variable of the other type can hold it (Go's ``AssignableTo``)."""
        if self.kind == "nil":
            return other.kind in ("pointer", "any", "func", "map", "slice")
        if self.kind == "unknown" or other.kind in ("unknown", "nil"):
            return False
        return other.kind == "any" or self.name == other.name

    def comparable_to(self, other: Nature) -> bool:
        """Whether ``==`` may stand between them."""
        return (
            self.is_unknown
            or other.is_unknown
            or "nil" in (self.kind, other.kind)
            or (self.is_number and other.is_number)
            or (self.kind == other.kind == "slice")
            or self.assignable_to(other)
        )

    def __str__(self) -> str:
        """Give Go's name of the type."""
        return self.name


class Signature(Struct, frozen=True, eq=False):
    """The natures of a function's parameters and of its result; with ``rest``, the last parameter may be repeated."""

    parameters: tuple[Nature, ...]
    result: Nature
    rest: bool = False
    results: int = 1


_INTEGERS = frozenset(["int", "int64", "uint8", "uint64"])

UNKNOWN = Nature("unknown", "unknown")
ANY = Nature("interface {}", "any")
NIL = Nature("unknown", "nil")
BOOL = Nature("bool", "bool")
INT = Nature("int", "int")
BYTE = Nature("uint8", "uint8")
INT64 = Nature("int64", "int64")
FLOAT = Nature("float64", "float")
STRING = Nature("string", "string")
TIME = Nature("time.Time", "struct")
DURATION = Nature("time.Duration", "int64")
MONTH = Nature("time.Month", "int")
WEEKDAY = Nature("time.Weekday", "int")
LOCATION = Nature("*time.Location", "pointer")
ARRAY = Nature("[]interface {}", "slice", ANY)
INTS = Nature("[]int", "slice", INT)
STRINGS = Nature("[]string", "slice", STRING)
FLOATS = Nature("[]float64", "slice", FLOAT)
BYTES = Nature("[]uint8", "slice", BYTE)
LISTS = Nature("[][]interface {}", "slice", ARRAY)
PAIR = Nature("[2]interface {}", "slice", ANY)
PAIRS = Nature("[][2]interface {}", "slice", PAIR)
MAP = Nature("map[string]interface {}", "map", ANY, STRING)
STRING_MAP = Nature("map[string]string", "map", STRING, STRING)
ANY_MAP = Nature("map[interface {}]interface {}", "map", ANY, ANY)
GROUPS = Nature("map[interface {}][]interface {}", "map", ARRAY, ANY)
FUNCTION = Nature("func", "func")

_WORDS = {
    "any": ANY,
    "bool": BOOL,
    "int": INT,
    "int64": INT64,
    "float": FLOAT,
    "string": STRING,
    "time": TIME,
    "duration": DURATION,
    "month": MONTH,
    "weekday": WEEKDAY,
    "location": LOCATION,
    "array": ARRAY,
    "ints": INTS,
    "strings": STRINGS,
    "floats": FLOATS,
    "bytes": BYTES,
}


def array_of(item: Nature) -> Nature:
    """Give the nature of a ``[]any`` whose items are known better."""
    return Nature("[]interface {}", "slice", item)


@lru_cache(maxsize=512)
def signature(text: str) -> Signature:
    """Read a signature: ``string, int -> strings``; several results are counted: ``-> int*3``."""
    before, _, after = text.partition("->")
    word, _, results = after.strip().partition("*")
    parameters = tuple(_WORDS[part.strip()] for part in before.split(",") if part.strip())
    return Signature(parameters, _WORDS[word], results=int(results or 1))


_BY_TYPE: dict[type, Nature] = {
    type(None): NIL,
    bool: BOOL,
    int: INT,
    float: FLOAT,
    str: STRING,
    list: ARRAY,
    tuple: ARRAY,
    dict: MAP,
    bytes: BYTES,
    datetime: TIME,
    timedelta: DURATION,
    gotypes.Int64: INT64,
    gotypes.Byte: BYTE,
    gotypes.StringList: STRINGS,
    gotypes.IntList: INTS,
    gotypes.ListList: LISTS,
    gotypes.PairList: PAIRS,
    gotypes.NilStringList: STRINGS,
    gotypes.NilMap: MAP,
    gotypes.StringMap: STRING_MAP,
    gotypes.AnyMap: ANY_MAP,
    gotypes.GroupMap: GROUPS,
    gotypes.Pair: PAIR,
}


def nature_of(value: Any) -> Nature:
    """Give the nature of a variable of the environment by its value."""
    found = _BY_TYPE.get(type(value))
    if found is not None:
        return found
    declared = getattr(value, "nature", None)
    if isinstance(declared, Nature):
        return declared
    return next((nature for kind, nature in _BY_TYPE.items() if isinstance(value, kind)), UNKNOWN)
