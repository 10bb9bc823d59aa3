"""Whole runs: faults beyond the records, expectations, hung runs, what is given, and that the same gives the same."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import argosy
from argosy.errors import ArgosyError, ReadError, UsageError
from argosy.simulate.api import simulate
from argosy.simulate.run import Run

HANDLED = """
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: exit-}
spec:
  entrypoint: main
  onExit: bye
  templates:
  - name: main
    steps:
    - - {name: work, template: work}
    - - {name: more, template: work}
  - name: work
    container: {image: "alpine:3.20", command: [sh, -c, "exit 1"]}
  - name: bye
    container: {image: "alpine:3.20", command: [echo, "{{workflow.status}}"]}
"""
ASKING = """
kind: Workflow
metadata: {name: asks}
spec:
  entrypoint: main
  templates:
  - name: main
    steps:
    - - {name: ask, template: ask}
  - {name: ask, suspend: {}}
"""


def run(manifest: Any = HANDLED, **scenario: Any) -> Run:
    result = simulate(manifest, scenario=scenario)
    assert isinstance(result, Run)
    return result


def phases(result: Run) -> dict[str, str]:
    return {n["displayName"]: n["phase"] for n in result.workflow["status"]["nodes"].values()}


def handlers(result: Run) -> list[Any]:
    return [pod["template"]["container"]["command"][1] for pod in result.pods if pod["templateName"] == "bye"]


def test_the_package_is_the_function() -> None:
    assert argosy.simulate(HANDLED).phase == "Succeeded"  # type: ignore[operator]  # the module is callable
    from argosy.simulate import Run as Same

    assert Same is Run


def test_a_failure_reaches_the_exit_handler() -> None:
    result = simulate(HANDLED, fail=["work:exit=3"])
    assert isinstance(result, Run)
    assert (result.phase, handlers(result)) == ("Failed", ["Failed"])
    assert result.to_dict()["argosy"]["ended"] == "completed"
    assert result.ok


def test_a_template_that_is_not_there_cannot_fail() -> None:
    with pytest.raises(UsageError, match="no template 'wrok'"):
        simulate(HANDLED, fail=["wrok"])


def test_a_lost_workflow_has_no_handler() -> None:
    result = run(
        outcomes=[{"match": {"template": "work"}, "duration": "10s"}],
        actions=[{"when": {"node": "work"}, "do": "lose"}],
    )
    assert (result.ended, handlers(result)) == ("deleted", [])


def test_a_handler_can_be_delivered_twice() -> None:
    result = run(outcomes=[{"match": {"template": "bye"}, "deliveredTwice": True}])
    assert handlers(result) == ["Succeeded", "Succeeded"]
    assert result.phase == "Succeeded"


def test_a_controller_that_is_down_catches_up() -> None:
    result = run(
        outcomes=[{"match": {"node": "work$"}, "duration": "10s"}],
        actions=[{"after": "2s", "do": "controller-down", "for": "1h"}],
    )
    assert result.phase == "Succeeded"
    done = next(e.at for e in result.events if e.node and e.node.endswith(".work") and e.after == "Succeeded")
    assert done - result.events[0].at >= 3600


def test_a_controller_that_stays_down_leaves_all_as_it_was() -> None:
    result = run(actions=[{"when": {"node": "work"}, "do": "controller-down"}])
    assert (result.ended, result.phase, handlers(result)) == ("hung", "Running", [])


def test_a_resubmitted_workflow_is_another_one() -> None:
    result = run(
        outcomes=[{"match": {"template": "work", "node": "^<wf>"}, "exitCode": 1}],
        actions=[{"when": {"workflow": "Failed"}, "do": "resubmit"}],
    )
    (other,) = result.others
    assert other["metadata"]["name"] != result.workflow["metadata"]["name"]
    labels = other["metadata"]["labels"]
    assert labels["workflows.argoproj.io/resubmitted-from-workflow"] == result.workflow["metadata"]["name"]
    assert other["status"]["phase"] == "Failed"


def test_a_hung_run_says_what_it_waits_for() -> None:
    result = run(ASKING)
    assert (result.ended, result.waits_for) == ("hung", ["ask is suspended: it waits to be resumed"])
    assert result.to_dict()["argosy"]["waitsFor"] == result.waits_for


def test_a_pod_without_end_hangs_the_run() -> None:
    result = run(outcomes=[{"match": {"template": "work"}, "runForever": True}])
    assert (result.ended, result.waits_for) == ("hung", ["the pod of work is Running"])


def test_thirty_days_pass_at_once() -> None:
    manifest = ASKING.replace("suspend: {}", "suspend: {duration: 30d}")
    result = run(manifest)
    assert result.phase in ("Succeeded", "Failed", "Error")
    manifest = ASKING.replace("suspend: {}", 'suspend: {duration: "720h"}')
    result = run(manifest)
    assert result.phase == "Succeeded"
    assert result.events[-1].at - result.events[0].at >= 30 * 86400 - 1  # Argo keeps whole seconds


@pytest.mark.parametrize(
    ("scenario", "unused"),
    [
        ({"outcomes": [{"match": {"template": "nobody"}}]}, ["outcome 0"]),
        ({"actions": [{"when": {"node": "nobody"}, "do": "stop"}]}, ["action 0: stop"]),
    ],
)
def test_what_never_applied_is_told(scenario: dict[str, Any], unused: list[str]) -> None:
    result = run(**scenario)
    assert (result.unused, result.ok) == (unused, False)


def test_an_action_that_argo_refuses_is_told() -> None:
    result = run(ASKING, actions=[{"after": "1s", "do": "resume", "selector": "displayName=nobody"}])
    assert "no suspend nodes matching" in result.actions[0]["error"]


FAILING = [{"match": {"node": "work$"}, "exitCode": 1, "message": "no disk"}]


@pytest.mark.parametrize(
    "expect",
    [
        {"phase": "Failed", "exitHandler": "Succeeded", "ended": "completed", "ran": ["bye"]},
        {"nodes": {"work": "Failed", "<wf>.onExit": {"phase": "Succeeded", "runs": 1, "ran": True}}},
        {"nodes": {"work": {"message": "no disk$"}}, "absent": ["more"], "order": ["work", "<wf>.onExit"]},
    ],
)
def test_expectations_that_hold(expect: dict[str, Any]) -> None:
    assert run(outcomes=FAILING, expect=expect).failures == []


@pytest.mark.parametrize(
    ("expect", "told"),
    [
        ({"phase": "Succeeded"}, "the workflow's phase: expected Succeeded, got Failed"),
        ({"exitHandler": "None"}, "the exit handler's phase: expected None, got Succeeded"),
        ({"nodes": {"more": "Succeeded"}}, "node more: it never came up"),
        ({"nodes": {"work": {"message": "disc"}}}, "node work: message: expected 'disc' in"),
        ({"absent": ["work"]}, "node work: is there, expected none"),
        ({"ran": ["nobody"]}, "template nobody: no pod was started"),
        ({"notRun": ["bye"]}, "template bye: a pod was started, expected none"),
        ({"order": ["<wf>.onExit", "work"]}, "order: node work came up too early"),
        ({"outputs": {"x": "1"}}, "global output x: expected '1', got None"),
    ],
)
def test_expectations_that_do_not_hold(expect: dict[str, Any], told: str) -> None:
    (failure,) = run(outcomes=FAILING, expect=expect).failures
    assert failure.startswith(told)


def test_a_scenario_names_its_manifest(tmp_path: Path) -> None:
    (tmp_path / "w.yaml").write_text(HANDLED)
    (tmp_path / "s.yaml").write_text("manifest: w.yaml\nexpect: {phase: Succeeded}\n")
    result = simulate(scenario=tmp_path / "s.yaml")
    assert result.ok


def test_a_file_can_hold_what_the_workflow_refers_to(tmp_path: Path) -> None:
    template = (
        "kind: WorkflowTemplate\nmetadata: {name: lib}\nspec:\n  templates:\n  - {name: x, suspend: {duration: 1s}}\n"
    )
    caller = "kind: Workflow\nmetadata: {name: w}\nspec:\n  entrypoint: m\n  templates:\n  - name: m\n    steps:\n"
    caller += "    - - {name: a, templateRef: {name: lib, template: x}}\n"
    (tmp_path / "w.yaml").write_text(template + "---\n" + caller)
    assert run(tmp_path / "w.yaml").phase == "Succeeded"
    only = tmp_path / "t.yaml"
    only.write_text(template.replace("spec:\n", "spec:\n  entrypoint: x\n"))
    result = run(only)
    assert (result.phase, result.workflow["spec"]["workflowTemplateRef"]) == ("Succeeded", {"name": "lib"})


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        ("kind: ConfigMap\nmetadata: {name: c}\n", "there is no workflow to simulate"),
        (HANDLED + "---\n" + ASKING, "several workflows to simulate: exit-, asks"),
        ("kind: Workflow\n  a: b: c\n", "mapping values"),
    ],
)
def test_what_cannot_be_simulated_is_one_clear_error(manifest: str, message: str) -> None:
    with pytest.raises(ArgosyError, match=message):
        simulate(manifest)


def test_one_of_several_is_chosen_by_name() -> None:
    result = simulate(HANDLED + "---\n" + ASKING, workflow="exit-")
    assert result.ok


def test_a_broken_workflow_ends_as_in_argo() -> None:
    result = run(HANDLED.replace("entrypoint: main", "entrypoint: nobody"))
    assert result.phase == "Failed"
    assert result.message.startswith("invalid spec: ")


PROGRAM = """
import json, sys
from argosy.simulate.api import simulate
out = [simulate(scenario=path, seed=7).to_dict() for path in sys.argv[1:]]
sys.stdout.write(json.dumps(out))
"""


def test_the_same_gives_the_same_bytes() -> None:
    paths = [str(path) for path in sorted((Path(__file__).parent / "scenarios").glob("*.yaml"))]
    texts = []
    for seed in ("1", "2"):
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run([sys.executable, "-c", PROGRAM, *paths], env=env, capture_output=True, check=True)
        texts.append(done.stdout)
    assert texts[0] == texts[1]
    assert len(json.loads(texts[0])) == len(paths)


def test_retries_without_limit_end_somewhere() -> None:
    manifest = HANDLED.replace("  - name: work\n", "  - name: work\n    retryStrategy: {}\n")
    result = run(manifest, outcomes=[{"match": {"template": "work"}, "exitCode": 1}])
    assert result.ended == "endless"
    assert len(result.pods) >= 1000


def test_an_entrypoint_ends_although_a_hook_of_the_workflow_outlasts_it() -> None:
    hooks = "  hooks: {running: {expression: workflow.status == 'Running', template: bye}}\n"
    tasks = "    dag: {tasks: [{name: work, template: work}]}\n"
    manifest = HANDLED.replace("  onExit: bye\n", hooks)
    steps = manifest[manifest.index("    steps:") : manifest.index("  - name: work\n    container")]
    for text in (manifest, manifest.replace(steps, tasks)):
        result = run(text, outcomes=[{"match": {"template": "bye"}, "duration": "5s"}])
        assert (result.phase, result.ended) == ("Succeeded", "completed")


def test_a_deadline_ends_a_pod_whose_image_is_never_there() -> None:
    manifest = HANDLED.replace("  - name: work\n", "  - name: work\n    activeDeadlineSeconds: 60\n")
    result = run(manifest, outcomes=[{"match": {"template": "work"}, "imagePullBackOff": True}])
    assert result.phase == "Failed"
    work = result.node("work")
    assert work is not None
    assert work["message"] == "Pod was active on the node longer than the specified deadline"


def test_a_loop_over_failures_that_grows_with_its_own_failures_is_endless() -> None:
    loop = """    steps:
    - - name: each
        template: work
        withParam: "{{=toJson(map(sprig.fromJson(sprig.fromJson(workflow.failures)), {#.displayName}))}}"
"""
    manifest = HANDLED.replace('    container: {image: "alpine:3.20", command: [echo, "{{workflow.status}}"]}\n', loop)
    outcomes = [{"match": {"hooked": False}, "duration": "5s", "exitCode": 1}]
    stop = {"when": {"workflow": "Running"}, "after": "7s", "do": "terminate"}
    result = run(manifest, outcomes=outcomes, actions=[stop])
    assert result.ended == "endless"


@pytest.mark.parametrize("kind", ["Workflow", "WorkflowTemplate", "CronWorkflow"])
def test_a_scenario_gives_the_arguments_as_whoever_submits_it(kind: str) -> None:
    spec = {
        "entrypoint": "main",
        "arguments": {"parameters": [{"name": "who"}, {"name": "size", "value": "2", "enum": ["2", "3"]}]},
        "templates": [{"name": "main", "container": {"image": "a", "args": ["{{workflow.parameters}}"]}}],
    }
    inner = {"schedule": "0 * * * *", "workflowSpec": spec} if kind == "CronWorkflow" else spec
    data = {"apiVersion": "argoproj.io/v1alpha1", "kind": kind, "metadata": {"name": "w"}, "spec": inner}
    result = simulate(data, scenario={"arguments": {"who": "me", "size": 3}})
    assert isinstance(result, Run)
    assert result.phase == "Succeeded"
    [given] = result.pods[0]["template"]["container"]["args"]
    assert {one["name"]: one["value"] for one in json.loads(given)} == {"who": "me", "size": "3"}


def test_the_pods_of_a_node_count_its_attempts_and_what_is_below_it() -> None:
    manifest = HANDLED.replace("  - name: work\n", "  - name: work\n    retryStrategy: {limit: 1}\n")
    failing = [{"match": {"node": "work\\(0\\)"}, "exitCode": 1}]
    wanted = {"work": {"runs": 2}, "more": {"runs": 1, "ran": True}, "<wf>[0]": {"runs": 2}}
    assert run(manifest, outcomes=failing, expect={"nodes": wanted}).failures == []


RESTLESS = """
kind: Workflow
metadata: {name: restless}
spec:
  entrypoint: main
  templates:
  - name: main
    retryStrategy: {backoff: {duration: 1s, maxDuration: 3s}}
    container: {image: "alpine:3.20", command: ["false"]}
"""


def test_a_workflow_that_is_changed_in_place_is_simulated_as_it_is_now() -> None:
    step: dict[str, Any] = {"name": "each", "template": "work", "withItems": ["a"]}
    work = {"name": "work", "container": {"image": "alpine:3.20", "args": ["{{item}}"]}}
    spec = {"entrypoint": "main", "templates": [{"name": "main", "steps": [[step]]}, work]}
    manifest = {"kind": "Workflow", "metadata": {"name": "w"}, "spec": spec}
    before = simulate(manifest).to_dict()
    step["withItems"].append("b")
    changed = simulate(manifest).to_dict()
    step["withItems"].remove("b")
    assert [len(one["argosy"]["pods"]) for one in (before, changed)] == [1, 2]
    assert simulate(manifest).to_dict() == before


def test_what_was_simulated_before_makes_no_date_a_text() -> None:
    def workflow(value: object) -> dict[str, Any]:
        template = {"name": "main", "container": {"image": "i", "env": [{"name": "DAY", "value": value}]}}
        return {"kind": "Workflow", "metadata": {"name": "w"}, "spec": {"entrypoint": "main", "templates": [template]}}

    assert simulate(workflow("2026-01-05")).ok
    with pytest.raises(ReadError):
        simulate(workflow(date(2026, 1, 5)))


def test_retries_that_do_not_wait_are_ended_by_their_longest_duration() -> None:
    result = run(RESTLESS, outcomes=[{"match": {"template": "main"}, "exitCode": 1}])
    assert (result.ended, result.message) == ("completed", "Max duration limit exceeded")


def test_a_backoff_passes_while_the_workflow_is_suspended() -> None:
    actions = [{"when": {"node": "restless(0)", "phase": "Failed"}, "do": "suspend"}]
    result = run(
        RESTLESS.replace("{backoff", "{limit: 2, backoff"),
        outcomes=[{"match": {"template": "main"}, "exitCode": 1}],
        actions=actions,
    )
    assert (result.phase, result.ended) == ("Running", "hung")


def test_the_controllers_config_map_adds_to_each_workflow() -> None:
    defaults = "spec: {onExit: bye, parallelism: 5}\nmetadata: {labels: {team: blue}}\n"
    config = {"kind": "ConfigMap", "metadata": {"name": "workflow-controller-configmap"}}
    result = run(HANDLED.replace("  onExit: bye\n", ""), objects=[{**config, "data": {"workflowDefaults": defaults}}])
    assert result.phase == "Succeeded"
    assert [n["phase"] for n in result.workflow["status"]["nodes"].values() if n["name"].endswith(".onExit")] == [
        "Succeeded"
    ]
    assert result.workflow["metadata"]["labels"]["team"] == "blue"
