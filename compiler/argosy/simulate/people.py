"""When the actions of a scenario are carried out: about 200 ms after their event, and no pod moves meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from argosy.errors import UsageError
from argosy.simulate.actions import act
from argosy.simulate.controller.state import State
from argosy.simulate.names import stable
from argosy.simulate.scenario import Action, When
from argosy.simulate.world import World

QUIET = 0.2
"""An action comes when the workflow has not changed for so long."""
SETTLED = 0.3
"""Pods move again when it has not changed for so long after the action."""
AFTER_THE_END = 0.6
"""So long after a workflow's end nobody is fast enough to act."""
PATIENCE = 5.0


class _Pending:
    """An action: waiting for its event, armed (its time is running), carried out."""

    __slots__ = ("action", "armed", "fired")

    def __init__(self, action: Action) -> None:
        self.action = action
        self.armed = self.fired = False


class People:
    """Those who act on a workflow from outside, as the scenario says."""

    def __init__(self, world: World, actions: list[Action]) -> None:
        self._world = world
        self._clock = world.clock
        self._actions = [_Pending(action) for action in actions]
        self._phases: dict[str, int] = {}
        self._phase = ""
        self.done: list[dict[str, str]] = []
        """What was done, each with ``error`` if Argo refused."""
        if actions:
            world.observers.append(self.look)
        for pending in self._actions:
            if pending.action.when is None:
                pending.armed = True
                self._after(pending.action.after or 0.0, pending)

    def look(self) -> None:
        """Carry out the actions whose event has come."""
        state = self._world.state
        if state.phase != self._phase:
            self._phase = state.phase
            self._phases[state.phase] = self._phases.get(state.phase, 0) + 1
        for pending in self._actions:
            when = pending.action.when
            if pending.fired or pending.armed or when is None or not self._matches(when, state):
                continue
            if pending.action.after is not None:
                pending.armed = True
                self._after(pending.action.after, pending)
            elif state.fulfilled:
                pending.armed = True
                self._after(AFTER_THE_END, pending)
            else:
                pending.fired = True
                self._hold_while(pending)

    def unfired(self) -> list[int]:
        """Give the indexes of actions that never came about."""
        return [i for i, pending in enumerate(self._actions) if not pending.fired]

    def due(self) -> bool:
        """Say whether an action is still to come for a workflow that is over."""
        return self._world.steps.held or any(
            not p.fired and p.action.when is not None and (p.armed or self._waits_for_end(p.action.when))
            for p in self._actions
        )

    def armed(self) -> bool:
        """Say whether the time of an action is running."""
        return self._world.steps.held or any(p.armed and not p.fired for p in self._actions)

    def _waits_for_end(self, when: When) -> bool:
        return when.workflow is not None and self._matches(when, self._world.state)

    def _matches(self, when: When, state: State) -> bool:
        if when.workflow:
            return state.phase == when.workflow and self._phases.get(state.phase, 0) >= max(when.count, 1)
        wanted = when.node
        found = [
            node
            for node in state.nodes.values()
            if wanted in (node.display_name, node.name) or stable(state.name, node.name) == wanted
        ]
        return bool(found) and min(found, key=lambda node: node.name).phase == when.phase

    def _after(self, delay: float, pending: _Pending) -> None:
        def fire() -> None:
            if not pending.fired and not self._world.deleted:
                pending.fired = True
                self._hold_while(pending)

        self._clock.after(delay, fire)

    def _hold_while(self, pending: _Pending) -> None:
        """Carry out an action, and keep the kubelet back until the controller has had time to act on it."""
        world = self._world
        world.steps.hold()

        def do() -> None:
            entry: dict[str, str] = {"do": pending.action.do}
            before = (world.state.phase, world.state.message)
            world.acts()
            try:
                act(world, pending.action)
            except UsageError as error:
                entry["error"] = error.message
            self.done.append(entry)
            world.acted(before)
            self.look()
            self._settle(SETTLED, world.now + PATIENCE, world.steps.release)

        self._settle(QUIET, world.now + PATIENCE, do)

    def _settle(self, quiet: float, limit: float, then: Callable[[], None]) -> None:
        """Go on when the workflow has not changed for a while."""
        due = min(self._world.changed_at + quiet, limit)
        if due <= self._world.now:
            then()
        else:
            self._clock.at(due, lambda: self._settle(quiet, limit, then), 2)
