"""The small parts of the world: the short form of outcomes, selectors, names, times, what pods leave."""

from datetime import UTC, datetime
from typing import Any

import pytest

from argosy.errors import UsageError
from argosy.simulate import agent, fail, outputs, schedule, selector
from argosy.simulate.clock import Clock
from argosy.simulate.controller.synchronization import Lock
from argosy.simulate.names import attempt, natural, stable
from argosy.simulate.scenario import Match, Outcome, Outputs, Response
from argosy.simulate.shape import Seconds
from argosy.simulate.steps import PATIENCE, Steps
from argosy.source import Json

FAIL = {
    "work": Outcome(match=Match(template="work"), exit_code=1),
    "work:exit=3": Outcome(match=Match(template="work"), exit_code=3),
    "work:exit=3,attempt=0,message=a\\, b": Outcome(
        match=Match(template="work", attempt=0), exit_code=3, message="a, b"
    ),
    "work:error=disk full": Outcome(match=Match(template="work"), phase="Error", message="disk full"),
    "work:oom": Outcome(match=Match(template="work"), reason="OOMKilled"),
    "work:evicted,duration=2s": Outcome(match=Match(template="work"), reason="Evicted", duration=Seconds(2.0)),
    "work:twice": Outcome(match=Match(template="work"), delivered_twice=True),
    "work:message=no": Outcome(match=Match(template="work"), exit_code=1, message="no"),
}


@pytest.mark.parametrize("text", FAIL)
def test_short_forms_of_outcomes(text: str) -> None:
    assert fail.parse(text, ["work", "other"]) == FAIL[text]


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("wrok", "there is no template 'wrok' to fail", "did you mean 'work'?"),
        ("work:ext=1", "unknown 'ext'", "did you mean 'exit'?"),
        ("work:exit=x", "cannot read", "exit=N"),
        ("", "there is no template ''", ""),
    ],
)
def test_short_forms_that_cannot_be_read(text: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        fail.parse(text, ["work", "other"])
    assert message in caught.value.message
    assert hint in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("displayName=ask", True),
        ("displayName==ask,phase=Running", True),
        ("displayName=ask,phase!=Running", False),
        ("phase!=Failed", True),
        ("nothing=", True),
        ("inputs.parameters.x.value=a\\,b", True),
    ],
)
def test_selectors(text: str, fits: bool) -> None:
    fields = {"displayName": "ask", "phase": "Running", "inputs.parameters.x.value": "a,b"}
    assert selector.matches(selector.parse(text), fields) is fits


def test_a_selector_that_is_none() -> None:
    with pytest.raises(UsageError, match="invalid selector"):
        selector.parse("displayName")


def test_names_are_ordered_with_numbers_by_value() -> None:
    names = ["w[10].a", "w[2].a", "w[2].a(10)", "w[2].a(9)", "w.b", "w2", "w[2].a1", "w[2].ab"]
    ordered = ["w.b", "w2", "w[2].a", "w[2].a(9)", "w[2].a(10)", "w[2].a1", "w[2].ab", "w[10].a"]
    assert sorted(names, key=natural) == ordered


def test_names() -> None:
    assert stable("w", "w[0].a") == "<wf>[0].a"
    assert (attempt("w[0].a(2)"), attempt("w[0].a(2:x)"), attempt("w")) == (2, 0, 0)


NOON = datetime(2026, 3, 7, 12, tzinfo=UTC)
SCHEDULES = {
    "*/15 * * * *": "2026-03-07T12:15",
    "CRON_TZ=America/New_York 30 2 * * *": "2026-03-09T06:30",  # the 8th has no 2:30 there
    "0 9 * * mon-fri": "2026-03-09T09:00",
    "0 0 13 * 5": "2026-03-13T00:00",
    "0 0 14 * 1": "2026-03-09T00:00",  # either the day or the weekday
    "0 0 */2 * 1": "2026-03-09T00:00",
    "@weekly": "2026-03-08T00:00",
    "@every 90s": "2026-03-07T12:01",
    "30 4 29 2 ?": "2028-02-29T04:30",
}


@pytest.mark.parametrize("text", SCHEDULES)
def test_schedules_fire_next(text: str) -> None:
    found = schedule.parse(text).next(NOON)
    assert found is not None
    assert found.strftime("%Y-%m-%dT%H:%M") == SCHEDULES[text]


def test_a_schedule_that_never_fires() -> None:
    assert schedule.parse("0 0 31 2 *").next(NOON) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("* * * *", "expected exactly 5 fields, found 4: [* * * *]"),
        ("60 * * * *", "end of range (60) above maximum (59): 60"),
        ("* * * * 7", "end of range (7) above maximum (6): 7"),
        ("5-1 * * * *", "beginning of range (5) beyond end of range (1): 5-1"),
        ("*/0 * * * *", "step of range should be a positive number: */0"),
        ("@often", "unrecognized descriptor: @often"),
        ("CRON_TZ=No/Where * * * * *", "provided bad location No/Where"),
        ("x * * * *", "failed to parse int from x"),
    ],
)
def test_schedules_that_cannot_be_read(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        schedule.parse(text)
    assert message in caught.value.message


def _report(template: Json, script: Outputs | None = None, **more: object) -> object:
    settings: dict[str, Any] = {
        "location": {"s3": {"key": "w/p"}},
        "logs_of": ["main"],
        "include_result": False,
        "made_up": False,
    }
    return outputs.report(template, script, **(settings | {"killed": False} | more))


PARAMETER = {"name": "p", "valueFrom": {"path": "/tmp/p"}}
ARTIFACT = {"name": "a", "path": "/tmp/a"}


def test_a_parameter_comes_from_the_script_less_one_newline() -> None:
    template = {"container": {}, "outputs": {"parameters": [PARAMETER]}}
    assert _report(template, Outputs(parameters={"p": "x\n\n"})) == (
        {"parameters": [{**PARAMETER, "value": "x\n"}]},
        None,
    )


def test_a_missing_file_is_the_wait_containers_error() -> None:
    template = {"container": {}, "outputs": {"parameters": [PARAMETER]}}
    message = "open /var/run/argo/outputs/parameters/tmp/p: no such file or directory"
    assert _report(template) == ({"parameters": [PARAMETER]}, message)
    assert _report(template, made_up=True) == ({"parameters": [{**PARAMETER, "value": "oracle-p"}]}, None)


def test_artifacts_get_their_key() -> None:
    template = {"container": {}, "outputs": {"artifacts": [ARTIFACT]}}
    assert _report(template) == ({"artifacts": [{**ARTIFACT, "s3": {"key": "w/p/a.tgz"}}]}, None)
    found = _report(template, Outputs(artifacts={"a": False}))
    assert found == (None, "open /var/run/argo/outputs/artifacts/tmp/a.tgz: no such file or directory; ")


def test_a_result_is_there_only_if_asked_for() -> None:
    assert _report({"container": {}}, Outputs(result="x\n"), include_result=True) == ({"result": "x"}, None)
    assert _report({"container": {}}, Outputs(result="x\n")) == (None, None)


HTTP: dict[str, dict[str, str]] = {"http": {"url": "http://x"}}


@pytest.mark.parametrize(
    ("template", "outcome", "phase", "message"),
    [
        (HTTP, Outcome(), "Succeeded", ""),
        (HTTP, Outcome(http=Response(503, "busy")), "Failed", "received non-2xx response code: 503"),
        (HTTP, Outcome(exit_code=1), "Failed", "received non-2xx response code: 500"),
        (HTTP, Outcome(phase="Error", message="m"), "Error", "m"),
        ({"http": {"successCondition": "response.statusCode == 503"}}, Outcome(http=Response(503)), "Succeeded", ""),
        (
            {"http": {"successCondition": 'response.body contains "ok"'}},
            Outcome(http=Response(200, "no")),
            "Failed",
            "successCondition 'response.body contains \"ok\"' evaluated false",
        ),
        ({"http": {"successCondition": 'response.headers["X-A"][0] == "v"'}},
         Outcome(http=Response(200, headers={"x-a": ["v"]})), "Succeeded", ""),
        ({"plugin": {}}, Outcome(exit_code=1, message="m"), "Failed", "m"),
    ],
)  # fmt: skip
def test_answers_of_the_agent(template: dict[str, object], outcome: Outcome, phase: str, message: str) -> None:
    found = agent.answer(template, outcome)
    assert (found.phase, found.message) == (phase, message)


def test_the_clock_goes_by_time_then_priority_then_order() -> None:
    clock, seen = Clock(10.0), []
    for time, name, priority in [(12, "d", 0), (11, "b", 1), (11, "a", 0), (11, "c", 1), (5, "now", 0)]:
        clock.at(time, lambda name=name: seen.append((clock.now, name)), priority)  # type: ignore[misc]  # binds name
    while clock.next() is not None:
        clock.step()
    assert seen == [(10, "now"), (11, "a"), (11, "b"), (11, "c"), (12, "d")]


def test_a_step_waits_until_it_is_recorded() -> None:
    clock, seen, recorded = Clock(), list[str](), list[bool]()
    steps = Steps(clock, lambda: True)

    def first() -> None:
        seen.append("first")
        steps.wait(lambda: bool(recorded), lambda: seen.append("recorded"))

    steps.at(1.0, lambda: seen.append("late"))
    steps.at(0, first)
    steps.at(0, lambda: seen.append("second"))
    clock.step()
    assert seen == ["first"]
    recorded.append(True)
    steps.recorded()
    assert seen == ["first", "recorded", "second"]
    while clock.next() is not None:
        clock.step()
    assert seen[-1] == "late"


def test_a_step_loses_patience() -> None:
    clock, seen = Clock(), list[str]()
    steps = Steps(clock, lambda: False)
    steps.at(0, lambda: steps.wait(lambda: False, lambda: seen.append("gave up")))
    while clock.next() is not None:
        clock.step()
    assert (seen, clock.now) == (["gave up"], PATIENCE)


def test_held_steps_come_later() -> None:
    clock, seen = Clock(), list[str]()
    steps = Steps(clock, lambda: False)
    steps.hold()
    steps.at(0, lambda: seen.append("step"))
    clock.step()
    assert not seen
    steps.release()
    assert seen == ["step"]


def test_who_waits_for_a_lock_goes_by_priority_then_age_then_arrival() -> None:
    lock = Lock("ns/Mutex/m", 1)
    for key, priority, created, arrival in (("ns/a", 1, 9, 1), ("ns/b", 5, 9, 2), ("ns/c", 5, 3, 3), ("ns/d", 5, 3, 4)):
        lock.enqueue(key, priority, created, arrival)
    order = []
    while (front := lock.front()) is not None:
        order.append(front)
        lock.leave(front)
    assert order == ["ns/c", "ns/d", "ns/b", "ns/a"]
