"""The world of one workflow: it answers the controller's commands with later events, in virtual time.

Each reconciliation sees what has changed since the last one, and its commands go to the kubelet, the agent and the
queue. Faults stand here: a controller that is down, a workflow that is lost.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, Protocol

from argosy.simulate import progress, seam
from argosy.simulate.agent import Agent
from argosy.simulate.clock import Clock
from argosy.simulate.controller.reconcile import note_events, reconcile
from argosy.simulate.controller.state import Node, State
from argosy.simulate.kubelet import Kubelet
from argosy.simulate.names import attempt
from argosy.simulate.outcomes import Outcomes, Provider
from argosy.simulate.pods import Started
from argosy.simulate.scenario import Action, Scenario
from argosy.simulate.steps import Steps
from argosy.source import Json

REQUEUE = 0.05
"""DEFAULT_REQUEUE_TIME, as in the recorded runs; Argo's own default is 10 s."""
NOTIFY_DELAY = 0.1
"""SEMAPHORE_NOTIFY_DELAY."""
RESYNC = 20 * 60.0
"""How often the controller looks at a workflow of which it hears nothing (workflowResyncPeriod)."""
PATIENCE = 400
"""So many reconciliations in a row may change nothing before their distance grows: only time can help then."""
LONGEST = 3600.0
MANY_ATTEMPTS = 100
MOST_ATTEMPTS = 1000
"""A node that is retried so often is retried for ever."""
MOST_GROWTH = 10
"""A loop that gets more items so often gets more for ever."""
HOPELESS = 2000
"""So many reconciliations in a row that change nothing: the controller asks again and again, and nobody answers."""


class Surroundings(Protocol):
    """What a world needs of those around it."""

    clock: Clock
    provider: Provider | None
    races: Random | None
    """Chooses where the order of things is left to chance in a cluster; None: it is always the same."""

    def wake(self, key: str, delay: float) -> None:
        """Reconcile the workflow of that key after a while."""

    def resubmit(self, world: World, action: Action) -> None:
        """Submit a workflow again, as a new one."""


class World:
    """One workflow, its controller, its pods and its agent."""

    def __init__(self, around: Surroundings, state: State, scenario: Scenario, *, runs_pods: bool = True) -> None:
        self.around = around
        self.clock = around.clock
        self.state = state
        self.view = seam.View()
        self.runs_pods = runs_pods
        self.started: list[Started] = []
        self.steps = Steps(self.clock, self.listening, around.races)
        self.outcomes = Outcomes(scenario.outcomes or [], state.name, self.inputs, around.provider)
        self.kubelet = Kubelet(self.steps, scenario, self.outcomes, self.view, self, self.started)
        self.agent = Agent(self.steps, self.outcomes, self.view, self, self.started)
        self.changed_at = self.clock.now
        self.deleted = self.endless = False
        self.progress: str | None = None
        """The workflow's progress, if the controller has not brought it up to date since somebody acted."""
        self.reconciliations = 0
        self.idle_reconciliations = 0
        self.observers: list[Callable[[], None]] = []
        """Called after each reconciliation that changed something, before the kubelet goes on."""
        self._first_seen: dict[str, int] = {}
        self._changed: dict[str, None] = {}
        self._to_let_go: dict[str, None] = {}
        """Nodes that have changed since the workflow was last updated: their pods may have to be let go."""
        self._hurries = False
        """A node has been retried so often that even an event that takes no time counts."""
        self._loses = False
        """A pod without a complete task result has been let go."""
        self._due: float | None = None
        self._events = 0
        self._down = False

    @property
    def now(self) -> float:
        """The time."""
        return self.clock.now

    # ------------------------------------------------------------------ what kubelet and agent see of the controller

    def phase(self, node_id: str) -> str | None:
        """Give the recorded phase of a node, None if there is no such node."""
        node = self.state.nodes.get(node_id)
        return node.phase if node else None

    def message(self, node_id: str) -> str:
        """Give the recorded message of a node."""
        node = self.state.nodes.get(node_id)
        return node.message if node else ""

    def inputs(self, node_id: str) -> Json:
        """Give the recorded inputs of a node."""
        node = self.state.nodes.get(node_id)
        return node.inputs if node else None

    def first_seen(self, node_id: str) -> int:
        """Give the number of the reconciliation in which a node came up."""
        return self._first_seen.get(node_id, 0)

    def ended(self) -> bool:
        """Say whether the workflow has a final phase."""
        return self.state.fulfilled

    def notify(self, node_id: str) -> None:
        """Tell that the pod, the result or the answer of a node is new."""
        self._changed[node_id] = None
        self.wish(REQUEUE if self._hurries else 0.0)

    def listening(self) -> bool:
        """Say whether a reconciliation is due now."""
        return self._due is not None and self._due <= self.clock.now and not self._down

    # ------------------------------------------------------------------ the controller's queue

    def wish(self, delay: float) -> None:
        """Ask for a reconciliation after a while; of several wishes the earliest counts, and the others are lost."""
        due = self.clock.now + delay
        if self._due is None or due < self._due:
            self._due = due
            self.clock.at(due, self._wake, 1)

    def _wake(self) -> None:
        if self._due is not None and self._due <= self.clock.now and not self._down:
            self._due = None
            self.reconcile()

    def reconcile(self) -> None:
        """Let the controller look at the workflow, and carry out what it commands."""
        state = self.state
        if self.deleted or (state.fulfilled and not state.full):
            self._changed.clear()
            self.steps.recorded()
            return
        self.reconciliations += 1
        self.view.changed = tuple(self._changed)
        self._changed.clear()
        commands = reconcile(state, self.view, self.clock.now)
        changed = self._take_note()
        self._to_let_go.update(dict.fromkeys(self.view.changed))
        if state.forced:
            self._to_let_go.update(state.forced)
        if changed:  # what has not been updated is not cleaned up
            self._clean_up()
        for command in commands:
            _EXECUTE[type(command)](self, command)
        if state.fulfilled:
            self._finish()
        if changed:
            self.progress = None
            self.idle_reconciliations = 0
            self.changed_at = self.clock.now
            for observer in self.observers:
                observer()
        else:
            self.idle_reconciliations += 1
        if self._loses:  # the controller notes it before any pod moves
            self._loses = False
            self._wake()
        else:
            self.steps.recorded()

    def _take_note(self) -> bool:
        events = self.state.events
        for i in range(self._events, len(events)):
            event = events[i]
            node = self.state.by_name.get(event.node) if event.node is not None else None
            if node is not None:
                if not event.before:
                    self._first_seen.setdefault(node.id, self.reconciliations)
                    if node.retried and (number := attempt(node.name)) >= MANY_ATTEMPTS:
                        self._hurries = True
                        self.endless = self.endless or number >= MOST_ATTEMPTS
                elif node.id in self.view.pods:
                    self._let_go(node)
        changed = len(events) > self._events
        self._events = len(events)
        self.endless = self.endless or self.state.regrown > MOST_GROWTH
        return changed

    def _clean_up(self) -> None:
        looked_at, self._to_let_go = self._to_let_go, {}
        for node_id in looked_at:
            if node_id in self.view.pods and node_id in self.state.nodes:
                self._let_go(self.state.nodes[node_id])

    def _let_go(self, node: Node) -> None:
        """Label a pod completed when its node is done: the controller does not see it any more.

        It watches incomplete pods only. Follows v4.1 workflow/controller/pod_cleanup.go queuePodsForCleanup.
        """
        if not node.phase_fulfilled:
            return
        collection = self.state.spec.get("podGC")
        strategy = (collection.get("strategy") or "") if collection else ""
        if strategy == "" or (strategy == "OnPodSuccess" and self.view.pods[node.id].phase == "Failed"):
            del self.view.pods[node.id]
            result = self.view.results.get(node.id)
            if result is not None and not result.completed:
                self._loses = True
                self.notify(node.id)

    def _finish(self) -> None:
        """Clean up after the workflow's end: its task results and its agent go."""
        self.view.results.clear()
        self.view.answers.clear()
        self.agent.leave()

    def _create(self, command: seam.CreatePod) -> None:
        if self.runs_pods:
            self.kubelet.create(command)
        else:
            self.view.pods[command.node_id] = seam.PodView(command.node_id, command.pod_name, on_exit=command.on_exit)

    def _task_done(self, command: seam.TaskDone) -> None:
        self.agent.done(command.node_id)
        self.wish(0.0)  # the task set has changed

    def _delete_pod(self, command: seam.DeletePod) -> None:
        self.kubelet.delete(command.node_id)

    def _requeue(self, _: seam.Requeue) -> None:
        delay = REQUEUE
        if self.idle_reconciliations > PATIENCE:
            delay = min(LONGEST, REQUEUE * 2 ** min(20, (self.idle_reconciliations - PATIENCE) // 10))
        self.wish(delay)

    # ------------------------------------------------------------------ faults, and what people do

    def acts(self) -> None:
        """Say that somebody is about to change the workflow: its progress stays as the controller wrote it last."""
        self.progress = progress.update(self.state.nodes)

    def acted(self, before: tuple[str, str]) -> None:
        """Say that somebody changed the workflow, whose phase and message were these; the controller is told."""
        note_events(self.state, self.clock.now, before)
        self._take_note()
        self.changed_at = self.clock.now
        self.wish(0.0)

    def delete(self) -> None:
        """Remove the workflow; nobody runs its handlers."""
        self.deleted = True

    def resubmit(self, action: Action) -> None:
        """Submit the workflow again, as a new one."""
        self.around.resubmit(self, action)

    def controller_down(self, lasts: float | None) -> None:
        """Take the controller away, for a while or for ever; pods go on."""
        self._down = True
        if lasts is not None:
            self.clock.after(lasts, self._up)

    def _up(self) -> None:
        self._down = False
        self.state.invalidate()
        self._due = None
        self.wish(0.0)


_EXECUTE: dict[type, Callable[[World, Any], None]] = {
    seam.CreatePod: World._create,
    seam.DeletePod: World._delete_pod,
    seam.Signal: lambda world, c: world.kubelet.terminate(c.node_id),
    seam.AddTask: lambda world, c: world.agent.add(c),
    seam.TaskDone: World._task_done,
    seam.RequeueAfter: lambda world, c: world.wish(c.seconds),
    seam.Requeue: World._requeue,
    seam.WakeWorkflow: lambda world, c: world.around.wake(c.key, NOTIFY_DELAY),
}
