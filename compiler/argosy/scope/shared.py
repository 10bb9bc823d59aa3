"""The names that every template of a workflow shares: ``workflow.name``, its parameters, labels and annotations.

Source: Argo v4.1 ``validate.newTemplateValidationCtx``, ``validate.Workflow``,
``common.ConvertCronWorkflowToWorkflow``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from argosy import model
from argosy.model.parameter import Arguments
from argosy.scope.fill import Placeholders
from argosy.source import Json, Manifest, at
from argosy.variables import ALWAYS_GLOBAL
from argosy.workspace import Owner

INSTANCE_ID = "workflows.argoproj.io/controller-instanceid"
CRON_WORKFLOW = "workflows.argoproj.io/cron-workflow"
SCHEDULED_TIME = "workflows.argoproj.io/scheduled-time"


def shared_names(
    manifest: Manifest,
    spec: model.WorkflowSpec,
    reference: Owner | None,
    arguments: Arguments,
    placeholders: Placeholders,
) -> dict[str, str]:
    """Give the shared names as Argo's linter knows them, with the value or a placeholder each."""
    shared = {f"workflow.{name}": placeholders.next() for name in ALWAYS_GLOBAL}
    if arguments.parameters:
        shared["workflow.parameters"] = placeholders.next()
        shared["workflow.parameters.json"] = placeholders.next()
    for parameter in arguments.parameters:
        if parameter.name:
            value = parameter.value if parameter.value is not None else placeholders.next()
            shared[f"workflow.parameters.{parameter.name}"] = value
    for kind in ("labels", "annotations"):
        for key in metadata_keys(kind, manifest, spec, reference):
            shared[f"workflow.{kind}.{key}"] = placeholders.next()
    if spec.priority is not None:
        shared["workflow.priority"] = str(spec.priority)
    return shared


def metadata_keys(kind: str, manifest: Manifest, spec: model.WorkflowSpec, reference: Owner | None) -> Iterator[str]:
    """Give the keys of the labels or annotations that the workflow will have; some may come twice."""
    own = _keys(at(manifest.data, ("metadata", kind)))
    if manifest.kind == "CronWorkflow":
        fixed = (CRON_WORKFLOW, *(key for key in own if key == INSTANCE_ID)) if kind == "labels" else (SCHEDULED_TIME,)
        yield from fixed
    else:
        yield from own
    for one in (spec, reference.spec if reference else None):
        metadata = one.workflow_metadata if one is not None else None
        if metadata is not None:
            yield from _keys(metadata.labels if kind == "labels" else metadata.annotations)
            if kind == "labels":
                yield from _keys(metadata.labels_from)


def _keys(data: Json) -> Iterable[str]:
    return tuple(data) if isinstance(data, dict) else ()
