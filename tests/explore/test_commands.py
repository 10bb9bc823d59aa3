"""`argosy explore`, `test`, `diff` and `replay` on the command line."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from argosy.cli.main import main
from tests.explore.conftest import WORKFLOWS


class Done(NamedTuple):
    """What a command did."""

    returncode: int
    stdout: str
    stderr: str


Argosy = Callable[..., Done]


@pytest.fixture
def argosy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Argosy:
    """Run ``argosy`` in a folder with the seed workflow, a file of invariants that do not hold, and a scenario."""
    (tmp_path / "w.yaml").write_text(WORKFLOWS["exit-handler"].read_text())
    (tmp_path / "leaf.yaml").write_text(WORKFLOWS["leaf"].read_text())
    (tmp_path / "strict.yaml").write_text("- ran: notify-failure\n")
    (tmp_path / "s.scenario.yaml").write_text("name: s\nmanifest: w.yaml\nexpect: {phase: Succeeded}\n")
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> Done:
        return Done(main(words), *capsys.readouterr())

    return run


def test_exploring_is_clean_unless_an_invariant_is_broken_or_it_is_strict(argosy: Argosy) -> None:
    done = argosy("explore", "w.yaml")
    assert (done.returncode, done.stderr) == (0, "")
    assert argosy("explore", "w.yaml", "--strict").returncode == 1
    assert argosy("explore", "leaf.yaml", "--strict").returncode == 0
    broken = argosy("explore", "w.yaml", "--invariants", "strict.yaml")
    assert broken.returncode == 1
    assert "✖ notify-failure ran" in broken.stdout


def test_broken_invariants_are_saved_as_scenarios_that_fail(argosy: Argosy, tmp_path: Path) -> None:
    done = argosy("explore", "w.yaml", "--invariants", "strict.yaml", "--save", "cases")
    saved = sorted((tmp_path / "cases").iterdir())
    assert [path.name for path in saved] == ["notify-failure-after-nothing-goes-wrong.scenario.yaml"]
    assert done.stderr == f"saved cases/{saved[0].name}\n"
    assert argosy("test", "cases").returncode == 1


def test_a_fault_is_shown_in_full_and_saved(argosy: Argosy, tmp_path: Path) -> None:
    done = argosy("explore", "w.yaml", "--show", "do-work: OOM", "--save", "cases")
    assert done.returncode == 0
    assert "the handler saw {{workflow.status}} as Failed" in done.stdout
    assert "main: OOMKilled (exit code 137)" in done.stdout
    assert [path.name for path in (tmp_path / "cases").iterdir()] == ["do-work-oom.scenario.yaml"]
    assert argosy("test", "cases").returncode == 0
    missing = argosy("explore", "w.yaml", "--show", "no such thing")
    assert missing.returncode == 2
    assert "there is no fault with 'no such thing' in its name" in missing.stderr


def test_shards_are_put_together(argosy: Argosy) -> None:
    whole = argosy("explore", "w.yaml", "--format", "json").stdout
    for i in "12":
        assert argosy("explore", "w.yaml", "--shard", f"{i}/2", "--format", "json", "-o", f"{i}.json").returncode == 0
    merged = argosy("explore", "w.yaml", "--merge", "1.json", "--merge", "2.json", "--format", "json")
    assert merged.stdout == whole
    other = argosy("explore", "leaf.yaml", "--merge", "1.json")
    assert (other.returncode, "an exploration of something else" in other.stderr) == (2, True)


@pytest.mark.parametrize("shard", ["0/2", "3/2", "x", "1", "-1/2"])
def test_a_shard_that_is_none_is_refused(argosy: Argosy, shard: str) -> None:
    done = argosy("explore", "w.yaml", f"--shard={shard}")
    assert done.returncode == 2
    assert "not a shard" in done.stderr


def test_the_bar_is_for_terminals_only(tmp_path: Path) -> None:
    screen, terminal = pty.openpty()
    command = [sys.executable, "-m", "argosy", "explore", str(WORKFLOWS["leaf"])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TERM": "xterm", "COLUMNS": "80"}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=terminal, cwd=tmp_path)
    os.close(terminal)
    shown = os.read(screen, 100_000).decode()
    os.close(screen)
    assert "faults" in shown
    assert "29/29" in shown
    assert b"faults " not in done.stdout.splitlines()[1]


def test_templates_elsewhere_are_found(argosy: Argosy, tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "asks.yaml").write_text(WORKFLOWS["asks"].read_text())
    reference = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow", "metadata": {"name": "ref"}}
    spec = {"workflowTemplateRef": {"name": "asks"}}
    (tmp_path / "ref.yaml").write_text(json.dumps(reference | {"spec": spec}))
    assert "Even if nothing goes wrong" in argosy("explore", "ref.yaml").stdout
    found = argosy("explore", "ref.yaml", "--with", "lib").stdout
    assert found.startswith("ref: ")
    assert "exit handler bye" in found
    assert "Even if nothing goes wrong" not in found


def test_differences_that_are_worse_are_findings(argosy: Argosy, tmp_path: Path) -> None:
    text = (tmp_path / "w.yaml").read_text()
    (tmp_path / "new.yaml").write_text(text.replace("  onExit: cleanup\n", ""))
    worse = argosy("diff", "w.yaml", "new.yaml")
    assert worse.returncode == 1
    assert worse.stdout.startswith("✖ the handler no longer runs after\n")
    assert argosy("diff", "new.yaml", "w.yaml").returncode == 0
    assert argosy("diff", "w.yaml", "w.yaml").stdout.startswith("Nothing changed")


def test_a_run_is_replayed_and_its_scenario_written(argosy: Argosy, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(argosy("simulate", "w.yaml", "--fail", "do-work", "--format", "json").stdout)
    done = argosy("replay", "run.json", "--scenario", "incident.scenario.yaml")
    assert done.returncode == 0
    assert "the simulation does the same" in done.stdout
    assert argosy("test", "incident.scenario.yaml").returncode == 0
    assert argosy("replay", "w.yaml").returncode == 2


def test_tests_are_findings_if_one_fails_or_too_little_is_covered(argosy: Argosy, tmp_path: Path) -> None:
    assert argosy("test").returncode == 0
    covered = argosy("test", "--fail-under", "90")
    assert covered.returncode == 1
    assert "60% of all is exercised." in covered.stdout
    assert argosy("test", "--fail-under", "50", "--coverage-html", "c.html").returncode == 0
    assert (tmp_path / "c.html").read_text().startswith("<!doctype html>")
    assert argosy("test", "-k", "nothing like it").returncode == 1
    (tmp_path / "s.scenario.yaml").write_text("name: s\nmanifest: w.yaml\nexpect: {phase: Failed}\n")
    assert argosy("test").returncode == 1
    updated = argosy("test", "--update")
    assert (updated.returncode, updated.stderr) == (0, "updated s.scenario.yaml\n")
