"""What of plain data fits a struct: the slow way of decoding, for data with a wrong type or a null somewhere."""

from __future__ import annotations

from typing import Any

from msgspec import inspect

from argosy.source import Json

_MISSING: Any = object()
_ZERO: dict[type[inspect.Type], Json] = {
    inspect.StrType: "",
    inspect.IntType: 0,
    inspect.BoolType: False,
    inspect.AnyType: None,
    inspect.CustomType: "",
}


def cleaned(data: Json, to: type[Any]) -> Json:
    """Give a copy that holds only what fits; entries of lists and maps that don't fit become empty, so indexes stay.

    Go's decoder makes the empty value of a null, too: ``encoding/json`` as Argo v4.1.2 uses it.
    """
    found = _fit(data, _info(to))
    return {} if found is _MISSING else found


_INFO: dict[type[Any], inspect.Type] = {}


def _info(to: type[Any]) -> inspect.Type:
    if to not in _INFO:
        _INFO[to] = inspect.type_info(to)
    return _INFO[to]


def _fit(value: Json, info: inspect.Type) -> Json:
    match info:
        case inspect.StructType():
            return _fields(value, info) if isinstance(value, dict) else _MISSING
        case inspect.ListType():
            return [_or_zero(item, info.item_type) for item in value] if isinstance(value, list) else _MISSING
        case inspect.DictType():
            if not isinstance(value, dict):
                return _MISSING
            return {key: _or_zero(item, info.value_type) for key, item in value.items()}
        case inspect.UnionType():
            fits = (_fit(value, member) for member in info.types if not isinstance(member, inspect.NoneType))
            return next((found for found in fits if found is not _MISSING), _MISSING)
        case inspect.StrType():
            return value if isinstance(value, str) else _MISSING
        case inspect.BoolType():
            return value if isinstance(value, bool) else _MISSING
        case inspect.IntType():
            return value if isinstance(value, int) and not isinstance(value, bool) else _MISSING
    return value


def _fields(value: dict[str, Json], info: inspect.StructType) -> dict[str, Json]:
    out: dict[str, Json] = {}
    for field in info.fields:
        given = value.get(field.encode_name)
        if given is not None:
            found = _fit(given, field.type)
            if found is not _MISSING:
                out[field.encode_name] = found
    return out


def _or_zero(value: Json, info: inspect.Type) -> Json:
    found = _fit(value, info)
    if found is not _MISSING:
        return found
    if isinstance(info, (inspect.ListType, inspect.StructType, inspect.DictType)):
        return [] if isinstance(info, inspect.ListType) else {}
    return _ZERO.get(type(info))
