"""Which outcome is for which pod."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple, Protocol

from argosy.simulate.names import attempt, stable
from argosy.simulate.scenario import Match, Outcome
from argosy.source import Json

SUCCESS = Outcome()
NOTHING: dict[str, Json] = {}


class Asked(Protocol):
    """What is known of a pod or task when its outcome is chosen."""

    @property
    def node_id(self) -> str:
        """The node's id."""

    @property
    def node_name(self) -> str:
        """The node's full name."""

    @property
    def display_name(self) -> str:
        """The node's display name."""

    @property
    def template(self) -> dict[str, Json]:
        """The template after substitution."""

    @property
    def hooked(self) -> bool:
        """Whether it is the node of a hook itself."""


class Acted(NamedTuple):
    """What a pod or task did outside the simulation."""

    outcome: Outcome
    shown: dict[str, Json]
    """What stands beside the pod in the JSON of the run: ``log``, ``exitCode``, ``requests``."""


Provider = Callable[[Asked, Outcome | None], Acted | None]
"""Plays a pod or task for real, once, when it is taken up; gets the scenario's outcome for it, if there is one. None:
it leaves it to the scenario."""


class Outcomes:
    """The outcomes of a scenario, the first that matches counting; and which of them ever did."""

    def __init__(
        self,
        outcomes: list[Outcome],
        workflow: str,
        inputs_of: Callable[[str], Json],
        provider: Provider | None = None,
    ) -> None:
        self._all = list(enumerate(outcomes))
        self._by_template: dict[str, list[tuple[int, Outcome]]] = {}
        self._workflow = workflow
        self._inputs_of = inputs_of
        """Gives the recorded inputs of a node."""
        self._provider = provider
        self._delivered: set[tuple[int, str]] = set()
        self.used: set[int] = set()

    def play(self, asked: Asked) -> tuple[Outcome, int, dict[str, Json]]:
        """Give the outcome of a pod or task that is taken up, its index, and what there is to show of it."""
        outcome, index = self.choose(asked)
        if self._provider is None:
            return outcome, index, NOTHING
        played = self._provider(asked, outcome if index >= 0 else None)
        return (played.outcome, index, played.shown) if played else (outcome, index, NOTHING)

    def choose(self, asked: Asked) -> tuple[Outcome, int]:
        """Give the outcome of a pod, and its index; success and -1 if none is for it."""
        if not self._all:
            return SUCCESS, -1
        return self.choose_named(asked.template.get("name", ""), asked)

    def choose_named(self, template: str, asked: Asked) -> tuple[Outcome, int]:
        """Likewise, with the name of the template given."""
        candidates = self._by_template.get(template)
        if candidates is None:
            candidates = [(i, o) for i, o in self._all if o.match.template in (None, "", template)]
            self._by_template[template] = candidates
        for index, outcome in candidates:
            if self._fits(outcome.match, asked):
                self.used.add(index)
                return outcome, index
        return SUCCESS, -1

    def first_delivery(self, asked: Asked) -> bool:
        """Say whether this is the first time that the outcome for a node is played."""
        key = (self.choose(asked)[1], asked.node_name)
        first = key not in self._delivered
        self._delivered.add(key)
        return first

    def unused(self) -> list[int]:
        """Give the indexes of outcomes that no pod or task had."""
        return [i for i, _ in self._all if i not in self.used]

    def _fits(self, match: Match, asked: Asked) -> bool:
        if match.attempt is not None and match.attempt != attempt(asked.node_name):
            return False
        if match.node:
            pattern = re.compile(match.node)
            if not pattern.search(asked.display_name) and not pattern.search(stable(self._workflow, asked.node_name)):
                return False
        if match.hooked is not None and match.hooked is not asked.hooked:
            return False
        if match.container:
            return False
        if not match.inputs:
            return True
        inputs = self._inputs_of(asked.node_id) or {}
        given = {p["name"]: p.get("value") for p in inputs.get("parameters") or []}
        return all(str(given.get(name)) == value for name, value in match.inputs.items())
