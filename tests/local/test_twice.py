"""Handlers that are run twice in the same world: what is found to differ."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from argosy.explore.exploration import explore
from argosy.explore.twice import Handler, Twice, situations, twice
from argosy.model.schema_files import schema_file
from argosy.report import render
from argosy.yaml.write import dump_all
from tests.local.runs import Data, sh, steps

CLAIM = {"name": "v", "persistentVolumeClaim": {"claimName": "shared"}}
ON_CLAIM = {"volumeMounts": [{"name": "v", "mountPath": "/v"}]}


def workflow(*handlers: Data, hooks: Data | None = None) -> Data:
    """Give a workflow whose exit handler runs templates one after the other."""
    bye = {"name": "bye", "steps": [[{"name": h["name"], "template": h["name"]}] for h in handlers]}
    out = steps({"name": "work", "container": sh("exit 1")}, onExit="bye", volumes=[CLAIM], hooks=hooks or {})
    out["spec"]["templates"] += [bye, *handlers]
    return out


def found(*handlers: Data) -> Twice:
    return twice(explore(workflow(*handlers)))


def only(handler: Data) -> Handler:
    """Run a handler of one step twice, and give what is found of it when nothing goes wrong."""
    (one,) = found({"name": "it", **handler}).situations[0].handlers
    assert one.node == "onExit.it"
    return one


def messages(handler: Data) -> list[tuple[str, str]]:
    return [(difference.kind, difference.message) for difference in only(handler).differences]


def http(method: str, **more: object) -> Data:
    return {"http": {"method": method, "url": "https://api.example.com/x", "body": "{{workflow.name}}", **more}}


@pytest.mark.parametrize(
    "handler",
    [
        {"container": sh("echo same >/v/file; mkdir -p /v/d; rm -f /v/none", **ON_CLAIM)},
        {"container": sh("date +%N >/tmp/own")},
        http("PUT"),
        http("DELETE"),
        http("POST", headers=[{"name": "Idempotency-Key", "value": "{{workflow.uid}}"}]),
    ],
    ids=["the same file", "a file of the pod", "put", "delete", "a key"],
)
def test_what_has_no_further_effect_does_not_differ(handler: Data) -> None:
    assert messages(handler) == []


def test_a_file_that_grows_is_found() -> None:
    assert messages({"container": sh("echo more >>/v/a/log || { mkdir /v/a; echo one >/v/a/log; }", **ON_CLAIM)}) == [
        ("file", "a/log in the volume shared is changed the second time")
    ]


def test_a_handler_that_fails_the_second_time_is_found_with_what_it_said() -> None:
    ((kind, message),) = messages({"container": sh("mkdir /v/lock", **ON_CLAIM)})
    assert kind == "exit"
    assert message.startswith("exit code 0 the first time, 1 the second: ")
    assert "/v/lock" in message and "File exists" in message


def test_an_output_that_is_another_is_found() -> None:
    outputs = {"parameters": [{"name": "n", "valueFrom": {"path": "/tmp/n"}}]}
    count = sh("echo x >>/v/n; wc -l </v/n | tr -d ' ' >/tmp/n", **ON_CLAIM)
    assert ("output", "output n is '1' the first time, '2' the second") in messages(
        {"container": count, "outputs": outputs}
    )


def test_an_artifact_that_is_another_is_found() -> None:
    outputs = {"artifacts": [{"name": "a", "path": "/tmp/a"}]}
    count = sh("echo x >>/v/n; cp /v/n /tmp/a", **ON_CLAIM)
    assert ("artifact", "the artifact a.tgz is another the second time") in messages(
        {"container": count, "outputs": outputs}
    )


def test_a_request_that_is_made_again_is_found() -> None:
    assert messages(http("POST")) == [("request", "POST https://api.example.com/x is sent again")]
    assert only(http("PUT")).again == ["PUT https://api.example.com/x"]


def test_a_failure_of_both_times_is_no_proof() -> None:
    one = only({"container": sh("echo badly >&2; exit 3")})
    assert (one.differences, one.failed) == ([], "exit code 3: badly")


def test_the_whole_handler_runs_before_it_runs_again() -> None:
    make, remove = (
        {"name": "make", "container": sh("touch /v/x", **ON_CLAIM)},
        {"name": "rm", "container": sh("rm /v/x", **ON_CLAIM)},
    )
    kinds = [[d.kind for d in handler.differences] for handler in found(make, remove).situations[0].handlers]
    assert kinds == [["file"], ["file"]], "each undoes what the other has done"


def test_what_cannot_be_run_is_said() -> None:
    one = only({"resource": {"action": "apply", "manifest": "kind: ConfigMap\napiVersion: v1\nmetadata: {name: x}"}})
    assert one.not_run == "only scripts, containers and HTTP requests can be run"


def test_every_step_is_run_with_every_status_it_can_see() -> None:
    tell = {"name": "tell", "container": sh("true")}
    exploration = explore(workflow(tell))
    statuses = [result.observed.saw["workflow.status"] for result in situations(exploration)]
    assert statuses == ["Succeeded", "Failed"]
    assert situations(exploration)[0].fault.name == "nothing goes wrong"


def test_the_report_says_what_differs_once(tmp_path: Path) -> None:
    done = found(
        {"name": "keep", "container": sh("true")}, {"name": "post", **http("POST")}, {"name": "put", **http("PUT")}
    )
    assert render("twice", "text", done) == (
        "wf: its handlers, run twice in the same world\n"
        "\n"
        "nothing goes wrong\n"
        "  = keep\n"
        "  ≠ post\n"
        "      POST https://api.example.com/x is sent again\n"
        "  = put  1 request sent again, to no further effect\n"
        "\n"
        "1 of 3 steps of handlers are not idempotent.\n"
    )


def test_json_is_as_its_schema_says() -> None:
    done = found({"name": "post", **http("POST")}, {"name": "bad", "container": sh("exit 1")})
    schema = json.loads(schema_file("twice.schema.json").read_text())
    data = json.loads(render("twice", "json", done))
    jsonschema.Draft202012Validator(schema).validate(data)
    assert data["same"] is False
    fields = schema["properties"]["situations"]["items"]["properties"]["handlers"]["items"]["properties"]
    assert set(data["situations"][0]["handlers"][0]) | set(data["situations"][0]["handlers"][1]) <= set(fields)


def test_the_command_fails_on_request_only(tmp_path: Path) -> None:
    (tmp_path / "wf.yaml").write_text(dump_all([workflow({"name": "post", **http("POST")})]))

    def argosy(*words: str) -> subprocess.CompletedProcess[str]:
        every = [sys.executable, "-m", "argosy", "explore", "wf.yaml", "--twice", *words]
        return subprocess.run(every, cwd=tmp_path, capture_output=True, text=True)

    assert argosy().returncode == 0
    done = argosy("--strict")
    assert done.returncode == 1
    assert "POST https://api.example.com/x is sent again" in done.stdout
    done = argosy("--format", "markdown")
    assert done.returncode == 2
    assert "it is as text or json" in done.stderr


def test_nothing_is_run_unless_it_is_asked_for(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    (tmp_path / "wf.yaml").write_text(dump_all([workflow({"name": "it", "container": sh(f"touch {marker}")})]))
    code = "import sys; from argosy.cli.main import main; main(['explore', 'wf.yaml']); "
    code += "print('argosy.local' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "False", done.stderr
    assert not marker.exists()
