"""Parameters, arguments, inputs and outputs, and loops over numbers."""

from typing import Any

from argosy.model.artifact import Artifact
from argosy.model.base import AnyString, ArgoStruct


class SuppliedValueFrom(ArgoStruct):
    """A value that a person supplies to a suspended node."""


class ValueFrom(ArgoStruct):
    """Where the value of a parameter comes from."""

    path: str = ""
    json_path: str = ""
    jq_filter: str = ""
    event: str = ""
    parameter: str = ""
    supplied: SuppliedValueFrom | None = None
    config_map_key_ref: dict[str, Any] | None = None
    default: AnyString | None = None
    expression: str = ""


class Parameter(ArgoStruct):
    """A named text that goes in or out."""

    name: str = ""
    default: AnyString | None = None
    value: AnyString | None = None
    value_from: ValueFrom | None = None
    global_name: str = ""
    enum: list[AnyString] = []
    description: AnyString | None = None


class Arguments(ArgoStruct):
    """What is passed."""

    parameters: list[Parameter] = []
    artifacts: list[Artifact] = []


class Inputs(ArgoStruct):
    """What a template takes."""

    parameters: list[Parameter] = []
    artifacts: list[Artifact] = []


class Outputs(ArgoStruct):
    """What a template gives."""

    parameters: list[Parameter] = []
    artifacts: list[Artifact] = []
    result: str | None = None
    exit_code: str | None = None


class Sequence(ArgoStruct):
    """A loop over numbers."""

    count: int | str | None = None
    start: int | str | None = None
    end: int | str | None = None
    format: str = ""
