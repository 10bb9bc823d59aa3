"""The pytest plugin, in sessions of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

import argosy.report.errors
import argosy.testing.checked
import argosy.testing.strategies
import argosy.yaml.tree  # noqa: F401  sessions inside this process forget what they import, and C modules can't be twice
from docs import generate

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parent.parent.parent

WORKFLOW = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {name: nightly}
spec:
  entrypoint: main
  onExit: bye
  templates:
    - name: main
      steps:
        - - {name: work, template: work, arguments: {parameters: [{name: size, value: "3"}]}}
    - name: work
      inputs: {parameters: [{name: size}]}
      retryStrategy: {limit: "1"}
      container: {image: "alpine:3.22", command: [make], args: ["{{inputs.parameters.size}}"]}
    - name: bye
      steps:
        - - {name: notify, template: notify, when: "{{workflow.status}} != Succeeded"}
    - name: notify
      container:
        image: "alpine:3.22"
        command: [echo]
        args: ["it {{workflow.status}}"]
        env: [{name: WHO, value: "{{workflow.name}}"}]
"""

SCENARIO = """\
name: the work fails
manifest: nightly.yaml
outcomes: [{match: {template: work}, exitCode: 2}]
expect: {phase: Failed, exitHandler: Succeeded, ran: [notify]}
"""


@pytest.fixture
def session(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A folder with a workflow, and pytest with our plugin only, whether its entry point is installed or not."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p argosy.pytest_plugin -p no:cacheprovider")
    pytester.path.joinpath("nightly.yaml").write_text(WORKFLOW)
    return pytester


def test_scenario_files_are_tests(session: pytest.Pytester) -> None:
    session.path.joinpath("works.scenario.yaml").write_text(SCENARIO)
    session.path.joinpath("not.yaml").write_text(SCENARIO)
    result = session.runpytest("-v")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["works.scenario.yaml::the work fails PASSED*"])


def test_several_scenarios_in_a_file_are_several_tests(session: pytest.Pytester) -> None:
    second = SCENARIO.replace("the work fails", "second")
    session.path.joinpath("works.scenario.yml").write_text(f"{SCENARIO}---\n{second}")
    session.runpytest().assert_outcomes(passed=2)


def test_a_scenario_that_does_not_hold_draws_the_run(session: pytest.Pytester) -> None:
    session.path.joinpath("bad.scenario.yaml").write_text(SCENARIO.replace("phase: Failed", "phase: Succeeded"))
    result = session.runpytest()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*scenario the work fails*",
            "nightly Failed*",
            "*✖ main*",
            "Exit handler bye: ran all the same after Failed, and ended Succeeded.",
            "Expected, but not so:",
            "  the workflow's phase: expected Succeeded, got Failed",
        ]
    )
    assert "Traceback" not in result.stdout.str()


def test_a_scenario_that_breaks_an_invariant_of_its_workflow_fails(session: pytest.Pytester) -> None:
    session.path.joinpath("works.scenario.yaml").write_text(SCENARIO)
    session.path.joinpath("nightly.invariants.yaml").write_text("- {ran: nobody, phase: [Failed]}\n")
    result = session.runpytest()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["invariant: nobody ran*: nobody did not run", "*nightly Failed*"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("outcomez: []\n", "unknown field 'outcomez'"),
        ("manifest: nowhere.yaml\n", "nowhere.yaml"),
        ("name: [\n", "bad.scenario.yaml:*"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_without_a_traceback(session: pytest.Pytester, text: str, said: str) -> None:
    session.path.joinpath("bad.scenario.yaml").write_text(text)
    result = session.runpytest()
    result.stdout.fnmatch_lines([f"*error:*{said}*"])
    assert "Traceback" not in result.stdout.str()
    assert result.ret != 0


def test_collecting_can_be_switched_off(session: pytest.Pytester) -> None:
    session.path.joinpath("works.scenario.yaml").write_text(SCENARIO)
    session.makeini("[pytest]\nargosy_scenarios = false\n")
    assert session.runpytest().ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_runs_read_well_in_assertions(session: pytest.Pytester) -> None:
    session.makepyfile(
        """
        import pytest
        from argosy.simulate.scenario import Outcome


        def test_handler(simulate):
            run = simulate("nightly.yaml", "work:exit=2")
            assert (run.phase, run.ended) == ("Failed", "completed")
            assert run.exit_handler.ran
            assert run.exit_handler.phase == "Succeeded"
            assert run.exit_handler.status == "Failed"
            assert [pod.template_name for pod in run.exit_handler.pods] == ["notify"]
            assert run.node("work").phase == "Failed"
            assert run.node("work").inputs == {"size": "3"}
            assert run.node("work").runs == 2
            assert run.pod("work").args == ["3"]
            assert run.pod("notify").args == ["it Failed"]
            assert run.pod("notify").env == {"WHO": "nightly"}
            assert run.pod("notify").image == "alpine:3.22"
            assert run.ran("notify") and not run.ran("main")


        def test_outcomes_in_three_forms(simulate):
            for one in ("work:exit=7", Outcome(exit_code=7), {"match": {"template": "work"}, "exitCode": 7}):
                assert "exit code 7" in simulate("nightly.yaml", one).node("work(0)").message


        def test_all_well(simulate):
            run = simulate("nightly.yaml")
            assert run.phase == "Succeeded"
            assert not run.ran("notify")
            assert not run.has_node("nobody")


        def test_what_is_not_there(simulate):
            with pytest.raises(AssertionError, match="there is no node 'wrk' in this run; did you mean 'work'"):
                simulate("nightly.yaml").node("wrk")
            with pytest.raises(AssertionError, match="there is no pod of 'notify'"):
                simulate("nightly.yaml").pod("notify")
        """
    )
    session.runpytest().assert_outcomes(passed=4)


def test_a_failing_test_draws_its_runs(session: pytest.Pytester) -> None:
    session.makepyfile(
        """
        def test_phase(simulate):
            assert simulate("nightly.yaml", "work:oom").phase == "Succeeded"

        def test_other():
            assert False
        """
    )
    result = session.runpytest()
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*-- run nightly --*", "nightly Failed*"])
    assert result.stdout.str().count("Exit handler bye") == 1, "runs are drawn for the test that made them only"


def test_hypothesis_finds_and_shrinks(session: pytest.Pytester) -> None:
    session.makepyfile(
        """
        from hypothesis import Phase, given, settings
        from argosy.testing import outcomes


        @settings(database=None, max_examples=60, derandomize=True, phases=[Phase.generate, Phase.shrink])
        @given(outcomes("nightly.yaml", faults=["exit"]))
        def test_always_notified(simulate, happened):
            run = simulate("nightly.yaml", *happened)
            assert run.exit_handler.phase in (None, "Succeeded")
        """
    )
    result = session.runpytest()
    result.assert_outcomes(failed=1)
    text = result.stdout.str()
    shrunk = text[text.index("test_always_notified(") :]
    assert "Match(template='work', attempt=None)" in shrunk
    assert "Match(template='notify', attempt=None)" in shrunk
    assert "exit code 1)" in text


def test_snapshots(session: pytest.Pytester) -> None:
    test = session.makepyfile(
        """
        def test_tree(simulate, run_snapshot):
            run_snapshot(simulate("nightly.yaml", "work:exit=1"))
            run_snapshot(simulate("nightly.yaml"), "all-well")
        """
    )
    result = session.runpytest()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*there is no snapshot __snapshots__/test_snapshots/test_tree.txt*"])
    session.runpytest("--argosy-update").assert_outcomes(passed=1)
    assert sorted(p.name for p in session.path.glob("__snapshots__/*/*")) == ["all-well.txt", "test_tree.txt"]
    session.runpytest().assert_outcomes(passed=1)
    test.write_text(test.read_text().replace("exit=1", "exit=9"))
    result = session.runpytest()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*-*exit code 1*", "*+*exit code 9*"])


def test_loading_the_plugin_imports_nothing_of_argosy() -> None:
    code = (
        "import sys, pytest; old = set(sys.modules); import argosy.pytest_plugin; print(sorted(set(sys.modules) - old))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['argosy', 'argosy.pytest_plugin']"


def test_without_the_plugin_pytest_is_as_before(session: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:cacheprovider")
    session.path.joinpath("works.scenario.yaml").write_text(SCENARIO)
    assert session.runpytest().ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_the_examples_of_the_docs_hold(session: pytest.Pytester) -> None:
    session.runpytest(ROOT / "docs" / "examples").assert_outcomes(passed=6)


def test_the_page_shows_the_examples_as_they_are() -> None:
    page = (ROOT / "docs" / "testing.md").read_text()
    assert generate.readme(page) == page
