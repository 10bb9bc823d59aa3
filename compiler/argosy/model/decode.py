"""From plain data to structs, leniently: what has the wrong type is left out, what is not known is ignored.

The strict word on both is ``argosy.model.schema``.
"""

from __future__ import annotations

from typing import Any, Literal, TypeVar, get_args

import msgspec

from argosy.errors import UsageError
from argosy.model.any_case import document_put_right, template_put_right, with_steps_put_right
from argosy.model.base import AnyString
from argosy.model.template import Template
from argosy.model.workflow import (
    ClusterWorkflowTemplate,
    CronWorkflow,
    Workflow,
    WorkflowEventBinding,
    WorkflowSpec,
    WorkflowTemplate,
)
from argosy.source import Json
from argosy.yaml.scalars import number_plain

Kind = Literal["Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate", "CronWorkflow", "WorkflowEventBinding"]
"""The kinds of document that Argo lints or knows."""

Decoded = Workflow | WorkflowTemplate | ClusterWorkflowTemplate | CronWorkflow | WorkflowEventBinding

KINDS: dict[str, type[Decoded]] = {kind.__name__: kind for kind in get_args(Decoded)}

T = TypeVar("T")


def decode(data: Json, kind: str) -> Decoded:
    """Give a document as a struct of its kind.

    Raises UsageError for a kind that is not one of Argo's.
    """
    if kind not in KINDS:
        raise UsageError(f"{kind!r} is no kind of Argo's", hint=f"kinds: {', '.join(KINDS)}")
    return decode_as(document_put_right(data), KINDS[kind])


def decode_template(data: Json) -> Template:
    """Give one template."""
    return decode_as(template_put_right(data), Template)


def decode_spec(data: Json) -> WorkflowSpec:
    """Give the spec of a workflow or a workflow template."""
    return decode_as(with_steps_put_right(data), WorkflowSpec)


def decode_as(data: Json, to: type[T]) -> T:
    """Give plain data as any struct of the model."""
    try:
        return msgspec.convert(data, to, dec_hook=_special)
    except msgspec.ValidationError:
        from argosy.model.lenient import cleaned

        return msgspec.convert(cleaned(data, to), to, dec_hook=_special)


def _special(to: type[Any], value: Json) -> AnyString:
    """Decode the one type of ours that msgspec does not know."""
    return any_string(value)


def any_string(value: Json) -> AnyString:
    """Give the text that Argo makes of a parameter's value: numbers go through a float, lists and maps become empty.

    Source: ``AnyString.UnmarshalJSON`` in ``pkg/apis/workflow/v1alpha1/anystring.go`` of Argo v4.1.2.

    >>> any_string(True), any_string(1.5), any_string(12345678901234567), any_string([1])
    ('true', '1.5', '12345678901234568', '')
    """
    match value:
        case str():
            return AnyString(value)
        case bool():
            return AnyString("true" if value else "false")
        case int() | float():
            return AnyString(_number(value))
    return AnyString("")


def _number(value: int | float) -> str:
    try:
        return number_plain(value)
    except OverflowError:
        return str(value)
