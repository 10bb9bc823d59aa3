"""CronWorkflows in virtual time: what fires, what is skipped and why, what is kept."""

from typing import Any

import pytest

from argosy.simulate.api import simulate
from argosy.simulate.cron_run import CronRun

WORK = {"name": "main", "container": {"image": "alpine:3.20", "command": ["echo"]}}


def follow(spec: dict[str, Any], *, outcome: dict[str, Any] | None = None, **scenario: Any) -> CronRun:
    manifest = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "CronWorkflow",
        "metadata": {"name": "c"},
        "spec": {"workflowSpec": {"entrypoint": "main", "templates": [WORK]}, **spec},
    }
    world = {"start": "2026-01-05T09:00:00Z", "outcomes": [outcome] if outcome else [], **scenario}
    run = simulate(manifest, scenario=world)
    assert isinstance(run, CronRun)
    return run


def fired(run: CronRun) -> list[str]:
    return [str(firing.to_dict()["at"])[11:16] for firing in run.firings if firing.workflow]


def skipped(run: CronRun) -> list[tuple[str, str]]:
    return [(str(f.to_dict()["at"])[11:16], f.skipped) for f in run.firings if f.skipped]


def test_each_schedule_fires() -> None:
    run = follow({"schedules": ["*/20 * * * *", "30 9 * * *"]}, cronFor="1h")
    assert fired(run) == ["09:20", "09:30", "09:40", "10:00"]
    assert [w["metadata"]["name"] for w in run.workflows][:2] == ["c-1767604800", "c-1767605400"]
    assert run.workflows[0]["metadata"]["annotations"]["workflows.argoproj.io/scheduled-time"] == "2026-01-05T09:20:00Z"
    assert {w["status"]["phase"] for w in run.workflows} == {"Succeeded"}
    assert run.cron["status"]["succeeded"] == 3  # the last is counted at the next look


def test_a_time_zone_counts() -> None:
    assert fired(follow({"schedules": ["0 5 * * *"], "timezone": "America/New_York"}, cronFor="2h")) == ["10:00"]


def test_two_schedules_of_one_moment_make_one_workflow() -> None:
    run = follow({"schedules": ["0 10 * * *", "0 */2 * * *"]}, cronFor="65m")
    assert fired(run) == ["10:00"]
    assert "there already" in skipped(run)[0][1]


def test_forbid_skips_while_one_is_active() -> None:
    spec = {"schedules": ["*/10 * * * *"], "concurrencyPolicy": "Forbid"}
    run = follow(spec, outcome={"duration": "15m"}, cronFor="45m")
    assert fired(run) == ["09:10", "09:30"]
    assert [reason.split(",")[0] for _, reason in skipped(run)] == ["concurrencyPolicy Forbid"] * 2


def test_replace_terminates_what_is_active() -> None:
    spec = {"schedules": ["*/10 * * * *"], "concurrencyPolicy": "Replace"}
    run = follow(spec, outcome={"duration": "15m"}, cronFor="25m")
    assert fired(run) == ["09:10", "09:20"]
    assert run.firings[1].replaced == ["c-1767604200"]
    assert run.workflows[0]["status"]["phase"] == "Failed"
    assert run.workflows[1]["status"]["phase"] == "Running"


def test_allow_runs_side_by_side() -> None:
    run = follow({"schedules": ["*/10 * * * *"]}, outcome={"duration": "15m"}, cronFor="21m")
    assert [w["status"]["phase"] for w in run.workflows] == ["Running", "Running"]


def test_a_stop_strategy_ends_it() -> None:
    spec = {"schedules": ["*/10 * * * *"], "stopStrategy": {"expression": "cronworkflow.failed >= 2"}}
    run = follow(spec, outcome={"exitCode": 1}, cronFor="1h")
    assert fired(run) == ["09:10", "09:20"]
    assert run.cron["status"]["phase"] == "Stopped"


def test_when_decides_about_each_firing() -> None:
    run = follow({"schedules": ["*/10 * * * *"], "when": "{{= cronworkflow.succeeded < 2 }}"}, cronFor="45m")
    assert fired(run) == ["09:10", "09:20"]
    assert skipped(run)[0] == ("09:30", "when '{{= cronworkflow.succeeded < 2 }}' is false")


def test_a_when_that_fails_starts_nothing_and_counts_as_failed() -> None:
    run = follow({"schedules": ["*/10 * * * *"], "when": "{{cronworkflow.succeeded}} < 2"}, cronFor="15m")
    assert skipped(run)[0][1].startswith("run policy error: failed to resolve")
    assert run.cron["status"]["failed"] == 1


def test_suspended_ones_start_nothing() -> None:
    run = follow({"schedules": ["*/10 * * * *"], "suspend": True}, cronFor="15m")
    assert (fired(run), skipped(run)) == ([], [("09:10", "the CronWorkflow is suspended")])


@pytest.mark.parametrize(("deadline", "expected"), [(900, ["09:10", "09:30", "09:40"]), (60, ["09:10", "09:40"])])
def test_a_missed_firing_is_made_up_for_within_the_starting_deadline(deadline: int, expected: list[str]) -> None:
    spec = {"schedules": ["*/10 * * * *"], "startingDeadlineSeconds": deadline}
    down = {"after": "12m", "do": "controller-down", "for": "23m"}
    assert fired(follow(spec, actions=[down], cronFor="45m")) == expected


def test_history_limits_take_the_oldest_away() -> None:
    run = follow({"schedules": ["*/10 * * * *"], "successfulJobsHistoryLimit": 1}, cronFor="41m")
    assert run.removed == ["c-1767604200", "c-1767604800", "c-1767605400"]


def test_without_a_length_it_runs_once() -> None:
    manifest = {
        "kind": "CronWorkflow",
        "metadata": {"name": "c"},
        "spec": {"schedules": ["@daily"], "workflowSpec": {"entrypoint": "main", "templates": [WORK]}},
    }
    run = simulate(manifest)
    assert not isinstance(run, CronRun)
    assert run.phase == "Succeeded"
    assert run.workflow["metadata"]["labels"]["workflows.argoproj.io/cron-workflow"] == "c"


def test_expectations_are_for_each_workflow() -> None:
    failing = {"match": {"template": "main"}, "exitCode": 1}
    spec = {"schedules": ["*/10 * * * *"]}
    run = follow(spec, outcome=failing, cronFor="21m", expect={"phase": "Failed", "ran": ["main"]})
    assert (run.failures, run.ok) == ([], True)
    run = follow(spec, outcome=failing, cronFor="21m", expect={"phase": "Succeeded"})
    names = [one["metadata"]["name"] for one in run.workflows]
    assert run.failures == [f"{name}: the workflow's phase: expected Succeeded, got Failed" for name in names]
    assert run.to_dict()["argosy"]["failures"] == run.failures
    assert {one.address for one in run.unmet} == {("expect", "phase")}
    run = follow({**spec, "suspend": True}, cronFor="21m", expect={"phase": "Succeeded"})
    assert run.failures == ["no workflow was started, of which something is expected"]


def test_nothing_is_expected_of_a_workflow_that_is_cut_off() -> None:
    long = {"match": {"template": "main"}, "duration": "5m"}
    spec = {"schedules": ["*/10 * * * *"]}
    run = follow(spec, outcome=long, cronFor="21m", expect={"phase": "Succeeded"})
    assert ([one["status"]["phase"] for one in run.workflows], run.failures) == (["Succeeded", "Running"], [])
    run = follow(spec, outcome=long, cronFor="11m", expect={"phase": "Succeeded"})
    assert [text.partition(": ")[2] for text in run.failures] == [
        "the workflow's phase: expected Succeeded, got Running"
    ]


def test_actions_are_for_each_workflow() -> None:
    long = {"match": {"template": "main"}, "duration": "5m"}
    run = follow({"schedules": ["*/10 * * * *"]}, outcome=long, actions=[{"after": "30s", "do": "stop"}], cronFor="21m")
    messages = [one["status"]["message"] for one in run.workflows]
    assert messages == ["Stopped with strategy 'Stop'"] * 2


def test_an_action_that_never_comes_about_is_told() -> None:
    actions = [
        {"after": "2h", "do": "controller-down"},
        {"when": {"workflow": "Error"}, "do": "stop"},
        {"when": {"workflow": "Running"}, "do": "terminate"},
    ]
    run = follow(
        {"schedules": ["*/10 * * * *"]}, outcome={"match": {}, "duration": "1m"}, actions=actions, cronFor="21m"
    )
    assert run.unused == ["action 0: controller-down", "action 1: stop"]
    assert not run.ok


def test_deeply_nested_templates_run_on_a_schedule() -> None:
    depth = 95
    steps = [{"name": f"t{i}", "steps": [[{"name": "s", "template": f"t{i + 1}"}]]} for i in range(depth)]
    spec = {"entrypoint": "t0", "templates": [*steps, {**WORK, "name": f"t{depth}"}]}
    run = follow({"schedules": ["*/10 * * * *"], "workflowSpec": spec}, cronFor="11m")
    assert [one["status"]["phase"] for one in run.workflows] == ["Succeeded"]


def test_a_week_of_runs_is_quick_and_whole() -> None:
    run = follow({"schedules": ["0 * * * *"]}, cronFor="7d")
    assert len(run.workflows) == 168
