"""A whole run: what is there before, the workflow, what happens to it, and what came of it."""

from __future__ import annotations

import gc
import hashlib
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

from argosy.errors import ScenarioError
from argosy.language.world import world as language_world
from argosy.simulate import given as given_things
from argosy.simulate import status
from argosy.simulate.clock import Clock
from argosy.simulate.controller.state import State
from argosy.simulate.controller.synchronization import Locks
from argosy.simulate.expectations import Unmet, unmet
from argosy.simulate.outcomes import Provider
from argosy.simulate.people import People
from argosy.simulate.scenario import Action, Scenario, plain
from argosy.simulate.seam import Cluster, Event, Settings
from argosy.simulate.world import HOPELESS, RESYNC, World
from argosy.source import Json, Manifest
from argosy.versions import ArgoVersion

START = datetime(2026, 1, 5, 9, 0, 0, 250_000, UTC).timestamp()
"""When a run starts if its scenario does not say: a Monday morning, and not on the full second."""
UNKNOWN_NAMESPACE = "<ns>"
"""The namespace of a workflow that names none: it is known only where it is submitted."""
SETTINGS = Settings(
    recently_started=0.2,
    recently_deleted=1.0,
    artifact_repository={"s3": {"bucket": "oracle", "endpoint": "127.0.0.1:9", "insecure": True}},
)
"""The controller's settings of the recorded runs; Argo's own defaults are 10 s and 2 min."""
CONTROLLER = "workflow-controller-configmap"
"""The ConfigMap of the controller, whose ``workflowDefaults`` each workflow gets (v4.1 config/config.go)."""
_FRAMES = 20_000
_NEVER = float("inf")
ENDLESS = 20_000
"""A run is endless after so many reconciliations, and ten for each node."""
_SUFFIX = "bcdfghjklmnpqrstvwxz2456789"
"""The letters of generated names (k8s.io/apimachinery/pkg/util/rand)."""


@dataclass(slots=True)
class Run:
    """What happened: the Workflow object as it ended, its events, its pods as they would have been started."""

    workflow: dict[str, Json]
    events: list[Event]
    pods: list[dict[str, Json]]
    ended: str
    """``completed``, or why the run was ended before: hung, endIdle, endAfter, timeout, endless, deleted."""
    waits_for: list[str] = field(default_factory=list)
    """Of a run that did not complete: what it waits for."""
    unused: list[str] = field(default_factory=list)
    """Outcomes and actions of the scenario that never applied."""
    failures: list[str] = field(default_factory=list)
    """Expectations of the scenario that do not hold."""
    unmet: list[Unmet] = field(default_factory=list)
    """The same, and what never applied, each with the place in the scenario that says it."""
    actions: list[dict[str, str]] = field(default_factory=list)
    """What was done from outside, with ``error`` where Argo refused."""
    others: list[dict[str, Json]] = field(default_factory=list)
    """Workflow objects that came of this one: by ``resubmit``."""

    @property
    def phase(self) -> str:
        """The workflow's phase at the end."""
        return str(self.workflow["status"].get("phase", ""))

    @property
    def message(self) -> str:
        """The workflow's message at the end."""
        return str(self.workflow["status"].get("message", ""))

    @property
    def ok(self) -> bool:
        """Whether the scenario's expectations hold, and all of it applied."""
        return not self.failures and not self.unused

    def node(self, name: str) -> dict[str, Json] | None:
        """Give a node by its display name, full name, or stable name (``<wf>...``); the first by name."""
        workflow = self.workflow["metadata"]["name"]
        full = workflow + name[4:] if name.startswith("<wf>") else name
        nodes = self.workflow["status"].get("nodes", {}).values()
        found = [n for n in nodes if full in (n["name"], n.get("displayName"))]
        return min(found, key=lambda n: str(n["name"])) if found else None

    def pods_of(self, name: str) -> list[dict[str, Json]]:
        """Give the pods of the node of that full name, and of what stands under it."""
        return [
            p for p in self.pods if p["node"] == name or (p["node"].startswith(name) and p["node"][len(name)] in ".[(")
        ]

    def to_dict(self) -> dict[str, Json]:
        """Give the Workflow object, with ``argosy`` beside it: events, pods, and how the run ended."""
        ours: dict[str, Any] = {"ended": self.ended, "events": events_shown(self.events), "pods": self.pods}
        more = {"waitsFor": self.waits_for, "unused": self.unused, "failures": self.failures, "actions": self.actions}
        ours |= {k: v for k, v in more.items() if v}
        return {**self.workflow, "argosy": ours}


class Stage:
    """Where worlds live: one clock, one cluster, the locks of one controller."""

    def __init__(
        self,
        scenario: Scenario,
        version: ArgoVersion,
        seed: int,
        settings: Settings = SETTINGS,
        provider: Provider | None = None,
    ) -> None:
        self.scenario = scenario
        self.provider = provider
        self.version = version
        self.seed = seed
        self.settings = settings
        self.races = random.Random(f"races of {seed}") if seed else None
        self.clock = Clock(_start(scenario))
        self.cluster = Cluster()
        self.locks = Locks()
        self.worlds: dict[str, World] = {}
        self.resubmitted: list[World] = []

    def put(self, manifest: Manifest, namespace: str) -> None:
        """Put an object into the cluster."""
        data = manifest.data
        metadata = data.get("metadata") or {}
        where = metadata.get("namespace") or namespace
        labels = metadata.get("labels") or {}
        if manifest.kind == "ClusterWorkflowTemplate":
            where = ""
        elif labels.get("workflows.argoproj.io/configmap-type") == "Cache":
            where = self.cluster.controller_namespace
        self.cluster.put(manifest.kind, where, metadata.get("name", ""), data)
        if manifest.kind == "ConfigMap" and metadata.get("name") == CONTROLLER:
            defaults = (data.get("data") or {}).get("workflowDefaults")
            if defaults:
                self.settings = replace(self.settings, workflow_defaults=plain(defaults))

    def submit(self, workflow: dict[str, Json], scenario: Scenario, delay: float = 0.0, *, pods: bool = True) -> World:
        """Create a workflow; the controller looks at it after a while."""
        metadata = dict(workflow.get("metadata") or {})
        generated = metadata.pop("generateName", None)
        if not metadata.get("name"):
            metadata["name"] = (generated or "workflow-") + self._suffix(len(self.worlds))
        namespace = metadata.get("namespace") or UNKNOWN_NAMESPACE
        key = f"{namespace}/{metadata['name']}"
        metadata |= {"uid": _uid(f"{key}/{self.seed}"), "creationTimestamp": status.moment(self.clock.now)}
        data = {**workflow, "metadata": metadata, "spec": workflow.get("spec") or {}}
        state = State(
            data, self.cluster, self.settings, self.version, self.locks, name=metadata["name"], namespace=namespace
        )
        state.races = self.races
        world = World(self, state, scenario, runs_pods=pods)
        self.worlds[key] = world
        world.wish(delay)
        return world

    def wake(self, key: str, delay: float) -> None:
        """Reconcile the workflow of that key after a while."""
        world = self.worlds.get(key)
        if world is not None:
            world.wish(delay)

    def resubmit(self, world: World, action: Action) -> None:
        """Submit a workflow again, as a new one."""
        from argosy.simulate.resubmit import resubmitted

        workflow = resubmitted(world.state, action, self._suffix(len(self.worlds)))
        self.resubmitted.append(self.submit(workflow, self.scenario))

    def language(self) -> AbstractContextManager[None]:
        """Let expressions read this clock, and draw from a source of random numbers that the seed sets."""
        clock, rng = (lambda: datetime.fromtimestamp(self.clock.now, UTC)), random.Random(self.seed)
        return language_world(clock, rng, forgiving=self.version < "4.0")

    @contextmanager
    def running(self) -> Iterator[None]:
        """Let things happen within the block."""
        with self.language(), _little_collecting(), _deep_calls():
            yield

    def _suffix(self, number: int) -> str:
        digest = hashlib.sha256(f"{self.seed}/{number}".encode()).digest()
        return "".join(_SUFFIX[byte % len(_SUFFIX)] for byte in digest[:5])


def _uid(text: str) -> str:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return f"a{digest[1:8]}-{digest[8:12]}-4{digest[13:16]}-8{digest[17:20]}-{digest[20:32]}"


def _start(scenario: Scenario) -> float:
    if scenario.start is None:
        return START
    try:
        return datetime.fromisoformat(scenario.start).astimezone(UTC).timestamp()
    except ValueError:
        raise ScenarioError(f"start: not a time: {scenario.start!r}", hint="write 2026-01-05T09:00:00Z") from None


class Played(NamedTuple):
    """A run that is over, as it stands in memory."""

    stage: Stage
    world: World
    people: People
    ended: str


def run(
    given: given_things.Given, scenario: Scenario, version: ArgoVersion, seed: int, provider: Provider | None = None
) -> Run:
    """Run one workflow to its end."""
    return report(*play(given, scenario, version, seed, provider=provider))


def play(
    given: given_things.Given,
    scenario: Scenario,
    version: ArgoVersion,
    seed: int,
    watch: Callable[[World], Callable[[], None]] | None = None,
    provider: Provider | None = None,
) -> Played:
    """Run one workflow to its end, without a report; ``watch`` makes an observer of each reconciliation."""
    stage = Stage(scenario, version, seed, provider=provider)
    metadata = given.main.data.get("metadata") or {}
    namespace = metadata.get("namespace") or UNKNOWN_NAMESPACE
    delay = 0.0
    for other in given.others:
        if other.kind == "Workflow":
            stage.submit(other.data, Scenario(), pods=False)
            delay = 0.15  # they were there before
        else:
            stage.put(other, namespace)
    world = stage.submit(given.main.data, scenario, delay)
    people = People(world, scenario.actions or [])
    if watch is not None:
        world.observers.append(watch(world))
    with stage.running():
        ended = _play(stage, world, people)
    return Played(stage, world, people, ended)


@contextmanager
def _little_collecting() -> Iterator[None]:
    """Look for cycles of garbage less often: a run makes many objects that stay, and next to no cycles."""
    before = gc.get_threshold()
    gc.set_threshold(1_000_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def _deep_calls() -> Iterator[None]:
    """Allow for the calls of a hundred nested templates, which is Argo's limit; Python's own is lower."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def _play(stage: Stage, world: World, people: People) -> str:
    """Let things happen until the run is over; say why it is."""
    clock, scenario, start = stage.clock, stage.scenario, stage.clock.now
    limits = [(start + value, name) for value, name in _limits(scenario) if value is not None]
    last, why = min(limits, default=(_NEVER, ""))
    settled = seen = -1
    while True:
        if world.deleted:
            return "deleted"
        if world.state.fulfilled and not people.due() and all(w.state.fulfilled for w in stage.resubmitted):
            return "completed"
        due = clock.next()
        if last < _NEVER or scenario.end_idle is not None:
            idle_end = world.changed_at + scenario.end_idle if scenario.end_idle is not None else _NEVER
            moment = due if due is not None else _NEVER
            if min(idle_end, last) < moment and (idle_end > last or not people.armed()):
                clock.now = max(clock.now, min(idle_end, last))
                return "endIdle" if idle_end <= last else why
        if world.reconciliations != seen:
            seen = world.reconciliations
            if world.endless or seen > ENDLESS + 10 * len(world.state.nodes):
                return "endless"
        if world.idle_reconciliations > HOPELESS and world.steps.nothing_ahead() and not people.armed():
            return "hung"  # nothing happens any more but a controller that asks again and again
        if due is not None:
            clock.step()
            settled = -1
        elif settled == world.reconciliations or clock.now + RESYNC > last:
            return "hung"
        else:
            before = world.idle_reconciliations
            world.wish(RESYNC)
            if clock.next() is None:  # nobody listens
                return "hung"
            clock.step()
            settled = world.reconciliations if world.idle_reconciliations > before else -1


def _limits(scenario: Scenario) -> list[tuple[float | None, str]]:
    return [(scenario.end_after, "endAfter"), (scenario.timeout, "timeout")]


def events_shown(events: list[Event]) -> list[dict[str, Json]]:
    """Give events as the JSON of a run has them."""
    return [
        {"at": status.moment(e.at), "node": e.node, "from": e.before, "to": e.after, "message": e.message}
        for e in events
    ]


def pods_of(world: World) -> list[dict[str, Json]]:
    """Give the pods of a workflow as they were started, and what became of those that were really run."""
    pods = []
    for started in world.started:
        node = world.state.nodes.get(started.node_id)
        template = {k: v for k, v in started.template.items() if k not in ("name", "archiveLocation")}
        name = node.template if node else started.template.get("name", "")
        pods.append({"node": started.node, "templateName": name, "template": template, **started.shown})
    return pods


def report(stage: Stage, world: World, people: People, ended: str) -> Run:
    """Give what happened in a run that is over."""
    actions = stage.scenario.actions or []
    unused = [Unmet(f"outcome {i}", ("outcomes", i)) for i in world.outcomes.unused()]
    unused += [Unmet(f"action {i}: {actions[i].do}", ("actions", i)) for i in people.unfired()]
    result = Run(
        status.workflow(world.state, world.progress),
        world.state.events,
        pods_of(world),
        ended,
        unused=[one.text for one in unused],
        actions=people.done,
        others=[status.workflow(w.state) for w in stage.resubmitted],
    )
    if ended != "completed":
        result.waits_for = waiting(world)
    failures = unmet(stage.scenario.expect, result)
    result.failures = [one.text for one in failures]
    never = [Unmet(f"{one.text}: it never came to that", one.address) for one in unused]
    result.unmet = [*failures, *never]
    return result


def waiting(world: World) -> list[str]:
    """Say what a workflow that is not over waits for."""
    state = world.state
    out = []
    if state.workflow["spec"].get("suspend"):
        out.append("the workflow is suspended: it waits to be resumed")
    for node in state.nodes.values():
        if node.waiting:
            out.append(f"{node.display_name} waits for the lock {node.waiting}")
        elif node.type == "Suspend" and node.phase == "Running":
            out.append(f"{node.display_name} is suspended: it waits to be resumed")
        elif node.type in ("Pod", "HTTP", "Plugin") and node.phase in ("Pending", "Running"):
            text = f" ({node.message})" if node.message else ""
            what = "pod" if node.type == "Pod" else "task"
            out.append(f"the {what} of {node.display_name} is {node.phase}{text}")
    if not out and not state.fulfilled:
        open_ones = [n.display_name for n in state.nodes.values() if n.phase == "Running" and not n.children]
        out += [f"{name} is Running, and nothing is under way for it" for name in open_ones]
    return out or ["nothing is under way, and the controller does not go on"]
