"""Strict reading of plain data into dataclasses, by their annotations; errors say where and what was meant.

A field's name in a file is its Python name in camelCase, or ``metadata["key"]``. :func:`shown` makes a field with the
sentence that documents it, which the JSON Schema for editors repeats.
"""

from __future__ import annotations

import dataclasses
import functools
import re
import types
import typing
from collections.abc import Callable
from dataclasses import MISSING, dataclass, field
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

from argosy.source import Address, Json
from argosy.spelling import did_you_mean

T = TypeVar("T")

Seconds = typing.NewType("Seconds", float)
"""A length of time; in a file ``1h30m``, ``500ms``, or a bare number of seconds."""

Regex = typing.NewType("Regex", str)
"""A regular expression, searched for."""

_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_AMOUNT = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h|d)")


class ShapeError(Exception):
    """Data that does not fit: what is wrong, at which address, and what may have been meant."""

    def __init__(self, message: str, address: Address, hint: str | None = None, *, key: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.address = address
        self.hint = hint
        self.key = key


def shown(doc: str, default: Any = MISSING, *, factory: Any = MISSING, key: str | None = None) -> Any:
    """Make a dataclass field with its documentation, and its name in a file where that isn't the Python name."""
    return field(default=default, default_factory=factory, metadata={"doc": doc, "key": key})


@dataclass(frozen=True, slots=True)
class Slot:
    """One field as a file knows it."""

    name: str
    key: str
    type: Any
    doc: str
    required: bool


def camel(name: str) -> str:
    """Give a Python name as files write it.

    >>> camel("exit_code")
    'exitCode'
    """
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


@functools.cache
def slots(cls: Any) -> tuple[Slot, ...]:
    """Give the fields of a dataclass that a file may have, in order."""
    hints = typing.get_type_hints(cls)
    return tuple(
        Slot(
            name=f.name,
            key=f.metadata.get("key") or camel(f.name),
            type=hints[f.name],
            doc=f.metadata.get("doc", ""),
            required=f.default is MISSING and f.default_factory is MISSING,
        )
        for f in dataclasses.fields(cls)
        if f.init
    )


@functools.cache
def _by_key(cls: Any) -> dict[str, Slot]:
    return {slot.key: slot for slot in slots(cls)}


def seconds(value: Json) -> Seconds:
    """Read a length of time. Raises ValueError for anything else.

    >>> seconds("1m30s"), seconds("-1s"), seconds(2)
    (90.0, -1.0, 2.0)
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Seconds(float(value))
    text = value.strip() if isinstance(value, str) else ""
    sign, body = (-1.0, text[1:]) if text.startswith("-") else (1.0, text)
    if re.fullmatch(r"\d+(\.\d+)?", body):
        return Seconds(sign * float(body))
    if not body or "".join(m.group() for m in _AMOUNT.finditer(body)) != body:
        raise ValueError(f"not a length of time: {value!r}")
    return Seconds(sign * sum(float(n) * _UNITS[unit] for n, unit in _AMOUNT.findall(body)))


def closest(word: str, known: list[str]) -> str | None:
    """Give "did you mean ...?" for a word that is not known, or the list of the known ones if it is short."""
    return did_you_mean(word, known) or (f"known: {', '.join(known)}" if 0 < len(known) <= 20 else None)


def read(cls: type[T], data: Json, at: Address = ()) -> T:
    """Read an object into a dataclass. Raises ShapeError where it doesn't fit."""
    if not isinstance(data, dict):
        raise ShapeError(f"expected an object, got {_name(data)}", at)
    shape: Any = cls
    known = _by_key(shape)
    values: dict[str, Any] = {}
    for key, value in data.items():
        slot = known.get(key)
        if slot is None:
            raise ShapeError(f"unknown field {key!r}", (*at, key), closest(str(key), list(known)), key=True)
        if value is not None:
            values[slot.name] = _read(slot.type, value, (*at, key))
    for slot in slots(shape):
        if slot.required and slot.name not in values:
            raise ShapeError(f"field {slot.key!r} is missing", at)
    return cls(**values)


def _name(value: Json) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", int: "a number", float: "a number"}
    return "nothing" if value is None else names.get(type(value), type(value).__name__)


def _plain(kind: type) -> Callable[[Json, Address], Any]:
    def reader(value: Json, at: Address) -> Any:
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise ShapeError(f"expected {_name(kind())}, got {_name(value)}", at)
        return value

    return reader


def _read_text(value: Json, at: Address) -> str:
    if isinstance(value, (dict, list)):
        raise ShapeError(f"expected text, got {_name(value)}", at)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value)


def _read_seconds(value: Json, at: Address) -> Seconds:
    try:
        return seconds(value)
    except ValueError as error:
        raise ShapeError(str(error), at, "write 500ms, 2s, 1h30m, or a number of seconds") from None


def _read_regex(value: Json, at: Address) -> Regex:
    text = _read_text(value, at)
    try:
        re.compile(text)
    except re.error as error:
        raise ShapeError(f"not a regular expression: {error}", at) from None
    return Regex(text)


_READERS: dict[Any, Callable[[Json, Address], Any]] = {
    str: _read_text,
    int: _plain(int),
    bool: _plain(bool),
    Seconds: _read_seconds,
    Regex: _read_regex,
    Any: lambda value, at: value,
}


def _read(kind: Any, value: Json, at: Address) -> Any:
    reader = _READERS.get(kind)
    if reader:
        return reader(value, at)
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _read_union([a for a in args if a is not type(None)], value, at)
    if origin is Literal:
        if value not in args:
            text = f"{value!r} is not one of {', '.join(map(str, args))}"
            raise ShapeError(text, at, closest(str(value), [str(a) for a in args]))
        return value
    if origin is list:
        items = _plain(list)(value, at)
        return [_read(args[0], item, (*at, i)) for i, item in enumerate(items)]
    if origin is dict:
        entries = _plain(dict)(value, at)
        return {key: _read(args[1], item, (*at, key)) for key, item in entries.items()}
    return read(kind, value, at)


def _read_union(options: list[Any], value: Json, at: Address) -> Any:
    """Take the option that the data's own form calls for: an object for a dataclass, plain data for the rest."""
    for option in options[:-1]:
        wants_object = dataclasses.is_dataclass(option) or get_origin(option) is dict
        if wants_object == isinstance(value, dict) and (get_origin(option) is list) == isinstance(value, list):
            return _read(option, value, at)
    return _read(options[-1], value, at)


def schema(cls: type, title: str, identifier: str) -> dict[str, Json]:
    """Give the JSON Schema (draft 2020-12) that accepts what :func:`read` accepts."""
    definitions: dict[str, Json] = {}
    body = _object(cls, definitions)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": identifier, "title": title}
    return {**head, **body, "$defs": dict(sorted(definitions.items()))}


def _object(cls: type, definitions: dict[str, Json]) -> dict[str, Json]:
    properties = {}
    for slot in slots(cls):
        kind = _schema(slot.type, definitions)
        properties[slot.key] = {"description": slot.doc, **kind} if slot.doc else kind
    out: dict[str, Json] = {"type": "object", "properties": properties, "additionalProperties": False}
    required = [slot.key for slot in slots(cls) if slot.required]
    return {**out, "required": required} if required else out


_SCALARS: dict[Any, Json] = {
    str: {"type": ["string", "number", "boolean"]},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    Seconds: {"type": ["string", "number"], "examples": ["500ms", "2s", "1h30m"]},
    Regex: {"type": "string", "format": "regex"},
    Any: {},
}


def _schema(kind: Any, definitions: dict[str, Json]) -> dict[str, Json]:
    if kind in _SCALARS:
        return dict(_SCALARS[kind])
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        options = [_schema(a, definitions) for a in args if a is not type(None)]
        return options[0] if len(options) == 1 else {"anyOf": options}
    if origin is Literal:
        return {"enum": list(args)}
    if origin is list:
        return {"type": "array", "items": _schema(args[0], definitions)}
    if origin is dict:
        return {"type": "object", "additionalProperties": _schema(args[1], definitions)}
    if kind.__name__ not in definitions:
        definitions[kind.__name__] = {}
        definitions[kind.__name__] = _object(kind, definitions)
    return {"$ref": f"#/$defs/{kind.__name__}"}
