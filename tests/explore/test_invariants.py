"""What must hold whatever goes wrong: each kind of statement, where it stands, and what is wrong with one."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from argosy.errors import ReadError, ScenarioError
from argosy.explore.exploration import Exploration, Result
from argosy.explore.faults import Fault
from argosy.explore.invariants import Invariant, annotated, beside, check, from_data, load, problem
from argosy.explore.observe import Observed, Place
from argosy.simulate.given import read
from tests.explore.conftest import Explored

SEEN = Observed(
    phase="Failed",
    ended="completed",
    handler="Succeeded",
    handler_took=90.0,
    saw={"workflow.status": "Failed", "workflow.failures": "[...]"},
    pods={"cleanup": 1, "charge": 2},
    inputs={"cleanup": {"status": "Failed", "who": "me"}},
    succeeded=("lock",),
)
EXIT = Fault("work", "exit 1", "exit")


def said(statement: dict[str, Any], seen: Observed = SEEN, fault: Fault = EXIT) -> str:
    [invariant] = from_data([statement])
    return problem(invariant, Result(fault, seen))


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ({"ran": "cleanup"}, ""),
        ({"ran": "notify"}, "notify did not run"),
        ({"ran": "cleanup", "gets": {"status": "{{workflow.status}}"}}, ""),
        ({"ran": "cleanup", "gets": {"status": "{{workflow.failures}}"}}, "cleanup got status='Failed', not '[...]'"),
        ({"ran": "cleanup", "gets": {"who": "you"}}, "cleanup got who='me', not 'you'"),
        ({"atMostOnce": "cleanup"}, ""),
        ({"atMostOnce": "notify"}, ""),
        ({"atMostOnce": "charge"}, "charge ran 2 times"),
        ({"handlerEndsWithin": "2m"}, ""),
        ({"handlerEndsWithin": "1m"}, "the handler took 90s"),
        ({"acquired": "lock", "released": "cleanup"}, ""),
        ({"acquired": "lock", "released": "unlock"}, "lock succeeded, and unlock did not run"),
        ({"acquired": "nothing", "released": "unlock"}, ""),
        ({"ran": "notify", "phase": ["Succeeded"]}, ""),
        ({"ran": "notify", "phase": ["Failed", "Error"]}, "notify did not run"),
        ({"ran": "notify", "unless": ["Succeeded"]}, "notify did not run"),
        ({"ran": "notify", "unless": ["Failed"]}, ""),
        ({"ran": "notify", "exceptAfter": ["exit"]}, ""),
        ({"ran": "notify", "exceptAfter": ["oom"]}, "notify did not run"),
    ],
    ids=str,
)
def test_each_statement_holds_or_says_what_is_wrong(statement: dict[str, Any], message: str) -> None:
    assert said(statement) == message


@pytest.mark.parametrize("kind", ["terminate", "lost", "down", "invalid", "entrypoint"])
def test_nothing_is_asked_after_what_no_handler_survives_unless_it_is_said_so(kind: str) -> None:
    fault = replace(EXIT, kind=kind)
    assert said({"ran": "notify"}, fault=fault) == ""
    assert said({"ran": "notify", "even": [kind]}, fault=fault) == "notify did not run"


def test_faults_of_the_handler_itself_can_be_left_out() -> None:
    own = replace(EXIT, place=Place("<wf>.onExit", "bye", "Pod", hook=True))
    assert said({"ran": "notify", "exceptAfter": ["handler"]}, fault=own) == ""
    assert said({"ran": "notify", "exceptAfter": ["handler"]}) == "notify did not run"


def test_a_run_that_hangs_says_what_it_waits_for() -> None:
    hung = Observed(phase="Running", ended="hung", handler="Running", waits_for=("the pod of a is Pending",))
    assert said({"ran": "notify"}, hung) == "notify did not run: the pod of a is Pending"
    assert said({"handlerEndsWithin": "1m"}, hung) == "the handler does not end: the pod of a is Pending"


@pytest.mark.parametrize(
    ("invariant", "words"),
    [
        (Invariant(ran="notify", gets={"status": "{{workflow.status}}"}), "notify ran with status={{workflow.status}}"),
        (Invariant(ran="notify", unless=["Succeeded"]), "notify ran, unless it ended Succeeded"),
        (Invariant(at_most_once="charge", phase=["Failed", "Error"]),
         "charge ran at most once, if the work ended Failed or Error"),
        (Invariant(acquired="lock", released="unlock", except_after=["hang"]),
         "unlock ran if lock succeeded, except after hang"),
        (Invariant(handler_ends_within=300.0), "the handler ended within 300s"),  # type: ignore[arg-type]
    ],
)  # fmt: skip
def test_invariants_in_python_are_the_same_in_words(invariant: Invariant, words: str) -> None:
    assert str(invariant) == words


def test_invariants_are_checked_over_an_exploration(explored: Explored) -> None:
    found: Exploration = explored("exit-handler")
    always, told = from_data([{"ran": "print-status"}, {"ran": "notify-failure", "phase": ["Failed"]}])
    broken = {(str(b.invariant), b.result.fault.name): b.message for b in check(found, [always, told])}
    waits = "print-status did not run: the pod of do-work is Running"
    assert broken[str(always), "do-work: hangs"] == waits
    assert (str(told), "do-work: exit 1") not in broken
    assert not any(name.endswith("terminated") for _, name in broken)


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("- rann: a\n", 1, 3, "unknown field 'rann'"),
        ("invariants:\n  - ran: a\n    exceptAfter: [rain]\n", 3, 19, "rain"),
        ("- {ran: a, atMostOnce: b}\n", 1, 3, "an invariant says one thing"),
        ("- ran: a\n- {}\n", 2, 3, "an invariant says one thing"),
        ("- handlerEndsWithin: soon\n", 1, 22, "soon"),
    ],
)
def test_what_is_wrong_has_a_position(text: str, line: int, column: int, message: str, tmp_path: Path) -> None:
    path = tmp_path / "w.invariants.yaml"
    path.write_text(text)
    with pytest.raises(ScenarioError, match=message) as error:
        load(path)
    assert error.value.place is not None
    assert (error.value.place.path, error.value.place.line, error.value.place.column) == (str(path), line, column)


def test_a_file_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ReadError, match="cannot read the invariants"):
        load("nowhere.yaml")


WORKFLOW = """kind: Workflow
metadata:
  name: w
  annotations:
    argosy/invariants: |
      - ran: from-annotation
spec: {entrypoint: main}
"""


def test_invariants_stand_in_a_file_beside_the_manifest_and_in_its_annotation(tmp_path: Path) -> None:
    (tmp_path / "w.yaml").write_text(WORKFLOW)
    (tmp_path / "w.invariants.yaml").write_text("invariants:\n- ran: from-file\n")
    (tmp_path / "more.yaml").write_text("- ran: from-more\n")
    [manifest] = read(tmp_path / "w.yaml")
    assert [one.ran for one in beside(manifest)] == ["from-file", "from-annotation"]
    everything = annotated(manifest, [str(tmp_path / "more.yaml")])
    [elsewhere] = read(dict(everything.data))
    assert [one.ran for one in beside(elsewhere)] == ["from-annotation", "from-file", "from-more"]
