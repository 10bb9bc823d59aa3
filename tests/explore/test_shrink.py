"""A broken invariant comes with the smallest scenario that breaks it, as a file that reproduces it."""

from pathlib import Path

from argosy.explore.cases import run_cases
from argosy.explore.exploration import Exploration, explore
from argosy.explore.invariants import check, from_data
from argosy.explore.invariants import load as load_invariants
from argosy.explore.shrink import as_file, reproduction, shrink, smallest
from argosy.simulate.api import simulate
from argosy.simulate.run import Run
from argosy.simulate.scenario import Match, load
from tests.explore.conftest import WORKFLOWS, Explored

NOTIFIED = from_data([{"ran": "notify-failure", "phase": ["Failed"], "exceptAfter": ["handler"]}])
ALWAYS_NOTIFIED = from_data([{"ran": "notify-failure", "phase": ["Failed"]}])


def broken(found: Exploration, invariants: list) -> list:  # type: ignore[type-arg]
    found.invariants = invariants
    return check(found, invariants)


def test_a_scenario_is_shrunk_to_what_it_takes(tmp_path: Path) -> None:
    text = WORKFLOWS["exit-handler"].read_text().replace("!= Succeeded", "== Error")
    manifest = tmp_path / "w.yaml"
    manifest.write_text(text)
    found = explore(manifest, depth=2)
    cases = broken(found, ALWAYS_NOTIFIED)
    assert len(smallest(cases).result.fault.all()) == 1
    [two] = [case for case in cases if case.result.fault.name == "onExit.print-status: OOM, after do-work: exit 1"]
    scenario = shrink(found, two)
    assert [(o.match, o.exit_code) for o in scenario.outcomes or []] == [(Match(template="do-work"), 1)]
    assert scenario.actions is None


def test_the_file_reproduces_it(tmp_path: Path) -> None:
    text = WORKFLOWS["exit-handler"].read_text().replace("!= Succeeded", "== Error")
    manifest = tmp_path / "w.yaml"
    manifest.write_text(text)
    found = explore(manifest)
    name, written = reproduction(found, smallest(broken(found, NOTIFIED)), tmp_path)
    assert name == "notify-failure-after-do-work-exit-1.scenario.yaml"
    (tmp_path / name).write_text(written)
    [case] = run_cases([str(tmp_path)]).cases
    assert [p.message for p in case.problems] == ["template notify-failure: no pod was started"]
    manifest.write_text(WORKFLOWS["exit-handler"].read_text())
    assert run_cases([str(tmp_path)]).failed == []


def test_every_fault_can_be_written_and_plays_the_same(explored: Explored, tmp_path: Path) -> None:
    for name in ("exit-handler", "asks", "leaf"):
        found = explored(name)
        for result in found.results[::9]:
            path = tmp_path / "one.scenario.yaml"
            path.write_text(as_file(found, result.fault, found.scenario(result.fault), tmp_path))
            [scenario] = load(path)
            run = simulate(scenario=scenario)
            assert isinstance(run, Run)
            assert (run.phase, run.ended) == (result.observed.phase, result.observed.ended), result.fault.name


def test_the_page_shows_the_file_as_it_is_saved() -> None:
    folder = WORKFLOWS["exit-handler"].parents[1] / "docs" / "examples"
    found = explore(folder / "exit-handler-2.yaml")
    name, written = reproduction(
        found, smallest(broken(found, load_invariants(folder / "notify.invariants.yaml"))), folder
    )
    shown = folder / name.replace(".scenario", "")  # no test of ours: it fails
    assert written == shown.read_text()
