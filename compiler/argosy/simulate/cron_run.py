"""A CronWorkflow followed for a while: its firings, and the workflows that came of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from argosy.simulate import status
from argosy.simulate.cron import Cron, Firing
from argosy.simulate.expectations import EXPECT, Unmet, unmet
from argosy.simulate.given import Given
from argosy.simulate.outcomes import Provider
from argosy.simulate.people import People
from argosy.simulate.run import UNKNOWN_NAMESPACE, Run, Stage, events_shown, pods_of
from argosy.simulate.scenario import Action, Scenario
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
    """Expectations of the scenario that do not hold for one of them."""
    unused: list[str] = field(default_factory=list)
    """Outcomes of the scenario that never applied."""
    unmet: list[Unmet] = field(default_factory=list)
    """The same, each with the place in the scenario that says it."""

    @property
    def ok(self) -> bool:
        """Whether the scenario's expectations hold, and all of it applied."""
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
        ours |= {k: v for k, v in (("unused", self.unused), ("failures", self.failures)) if v}
        return {**self.cron, "argosy": ours}


def run_cron(
    given: Given, scenario: Scenario, version: ArgoVersion, seed: int, lasts: float, provider: Provider | None = None
) -> CronRun:
    """Follow a CronWorkflow for so many seconds of virtual time.

    Outcomes and actions of the scenario are for each workflow that is started, and expectations for each that ends;
    only what is done to the controller is done once.
    """
    stage = Stage(scenario, version, seed, provider=provider)
    data = given.main.data
    namespace = (data.get("metadata") or {}).get("namespace") or UNKNOWN_NAMESPACE
    for other in given.others:
        stage.put(other, namespace)
    own = {i: action for i, action in enumerate(scenario.actions or ()) if not _is_for_controller(action)}
    worlds: list[World] = []
    people: list[People] = []

    def submit(workflow: dict[str, Json]) -> World | None:
        key = f"{workflow['metadata'].get('namespace') or UNKNOWN_NAMESPACE}/{workflow['metadata']['name']}"
        if key in stage.worlds:
            return None
        worlds.append(stage.submit(workflow, scenario))
        people.append(People(worlds[-1], list(own.values())))
        return worlds[-1]

    cron = Cron(given.main, stage.clock, submit)
    done = _arm(scenario, stage, cron)
    end = stage.clock.now + lasts
    with stage.running():
        while (due := stage.clock.next()) is not None and due <= end:
            stage.clock.step()
    for one in people:
        done |= set(own) - {list(own)[i] for i in one.unfired()}
    return _report(scenario, worlds, done, CronRun({**data, "status": cron.status()}, cron.firings, [], cron.removed))


def _report(scenario: Scenario, worlds: list[World], done: set[int], out: CronRun) -> CronRun:
    """Add what became of the workflows, and of the scenario; ``done`` are the numbers of actions that came about."""
    runs = [_run_of(world) for world in worlds]
    out.workflows = [run.workflow for run in runs]
    out.beside = [{"events": events_shown(run.events), "pods": run.pods} for run in runs]
    used = {i for world in worlds for i in world.outcomes.used}
    never = [Unmet(f"outcome {i}", ("outcomes", i)) for i in range(len(scenario.outcomes or ())) if i not in used]
    actions = enumerate(scenario.actions or ())
    never += [Unmet(f"action {i}: {action.do}", ("actions", i)) for i, action in actions if i not in done]
    failed = _unmet(scenario, runs)
    out.failures, out.unused = [one.text for one in failed], [one.text for one in never]
    out.unmet = [*failed, *(Unmet(f"{one.text}: it never came to that", one.address) for one in never)]
    return out


def _is_for_controller(action: Action) -> bool:
    return action.do in ("controller-down", "restart-controller") and action.after is not None and action.when is None


def _arm(scenario: Scenario, stage: Stage, cron: Cron) -> set[int]:
    """Have done to the controller what is to be; give the set to which the numbers of such actions are added then."""
    done: set[int] = set()

    def arm(number: int, action: Action) -> None:
        def fire() -> None:
            done.add(number)
            cron.controller_down(action.lasts)

        stage.clock.after(action.after or 0.0, fire)

    for number, action in enumerate(scenario.actions or ()):
        if _is_for_controller(action):
            arm(number, action)
    return done


def _run_of(world: World) -> Run:
    ended = "completed" if world.state.fulfilled else "endAfter"
    return Run(status.workflow(world.state), world.state.events, pods_of(world), ended)


def _unmet(scenario: Scenario, runs: list[Run]) -> list[Unmet]:
    """Give the expectations that do not hold for one of the workflows."""
    if scenario.expect is None:
        return []
    if not runs:
        return [Unmet("no workflow was started, of which something is expected", EXPECT)]
    ended = [run for run in runs if run.ended == "completed"]  # the last may have been cut off
    return [
        Unmet(f"{run.workflow['metadata']['name']}: {one.text}", one.address)
        for run in ended or runs
        for one in unmet(scenario.expect, run)
    ]
