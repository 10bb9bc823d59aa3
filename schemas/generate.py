"""Generates the JSON Schemas and the field tables from the type tables: ``python schemas/generate.py [--check]``.

``types/types-V.json`` says every JSON field of every type that a manifest can hold, by reflection from Argo V, and for
types with a decoder of their own, what strict decoding did with some 55 values. From it come, per version,
``argo-V.schema.json`` (draft 2020-12, for editors and other tools) and ``fields-V.json`` (for ``argosy.model.schema``);
of the newest one, ``marshal.json`` (for ``argosy.scope.go_json``).
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
VERSIONS = ("3.6", "3.7", "4.0", "4.1")
BASE = "https://argosy.example/schemas"

Json = Any

_INTEGERS = {"int32": 32, "int64": 64, "int": 64}
_QUANTITY = r"^ *(?=[^ ])[-+]?[0-9]*(\.[0-9]*)?(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|[eE][-+]?[0-9]+)? *$"
_TIME = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{1,2}:[0-9]{2}:[0-9]{2}([.,][0-9]+)?(Z|[-+][0-9]{2}:[0-9]{2})$"
_BASE64 = r"^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
_BYTE = {"type": ["integer", "null"], "minimum": 0, "maximum": 255}
_STEPS = "argo.ParallelSteps"
_STEP = "argo.WorkflowStep"
_ANY = ("argo.Item", "argo.Amount", "argo.AnyString", "meta.FieldsV1")
_LAX = "~lax"
"""Ends the name of a type as it is read below a step: unknown fields pass, and names match without regard to case."""


def main(arguments: list[str]) -> int:
    """Write all files, or with ``--check`` say whether they are as they would be written."""
    stale = [path for path, text in outputs().items() if not path.exists() or path.read_text() != text]
    if "--check" in arguments:
        for path in stale:
            print(f"{path.name} is not up to date: run `make schemas`")  # noqa: T201  a script for the terminal
        return 1 if stale else 0
    for path, text in outputs().items():
        path.write_text(text)
    return 0


def outputs() -> dict[Path, str]:
    """Give every generated file's path and text."""
    out = {}
    for version in VERSIONS:
        table = json.loads((HERE / "types" / f"types-{version}.json").read_text())
        out[HERE / f"argo-{version}.schema.json"] = _dump(schema(table, version), 1)
        out[HERE / f"fields-{version}.json"] = _dump(fields(table), None)
    out[HERE / "marshal.json"] = json.dumps(marshal(table), separators=(",", ":")) + "\n"
    out[HERE / "scenario.schema.json"] = _dump(scenario_schema(), 1)
    out[HERE / "config.schema.json"] = _dump(config_schema(), 1)
    out[HERE / "lint.schema.json"] = _dump(output_schemas()[0], 1)
    out[HERE / "run.schema.json"] = _dump(output_schemas()[1], 1)
    for name, data in laboratory_schemas().items():
        out[HERE / f"{name}.schema.json"] = _dump(data, 1)
    return out


def laboratory_schemas() -> dict[str, Json]:
    """Give the schemas of what ``explore``, ``test``, ``diff`` and ``replay`` print, and of invariants."""
    from argosy.report.laboratory_schemas import schemas

    return schemas(BASE)


def output_schemas() -> tuple[Json, Json]:
    """Give the schemas of what the commands print as JSON: findings, and a run."""
    from argosy.report.output_schemas import lint_schema, run_schema

    return lint_schema(BASE), run_schema(BASE)


def scenario_schema() -> Json:
    """Give the schema of scenario files, from the dataclasses that read them."""
    from argosy.simulate.scenario import Scenario
    from argosy.simulate.shape import schema as schema_of

    return schema_of(Scenario, "Scenario of an Argosy simulation", f"{BASE}/scenario.schema.json")


def config_schema() -> Json:
    """Give the schema of the configuration, from the table that its reader goes by."""
    from argosy.lint.config import schema as schema_of

    return {**schema_of(), "$id": f"{BASE}/config.schema.json"}


def _dump(data: Json, indent: int | None) -> str:
    separators = (",", ": ") if indent else (",", ":")
    return json.dumps(data, indent=indent, separators=separators, sort_keys=True) + "\n"


def fields(table: Json) -> Json:
    """Give the table of fields: for each type and field a code, ``[]`` before it for a list, ``{}`` for a map."""
    types = {name: {key: _code(field) for key, field in t["fields"].items()} for name, t in table["types"].items()}
    return {"argo": table["argoVersion"], "roots": table["roots"], "types": types}


def _code(field: Json) -> str:
    shape = field.get("shape") or []
    return ("[]" if "list" in shape else "{}" if "map" in shape else "") + str(field["type"])


def marshal(table: Json) -> Json:
    """Give how Go writes each type as JSON: its fields in order, each with its code and what is written of an empty
    one: nothing, ``*`` for nothing only if it is nil, or the text itself."""
    return {
        name: {key: [_code(t["fields"][key]), _when_empty(t["fields"][key])] for key in t["order"]}
        for name, t in table["types"].items()
    }


def _when_empty(field: Json) -> str:
    shape = field.get("shape") or []
    if field["category"] == "struct" and not shape:
        return "{}"
    if field.get("omitempty"):
        return "*" if shape == ["pointer"] else ""
    return "null" if shape else _ZEROS.get(field["type"], "0")


_ZEROS = {"string": '""', "bool": "false", "resource.Quantity": '"0"', "meta.Time": "null"}


def schema(table: Json, version: str) -> Json:
    """Give the JSON Schema of one version: a document of one of the five kinds, exactly as Argo decodes it strictly."""
    roots = table["roots"]
    choices = [
        {"if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]}, "then": _ref(name)}
        for kind, name in sorted(roots.items())
    ]
    definitions: dict[str, Json] = {}
    pending = [*roots.values()]
    while pending:
        name = pending.pop()
        if name not in definitions:
            definitions[name] = _definition(name, table, pending)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{BASE}/argo-{version}.schema.json",
        "title": f"Argo Workflows {table['argoVersion']}",
        "description": "What Argo decodes strictly; what its linter checks beyond that, a schema cannot say.",
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"enum": sorted(roots)}},
        "allOf": choices,
        "$defs": definitions,
    }


def _ref(name: str) -> Json:
    return {"$ref": f"#/$defs/{name}"}


def _definition(name: str, table: Json, pending: list[str]) -> Json:
    lax = name.endswith(_LAX)
    plain = name.removesuffix(_LAX)
    known = {key: _field(field, lax or plain == _STEP, pending) for key, field in _fields_of(plain, table).items()}
    if not lax:
        return {"type": ["object", "null"], "properties": known, "additionalProperties": False}
    return {"type": ["object", "null"], "patternProperties": {_any_case(key): value for key, value in known.items()}}


def _fields_of(name: str, table: Json) -> dict[str, Json]:
    found: dict[str, Json] = table["types"][name]["fields"]
    return found


def _any_case(key: str) -> str:
    return "^" + re.sub("[A-Za-z]", lambda found: f"[{found[0].lower()}{found[0].upper()}]", key) + "$"


def _field(field: Json, lax: bool, pending: list[str]) -> Json:
    shape = field.get("shape") or []
    value = _value(field["type"], lax, pending)
    if "list" in shape:
        return {"type": ["array", "null"], "items": value}
    if "map" in shape:
        return {"type": ["object", "null"], "additionalProperties": value}
    return value


def _value(name: str, lax: bool, pending: list[str]) -> Json:
    if name in _SCALARS:
        return _SCALARS[name]
    if name in _ANY:
        return True
    if name == _STEPS:
        pending.append(_STEP)
        return {"type": ["array", "null"], "items": _ref(_STEP)}
    full = name + (_LAX if lax else "")
    pending.append(full)
    return _ref(full)


def _integer(bits: int) -> Json:
    return {"type": ["integer", "null"], "minimum": -(2 ** (bits - 1)), "maximum": 2 ** (bits - 1) - 1}


_SCALARS: dict[str, Json] = {
    "string": {"type": ["string", "null"]},
    "bool": {"type": ["boolean", "null"]},
    "bytes": {"anyOf": [{"type": ["string", "null"], "pattern": _BASE64}, {"type": "array", "items": _BYTE}]},
    "uint64": {"type": ["integer", "null"], "minimum": 0, "maximum": 2**64 - 1},
    **{name: _integer(bits) for name, bits in _INTEGERS.items()},
    "intstr.IntOrString": {"anyOf": [{"type": "string"}, _integer(32)]},
    "resource.Quantity": {"anyOf": [{"type": ["number", "null"]}, {"type": "string", "pattern": _QUANTITY}]},
    "meta.Time": {"type": ["string", "null"], "pattern": _TIME},
    "argo.Plugin": {"anyOf": [{"type": "null"}, {"type": "object", "minProperties": 1, "maxProperties": 1}]},
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
