"""What happens at once goes in any order in a cluster; the seed of a run chooses one."""

import json
from typing import Any

import pytest

from argosy.simulate.api import simulate
from argosy.simulate.run import Run

SEEDS = range(1, 13)


def workflow(tasks: list[dict[str, Any]], **spec: Any) -> dict[str, Any]:
    names = ("ok", "bad", "long")
    leaves = [{"name": name, "container": {"image": "alpine:3.20", "command": ["echo"]}} for name in names]
    main = {"name": "main", "dag": {"tasks": tasks}}
    tell = {"name": "tell", "container": {"image": "alpine:3.20", "args": ["{{workflow.failures}}"]}}
    body = {"entrypoint": "main", "templates": [main, *leaves, *([tell] if spec else [])], **spec}
    return {"kind": "Workflow", "metadata": {"name": "w"}, "spec": body}


def run(manifest: dict[str, Any], seed: int) -> Run:
    does: dict[str, dict[str, Any]] = {"bad": {"exitCode": 1}, "long": {"duration": "1m"}}
    text = json.dumps(manifest)
    used = [{"match": {"template": name}, **what} for name, what in does.items() if f'"template": "{name}"' in text]
    done = simulate(manifest, scenario={"outcomes": used}, seed=seed)
    assert isinstance(done, Run)
    return done


def started(done: Run) -> str:
    return "".join(pod["node"][-1] for pod in done.pods)


SIDE_BY_SIDE = workflow([{"name": name, "template": "ok"} for name in "abcd"])


def test_without_a_seed_pods_start_in_the_order_of_their_names() -> None:
    assert started(run(SIDE_BY_SIDE, 0)) == "abcd"


def test_a_seed_chooses_which_pod_goes_first() -> None:
    assert {started(run(SIDE_BY_SIDE, seed))[0] for seed in SEEDS} == set("abcd")


def test_a_seed_chooses_which_of_those_that_last_equally_long_ends_first() -> None:
    done = [run(workflow([{"name": name, "template": "long"} for name in "abc"]), seed) for seed in SEEDS]
    ends = {next(e.node for e in one.events if e.node and e.after == "Succeeded") for one in done}
    assert ends == {"w.a", "w.b", "w.c"}


@pytest.mark.parametrize("seed", [3, 4])
def test_the_same_seed_gives_the_same_run(seed: int) -> None:
    assert run(SIDE_BY_SIDE, seed).to_dict() == run(SIDE_BY_SIDE, seed).to_dict()


def test_what_comes_of_a_race_can_be_seen() -> None:
    """Two at a time, and none any more after a failure: whether ``c`` still begins depends on which ends first."""
    tasks = [{"name": name, "template": template} for name, template in (("a", "ok"), ("b", "bad"), ("c", "ok"))]
    manifest = workflow(tasks)
    manifest["spec"]["templates"][0] |= {"parallelism": 2, "failFast": True}
    assert {run(manifest, seed).node("c") is not None for seed in SEEDS} == {True, False}


def test_failures_come_in_any_order_as_in_argo() -> None:
    tasks = [{"name": name, "template": "bad"} for name in "abc"]
    manifest = workflow(tasks, onExit="tell")

    def listed(seed: int) -> str:
        text = run(manifest, seed).pods[-1]["template"]["container"]["args"][0]
        return "".join(one["displayName"] for one in json.loads(json.loads(text)) if one["templateName"] == "bad")

    assert listed(0) == "abc"
    found = {listed(seed) for seed in SEEDS}
    assert all(sorted(one) == list("abc") for one in found)
    assert len(found) > 1
