"""The course: each example compiles, is clean, ends when anything fails, and means what its hand-written twin means."""

from pathlib import Path
from typing import Any

import pytest

import argosy
from argosy.frontend import compile_path
from argosy.frontend.importer.meaning import meaning
from argosy.source import Manifest
from argosy.yaml.read import read
from argosy.yaml.write import dump_all

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
SOURCES = sorted(EXAMPLES.glob("*.py"))
LEAVES = ("container", "script", "resource", "http", "containerSet")


def manifests(name: str) -> list[Manifest]:
    return compile_path(EXAMPLES / f"{name}.py")


def leaves(manifest: Manifest) -> list[str]:
    spec = manifest.data["spec"]
    templates = spec.get("workflowSpec", spec)["templates"]
    return [t["name"] for t in templates if any(kind in t for kind in LEAVES)]


def nodes(run: Any) -> dict[str, str]:
    return {n["displayName"]: n["phase"] for n in run.workflow["status"]["nodes"].values()}


def test_the_course_has_twelve_examples() -> None:
    assert len(SOURCES) == 12


def test_the_exit_handler_means_the_same_as_the_one_written_by_hand() -> None:
    [ours] = manifests("exit_handler")
    [theirs] = read((EXAMPLES / "exit-handler.yaml").read_bytes())
    assert meaning(ours.data) == meaning(theirs.data)


@pytest.mark.parametrize("source", SOURCES, ids=lambda p: p.stem)
def test_an_example_has_no_findings(source: Path, tmp_path: Path) -> None:
    file = tmp_path / "compiled.yaml"
    file.write_text(dump_all([m.data for m in compile_path(source)]), encoding="utf-8")
    result = argosy.lint([str(file)], cache=False)
    assert [
        f"{f.path}: {found.finding.rule}: {found.finding.message}" for f in result.files for found in f.findings
    ] == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda p: p.stem)
def test_an_example_ends_whichever_template_fails(source: Path) -> None:
    for manifest in compile_path(source):
        for leaf in leaves(manifest):
            run = argosy.simulate(manifest, fail=[f"{leaf}:exit=1"])
            assert run.workflow["status"]["phase"] in ("Succeeded", "Failed", "Error"), leaf


def test_the_exit_handler_runs_when_the_work_fails_and_takes_the_branch_for_failures() -> None:
    [manifest] = manifests("exit_handler")
    failed = nodes(argosy.simulate(manifest, fail=["do-work:exit=1"]))
    assert failed["notify-failure"] == "Succeeded"
    assert nodes(argosy.simulate(manifest))["notify-failure"] == "Skipped"


@pytest.mark.parametrize("leaf", ["create-environment", "test", "scan", "release"])
def test_the_production_handler_does_all_its_work_whatever_fails(leaf: str) -> None:
    [manifest] = manifests("production_pipeline")
    seen = nodes(argosy.simulate(manifest, fail=[f"{leaf}:exit=1"]))
    for name in ("clean-cloud", "report-status", "post-to-slack", "start-recovery"):
        assert any(n.split("(")[0] == name and phase == "Succeeded" for n, phase in seen.items()), name


def test_the_production_handler_goes_on_when_one_of_its_own_steps_fails() -> None:
    [manifest] = manifests("production_pipeline")
    seen = nodes(argosy.simulate(manifest, fail=["scan:exit=1", "post-to-slack:exit=1"]))
    assert seen["start-recovery"] == "Succeeded"


def test_the_watchdog_finds_runs_that_are_overdue_or_were_not_handled() -> None:
    import datetime

    from examples.watchdog import judge

    now = datetime.datetime(2026, 1, 5, 12, tzinfo=datetime.UTC)
    late = {"metadata": {"name": "a", "creationTimestamp": "2026-01-05T09:00:00Z"}, "status": {"phase": "Running"}}
    ended = {"phase": "Failed", "finishedAt": "2026-01-05T11:00:00Z", "nodes": {"1": {"name": "b"}}}
    assert judge(late, now, 150) == "a has been Running for 180 min"
    assert judge(late, now, 200) == ""
    assert judge({"metadata": {"name": "b"}, "status": ended}, now, 1) == "b ended Failed without its exit handler"
    ended["nodes"] = {"2": {"name": "b.onExit"}}
    assert judge({"metadata": {"name": "b"}, "status": ended}, now, 1) == ""
