"""Hera's workflows beside ours: any of them lowers to a manifest; what Hera itself gets wrong is an error."""

from __future__ import annotations

import sys
import warnings
from typing import Any

from argosy.errors import CompileError, Place
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


def lower_hera(workflow: Any) -> Manifest:
    """Give the manifest of a workflow of Hera's or its models. Raises CompileError for what Hera gets wrong."""
    place = Place("<hera>")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pydantic warns of what is an error below
            found = _dump(workflow)
    except CompileError:
        raise
    except Exception as error:
        raise CompileError(f"Hera: {type(error).__name__}: {error}", place=raised_at(error, place)) from error
    document = _checked(found, ())
    document.setdefault("apiVersion", "argoproj.io/v1alpha1")
    document.setdefault("kind", next(b.__name__ for b in type(workflow).__mro__ if b.__name__ in _KINDS))
    ordered = {key: document[key] for key in ("apiVersion", "kind", "metadata", "spec") if key in document}
    return Manifest({**ordered, **{k: v for k, v in document.items() if k not in ordered}}, NoOrigin())


def _dump(workflow: Any) -> Any:
    if hasattr(workflow, "to_dict"):
        return workflow.to_dict()
    return workflow.model_dump(by_alias=True, exclude_none=True)


def _checked(value: Any, address: Address) -> Json:
    if value is None or isinstance(value, (str, bool, int, float)):
        return getattr(value, "value", value)
    if isinstance(value, dict):
        return {str(k): _checked(v, (*address, str(k))) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_checked(v, (*address, i)) for i, v in enumerate(value)]
    if hasattr(value, "value"):
        return value.value
    shown = getattr(value, "__name__", None) or type(value).__name__
    raise CompileError(
        f"{format_address(address)} is the Python object {shown}; Hera would write a Python tag that Argo cannot read",
        hint="give the name of a template, or a template object: on_exit=Container(...)",
    )


def model_of(manifest: Manifest) -> Any:
    """Give Hera's model of a manifest, for code that speaks Hera. Imports Hera."""
    from hera.workflows import models

    return getattr(models, manifest.kind).model_validate(manifest.data)
