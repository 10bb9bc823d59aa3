"""A struct as Go's ``encoding/json`` writes it: fields in Go's order, with the empty parts that Go never leaves out.

Argo looks for tags in this text, and a ``{{`` that is not closed where it stands is closed by the next ``}}`` of the
JSON itself: so the exact text decides. Only such a template needs it; for all others plain encoding finds the same
tags. Source: the types of Argo v4.1.2, by reflection (``schemas/marshal.json``).
"""

from __future__ import annotations

import json
from functools import cache

import msgspec

from argosy.model.schema_files import schema_text
from argosy.source import Json

Fields = dict[str, tuple[str, str]]
"""Of one type: the code of each field (``[]`` before the type for a list, ``{}`` for a map), and what is written of an
empty one: nothing, ``*`` for nothing only if it is nil, or the text itself."""


@cache
def _types() -> dict[str, Fields]:
    return msgspec.json.decode(schema_text("marshal.json"), type=dict[str, Fields])


def go_json(value: msgspec.Struct) -> str:
    """Write a struct of the model."""
    return _write(msgspec.to_builtins(value, enc_hook=str), f"argo.{type(value).__name__}")


def _write(value: Json, code: str) -> str:
    if value is None:
        return "null"
    if code == "argo.ParallelSteps":
        code = "[]argo.WorkflowStep"
    if isinstance(value, list):
        return "[" + ",".join(_write(one, code.removeprefix("[]")) for one in value) + "]"
    fields = _types().get(code)
    if isinstance(value, dict) and fields is not None:
        return _struct(value, fields)
    if isinstance(value, dict):
        return "{" + ",".join(f"{_text(key)}:{_write(value[key], code[2:])}" for key in sorted(value)) + "}"
    return _text(value)


def _struct(value: dict[str, Json], fields: Fields) -> str:
    parts = []
    for name, (code, empty) in fields.items():
        found = value.get(name)
        if empty == "{}":
            parts.append(f"{_text(name)}:{_write(found if isinstance(found, dict) else {}, code)}")
        elif found is None or (not found and empty != "*"):
            if empty not in ("", "*"):
                parts.append(f"{_text(name)}:{empty}")
        else:
            parts.append(f"{_text(name)}:{_write(found, code)}")
    return "{" + ",".join(parts) + "}"


def _text(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
