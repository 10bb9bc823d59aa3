"""A workflow's status as Argo writes it: plain JSON, fields in Argo's order, nothing where nothing is."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from argosy.simulate import progress
from argosy.simulate.controller.state import Flag, Node, State
from argosy.source import Json


def moment(time: float) -> str | None:
    """Give a time as Kubernetes writes it, in whole seconds; None for none."""
    return _written(int(time)) if time else None


@lru_cache(maxsize=4096)
def _written(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def workflow(state: State, done: str | None = None) -> dict[str, Json]:
    """Give the Workflow object with its status; ``done`` is its progress, if that is not to be brought up to date."""
    if done is None:
        done = progress.update(state.nodes)
    status: dict[str, Any] = {
        "phase": state.phase,
        "startedAt": moment(state.started_at),
        "finishedAt": moment(state.finished_at),
        "progress": done,
        "message": state.message,
        "nodes": {node.id: _node(node) for node in state.nodes.values()},
        "persistentVolumeClaims": state.claims,
        "outputs": state.outputs,
        "conditions": [state.conditions[kind] for kind in sorted(state.conditions)],
        "storedWorkflowTemplateSpec": state.stored_spec,
        "synchronization": state.sync,
    }
    metadata = {k: v for k, v in state.workflow["metadata"].items() if v}
    return {
        "apiVersion": state.workflow.get("apiVersion", "argoproj.io/v1alpha1"),
        "kind": "Workflow",
        "metadata": metadata,
        "spec": state.workflow["spec"],
        "status": _without_empty(status),
    }


def _without_empty(fields: dict[str, Any]) -> dict[str, Json]:
    return {k: v for k, v in fields.items() if v or v == 0}


def _node(node: Node) -> dict[str, Json]:
    fields: dict[str, Json] = {"id": node.id, "name": node.name}
    for key, value in (
        ("displayName", node.display_name),
        ("type", node.type),
        ("templateName", node.template_name),
        ("templateRef", node.template_ref),
        ("templateScope", node.template_scope),
        ("phase", node.phase),
        ("boundaryID", node.boundary_id),
        ("message", node.message),
        ("startedAt", moment(node.started_at)),
        ("finishedAt", moment(node.finished_at)),
        ("progress", node.progress),
        ("podIP", node.pod_ip),
        ("daemoned", node.daemoned),
        ("inputs", node.inputs),
        ("outputs", node.outputs),
        ("children", node.children and list(node.children)),
        ("outboundNodes", node.outbound),
        ("hostNodeName", node.host),
        ("memoizationStatus", node.memo),
        ("synchronizationStatus", node.waiting is not None and {"waiting": node.waiting}),
        ("nodeFlag", node.flag and _flag(node.flag)),
    ):
        if value:
            fields[key] = value
    if node.synced is not None:
        fields["taskResultSynced"] = node.synced
    return fields


def _flag(flag: Flag) -> dict[str, Json]:
    return {k: True for k, v in (("hooked", flag.hooked), ("retried", flag.retried)) if v}
