"""An exploration is the same however it is run: in one process, in several, in shards, with any hash seed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from argosy.errors import UsageError
from argosy.explore import runner, shards
from argosy.explore.exploration import Exploration, explore
from argosy.explore.observe import Observed
from argosy.explore.play import named, played
from argosy.report import render
from tests.explore.conftest import WORKFLOWS, Explored

SMALL = WORKFLOWS["exit-handler"]


def text(found: Exploration) -> str:
    return json.dumps(found.to_dict())


def test_processes_change_no_byte(explored: Explored, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "CHUNK", 4)
    assert text(explore(SMALL, jobs=2)) == text(explored("exit-handler"))


def test_hash_seeds_change_no_byte() -> None:
    program = (
        "import json, sys; from argosy.explore import explore; "
        "sys.stdout.write(json.dumps([explore(p).to_dict() for p in sys.argv[1:]]))"
    )
    texts = set()
    for seed in ("1", "2"):
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-c", program, str(SMALL), str(WORKFLOWS["asks"])]
        texts.add(subprocess.run(command, env=env, capture_output=True, check=True).stdout)
    assert len(texts) == 1


@pytest.mark.parametrize("depth", [1, 2])
def test_shards_together_are_the_whole(depth: int, tmp_path: Path) -> None:
    whole = explore(SMALL, depth=depth)
    paths = []
    for i in (1, 2, 3):
        path = tmp_path / f"{i}.json"
        path.write_text(text(explore(SMALL, depth=depth, shard=(i, 3))))
        paths.append(str(path))
    known = shards.read(paths)
    assert {r.fault.name for r in whole.results} <= known.results.keys()
    merged = explore(SMALL, depth=depth, known=known.results)
    known.check(merged)
    assert text(merged) == text(whole)


def test_a_shard_runs_a_part_and_says_how_much_it_left(explored: Explored) -> None:
    whole, part = explored("asks"), explore(WORKFLOWS["asks"], shard=(1, 4))
    first = [r for r in whole.results if not r.fault.after][1:]
    assert 0 < len([r for r in part.results if not r.fault.after][1:]) <= len(first) // 4 + 1
    assert part.others > len(first) // 2


def test_what_is_known_is_not_run_again(explored: Explored) -> None:
    made_up = Observed(phase="Failed", ended="completed", message="made up")
    found = explore(SMALL, known={"do-work: OOM": made_up})
    assert [r.observed for r in found.results if r.fault.name == "do-work: OOM"] == [made_up]


def test_the_shard_of_another_workflow_is_refused(tmp_path: Path, explored: Explored) -> None:
    path = tmp_path / "other.json"
    path.write_text(text(explored("asks")))
    with pytest.raises(UsageError, match="an exploration of something else"):
        shards.read([str(path)]).check(explored("exit-handler"))


def test_what_is_no_shard_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_text("{}")
    with pytest.raises(UsageError, match="this is not what"):
        shards.read([str(path)])


def test_pairs_are_of_different_leaves_and_none_comes_twice() -> None:
    found = explore(SMALL, depth=2)
    pairs = [r.fault for r in found.results if len(r.fault.all()) == 2]
    assert len({frozenset(one.own for one in pair.all()) for pair in pairs}) == len(pairs)
    assert all(one.place != pair.place for pair in pairs for one in pair.after)
    names = {pair.name for pair in pairs}
    assert "onExit.print-status: OOM, after do-work: exit 1" in names


def test_what_was_observed_survives_json(explored: Explored) -> None:
    for result in explored("hooked-dag").results:
        assert msgspec.convert(msgspec.to_builtins(result.observed), Observed) == result.observed


def test_all_goes_well_in_the_run_without_faults_where_values_have_to_be_found(explored: Explored) -> None:
    for name in WORKFLOWS:
        assert explored(name).baseline.phase == "Succeeded", name


def test_the_handler_sees_the_very_bytes_that_its_pod_gets(explored: Explored) -> None:
    found = explored("hooked-dag")
    [result] = named(found, "flip: exit 1")
    [tell] = [pod for pod in played(found, result.fault).pods if pod["templateName"] == "tell"]
    [shown] = tell["template"]["container"]["command"][1:]
    assert shown == result.observed.saw["workflow.failures"]


def test_a_loop_over_the_failures_does_not_explore_for_ever() -> None:
    loop = "{{=toJson(map(sprig.fromJson(sprig.fromJson(workflow.failures)), {#.displayName + ' ' + #.phase}))}}"
    work = {"name": "work", "container": {"image": "alpine:3.22", "command": ["make"]}}
    each = {"name": "each", "template": "work", "withParam": loop}
    spec = {"entrypoint": "work", "onExit": "bye", "templates": [work, {"name": "bye", "steps": [[each]]}]}
    found = explore({"kind": "Workflow", "metadata": {"name": "w"}, "spec": spec})
    assert any(r.observed.ended == "endless" for r in found.results)


def test_leaves_that_are_not_faulted_are_counted_and_told() -> None:
    work = {"name": "work", "container": {"image": "alpine:3.22", "command": ["make"]}}
    step = {"name": "each", "template": "work", "withSequence": {"count": "13"}}
    spec = {"entrypoint": "main", "templates": [{"name": "main", "steps": [[step]]}, work]}
    found = explore({"kind": "Workflow", "metadata": {"name": "w"}, "spec": spec})
    assert (found.left_alone, found.to_dict()["leavesLeftAlone"]) == (3, 3)
    told = "3 leaves were left alone: of loops the first 10 turns are faulted"
    for form in ("text", "html"):
        assert told in " ".join(render("explore", form, found).split()), form
