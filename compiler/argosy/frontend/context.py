"""What a run tells about itself: to exit handlers, to hooks, and to any template.

An exit handler is a template that takes an :class:`Exit`; the handler of a step or task takes a :class:`NodeExit`.
Both can be made by hand to test a handler as the plain function that it is.
"""

from __future__ import annotations

import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, Literal, TypeVar

from argosy.frontend.expressions import Variable
from argosy.frontend.places import fail

Status = Literal["Succeeded", "Failed", "Error"]
"""How a workflow ends."""

NodeStatus = Literal["Pending", "Running", "Succeeded", "Skipped", "Failed", "Error", "Omitted"]
"""The phases of a step or task."""

R_co = TypeVar("R_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed step, as Argo reports it to exit handlers.

    Source: Argo v4.1 ``workflow/controller/operator.go:failedNodeStatus``.
    """

    display_name: str = ""
    message: str = ""
    template_name: str = ""
    phase: str = ""
    pod_name: str = ""
    finished_at: str = ""

    argo_names: ClassVar[Mapping[str, str]] = {
        "display_name": "displayName",
        "message": "message",
        "template_name": "templateName",
        "phase": "phase",
        "pod_name": "podName",
        "finished_at": "finishedAt",
    }
    """How Argo's JSON calls the fields."""


@dataclass(frozen=True, slots=True)
class Exit:
    """What is known when a workflow ends. Only exit handlers have one, so only they can ask for ``status``."""

    status: Status = "Succeeded"
    failures: list[Failure] = field(default_factory=list)
    """The failed steps; empty on success. Exists in ``onExit`` only, which the compiler therefore chooses."""
    duration: float = 0.0
    """Seconds since the workflow started."""
    name: str = ""
    namespace: str = ""
    uid: str = ""
    service_account_name: str = ""
    creation_timestamp: str = ""
    """When the workflow was created, as RFC 3339 text."""


@dataclass(frozen=True, slots=True)
class NodeExit(Generic[R_co]):
    """What is known when one step or task ends, to its exit hook; ``result`` is what its template gives.

    Argo gives a hook no exit code and nothing of what the pod printed, so ``result`` is there for templates whose
    result is read from files (Argo v4.1 ``exit_handler.go:resolveExitTmplArgument``).
    """

    status: NodeStatus = "Succeeded"
    result: R_co | None = None
    """None if the step failed before it gave one."""
    name: str = ""
    """The name of the step or task."""
    id: str = ""
    """The id of its node."""
    started_at: str = ""
    finished_at: str = ""
    host_node_name: str = ""


@dataclass(frozen=True, slots=True)
class Environment:
    """A value that the pod takes from its surroundings: the ``valueFrom`` of an environment variable."""

    source: dict[str, Any]

    def __str__(self) -> str:
        fail(
            "only the pod knows this value: it cannot be part of a text",
            hint="pass it as a variable: sh('... $TOKEN', TOKEN=secret(...)), or make it a script's default",
        )

    def __add__(self, other: object) -> str:
        return str(self)

    def __radd__(self, other: object) -> str:
        return str(self)


EXIT_FIELDS: dict[str, Variable] = {
    "status": Variable(("workflow", "status"), hint=Status),
    "failures": Variable(("workflow", "failures"), doubly=True, hint=list[Failure]),
    "duration": Variable(("workflow", "duration"), hint=float),
    "name": Variable(("workflow", "name"), hint=str),
    "namespace": Variable(("workflow", "namespace"), hint=str),
    "uid": Variable(("workflow", "uid"), hint=str),
    "service_account_name": Variable(("workflow", "serviceAccountName"), hint=str),
    "creation_timestamp": Variable(("workflow", "creationTimestamp"), hint=str),
}

NODE_FIELDS: dict[str, tuple[tuple[str, ...], Any]] = {
    "status": (("status",), NodeStatus),
    "result": (("outputs", "result"), str),
    "name": (("name",), str),
    "id": (("id",), str),
    "started_at": (("startedAt",), str),
    "finished_at": (("finishedAt",), str),
    "host_node_name": (("hostNodeName",), str),
}
"""The fields of a NodeExit, where Argo has them below ``steps.NAME`` or ``tasks.NAME``, and their types."""


def secret(name: str, key: str, *, optional: bool = False) -> str:
    """Take a value from a Kubernetes secret: as the default of a script's argument, or as a variable of ``sh``."""
    return _environment("secretKeyRef", name, key, optional)


def config_map(name: str, key: str, *, optional: bool = False) -> str:
    """Take a value from a ConfigMap: as the default of a script's argument, or as a variable of ``sh``."""
    return _environment("configMapKeyRef", name, key, optional)


def pod_field(path: str) -> str:
    """Take a field of the pod itself, as ``status.podIP``."""
    return typing.cast(str, Environment({"fieldRef": {"fieldPath": path}}))


def _environment(kind: str, name: str, key: str, optional: bool) -> str:
    source = {"name": name, "key": key, **({"optional": True} if optional else {})}
    return typing.cast(str, Environment({kind: source}))


def _text(*path: str) -> str:
    return typing.cast(str, Variable(path))


_DURATION: Any = Variable(("workflow", "duration"), hint=float)
_LABELS: Any = Variable(("workflow", "labels"), hint=dict[str, str])
_ANNOTATIONS: Any = Variable(("workflow", "annotations"), hint=dict[str, str])
_ATTEMPT: Any = Variable(("retries",), hint=int)
_EXIT_CODE: Any = Variable(("lastRetry", "exitCode"), hint=int)
_LAST_STATUS: Any = Variable(("lastRetry", "status"), hint=NodeStatus)
_LAST_DURATION: Any = Variable(("lastRetry", "duration"), hint=int)


@dataclass(frozen=True, slots=True)
class WorkflowContext:
    """What any template can know of its workflow."""

    name: str = _text("workflow", "name")
    namespace: str = _text("workflow", "namespace")
    main_entrypoint: str = _text("workflow", "mainEntrypoint")
    service_account_name: str = _text("workflow", "serviceAccountName")
    uid: str = _text("workflow", "uid")
    creation_timestamp: str = _text("workflow", "creationTimestamp")
    priority: str = _text("workflow", "priority")
    duration: float = _DURATION
    scheduled_time: str = _text("workflow", "scheduledTime")
    labels: dict[str, str] = _LABELS
    annotations: dict[str, str] = _ANNOTATIONS
    parameters_json: str = _text("workflow", "parameters", "json")


@dataclass(frozen=True, slots=True)
class RetryContext:
    """What the attempts of a retried template know."""

    attempt: int = _ATTEMPT
    last_exit_code: int = _EXIT_CODE
    last_status: NodeStatus = _LAST_STATUS
    last_duration: int = _LAST_DURATION
    last_message: str = _text("lastRetry", "message")


@dataclass(frozen=True, slots=True)
class Current:
    """References to what Argo knows of the run, the pod and the attempt: ``current.workflow.name``."""

    workflow: WorkflowContext = field(default_factory=WorkflowContext)
    retry: RetryContext = field(default_factory=RetryContext)
    pod_name: str = _text("pod", "name")
    node_name: str = _text("node", "name")


current = Current()
"""The one :class:`Current`."""
