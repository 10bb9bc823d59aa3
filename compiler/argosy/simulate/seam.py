"""The seam between controller and world: what the controller sees of the cluster, and what it commands.

The controller is level-triggered, as Argo's ``operate()`` (workflow/controller/operator.go): one call of
``reconcile(state, view, now)`` looks at what is there and gives commands. It knows no clock and no faults; the world
answers commands with later views. Times are seconds since the Unix epoch, durations are seconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from argosy.source import Json

PodPhase = Literal["Pending", "Running", "Succeeded", "Failed", "Unknown"]
ContainerState = Literal["waiting", "running", "terminated"]


@dataclass(slots=True)
class ContainerView:
    """One container's status (``pod.status.containerStatuses[]``)."""

    name: str
    state: ContainerState = "waiting"
    ready: bool = True
    exit_code: int = 0
    reason: str = ""
    message: str = ""
    finished_at: float = 0.0


@dataclass(slots=True)
class PodView:
    """A pod as the API server shows it to the controller. The world owns and changes it, and says so in ``changed``."""

    node_id: str
    name: str
    phase: PodPhase = "Pending"
    message: str = ""
    reason: str = ""
    init: list[ContainerView] = field(default_factory=list)
    containers: list[ContainerView] = field(default_factory=list)
    """Empty until the kubelet has taken the pod up, and again when it was evicted."""
    unschedulable: str | None = None
    """The message of the condition PodScheduled=False with reason Unschedulable."""
    ip: str = ""
    host: str = ""
    deleting: bool = False
    on_exit: bool = False
    """It has the label workflows.argoproj.io/on-exit."""
    uid: str = ""


@dataclass(slots=True)
class TaskResult:
    """A WorkflowTaskResult, written by the wait container; incomplete until that container is done."""

    completed: bool = False
    outputs: dict[str, Json] | None = None
    progress: str = ""


@dataclass(slots=True)
class TaskAnswer:
    """What the agent wrote into the task set's status for an HTTP or plugin node."""

    phase: str
    message: str = ""
    outputs: dict[str, Json] | None = None


@dataclass(slots=True)
class View:
    """What the controller sees of one workflow's things, by node id."""

    pods: dict[str, PodView] = field(default_factory=dict)
    """Pods that exist: one removed is no longer in it."""
    results: dict[str, TaskResult] = field(default_factory=dict)
    answers: dict[str, TaskAnswer] = field(default_factory=dict)
    """Answers of the agent that no ``TaskDone`` has taken away yet."""
    changed: Iterable[str] = ()
    """Node ids whose pod (its coming, changing or going), result or answer is new since the last reconciliation, each
    once and in order. It only spares the controller looking at everything."""
    agent_failed: str | None = None
    """The agent's pod has failed, with this status.message."""


@dataclass(slots=True)
class Cluster:
    """The objects of the API server that a controller reads and writes, by kind, namespace and name.

    Kinds: ConfigMap, Secret, WorkflowTemplate, ClusterWorkflowTemplate (namespace ""), PersistentVolumeClaim, ...
    Memoization caches are ConfigMaps of ``controller_namespace``.
    """

    objects: dict[tuple[str, str, str], dict[str, Json]] = field(default_factory=dict)
    controller_namespace: str = "argo"

    def get(self, kind: str, namespace: str, name: str) -> dict[str, Json] | None:
        """Give an object, or None if there is none; it may be changed in place."""
        return self.objects.get((kind, namespace, name))

    def put(self, kind: str, namespace: str, name: str, data: dict[str, Json]) -> None:
        """Write an object."""
        self.objects[kind, namespace, name] = data


class CreatePod(NamedTuple):
    """Make the pod of a node (createWorkflowPod). Nothing else waits for it: the view shows it at the next event."""

    node_id: str
    node_name: str
    display_name: str
    pod_name: str
    template: dict[str, Json]
    """After substitution, as the controller marshals it into ARGO_TEMPLATE."""
    active_deadline_seconds: int | None
    on_exit: bool
    hooked: bool
    """The node's own nodeFlag.hooked."""
    containers: tuple[str, ...]
    """Its containers but init and wait: main (or the members of a container set), then sidecars."""
    init_containers: tuple[str, ...]
    """The template's own init containers, which run before Argo's ``init`` has made its way to main."""
    include_result: bool
    """The executor is to capture main's output (ARGO_INCLUDE_SCRIPT_OUTPUT)."""
    daemon: bool


class DeletePod(NamedTuple):
    """Delete the pod of a node."""

    node_id: str


class Signal(NamedTuple):
    """Terminate the pod's containers (PodController.TerminateContainers): SIGTERM, and SIGKILL after the grace period.

    Commanded again at every reconciliation for which Argo does so; the world sends the signal once.
    """

    node_id: str


class AddTask(NamedTuple):
    """Put an HTTP or plugin node into the task set, for the agent; commanded once."""

    node_id: str
    node_name: str
    display_name: str
    template: dict[str, Json]
    hooked: bool


class TaskDone(NamedTuple):
    """Take a task and its answer out of the task set (removeCompletedTaskSetStatus)."""

    node_id: str


class RequeueAfter(NamedTuple):
    """Wake this workflow up after so many seconds.

    A workflow has one entry in the delaying queue, and the earliest wish counts: a later one is lost
    (client-go's workqueue, AddAfter).
    """

    seconds: float


class Requeue(NamedTuple):
    """Wake this workflow up after the controller's requeue time (DEFAULT_REQUEUE_TIME); AddRateLimited."""


class WakeWorkflow(NamedTuple):
    """Reconcile another workflow: a lock that it waits for has been released."""

    key: str
    """``namespace/name``."""


Command = CreatePod | DeletePod | Signal | AddTask | TaskDone | RequeueAfter | Requeue | WakeWorkflow


class Event(NamedTuple):
    """A change of phase (or only of message, or of daemoned) of a node, or of the workflow (``node`` is None)."""

    at: float
    node: str | None
    before: str
    after: str
    message: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of the controller (its environment and ConfigMap)."""

    recently_started: float = 10.0
    """RECENTLY_STARTED_POD_DURATION."""
    recently_deleted: float = 120.0
    """RECENTLY_DELETED_POD_DURATION."""
    max_depth: int = 100
    """MAX_RECURSION_DEPTH of nested templates."""
    workflow_defaults: dict[str, Json] | None = None
    artifact_repository: dict[str, Json] | None = None
    """The default artifact repository; with ``keyFormat`` as in the ConfigMap."""
    images: dict[str, tuple[list[str], list[str]]] = field(default_factory=dict)
    """Entrypoint and command of well-known images."""
    default_entrypoint: tuple[str, ...] = ("/argosy-entrypoint",)
    """Of images that are not known."""
