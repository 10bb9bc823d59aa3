"""Bring a manifest to the form that Argo's Go types give it: parameters are text, what is empty is left out."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from argosy.simulate.controller import quantity
from argosy.simulate.controller.remember import json_key
from argosy.simulate.controller.values import any_string
from argosy.source import Json

_HOLDERS = ("arguments", "inputs", "outputs")
_TEXTS = ("value", "default", "description")
_KEPT = 64
_specs: dict[str, dict[str, Json]] = {}
"""Specs as they were decoded, by their JSON."""


def workflow_like(manifest: dict[str, Json]) -> dict[str, Json]:
    """Give a Workflow, WorkflowTemplate or ClusterWorkflowTemplate with its parameters as text."""
    result: dict[str, Json] = _decoded(manifest)
    return result


def spec_like(spec: dict[str, Json]) -> dict[str, Json]:
    """Give a spec with its parameters as text; of equal ones the same object, as the same workflow is often run."""
    text = json_key(spec)
    if not text:
        return workflow_like(spec)
    known = _specs.get(text)
    if known is None:
        if len(_specs) >= _KEPT:
            del _specs[next(iter(_specs))]
        known = _specs[text] = workflow_like(deepcopy(spec))  # the caller may change its own
    return known


def _decoded(value: Any) -> Any:
    if isinstance(value, dict):
        out: dict[str, Any] = {}
        for name, item in value.items():
            if name in _HOLDERS and isinstance(item, dict) and isinstance(item.get("parameters"), list):
                item = {**item, "parameters": [_parameter(p) for p in item["parameters"]]}
                out[name] = item
            elif name in ("withItems", "manifest", "plugin", "metadata"):
                out[name] = item
            elif name == "resources" and isinstance(item, dict):
                out[name] = _resources(item)
            elif name == "env" and isinstance(item, list):
                out[name] = [_without_empty(entry) for entry in item]
            elif item is not None:
                out[name] = _decoded(item) if isinstance(item, (dict, list)) else item
        return out
    if isinstance(value, list):
        return [_decoded(item) if isinstance(item, (dict, list)) else item for item in value]
    return value


def _resources(resources: dict[str, Any]) -> dict[str, Any]:
    out = {k: v for k, v in resources.items() if v is not None}
    for part in ("limits", "requests"):
        if isinstance(out.get(part), dict):
            out[part] = {name: quantity.canonical(value) for name, value in out[part].items()}
    return out


def _without_empty(entry: Any) -> Any:
    if isinstance(entry, dict) and (entry.get("value", "x") in ("", None)):
        return {k: v for k, v in entry.items() if k != "value"}
    return entry


def _parameter(parameter: Json) -> Json:
    if not isinstance(parameter, dict):
        return parameter
    out = {k: v for k, v in parameter.items() if v is not None}
    for name in _TEXTS:
        if name in out:
            out[name] = any_string(out[name])
    if isinstance(out.get("enum"), list):
        out["enum"] = [any_string(v) for v in out["enum"]]
    source = out.get("valueFrom")
    if isinstance(source, dict) and "default" in source:
        out["valueFrom"] = {**source, "default": any_string(source["default"])}
    return out
