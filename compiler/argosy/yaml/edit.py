"""Changing YAML in place: comments, quotes and layout stay.

The text itself is cut where that is plain, else ruamel.yaml helps. Every change is read again before it is
kept: what comes out holds exactly the data that the edits ask for.
"""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Iterable, Mapping
from typing import Literal, Protocol

from argosy.errors import UsageError
from argosy.source import Address, Json, at, format_address
from argosy.yaml.cut import cut
from argosy.yaml.read import read

Action = Literal["set", "delete", "rename", "insert"]


class Edit(Protocol):
    """One change: ``set`` (a missing key is added), ``delete``, ``rename`` a key, ``insert`` into a list or a map."""

    @property
    def action(self) -> Action:
        """What to do."""

    @property
    def address(self) -> Address:
        """Where; for an insertion into a list, the index that the new entry gets."""

    @property
    def value(self) -> Json:
        """The new value, or the new key."""


def apply(text: str, edits: Mapping[int, Iterable[Edit]]) -> str:
    """Give the text after edits, by index of the document; each sees what those before it left.

    Raises UsageError for an edit at an address that is not there, or of a document that cannot be read.
    """
    for index, changes in edits.items():
        for edit in changes:
            text = _apply_one(text, index, edit)
    return text


def _apply_one(text: str, index: int, edit: Edit) -> str:
    documents = read(text)
    if index >= len(documents) or documents[index].data is None:
        raise UsageError(f"document {index} cannot be edited: it is not there, or cannot be read")
    document = documents[index]
    wanted = edited(document.data, edit)
    raw = document.origin.source.raw
    head, tail = raw[: document.origin.start].decode(), raw[document.origin.end :].decode()
    body = raw[document.origin.start : document.origin.end].decode()
    plain = body.replace("\r\n", "\n").removesuffix("\r")
    for change in (_as_json if document.is_json else cut, _round_trip):
        made = change(plain, edit, wanted)
        if made is None:
            continue
        if "\r\n" in body or body.endswith("\r"):
            made = made.replace("\n", "\r\n") + "\r" * body.endswith("\r")
        result = f"{head}{made}{tail}"
        after = read(result)
        if len(after) == len(documents) and same(after[index].data, wanted):
            return result
    raise UsageError(f"{edit.action} at {format_address(edit.address)} cannot be done in this text; edit it by hand")


def edited(data: Json, edit: Edit) -> Json:
    """Give a copy of plain data after one edit.

    Raises UsageError where the address is not there.
    """
    data = copy.deepcopy(data)
    if not edit.address:
        raise UsageError("the document as a whole cannot be edited")
    holder, last = at(data, edit.address[:-1]), edit.address[-1]
    match holder, last:
        case dict(), str():
            _edit_map(holder, last, edit)
        case list(), int() if last < len(holder) or (last == len(holder) and edit.action == "insert"):
            _edit_list(holder, last, edit)
        case _:
            raise _missing(edit)
    return data


def _missing(edit: Edit) -> UsageError:
    return UsageError(f"cannot {edit.action} at {format_address(edit.address)}: nothing is there")


def _edit_map(holder: dict[str, Json], key: str, edit: Edit) -> None:
    if edit.action in ("set", "insert"):
        holder[key] = copy.deepcopy(edit.value)
    elif key not in holder:
        raise _missing(edit)
    elif edit.action == "delete":
        del holder[key]
    else:
        items = [(edit.value if name == key else name, value) for name, value in holder.items() if name != edit.value]
        holder.clear()
        holder.update(items)


def _edit_list(holder: list[Json], index: int, edit: Edit) -> None:
    if edit.action == "insert":
        holder.insert(index, copy.deepcopy(edit.value))
    elif edit.action == "set":
        holder[index] = copy.deepcopy(edit.value)
    elif edit.action == "delete":
        del holder[index]
    else:
        raise UsageError("an entry of a list has no name to change")


def same(one: Json, other: Json) -> bool:
    """Compare plain data without taking true for 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return isinstance(one, bool) == isinstance(other, bool) and math.isclose(one, other, rel_tol=1e-15)
    return type(one) is type(other) and bool(one == other)


def _as_json(text: str, edit: Edit, wanted: Json) -> str:
    """Write a JSON file anew, with the indentation it has."""
    lines = text.splitlines()
    indent = next((len(line) - len(line.lstrip()) for line in lines if line[:1] in (" ", "\t")), None)
    end = "\n" if text.endswith("\n") else ""
    return json.dumps(wanted, indent=indent, ensure_ascii=False) + end


def _round_trip(text: str, edit: Edit, wanted: Json) -> str | None:
    """Change what ruamel.yaml loaded, and let it write the document; None where it cannot."""
    from argosy.yaml.round_trip import round_trip

    return round_trip(text, edit)
