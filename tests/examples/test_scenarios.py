"""Each example has scenarios and invariants: they pass, and they hold after every fault."""

from pathlib import Path

import pytest

from argosy.cli.main import main
from argosy.explore.cases import run_cases
from argosy.explore.exploration import explore
from argosy.explore.invariants import beside, check, load

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
EXPLORED = [*sorted(EXAMPLES.glob("*.py")), EXAMPLES / "exit-handler.yaml"]


@pytest.mark.parametrize("source", EXPLORED, ids=lambda p: p.name)
def test_an_example_has_scenarios_and_invariants_and_they_hold(source: Path) -> None:
    scenarios = EXAMPLES / "scenarios" / f"{source.stem}.scenario.yaml"
    cases = run_cases([str(scenarios)]).cases
    assert {case.given.main.origin.path for case in cases if case.given} == {str(source)}
    assert [f"{case.name}: {problem}" for case in cases for problem in [*case.problems, case.error] if problem] == []
    found = explore(source)
    invariants = load(source.with_name(f"{source.stem}.invariants.yaml"))
    assert beside(found.given.main) == invariants
    broken = check(found, invariants)
    assert [f"{one.invariant}: {one.result.fault.name}: {one.message}" for one in broken] == []
    assert found.baseline.phase == "Succeeded"
    assert found.untaken() == []


def test_the_scenarios_of_the_examples_pass_as_a_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", str(EXAMPLES)]) == 0
    assert "failed" not in capsys.readouterr().out
