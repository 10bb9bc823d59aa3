"""Hera's workflows beside ours: any of them lowers to a manifest; what Hera itself gets wrong is an error."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from typing import Any

from argosy.errors import CompileError, Place
from argosy.frontend.hera_source import HeraSource
from argosy.frontend.places import raised_at
from argosy.source import Address, Json, Manifest, NoOrigin, format_address

_KINDS = ("Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate", "CronWorkflow")


def is_hera(value: Any) -> bool:
    """Tell whether a value is a workflow of Hera's, without importing Hera."""
    if "hera.workflows" not in sys.modules or isinstance(value, type):
        return False
    module = type(value).__module__
    from_hera = any(base.__module__.startswith("hera.workflows") for base in type(value).__mro__)
    return (
        from_hera
        and any(base.__name__ in _KINDS for base in type(value).__mro__)
        and not module.startswith("hera.shared")
    )


def lower_hera(workflow: Any, path: str = "", name: str = "") -> Manifest:
    """Give the manifest of a workflow of Hera's or its models. Raises CompileError for what Hera gets wrong.

    ``path`` and ``name``: the file that defines it, and its name there, to say where things are.
    """
    source = HeraSource(path, name)
    place = source.place
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pydantic warns of what is an error below
            found = _dump(workflow)
    except CompileError:
        raise
    except Exception as error:
        raise CompileError(f"Hera: {type(error).__name__}: {error}", place=raised_at(error, place)) from error
    document = _checked(found, (), source)
    document.setdefault("apiVersion", "argoproj.io/v1alpha1")
    document.setdefault("kind", next(b.__name__ for b in type(workflow).__mro__ if b.__name__ in _KINDS))
    ordered = {key: document[key] for key in ("apiVersion", "kind", "metadata", "spec") if key in document}
    whole = {**ordered, **{k: v for k, v in document.items() if k not in ordered}}
    return Manifest(whole, source.origin(whole) if path else NoOrigin())


def _dump(workflow: Any) -> Any:
    if hasattr(workflow, "to_dict"):
        return workflow.to_dict()
    return workflow.model_dump(by_alias=True, exclude_none=True)


def _checked(value: Any, address: Address, source: HeraSource) -> Json:
    if value is None or isinstance(value, (str, bool, int, float)):
        return getattr(value, "value", value)
    if isinstance(value, dict):
        return {str(k): _checked(v, (*address, str(k)), source) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_checked(v, (*address, i), source) for i, v in enumerate(value)]
    if hasattr(value, "value"):
        return value.value
    shown = getattr(value, "__name__", None) or type(value).__name__
    raise CompileError(
        f"{format_address(address)} is the Python object {shown}; Hera would write a Python tag that Argo cannot read",
        hint="give the name of a template, or a template object: on_exit=Container(...)",
        place=source.argument(address),
    )


def model_of(manifest: Manifest) -> Any:
    """Give Hera's model of a manifest, for code that speaks Hera. Imports Hera.

    Raises CompileError for fields that Hera's models do not know, and would lose.
    """
    from hera.workflows import models

    made = getattr(models, manifest.kind).model_validate(manifest.data)
    lost = next(_lost(manifest.data, made.model_dump(by_alias=True, exclude_none=True, mode="json"), ()), None)
    if lost is not None:
        span = manifest.origin.locate(lost)
        raise CompileError(
            f"Hera's models do not know {format_address(lost)}",
            place=Place(span.path, span.line, span.column),
            hint="use a newer Hera, or argosy.to_yaml(...), which writes it",
        )
    return made


def _lost(given: Json, kept: Json, address: Address) -> Iterator[Address]:
    """Give what of a document a model does not hold."""
    if isinstance(given, dict):
        for key, value in given.items():
            if value is not None and (not isinstance(kept, dict) or key not in kept):
                yield (*address, key)
            elif isinstance(kept, dict):
                yield from _lost(value, kept.get(key), (*address, key))
    elif isinstance(given, list) and isinstance(kept, list):
        for index, (one, other) in enumerate(zip(given, kept, strict=False)):
            yield from _lost(one, other, (*address, index))
