"""Changes of a manifest before it is submitted: how the spec itself can be at fault, and other arguments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from msgspec import structs

from argosy.explore.faults import Change
from argosy.simulate.given import Given
from argosy.source import Json, Manifest

Obj = dict[str, Json]


def changed(given: Given, change: Change) -> Given:
    """Give what to run after a change; what was given stays as it is."""
    edit = CHANGES[change.kind]
    return replace(
        given, main=_edited(given.main, edit, change), others=[_edited(m, edit, change) for m in given.others]
    )


def _edited(manifest: Manifest, edit: Callable[[Obj, Change], Obj], change: Change) -> Manifest:
    spec = manifest.data.get("spec")
    if manifest.kind not in ("Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate") or not isinstance(spec, dict):
        return manifest
    return structs.replace(manifest, data={**manifest.data, "spec": edit(spec, change)})


def _expression(spec: Obj, change: Change) -> Obj:
    """Put an expression that cannot be evaluated into the entrypoint's template."""
    templates = [
        {**t, "metadata": {**(t.get("metadata") or {}), "annotations": {"fault": "{{=1 +}}"}}}
        if isinstance(t, dict) and t.get("name") == change.name
        else t
        for t in spec.get("templates") or []
    ]
    return {**spec, "templates": templates} if templates else spec


def _entrypoint(spec: Obj, change: Change) -> Obj:
    return {**spec, "entrypoint": change.name} if "entrypoint" in spec else spec


def _argument(spec: Obj, change: Change) -> Obj:
    arguments: dict[str, Any] = spec.get("arguments") or {}
    if not arguments and "workflowTemplateRef" not in spec:
        return spec
    parameters = [p for p in arguments.get("parameters") or [] if p.get("name") != change.name]
    parameters.append({"name": change.name, "value": change.value})
    return {**spec, "arguments": {**arguments, "parameters": parameters}}


def _deadline(spec: Obj, change: Change) -> Obj:
    return {**spec, "activeDeadlineSeconds": int(change.value)}


CHANGES: dict[str, Callable[[Obj, Change], Obj]] = {
    "expression": _expression,
    "entrypoint": _entrypoint,
    "argument": _argument,
    "deadline": _deadline,
}
