"""The environment of a pod that is really run: what its template sets, and of this machine's only what is needed."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable, Mapping
from typing import Any

from argosy.local.scratch import body
from argosy.source import Json

Objects = Mapping[tuple[str, str], dict[str, Json]]
"""ConfigMaps and Secrets by kind and name."""


def objects(data: Iterable[Any]) -> dict[tuple[str, str], dict[str, Json]]:
    """Find the ConfigMaps and Secrets among objects."""
    found = [one for one in data if isinstance(one, dict) and one.get("kind") in ("ConfigMap", "Secret")]
    return {(one["kind"], str((one.get("metadata") or {}).get("name"))): one for one in found}


def of_machine(home: str, temporary: str) -> dict[str, str]:
    """Give what a program needs to start at all; nothing else of this process's environment is passed on."""
    path = os.environ.get("PATH", os.defpath)
    return {"PATH": path, "HOME": home, "TMPDIR": temporary, "LANG": "C.UTF-8"}


def of_template(template: dict[str, Json], known: Objects) -> tuple[dict[str, str], list[str]]:
    """Give the variables that a template sets, and a line for each that could not be set."""
    values: dict[str, str] = {}
    missing: list[str] = []
    container = body(template)
    for source in container.get("envFrom") or []:
        for kind, field in (("ConfigMap", "configMapRef"), ("Secret", "secretRef")):
            if field in source:
                held = known.get((kind, str(source[field].get("name"))))
                prefix = source.get("prefix") or ""
                values |= {prefix + key: value_of(held, key) or "" for key in _keys(held)}
    for one in container.get("env") or []:
        name = str(one.get("name"))
        value = one.get("value") if "valueFrom" not in one else referred(one["valueFrom"], known)
        if value is not None:
            values[name] = str(value)
        elif "valueFrom" in one:
            missing.append(f"{name} is not set: {_what(one['valueFrom'])} is not among the objects of the scenario")
    return values, missing


def referred(source: dict[str, Json], known: Objects) -> str | None:
    """Give the value of a key of a ConfigMap or Secret, None where it is not known."""
    for kind, field in (("ConfigMap", "configMapKeyRef"), ("Secret", "secretKeyRef")):
        if field in source:
            return value_of(known.get((kind, str(source[field].get("name")))), str(source[field].get("key")))
    return None


def value_of(held: dict[str, Json] | None, key: str) -> str | None:
    """Give a value of a ConfigMap or Secret, decoded."""
    if held is None:
        return None
    plain = held.get("stringData") or {}
    if key in plain or held.get("kind") == "ConfigMap":
        found = plain.get(key, (held.get("data") or {}).get(key))
        return None if found is None else str(found)
    coded = (held.get("data") or {}).get(key)
    return None if coded is None else base64.b64decode(str(coded)).decode("utf-8", "replace")


def _keys(held: dict[str, Json] | None) -> list[str]:
    return [*((held or {}).get("data") or {}), *((held or {}).get("stringData") or {})]


def _what(source: dict[str, Json]) -> str:
    field, reference = next(iter(source.items()), ("its source", {}))
    inner = reference if isinstance(reference, dict) else {}
    return f"{field} {'/'.join(str(inner[key]) for key in ('name', 'key', 'fieldPath') if key in inner)}".strip()
