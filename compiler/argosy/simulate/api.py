"""The simulator's front door: :func:`simulate`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from argosy.errors import UsageError
from argosy.simulate import scenario as scenarios
from argosy.simulate.cron_run import CronRun
from argosy.simulate.given import collect
from argosy.simulate.outcomes import Provider
from argosy.simulate.run import Run, run
from argosy.simulate.scenario import Scenario
from argosy.versions import ArgoVersion
from argosy.versions import argo_version as version_of


def simulate(
    manifest: Any = None,
    *,
    scenario: str | Path | Mapping[str, Any] | Scenario | None = None,
    argo_version: str | ArgoVersion | None = None,
    seed: int = 0,
    workflow: str | None = None,
    fail: list[str] | tuple[str, ...] = (),
    provider: Provider | None = None,
) -> Run | CronRun:
    """Run a workflow as Argo's controller would, in virtual time, with pods that do what the scenario says.

    ``manifest``: a path, a text of YAML, plain data, a Manifest, a list of these, or a workflow written in Python (ours
    or Hera's); if it is not given, the scenario has one. ``scenario``: a path, plain data, or a Scenario. ``workflow``
    chooses among several by name. ``fail`` are short forms of outcomes, such as ``work:exit=2``. A
    ``provider`` plays pods for real (``argosy.local`` has one); without it nothing of the user's runs. Same arguments,
    same bytes. A CronWorkflow is run once; with ``cronFor`` in the scenario its schedule is followed for so long.

    Raises ArgosyError: UsageError, ReadError, ScenarioError. What is wrong with the workflow itself is no error: the
    run ends as it would in Argo.
    """
    chosen = read_scenario(scenario)
    version = version_of(argo_version)
    things = collect(manifest, chosen, workflow)
    if fail:
        from argosy.simulate import fail as short

        names = template_names([things.main, *things.others])
        outcomes = [short.parse(text, names) for text in fail]
        chosen = replace(chosen, outcomes=[*outcomes, *(chosen.outcomes or [])])
    if things.main.kind == "CronWorkflow":
        from argosy.simulate.cron import first_workflow
        from argosy.simulate.cron_run import run_cron

        if chosen.cron_for is not None:
            return run_cron(things, chosen, version, seed, chosen.cron_for, provider)
        things.main = first_workflow(things.main)
    return run(things, chosen, version, seed, provider)


def read_scenario(scenario: str | Path | Mapping[str, Any] | Scenario | None) -> Scenario:
    """Read a scenario from wherever it is. Raises ReadError, ScenarioError; UsageError for a file with several."""
    if scenario is None:
        return Scenario()
    if isinstance(scenario, Scenario):
        return scenario
    if isinstance(scenario, Mapping):
        return scenarios.from_data(dict(scenario))
    found = scenarios.load(scenario)
    if len(found) > 1:
        raise UsageError(f"{scenario} holds {len(found)} scenarios; this takes one")
    return found[0]


def template_names(manifests: list[Any]) -> set[str]:
    """Give the names of all templates in manifests."""
    names: set[str] = set()
    for manifest in manifests:
        spec = manifest.data.get("spec") or {}
        spec = spec.get("workflowSpec") or spec
        names |= {str(t["name"]) for t in spec.get("templates") or [] if isinstance(t, dict) and t.get("name")}
    return names
