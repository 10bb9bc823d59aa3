"""Which faults there are: each leaf in each way that its kind can fail, at each attempt, and the whole workflow."""

from argosy.explore.exploration import explore
from argosy.explore.faults import MOST_ATTEMPTS, MOST_BEFORE, MOST_ITEMS
from tests.explore.conftest import Explored

POD = ["exit 1", "error", "OOM", "evicted", "hangs", "no image"]
OUTSIDE = ["stopped", "terminated", "deadline", "suspend+resume", "controller restart", "controller gone", "lost"]


def faults_of(explored: Explored, workflow: str, where: str, before: int = 0) -> list[str]:
    results = explored(workflow).results
    return [r.fault.what for r in results if r.fault.where == where and len(r.fault.after) == before]


def test_a_pod_fails_in_every_way_and_the_workflow_too_while_it_runs(explored: Explored) -> None:
    assert faults_of(explored, "leaf", "work") == [*POD, *OUTSIDE]


def test_a_pod_of_the_handler_may_be_delivered_twice_as_well(explored: Explored) -> None:
    assert faults_of(explored, "leaf", "onExit") == [*POD, "delivered twice", *OUTSIDE]


def test_the_manifest_itself_may_be_at_fault(explored: Explored) -> None:
    assert faults_of(explored, "leaf", "entrypoint") == ["error in itself"]
    assert faults_of(explored, "leaf", "workflow") == ["invalid spec"]


def test_each_attempt_fails_and_all_of_them(explored: Explored) -> None:
    every = "exit 1 at every attempt"
    assert faults_of(explored, "hooked-dag", "build(0)") == [*POD, *OUTSIDE]
    assert faults_of(explored, "hooked-dag", "build(1)", before=1) == POD
    assert faults_of(explored, "hooked-dag", "build") == [every]


def test_a_step_that_only_a_fault_brings_up_is_faulted_after_it(explored: Explored) -> None:
    found = [r.fault.name for r in explored("exit-handler").results if r.fault.where == "onExit.notify-failure"]
    assert len(found) == len(POD) + 1 + len(OUTSIDE)
    assert found[0] == "onExit.notify-failure: exit 1, after do-work: exit 1"


def test_hooks_are_faulted_like_steps(explored: Explored) -> None:
    for hook in ("hooks.running", "build.hooks.run"):
        assert faults_of(explored, "hooked-dag", hook) == [*POD, "delivered twice", *OUTSIDE]


def test_a_server_answers_badly_or_not_at_all(explored: Explored) -> None:
    assert faults_of(explored, "asks", "call") == ["answers 500", "no answer", "hangs", *OUTSIDE]


def test_people_do_not_answer_or_refuse_or_say_something_else(explored: Explored) -> None:
    answers = ["answer=other", "answer=again", "answer=no"]
    assert faults_of(explored, "asks", "ask") == ["nobody answers", "refused", *answers, *OUTSIDE]


def test_a_template_that_calls_itself_is_followed_only_so_far(explored: Explored) -> None:
    assert max(len(r.fault.after) for r in explored("asks").results) == MOST_BEFORE - 1


def test_names_tell_faults_apart(explored: Explored) -> None:
    for workflow in ("asks", "hooked-dag", "exit-handler"):
        names = [r.fault.name for r in explored(workflow).results]
        assert len(names) == len(set(names))


def spec(**template: object) -> dict[str, object]:
    container = {"image": "alpine:3.22", "command": ["make"]}
    return {
        "kind": "Workflow",
        "metadata": {"name": "w"},
        "spec": {"entrypoint": "main", "templates": [{"name": "main", "container": container, **template}]},
    }


def test_of_many_attempts_only_the_first_ones_are_faulted() -> None:
    found = {r.fault.where for r in explore(spec(retryStrategy={"limit": 50})).results}
    assert {"<entrypoint>(4)", "main(4)"} & found
    assert not {place for place in found if place.endswith(f"({MOST_ATTEMPTS})")}


def test_of_many_items_only_the_first_ones_are_faulted() -> None:
    call = {"name": "each", "template": "work", "withSequence": {"count": "30"}}
    work = {"name": "work", "container": {"image": "alpine:3.22", "command": ["make"]}}
    main = {"name": "main", "steps": [[call]]}
    data = {"kind": "Workflow", "metadata": {"name": "w"}, "spec": {"entrypoint": "main", "templates": [main, work]}}
    found = {r.fault.where for r in explore(data).results if r.fault.place}
    assert len(found) == MOST_ITEMS


def test_each_container_of_a_set_fails() -> None:
    containers = [{"name": name, "image": "alpine:3.22", "command": ["make"]} for name in ("main", "helper")]
    data = spec(container=None, containerSet={"containers": containers})
    del data["spec"]["templates"][0]["container"]  # type: ignore[index]
    found = [r for r in explore(data).results if r.fault.what == "helper exits 1"]
    assert [r.observed.phase for r in found] == ["Failed"]


def test_a_workflow_from_a_template_has_its_deadline_from_the_start(explored: Explored) -> None:
    [found] = [r for r in explored("asks").results if r.fault.name == "ask: deadline"]
    assert found.fault.change is not None
    assert found.observed.phase == "Failed"
