"""The state of one workflow: its object, its tree of nodes, and what is remembered between reconciliations.

Nodes are Argo's ``status.nodes``. Beyond them the state keeps what spares looking at everything at each event: which
nodes an event may concern (``dirty``), and per boundary what is still open (``work``, of whoever evaluates the node).
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from argosy.simulate.controller.remember import by_identity
from argosy.simulate.seam import Cluster, Event, Settings
from argosy.source import Json
from argosy.versions import ArgoVersion

Obj = dict[str, Json]
"""A JSON object; templates, steps and arguments are such, and never changed in place."""

COMPLETED = frozenset({"Succeeded", "Failed", "Error"})
FAILED = frozenset({"Failed", "Error"})
FULFILLED = COMPLETED | {"Skipped", "Omitted"}
ACTIVE = frozenset({"Pending", "Running"})
COUNTED = frozenset({"Pod", "Steps", "DAG"})
"""Types of nodes that count for the parallelism of their boundary (node_counters.go)."""


@dataclass(slots=True, eq=False)
class Flag:
    """nodeFlag; shared between nodes where Argo shares the pointer."""

    hooked: bool = False
    retried: bool = False


@dataclass(slots=True, eq=False)
class Node:
    """One node (v4.1 NodeStatus), and what is remembered about it. Times are seconds since the epoch, 0 is none."""

    id: str
    name: str
    type: str
    phase: str
    boundary_id: str = ""
    display_name: str = ""
    message: str = ""
    template_name: str = ""
    template_ref: Obj | None = None
    template_scope: str = ""
    flag: Flag | None = None
    started_at: float = 0.0
    finished_at: float = 0.0
    inputs: Obj | None = None
    outputs: Obj | None = None
    children: dict[str, None] = field(default_factory=dict)
    outbound: list[str] | None = None
    synced: bool | None = None
    """taskResultSynced."""
    daemoned: bool = False
    pod_ip: str = ""
    host: str = ""
    progress: str = ""
    memo: Obj | None = None
    """memoizationStatus."""
    waiting: str | None = None
    """synchronizationStatus.waiting; None without a status."""
    # --- ours
    owner: Node | None = None
    """The node that evaluates this one: a step group, DAG, retry node, or the node that a hook is of."""
    dirty: bool = True
    due: dict[str, None] = field(default_factory=dict)
    """Names of nodes below that are to be looked at."""
    work: Any = None
    linked: bool = False
    """Some node has it as a child."""
    order: int = 0
    """Its place among what its owner evaluates."""
    active: int = 0
    """Pods, steps and DAGs of this boundary that are Pending or Running."""
    unsuccessful: int = 0
    lock: Obj | None = None
    """The synchronization of its template as processed."""
    leaf: bool = False
    """Nothing is left to do for it but to wait for its pod."""

    @property
    def fulfilled(self) -> bool:
        """Node.Fulfilled()."""
        phase = self.phase
        if phase in COMPLETED:
            return self.synced is not False or self.daemoned
        return (phase in FULFILLED and self.synced is not False) or (self.daemoned and phase != "Pending")

    @property
    def phase_fulfilled(self) -> bool:
        """node.Phase.Fulfilled(node.TaskResultSynced)."""
        return self.synced is not False if self.phase in COMPLETED else self.phase in FULFILLED

    @property
    def completed(self) -> bool:
        """Node.Completed()."""
        return self.phase in COMPLETED and self.synced is not False

    @property
    def failed(self) -> bool:
        """Node.FailedOrError()."""
        return self.phase in FAILED

    @property
    def hooked(self) -> bool:
        """It is the node of a hook or exit handler."""
        return self.flag is not None and self.flag.hooked

    @property
    def retried(self) -> bool:
        """It is an attempt of a retry node."""
        return self.flag is not None and self.flag.retried

    @property
    def is_task(self) -> bool:
        """Node.IsTaskSetNode(): the agent does it."""
        return self.type in ("HTTP", "Plugin")

    @property
    def template(self) -> str:
        """util.GetTemplateFromNode: the name of its template."""
        return str(self.template_ref.get("template", "")) if self.template_ref else self.template_name


@dataclass(slots=True, eq=False)
class State:
    """One workflow as the controller knows it."""

    workflow: Obj
    """The Workflow object: metadata and spec, as it stands in the API server; the status is kept below."""
    cluster: Cluster
    settings: Settings
    version: ArgoVersion
    locks: Any
    """The lock manager of the controller (synchronization.Locks), shared by its workflows."""
    name: str = ""
    namespace: str = ""
    phase: str = ""
    message: str = ""
    started_at: float = 0.0
    finished_at: float = 0.0
    outputs: Obj | None = None
    """status.outputs: what globalName made."""
    stored_spec: Obj | None = None
    """status.storedWorkflowSpec, of a workflow with workflowTemplateRef."""
    repository: Obj | None = None
    """The artifact repository that is used, once it is known."""
    claims: list[Json] = field(default_factory=list)
    """status.persistentVolumeClaims."""
    conditions: dict[str, Obj] = field(default_factory=dict)
    sync: dict[str, dict[str, Any]] | None = None
    """status.synchronization."""
    nodes: dict[str, Node] = field(default_factory=dict)
    """By id, in the order in which they came up."""
    by_name: dict[str, Node] = field(default_factory=dict)
    by_boundary: dict[str, list[Node]] = field(default_factory=dict)
    """The nodes of each boundary that are evaluated in it; "" are those without."""
    active_pods: dict[str, Node] = field(default_factory=dict)
    """Pod nodes that are Pending or Running, by id."""
    running_pods: int = 0
    """How many of these are Running."""
    daemons: dict[str, Node] = field(default_factory=dict)
    unsynced: dict[str, None] = field(default_factory=dict)
    """Ids of nodes whose task result is not complete."""
    failures: dict[str, Node] = field(default_factory=dict)
    """Failed and Error nodes, by id, in that order."""
    tasks: dict[str, Node] = field(default_factory=dict)
    """HTTP and plugin nodes that are not done."""
    open_nodes: dict[str, Node] = field(default_factory=dict)
    """Suspended nodes, and those that wait for a lock."""
    open_hooks: dict[str, Node] = field(default_factory=dict)
    """Nodes of hooks and exit handlers themselves that are not over, as far as anybody has noticed."""
    timers: list[tuple[float, int, str]] = field(default_factory=list)
    """A heap of (time, number, node name): when a node is to be looked at for the time that has passed."""
    templates: dict[str, Obj] = field(default_factory=dict)
    """status.storedTemplates: templates once resolved stay as they were."""
    globals: dict[str, str] = field(default_factory=dict)
    spec: Obj = field(default_factory=dict)
    """The spec in force (execWf.Spec)."""
    base: Obj | None = None
    """The spec before its global variables were substituted; None: to be set up anew."""
    stamp: int = 0
    """Counts changes of global variables."""
    full: bool = True
    """The next reconciliation is to look at everything."""
    stopping: bool = False
    """A shutdown or the deadline has been applied to all nodes."""
    expired: bool = False
    events: list[Event] = field(default_factory=list)
    touched: dict[str, tuple[str, str, bool]] = field(default_factory=dict)
    """Of nodes changed in this reconciliation: phase, message and daemoned before."""
    linked: set[str] = field(default_factory=set)
    """Ids of nodes that are somebody's children and not there yet."""
    created_pods: set[str] = field(default_factory=set)
    """Ids of nodes whose pod was commanded and may not be in the view yet."""
    overdue: dict[str, None] = field(default_factory=dict)
    """Ids of nodes that are over, whose pod is gone and whose task result is not complete."""
    regrown: int = 0
    """How often a loop got more items than it had: over ``workflow.failures`` it may grow with its own failures."""
    forced: dict[str, None] = field(default_factory=dict)
    """Ids of nodes whose task result will never be complete, and is taken for complete while their pod can be seen."""
    doubtful: dict[str, None] = field(default_factory=dict)
    """Ids of nodes in Error or Failed while their pod runs: next time the pod counts again."""
    lost: dict[str, None] = field(default_factory=dict)
    """Ids of nodes whose pod is gone though they have not ended."""
    in_task_set: set[str] = field(default_factory=set)
    races: Random | None = None
    """Chooses where Argo goes over a map in Go's random order; None: by name."""
    hooks_known_of: Obj | None = None
    """The spec of which ``hooks_known`` says whether it may have hooks."""
    hooks_known: bool = False
    caches: dict[str, Any] = field(default_factory=dict)

    @property
    def fulfilled(self) -> bool:
        """The workflow is over."""
        return self.phase in COMPLETED

    @property
    def key(self) -> str:
        """Give ``namespace/name``."""
        return f"{self.namespace}/{self.name}"

    def invalidate(self) -> None:
        """Say that somebody else changed the workflow or its nodes: the next reconciliation looks at everything."""
        self.full = True
        self.base = None
        self.stopping = False

    def touch(self, node: Node) -> None:
        """Remember a node's phase before its first change in this reconciliation, and that it has to be looked at."""
        self.note(node)
        self.mark(node)

    def note(self, node: Node) -> None:
        """Remember a node's phase before its first change in this reconciliation."""
        if node.id not in self.touched:
            self.touched[node.id] = (node.phase, node.message, node.daemoned)

    def mark(self, node: Node) -> None:
        """Say that a node, and so all those that evaluate it, have to be looked at."""
        node.dirty = True
        while node.owner is not None:
            owner = node.owner
            owner.due[node.name] = None
            owner.dirty = True
            node = owner

    def wake_at(self, due: float, node: Node) -> None:
        """Have a node looked at when a moment has come."""
        heapq.heappush(self.timers, (due, len(self.timers), node.name))

    def set_phase(self, node: Node, phase: str) -> None:
        """Change a node's phase, and every count that hangs on it."""
        self.touch(node)
        self.count(node, -1)
        if node.phase == "Succeeded" and node.type == "Container":
            node.progress = "1/1"  # which stays, though the container is deleted
        node.phase = phase
        self.count(node, 1)

    def starts(self, node: Node) -> None:
        """Let a pending pod run: nobody has to look at it, unless somebody's hooks do."""
        if self.has_hooks():
            self.touch(node)
        else:
            self.note(node)
        if node.type == "Pod":
            self.running_pods += 1
        node.phase = "Running"

    def has_hooks(self) -> bool:
        """Say whether there may be hooks somewhere, for which every change of a node counts."""
        spec = self.spec
        if self.hooks_known_of is not spec:
            templates = spec.get("templates")
            self.hooks_known = bool(spec.get("hooks")) or bool(templates and _may_have_hooks(templates))
            self.hooks_known_of = spec
        return self.hooks_known

    def count(self, node: Node, by: int) -> None:
        """Take a node into the counts, or out of them (node_counters.go)."""
        phase = node.phase
        active, failed = phase in ACTIVE, phase in FAILED
        if node.type in COUNTED and node.boundary_id and (active or failed):
            boundary = self.nodes.get(node.boundary_id)
            if boundary is not None:
                if active:
                    boundary.active += by
                else:
                    boundary.unsuccessful += by
        if active and node.type == "Pod":
            _keep(self.active_pods, node, by)
            if phase == "Running":
                self.running_pods += by
        elif failed:
            _keep(self.failures, node, by)

    def set_daemoned(self, node: Node, daemoned: bool) -> None:
        """Set or clear ``daemoned``."""
        if node.daemoned != daemoned:
            self.touch(node)
            node.daemoned = daemoned
            _keep(self.daemons, node, 1 if daemoned else -1)

    def set_synced(self, node: Node, synced: bool) -> None:
        """Set taskResultSynced of a node that has it."""
        if node.synced is None:
            if self.version < "4.0":  # which keeps it apart: status.taskResultsCompletionStatus
                if synced:
                    self.unsynced.pop(node.id, None)
                else:
                    self.unsynced[node.id] = None
            return
        if node.synced == synced:
            return
        node.synced = synced
        if node.phase in FULFILLED:
            self.mark(node)
        if synced:
            self.unsynced.pop(node.id, None)
        else:
            self.unsynced[node.id] = None

    def get(self, name: str) -> Node | None:
        """Give a node by its full name."""
        return self.by_name.get(name)

    def find(self, matches: Callable[[Node], bool]) -> list[Node]:
        """Give the nodes that fit, in the order in which they came up."""
        return [node for node in self.nodes.values() if matches(node)]

    def remove(self, ids: list[str]) -> None:
        """Take nodes away, as ``argo retry`` does; the caller invalidates."""
        for node_id in ids:
            node = self.nodes.pop(node_id, None)
            if node is None:
                continue
            self.count(node, -1)
            self.by_name.pop(node.name, None)
            for index in (self.daemons, self.unsynced, self.tasks, self.open_nodes, self.open_hooks):
                index.pop(node_id, None)
            self.created_pods.discard(node_id)
            self.in_task_set.discard(node_id)
            self.forced.pop(node_id, None)
            siblings = self.by_boundary.get(node.boundary_id)
            if siblings and node in siblings:
                siblings.remove(node)


@by_identity
def _may_have_hooks(templates: list[Obj]) -> bool:
    text = json.dumps(templates)
    return '"hooks"' in text or '"templateRef"' in text


def _keep(index: dict[str, Node], node: Node, by: int) -> None:
    if by > 0:
        index[node.id] = node
    else:
        index.pop(node.id, None)
