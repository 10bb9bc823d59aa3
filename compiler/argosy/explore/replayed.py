"""A real run, simulated again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from argosy.errors import Place, ReadError, UsageError
from argosy.explore.replay import Difference, compare, recover, unpacked, with_manifests
from argosy.explore.written import scenario_data
from argosy.simulate.api import simulate
from argosy.simulate.given import collect
from argosy.simulate.run import Run
from argosy.simulate.scenario import Scenario
from argosy.versions import ArgoVersion


@dataclass(slots=True)
class Replayed:
    """A real run, the scenario that was recovered from it, and what the simulation makes of that."""

    name: str
    phase: str
    nodes: int
    scenario: Scenario
    run: Run
    differences: list[Difference] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Give it for tools."""
        return {
            "version": 1,
            "workflow": self.name,
            "phase": self.phase,
            "differences": [asdict(one) for one in self.differences],
            "scenario": scenario_data(self.scenario),
        }

    def file(self) -> str:
        """Give the text of the scenario's file."""
        from argosy.yaml.write import dump

        return dump(scenario_data(self.scenario))


def replay(
    path: str | Path,
    argo_version: str | ArgoVersion | None = None,
    seed: int = 0,
    with_: Sequence[str | Path] = (),
) -> Replayed:
    """Read a real run (JSON or YAML of a Workflow with status) and simulate it again.

    ``with_`` are files and folders with what was there when it ran: ConfigMaps, templates that the run does not hold.
    Raises ReadError, UsageError.
    """
    return replay_data(_read(path), argo_version, seed, with_)


def replay_data(
    workflow: dict[str, Any],
    argo_version: str | ArgoVersion | None = None,
    seed: int = 0,
    with_: Sequence[str | Path] = (),
) -> Replayed:
    """Simulate a Workflow object with status again. Raises ReadError, UsageError."""
    workflow = unpacked(workflow)
    scenario = recover(workflow)
    scenario = with_manifests(scenario, collect(None, scenario, with_=with_).others) if with_ else scenario
    run = simulate(scenario=scenario, argo_version=argo_version, seed=seed)
    if not isinstance(run, Run):
        raise UsageError("a CronWorkflow has no run of its own", hint="replay one of its workflows")
    status = workflow["status"]
    found = compare(workflow, run)
    return Replayed(workflow["metadata"]["name"], str(status.get("phase")), len(status["nodes"]), scenario, run, found)


def _read(path: str | Path) -> dict[str, Any]:
    try:
        text = Path(path).read_bytes()
    except OSError as error:
        raise ReadError(f"cannot read it: {error.strerror}", place=Place(str(path))) from None
    try:
        data = msgspec.json.decode(text)
    except msgspec.DecodeError:
        from argosy.yaml.read import read

        documents = [d.data for d in read(text, str(path)) if d.data is not None]
        data = documents[0] if documents else None
    if not isinstance(data, dict) or not isinstance(data.get("metadata"), dict):
        raise UsageError("this is not a workflow with status", hint="argo get NAME -o json > run.json")
    return data
