from pathlib import Path

from hypothesis import given

from argosy.testing import outcomes

WORKFLOW = Path(__file__).parents[2] / "examples" / "exit-handler.yaml"


def test_people_are_told_of_a_failure(simulate):
    run = simulate(WORKFLOW, "do-work:exit=2")
    assert run.phase == "Failed"
    assert run.exit_handler.ran
    assert run.exit_handler.status == "Failed"
    assert run.node("do-work").message == "main: Error (exit code 2)"
    assert run.pod("notify-failure").env["status"] == "Failed"


def test_nobody_is_told_of_a_success(simulate):
    run = simulate(WORKFLOW)
    assert run.exit_handler.phase == "Succeeded"
    assert not run.ran("notify-failure")


@given(outcomes(WORKFLOW, templates=["do-work"]))
def test_the_handler_runs_whatever_happens(simulate, happened):
    assert simulate(WORKFLOW, *happened).exit_handler.ran
