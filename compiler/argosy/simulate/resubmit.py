"""What ``argo resubmit`` makes of a workflow: a new one with the same spec."""

from __future__ import annotations

from argosy.errors import UsageError
from argosy.simulate.controller.state import State
from argosy.simulate.retry import override_parameters
from argosy.simulate.scenario import Action
from argosy.source import Json

_LABELS = "workflows.argoproj.io/"
_DROPPED = {
    _LABELS + name
    for name in (
        "creator",
        "creator-email",
        "creator-preferred-username",
        "phase",
        "completed",
        "workflow-archiving-status",
    )
}


def resubmitted(state: State, action: Action, suffix: str) -> dict[str, Json]:
    """Give the new workflow (FormulateResubmitWorkflow, v3.7 workflow/util/util.go).

    Raises UsageError where Argo refuses, and for the memoized mode, which is not modelled.
    """
    if action.memoized:
        if state.phase not in ("Failed", "Error"):
            raise UsageError("workflow must be Failed/Error to resubmit in memoized mode")
        raise UsageError("resubmit with `memoized` is not modelled", hint="retry reuses what succeeded")
    metadata = state.workflow["metadata"]
    labels = {k: v for k, v in (metadata.get("labels") or {}).items() if k not in _DROPPED}
    labels[_LABELS + "resubmitted-from-workflow"] = state.name
    prefix = metadata.get("generateName") or f"{state.name}-"
    new: dict[str, Json] = {"name": prefix + suffix, "labels": labels}
    new |= {k: metadata[k] for k in ("namespace", "annotations", "ownerReferences") if metadata.get(k)}
    spec = {k: v for k, v in state.workflow["spec"].items() if k != "shutdown"}
    if spec.get("activeDeadlineSeconds") == 0:  # it was terminated
        del spec["activeDeadlineSeconds"]
    spec = override_parameters(spec, action.parameters or ())
    return {"apiVersion": state.workflow.get("apiVersion"), "kind": "Workflow", "metadata": new, "spec": spec}
