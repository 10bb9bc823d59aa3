"""`argosy test`: scenario files as tests, their report, `--update`, and the coverage of workflows."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest

from argosy.errors import ReadError
from argosy.explore.cases import find, run_cases
from argosy.explore.coverage import coverage
from argosy.explore.update import update
from argosy.report import render
from tests.explore.conftest import WORKFLOWS

GOOD = """\
name: the work fails
manifest: w.yaml
outcomes:
  - match: {template: do-work}
    exitCode: 1
expect:
  phase: Failed
  ran: [notify-failure]
---
name: all is well
manifest: w.yaml
expect: {phase: Succeeded, notRun: [notify-failure]}
"""
BAD = """\
name: not so
manifest: w.yaml
outcomes:
  - match: {template: do-work}  # the work
    exitCode: 2
expect:
  # how it ends
  phase: Succeeded  # wrong
  message: nothing
  exitHandler: Failed
  ended: hung
  nodes:
    do-work: {phase: Succeeded, message: exit code 3, runs: 2}
    notify-failure: {inputs: {status: Error, nothing: x}}  # who is told
    nobody: Failed
  ran: [print-status, nobody]
  notRun: [notify-failure]
  absent: [do-work]
  order: [notify-failure, print-status, do-work]
"""
NONE = "name: says nothing\nmanifest: w.yaml\n"
TYPO = "name: typo\nmanifest: w.yaml\noutcomes:\n  - match: {templat: do-work}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the seed workflow in it; the current one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "w.yaml").write_text(WORKFLOWS["exit-handler"].read_text())
    return tmp_path


def test_scenario_files_are_found_in_folders_by_their_names(folder: Path) -> None:
    (folder / "b").mkdir()
    for name in ("b/z.scenario.yml", "a.scenario.yaml", "other.yaml", "b/y.scenario.yaml"):
        (folder / name).write_text(GOOD)
    assert [str(p) for p in find(["."])] == ["a.scenario.yaml", "b/y.scenario.yaml", "b/z.scenario.yml"]
    assert [str(p) for p in find(["other.yaml"])] == ["other.yaml"]
    with pytest.raises(ReadError, match="no such file"):
        find(["nowhere"])


def test_scenarios_pass_or_say_why_not(folder: Path, golden: Callable[[str, str], None]) -> None:
    for name, text in {"good": GOOD, "bad": BAD, "typo": TYPO}.items():
        (folder / f"{name}.scenario.yaml").write_text(text)
    found = run_cases(["."])
    assert [(c.name, c.passed) for c in found.cases] == [
        ("not so", False),
        ("the work fails", True),
        ("all is well", True),
        ("typo.scenario.yaml", False),
    ]
    golden("cases.text", render("test", "text", found))
    golden("cases.junit", render("test", "junit", found))


def test_junit_tells_failures_from_errors(folder: Path) -> None:
    for name, text in {"good": GOOD, "bad": BAD, "typo": TYPO}.items():
        (folder / f"{name}.scenario.yaml").write_text(text)
    root = ET.fromstring(render("test", "junit", run_cases(["."])))
    assert {key: root.attrib[key] for key in ("tests", "failures", "errors")} == {
        "tests": "4",
        "failures": "1",
        "errors": "1",
    }
    assert len(root.findall(".//testcase")) == 4


def test_a_keyword_chooses_by_path_and_name(folder: Path) -> None:
    (folder / "good.scenario.yaml").write_text(GOOD)
    found = run_cases(["."], keyword="ALL IS")
    assert [case.name for case in found.cases] == ["all is well"]
    assert found.left_out == 1
    assert render("test", "text", found).endswith("1 scenario passed, 1 left out\n")


def test_no_scenario_is_said_to_be_none(folder: Path) -> None:
    assert render("test", "text", run_cases(["."])).startswith("There is no scenario to run")


def test_an_outcome_that_never_came_about_fails(folder: Path) -> None:
    (folder / "a.scenario.yaml").write_text(GOOD.replace("template: do-work", "template: do-wrk"))
    assert "outcome 0: it never came to that" in [p.message for p in run_cases(["."]).cases[0].problems]


@pytest.mark.parametrize(
    ("invariant", "problems"),
    [
        ("- ran: notify-failure", ["invariant: notify-failure ran: notify-failure did not run"]),
        ("- {ran: notify-failure, phase: [Failed]}", []),
        ("- {ran: notify-failure, gets: {status: '{{workflow.status}}'}, phase: [Failed]}", []),
        ("- {ran: nobody, exceptAfter: [exit], phase: [Failed]}", []),
    ],
)
def test_invariants_of_the_workflow_hold_in_its_scenarios(folder: Path, invariant: str, problems: list[str]) -> None:
    (folder / "w.invariants.yaml").write_text(invariant)
    (folder / "good.scenario.yaml").write_text(GOOD)
    assert [str(p) for case in run_cases(["."]).cases for p in case.problems] == problems


def test_faults_of_the_handler_can_be_left_out_of_invariants_of_scenarios(folder: Path) -> None:
    (folder / "w.invariants.yaml").write_text("- {ran: notify-failure, phase: [Failed], exceptAfter: [handler]}")
    own = "  - match: {template: print-status}\n    exitCode: 1\nexpect: {phase: Failed}\n"
    head = GOOD[: GOOD.index("expect:")]
    (folder / "a.scenario.yaml").write_text(head + own)
    assert run_cases(["."]).failed == []
    (folder / "w.invariants.yaml").write_text("- {ran: notify-failure, phase: [Failed]}")
    assert len(run_cases(["."]).failed) == 1


def test_no_invariant_is_asked_after_what_no_handler_survives(folder: Path) -> None:
    (folder / "w.invariants.yaml").write_text("- ran: print-status")
    ended = "actions: [{when: {node: do-work, phase: Pending}, do: terminate}]\n"
    (folder / "a.scenario.yaml").write_text(NONE + ended)
    assert run_cases(["."]).failed == []


def test_update_rewrites_what_is_expected_and_keeps_comments(folder: Path, golden: Callable[[str, str], None]) -> None:
    path = folder / "bad.scenario.yaml"
    path.write_text(f"# about these\n{BAD}---\n{NONE}---\n{GOOD}")
    assert update(run_cases(["."])) == [path.name]
    golden("updated.text", path.read_text())
    assert run_cases(["."]).failed == []
    assert update(run_cases(["."])) == []


def test_what_is_broken_is_not_updated(folder: Path) -> None:
    (folder / "typo.scenario.yaml").write_text(TYPO)
    assert update(run_cases(["."])) == []
    assert (folder / "typo.scenario.yaml").read_text() == TYPO


def test_coverage_counts_templates_branches_hooks_and_what_the_handler_saw(
    folder: Path, golden: Callable[[str, str], None]
) -> None:
    (folder / "good.scenario.yaml").write_text(GOOD)
    found = coverage(run_cases(["."], keyword="all is"))
    [one] = found.workflows
    assert [one.count(kind) for kind in ("template", "branch", "hook", "handler")] == [(4, 5), (1, 2), (0, 0), (1, 3)]
    assert round(found.percent) == 60
    golden("coverage.text", render("coverage", "text", found))
    assert coverage(run_cases(["."])).percent == 90.0


def test_hooks_count_for_coverage(folder: Path) -> None:
    (folder / "dag.yaml").write_text(WORKFLOWS["hooked-dag"].read_text())
    flip = "outcomes: [{match: {template: flip}, outputs: {result: heads}}]\n"
    (folder / "dag.scenario.yaml").write_text(f"name: d\nmanifest: dag.yaml\n{flip}")
    [one] = coverage(run_cases(["."])).workflows
    hooks = {item.words: item.times for item in one.items if item.kind == "hook"}
    assert hooks["hooks.running runs"] == 1
    assert hooks["hooks.failed runs"] == 0
    assert hooks["main.build.hooks.run runs"] == 1
    assert hooks["main.build.onExit runs"] == 0


def test_a_real_handler_is_run_where_a_scenario_says_so(folder: Path) -> None:
    really = "runScripts: [print-status]\nexpect: {phase: Succeeded}\n"
    (folder / "a.scenario.yaml").write_text(NONE + really)
    [case] = run_cases(["."]).cases
    assert case.passed
    assert case.run is not None
    [pod] = [pod for pod in case.run.pods if pod["templateName"] == "print-status"]
    assert pod["log"] == ["the workflow ended: Succeeded"]


def test_results_as_json_say_the_same(folder: Path) -> None:
    (folder / "bad.scenario.yaml").write_text(BAD)
    data = json.loads(json.dumps(run_cases(["."]).to_dict()))
    assert data["passed"] is False
    assert data["cases"][0]["problems"] == [p.to_dict() for p in run_cases(["."]).cases[0].problems]


EXPECTING = """\
name: first
manifest: w.yaml
expect: {phase: Succeeded}
---
# another document
name: second
manifest: w.yaml
outcomes:
  - match: {template: do-work}
    exitCode: 2
  - match: {template: nobody}
    exitCode: 2
expect:
  phase: Failed
  message: no such message
  exitHandler: Error
  nodes:
    do-work: Succeeded
    print-status: {phase: Failed, runs: 3, inputs: {x: y}}
    ghost: Succeeded
  absent: [ghost, do-work]
  ran: [do-work, somebody]
  notRun:
    - do-work
  order: [print-status, do-work]
  outputs:
    total: "7"
"""


def test_each_problem_has_its_place_in_the_scenario(folder: Path) -> None:
    (folder / "a.scenario.yaml").write_text(EXPECTING)
    _, case = run_cases(["a.scenario.yaml"]).cases
    found = {problem.message.split(":")[0]: str(problem).split(": ")[0] for problem in case.problems}
    places = [f"{problem.place.line}:{problem.place.column}" for problem in case.problems if problem.place]
    assert len(places) == len(case.problems)
    assert found["the workflow's message"] == "a.scenario.yaml:15:12"
    assert found["node ghost"] == "a.scenario.yaml:20:12"
    assert found["outcome 0" if "outcome 0" in found else "outcome 1"] == "a.scenario.yaml:11:5"
    assert places == [
        "11:5", "15:12", "16:16", "18:14", "19:27", "19:41", "19:56", "20:12", "21:19", "22:18", "24:7", "25:25",
        "27:12",
    ]  # fmt: skip
