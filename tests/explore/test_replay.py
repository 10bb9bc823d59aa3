"""From a run back to its scenario: simulated again, it is the same run; and where it is not, the difference is told."""

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from argosy.errors import ReadError, UsageError
from argosy.explore.replayed import replay, replay_data
from argosy.report import render
from argosy.simulate.api import simulate
from argosy.simulate.run import Run
from argosy.simulate.scenario import parse
from argosy.yaml.write import dump
from tests.explore.conftest import WORKFLOWS

SCENARIOS = Path(__file__).parents[1] / "simulate" / "scenarios"
UNKNOWN = {
    "daemon-fails": "which of its containers failed when",
    "data-configmap-parameter": "the ConfigMap: --with",
    "evicted-mutex": "why it went no further",
    "http-success-condition-header": "the headers of the answer",
    "semaphore-configmap": "the ConfigMap: --with",
    "template-refs": "the templates: --with, where the run does not hold them",
}
"""Scenarios of which the run does not tell all."""
REPLAYED = [path for path in sorted(SCENARIOS.glob("*.yaml")) if path.stem not in UNKNOWN]


def ran(path: Path) -> dict[str, Any]:
    run = simulate(scenario=path)
    assert isinstance(run, Run)
    return run.to_dict()


@pytest.mark.parametrize("path", REPLAYED, ids=lambda path: path.stem)
def test_a_run_is_the_same_when_its_scenario_is_recovered_and_simulated(path: Path) -> None:
    real = ran(path)
    if not real["status"].get("nodes"):
        pytest.skip("nothing ran")
    assert [str(one) for one in replay_data(real).differences] == []


def test_what_was_there_beside_it_can_be_given(tmp_path: Path) -> None:
    real = ran(SCENARIOS / "semaphore-configmap.yaml")
    assert replay_data(real).differences
    [scenario] = parse((SCENARIOS / "semaphore-configmap.yaml").read_text())
    (tmp_path / "objects.yaml").write_text("---\n".join(dump(one) for one in scenario.objects or []))
    done = replay_data(real, with_=[tmp_path])
    assert done.differences == []
    assert done.scenario.objects == scenario.objects


def test_the_scenario_of_an_incident_is_a_test_of_its_own(tmp_path: Path) -> None:
    failed = simulate(WORKFLOWS["exit-handler"], fail=["do-work:exit=3"])
    assert isinstance(failed, Run)
    path = tmp_path / "incident.scenario.yaml"
    path.write_text(replay_data(failed.to_dict()).file())
    again = simulate(scenario=path)
    assert isinstance(again, Run)
    assert again.ok
    work = again.node("do-work")
    assert work is not None
    assert work["message"] == "main: Error (exit code 3)"


def test_what_the_simulation_does_otherwise_is_told() -> None:
    run = simulate(WORKFLOWS["exit-handler"], fail=["do-work:exit=3"])
    assert isinstance(run, Run)
    real = run.to_dict()
    nodes = real["status"]["nodes"]
    [notify] = [key for key, node in nodes.items() if node["displayName"] == "notify-failure"]
    del nodes[notify]
    done = replay_data(real)
    assert [str(one) for one in done.differences] == ["onExit.notify-failure: node was not there, simulated Succeeded"]
    assert "the simulation differs" in render("replay", "text", done)


def test_nodes_that_are_compressed_are_read(tmp_path: Path) -> None:
    run = simulate(WORKFLOWS["exit-handler"])
    assert isinstance(run, Run)
    real = run.to_dict()
    nodes = real["status"].pop("nodes")
    real["status"]["compressedNodes"] = base64.b64encode(gzip.compress(json.dumps(nodes).encode())).decode()
    (tmp_path / "run.json").write_text(json.dumps(real))
    done = replay(tmp_path / "run.json")
    assert (done.differences, done.nodes) == ([], len(nodes))


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ({}, "this is not a workflow with status"),
        ({"compressedNodes": "!"}, "compressedNodes is damaged"),
        ({"offloadNodeStatusVersion": "fnv:1"}, "kept in the database"),
    ],
)
def test_what_is_no_run_is_refused(status: dict[str, Any], said: str) -> None:
    workflow = {"kind": "Workflow", "metadata": {"name": "w"}, "spec": {"entrypoint": "x"}, "status": status}
    with pytest.raises(UsageError, match=said):
        replay_data(workflow)


def test_a_file_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ReadError, match="cannot read it"):
        replay("nowhere.json")
