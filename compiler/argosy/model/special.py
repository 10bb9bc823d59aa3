"""Whether a value fits a scalar or a type with a decoder of its own, as ``CHECKS``: type name to predicate.

Null fits everywhere and is not asked about. Source: ``special`` and ``scalars`` of the tables in ``schemas/types/``,
which say what Argo's strict decoding did with some 55 values each.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import math
import re
from collections.abc import Callable

from argosy.later import regex
from argosy.source import Json

_QUANTITY = regex(
    r"[ \xa0]*(?=[^ \xa0])[-+]?[0-9]*(?:\.[0-9]*)?(?:[KMGTPE]i|[numkMGTPE]|[eE][-+]?[0-9]+)?[ \xa0]*\Z", re.ASCII
)
_TIME = regex(
    r"(\d{4})-(\d\d)-(\d\d)T(\d{1,2}):(\d\d):(\d\d)(?:[.,]\d+)?(?:Z|[-+](?:[01]\d|2[0-4]):(?:[0-5]\d|60))\Z", re.ASCII
)


def _integer(low: int, high: int) -> Callable[[Json], bool]:
    return lambda value: value.__class__ is int and low <= value <= high


def _quantity(value: Json) -> bool:
    if isinstance(value, str):
        return _QUANTITY.match(value) is not None
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _time(value: Json) -> bool:
    found = _TIME.match(value) if isinstance(value, str) else None
    if not found:
        return False
    try:
        year, *rest = (int(part) for part in found.groups())
        datetime.datetime(max(year, 1), *rest, tzinfo=datetime.UTC)  # type: ignore[misc, arg-type]  # five, by the pattern
    except ValueError:
        return False
    return True


def _bytes(value: Json) -> bool:
    if isinstance(value, list):
        return all(item is None or (item.__class__ is int and 0 <= item <= 255) for item in value)
    try:
        return isinstance(value, str) and base64.b64decode(re.sub(r"[\r\n]", "", value), validate=True) is not None
    except (binascii.Error, ValueError):
        return False


def _any_string(value: Json) -> bool:
    return not isinstance(value, float) or math.isfinite(value)


_int32 = _integer(-(2**31), 2**31 - 1)
_int64 = _integer(-(2**63), 2**63 - 1)

CHECKS: dict[str, Callable[[Json], bool]] = {
    "string": lambda value: isinstance(value, str),
    "bool": lambda value: isinstance(value, bool),
    "int": _int64,
    "int32": _int32,
    "int64": _int64,
    "uint64": _integer(0, 2**64 - 1),
    "bytes": _bytes,
    "argo.Amount": lambda value: True,
    "argo.AnyString": _any_string,
    "argo.Item": lambda value: True,
    "argo.Plugin": lambda value: isinstance(value, dict) and len(value) == 1,
    "intstr.IntOrString": lambda value: isinstance(value, str) or _int32(value),
    "meta.FieldsV1": lambda value: True,
    "meta.Time": _time,
    "resource.Quantity": _quantity,
}
