"""The smallest scenario in which an invariant does not hold, as a file that reproduces it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from argosy.explore.exploration import Exploration, Result
from argosy.explore.faults import Fault
from argosy.explore.invariants import Broken, Invariant, problem
from argosy.explore.observe import observe
from argosy.explore.play import as_given
from argosy.explore.written import scenario_data
from argosy.simulate.scenario import Expectation, Outcome, Scenario
from argosy.source import Json, Manifest, NoOrigin

Holds = Callable[[Scenario], bool]


def smallest(broken: list[Broken]) -> Broken:
    """Give the case with the fewest things that go wrong; of several, the first."""
    return min(broken, key=lambda one: (len(one.result.fault.all()), sum(one.result.fault.parts)))


def shrink(exploration: Exploration, broken: Broken) -> Scenario:
    """Give the smallest scenario in which the invariant is broken in the same way."""
    fault = broken.result.fault
    given = as_given(exploration, fault)

    def breaks(scenario: Scenario) -> bool:
        seen = observe(given, scenario, exploration.version, exploration.seed)
        return bool(problem(broken.invariant, Result(fault, seen)))

    scenario = exploration.scenario(fault)
    again = True
    while again:
        again = False
        for candidate in _smaller(scenario):
            if breaks(candidate):
                scenario, again = candidate, True
                break
    return replace(scenario, outcomes=scenario.outcomes or None, actions=scenario.actions or None)


def _smaller(scenario: Scenario) -> Iterator[Scenario]:
    """Give scenarios that say less: without one outcome or action, with outcomes that match by less."""
    outcomes, actions = scenario.outcomes or [], scenario.actions or []
    for i in range(len(outcomes) - 1, -1, -1):
        yield replace(scenario, outcomes=outcomes[:i] + outcomes[i + 1 :])
    for i in range(len(actions) - 1, -1, -1):
        yield replace(scenario, actions=actions[:i] + actions[i + 1 :])
    for i, outcome in enumerate(outcomes):
        for less in _less(outcome):
            yield replace(scenario, outcomes=[*outcomes[:i], less, *outcomes[i + 1 :]])


def _less(outcome: Outcome) -> Iterator[Outcome]:
    match = outcome.match
    if match.node is not None and match.template is not None:
        yield replace(outcome, match=replace(match, node=None))
    if match.attempt is not None:
        yield replace(outcome, match=replace(match, attempt=None))
    yield from (
        less
        for less in (replace(outcome, outputs=None), replace(outcome, pod_message=""), replace(outcome, duration=None))
        if less != outcome
    )


def as_file(exploration: Exploration, fault: Fault, scenario: Scenario, folder: Path, **more: Any) -> str:
    """Give the text of a scenario file that plays a fault; the manifest is named from the file's folder."""
    named = replace(scenario, name=slug(fault.name), description=f"{fault.name}", **more)
    return write(exploration, fault, named, folder)


def reproduction(exploration: Exploration, broken: Broken, folder: Path) -> tuple[str, str]:
    """Give the name and the text of the scenario file that reproduces a broken invariant, as small as can be."""
    scenario = shrink(exploration, broken)
    expect = _expectation(broken.invariant)
    fault = broken.result.fault
    text = as_file(exploration, fault, scenario, folder, expect=expect)
    head = f"# {broken.invariant}\n# After this it does not hold: {broken.message}.\n"
    what = broken.invariant.ran or broken.invariant.released or broken.invariant.at_most_once or "handler"
    return f"{slug(what)}-after-{slug(fault.name)}.scenario.yaml", head + text


def _expectation(invariant: Invariant) -> Expectation | None:
    if invariant.ran is not None:
        return Expectation(ran=[invariant.ran])
    if invariant.released is not None:
        return Expectation(ran=[invariant.released])
    return Expectation(ended="completed") if invariant.handler_ends_within is not None else None


def write(exploration: Exploration, fault: Fault, scenario: Scenario, folder: Path) -> str:
    """Give the text of a scenario, with the path of the manifest, or with the workflow itself if it was changed."""
    from argosy.yaml.write import dump

    given = as_given(exploration, fault)
    origin = given.main.origin
    data: dict[str, Json] = scenario_data(replace(scenario, workflow=None, manifest=None))
    supplied = given.main.data != exploration.given.main.data or exploration.supplied
    if supplied or isinstance(origin, NoOrigin) or origin.path.startswith("<"):
        data["workflow"] = given.main.data
        data |= _beside(given.others)
    else:
        path = os.path.relpath(Path(origin.path).resolve(), folder.resolve())
        data["manifest"] = path.replace(os.sep, "/")
    keys = ("name", "description", "manifest", "workflow", "objects", "templates", "clusterTemplates", "workflows")
    ordered = {key: data[key] for key in keys if key in data}
    return dump(ordered | {key: value for key, value in data.items() if key not in keys})


_GROUPS = {"WorkflowTemplate": "templates", "ClusterWorkflowTemplate": "clusterTemplates", "Workflow": "workflows"}


def _beside(others: list[Manifest]) -> dict[str, Json]:
    """Give the manifests that are there before, as a scenario holds them."""
    out: dict[str, Json] = {}
    for manifest in others:
        out.setdefault(_GROUPS.get(manifest.kind, "objects"), []).append(manifest.data)
    return out


def slug(text: str) -> str:
    """Give a text as part of a file's name.

    >>> slug("do-work: exit 1, after a(0): OOM")
    'do-work-exit-1-after-a-0-oom'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


__all__ = ["as_file", "reproduction", "shrink", "slug", "smallest", "write"]
