"""A CronWorkflow followed for a while: its firings, and the workflows that came of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from argosy.simulate import status
from argosy.simulate.cron import Cron, Firing
from argosy.simulate.given import Given
from argosy.simulate.outcomes import Provider
from argosy.simulate.run import UNKNOWN_NAMESPACE, Stage, events_shown, pods_of
from argosy.simulate.scenario import Scenario
from argosy.simulate.world import World
from argosy.source import Json
from argosy.versions import ArgoVersion


@dataclass(slots=True)
class CronRun:
    """What happened to a CronWorkflow."""

    cron: dict[str, Json]
    """The CronWorkflow object with its status."""
    firings: list[Firing]
    workflows: list[dict[str, Json]]
    """The Workflow objects that it started, in order, with their status at the end."""
    removed: list[str]
    """Names of workflows that the history limits took away."""
    beside: list[dict[str, Json]] = field(default_factory=list)
    """What there is beside each of the workflows: its events, and its pods."""
    failures: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether all of the scenario applied."""
        return not self.failures and not self.unused

    @property
    def ended(self) -> str:
        """Why it ended: the time asked for is over."""
        return "endAfter"

    def to_dict(self) -> dict[str, Json]:
        """Give the CronWorkflow object, with ``argosy`` beside it: firings, workflows, what was removed."""
        ours: dict[str, Json] = {
            "firings": [firing.to_dict() for firing in self.firings],
            "workflows": [{**one, "argosy": more} for one, more in zip(self.workflows, self.beside, strict=True)],
            "removed": self.removed,
        }
        if self.unused:
            ours["unused"] = self.unused
        return {**self.cron, "argosy": ours}


def run_cron(
    given: Given, scenario: Scenario, version: ArgoVersion, seed: int, lasts: float, provider: Provider | None = None
) -> CronRun:
    """Follow a CronWorkflow for so many seconds of virtual time."""
    stage = Stage(scenario, version, seed, provider=provider)
    data = given.main.data
    namespace = (data.get("metadata") or {}).get("namespace") or UNKNOWN_NAMESPACE
    for other in given.others:
        stage.put(other, namespace)
    worlds: list[World] = []

    def submit(workflow: dict[str, Json]) -> World | None:
        key = f"{workflow['metadata'].get('namespace') or UNKNOWN_NAMESPACE}/{workflow['metadata']['name']}"
        if key in stage.worlds:
            return None
        worlds.append(stage.submit(workflow, scenario))
        return worlds[-1]

    cron = Cron(given.main, stage.clock, submit)
    for action in scenario.actions or ():
        if action.do in ("controller-down", "restart-controller") and action.after is not None:
            stage.clock.after(action.after, lambda lasts=action.lasts: cron.controller_down(lasts))  # type: ignore[misc]
    end = stage.clock.now + lasts
    with stage.language():
        while (due := stage.clock.next()) is not None and due <= end:
            stage.clock.step()
    used = {i for world in worlds for i in world.outcomes.used}
    unused = [f"outcome {i}" for i in range(len(scenario.outcomes or ())) if i not in used]
    finished = {**data, "status": cron.status()}
    workflows = [status.workflow(world.state) for world in worlds]
    beside: list[dict[str, Json]] = [
        {"events": events_shown(world.state.events), "pods": pods_of(world)} for world in worlds
    ]
    return CronRun(finished, cron.firings, workflows, cron.removed, beside, unused=unused)
