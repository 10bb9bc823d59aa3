"""Scenarios that want scripts to be really run, and say what these are to send and to write."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from argosy.explore.cases import run_cases
from argosy.testing import simulate
from argosy.yaml.write import dump_all
from tests.local.runs import Data, run, sh, steps

NOTIFY: Data = {
    "name": "notify",
    "http": {
        "method": "POST",
        "url": "https://hooks.slack.com/services/T",
        "headers": [{"name": "X-Kind", "value": "alert"}],
        "body": '{"text":"{{workflow.name}} {{workflow.status}}"}',
    },
}
BYE: Data = {"name": "bye", "steps": [[{"name": "say", "template": "say"}, {"name": "notify", "template": "notify"}]]}


def workflow() -> Data:
    """Give a workflow whose exit handler says something, and tells people."""
    out = steps({"name": "work", "container": sh("true")}, onExit="bye")
    out["spec"]["templates"] += [
        BYE,
        NOTIFY,
        {"name": "say", "container": sh("echo it ended; echo {{workflow.status}}")},
    ]
    return out


def failures(expect: Data, *really: str) -> list[str]:
    """Give what does not hold of an expectation."""
    return run(workflow(), *really or ("say", "notify"), scenario={"expect": expect}).failures


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"template": "notify", "method": "post", "url": r"^https://hooks\.slack\.com/", "count": 1},
        {"headers": {"x-kind": "^alert$"}, "body": "wf Succeeded"},
        {"method": "PUT", "count": 0},
    ],
)
def test_a_request_that_was_made_is_as_expected(wanted: Data) -> None:
    assert failures({"requests": [wanted]}) == []


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"url": "pagerduty"}, "request pagerduty: 0 such; made were: POST https://hooks.slack.com/services/T"),
        (
            {"method": "POST", "count": 2},
            "request POST: 1 such, expected 2; made were: POST https://hooks.slack.com/services/T",
        ),
        (
            {"template": "notify", "body": "Failed"},
            "request with 'Failed' by notify: 0 such; made were: POST https://hooks.slack.com/services/T",
        ),
        ({"headers": {"X-Kind": "news"}}, "request: 0 such; made were: POST https://hooks.slack.com/services/T"),
        ({"template": "say"}, "request by say: 0 such; made were: POST https://hooks.slack.com/services/T"),
    ],
)
def test_a_request_that_was_not_made_is_named_with_those_that_were(wanted: Data, said: str) -> None:
    assert failures({"requests": [wanted]}) == [said]


def test_logs_are_searched_line_by_line() -> None:
    assert failures({"logs": {"say": "^Succeeded$"}}) == []
    assert failures({"logs": {"say": "^Failed$"}}) == ["log of say: expected '^Failed$' in 'it ended\\nSucceeded'"]


def test_what_was_not_really_run_is_said_to_be_so() -> None:
    assert failures({"logs": {"say": "x"}, "requests": [{"url": "slack"}]}, "work") == [
        "request slack: 0 such; made were: none",
        "log of say: it was not really run",
    ]


SCENARIO = """\
manifest: wf.yaml
runScripts: [say, notify]
answers: [{url: slack, response: {statusCode: 503}}]
expect:
  nodes: {notify: Failed}
  requests: [{template: notify, url: hooks.slack.com, body: Succeeded, count: 1}]
  logs: {say: it ended}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a workflow, and a scenario that holds."""
    (tmp_path / "wf.yaml").write_text(dump_all([workflow()]))
    (tmp_path / "told.scenario.yaml").write_text(SCENARIO)
    return tmp_path


def test_argosy_test_runs_them(folder: Path) -> None:
    assert [case.problems for case in run_cases([str(folder)]).cases] == [[]]
    (folder / "told.scenario.yaml").write_text(SCENARIO.replace("count: 1", "count: 2"))
    (case,) = run_cases([str(folder)]).cases
    assert case.problems[0].message.startswith("request hooks.slack.com with 'Succeeded' by notify: 1 such, expected 2")


def test_so_does_argosy_simulate(folder: Path) -> None:
    words = [sys.executable, "-m", "argosy", "simulate", "--scenario", "told.scenario.yaml"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "→ POST https://hooks.slack.com/services/T  answered 503" in done.stdout


def test_so_does_pytest(folder: Path) -> None:
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "told.scenario.yaml"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_an_unknown_template_in_a_scenario_is_an_error_of_that_scenario(folder: Path) -> None:
    (folder / "told.scenario.yaml").write_text(SCENARIO.replace("[say, notify]", "[sya]"))
    (case,) = run_cases([str(folder)]).cases
    assert case.error == "there is no template 'sya' to be run"


def test_assertions_read_well() -> None:
    answers = [{"url": "slack", "response": {"statusCode": 200, "body": "ok"}}]
    done = simulate(workflow(), "work:exit=1", run_scripts=["say", "notify"], answers=answers)
    assert done.pod("say").log == ("it ended", "Failed")
    assert done.pod("say").exit_code == 0
    (request,) = done.pod("notify").requests
    assert (request.method, request.url, request.answered) == ("POST", "https://hooks.slack.com/services/T", 200)
    assert request.headers == {"X-Kind": "alert"}
    assert request.json == {"text": "wf Failed"}
    assert done.requests == (request,)
    assert done.pod("work").exit_code is None


def test_nothing_is_run_that_was_not_asked_for() -> None:
    assert simulate(workflow()).pod("say").log == ()
