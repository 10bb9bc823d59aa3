"""Submitting to a small server that speaks the part of Argo's API that is used."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from argosy.cli.main import main
from argosy.errors import UsageError
from argosy.frontend.submit import Change, Server, changes, differences, follow, submit
from argosy.source import Manifest

WORKFLOW = {
    "apiVersion": "argoproj.io/v1alpha1",
    "kind": "Workflow",
    "metadata": {"generateName": "hello-"},
    "spec": {
        "entrypoint": "main",
        "templates": [{"name": "main", "container": {"image": "alpine:3.22", "fieldOfTomorrow": 1}}],
    },
}


class FakeArgo(ThreadingHTTPServer):
    """Keeps what it is sent, and gives one state of the workflow after the other."""

    def __init__(self, phases: list[str]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.created: list[dict[str, Any]] = []
        self.tokens: list[str | None] = []
        self.phases = phases

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: FakeArgo

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.tokens.append(self.headers["Authorization"])
        if self.path != "/api/v1/workflows/batch":
            self.answer(403, {"code": 7, "message": "you may not"})
            return
        self.server.created.append(body)
        self.answer(200, {**body["workflow"], "metadata": {"name": "hello-abc12", "namespace": "batch"}})

    def do_GET(self) -> None:
        phase = self.server.phases.pop(0) if len(self.server.phases) > 1 else self.server.phases[0]
        root = {"id": "hello-abc12", "name": "hello-abc12", "displayName": "hello-abc12", "type": "Pod", "phase": phase}
        status = {"phase": phase, "nodes": {"hello-abc12": root}}
        self.answer(200, {**WORKFLOW, "metadata": {"name": "hello-abc12"}, "status": status})

    def answer(self, code: int, body: dict[str, Any]) -> None:
        text = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def argo() -> Iterator[FakeArgo]:
    server = FakeArgo(["Pending", "Running", "Succeeded"])
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_submitting_sends_the_document_as_it_is_with_fields_that_hera_does_not_know(argo: FakeArgo) -> None:
    name = submit(Manifest(WORKFLOW), Server(argo.url, "secret", "batch"))
    assert name == "hello-abc12"
    [sent] = argo.created
    assert sent["workflow"]["spec"] == WORKFLOW["spec"]
    assert sent["workflow"]["metadata"] == {"generateName": "hello-", "namespace": "batch"}
    assert argo.tokens == ["Bearer secret"]


def test_following_gives_each_change_until_the_end(argo: FakeArgo) -> None:
    seen = list(follow("hello-abc12", Server(argo.url, namespace="batch"), rest=lambda _: None))
    phases = [(c.name, c.phase) for c in seen]
    assert phases == [("hello-abc12", p) for p in ("Pending", "Running", "Succeeded")] + [("", "Succeeded")]


def test_a_refusal_says_what_the_server_says(argo: FakeArgo) -> None:
    with pytest.raises(UsageError, match=r"refuses: .*you may not"):
        submit(Manifest(WORKFLOW), Server(argo.url, namespace="elsewhere"))


def test_a_server_that_is_not_there_is_one_clear_error() -> None:
    with pytest.raises(UsageError, match="cannot be reached"):
        submit(Manifest(WORKFLOW), Server("http://127.0.0.1:9", namespace="batch"))
    with pytest.raises(UsageError, match="no address"):
        submit(Manifest(WORKFLOW), Server("argo.example.com", namespace="batch"))


def test_changes_are_nodes_in_a_new_phase() -> None:
    seen: dict[str, tuple[str, str]] = {}
    status = {"nodes": {"b": {"name": "w.b", "displayName": "b", "phase": "Running", "startedAt": "2"}}}
    assert list(changes(status, seen)) == [Change("b", "Running")]
    assert list(changes(status, seen)) == []


def test_differences_are_by_node_without_the_workflows_own_name() -> None:
    actual = {
        "phase": "Failed",
        "nodes": {"1": {"name": "w-1", "phase": "Failed"}, "2": {"name": "w-1[0].a", "phase": "Failed"}},
    }
    simulated = {
        "phase": "Succeeded",
        "nodes": {"x": {"name": "w-2", "phase": "Failed"}, "y": {"name": "w-2.onExit", "phase": "Succeeded"}},
    }
    assert differences(actual, simulated) == [
        "the workflow ended Failed, in the simulation Succeeded",
        "[0].a: Failed, in the simulation was not there",
        "onExit: was not there, in the simulation Succeeded",
    ]
    assert differences(actual, actual) == []


def test_the_command_submits_follows_and_compares(
    argo: FakeArgo, tmp_path: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    monkeypatch.setenv("NO_COLOR", "1")
    file = tmp_path / "hello.py"
    file.write_text(
        "from argosy import container, sh, workflow\n"
        "@workflow(generate_name='hello-')\n@container(image='alpine:3.22')\n"
        "def main() -> None:\n    sh('echo hello')\n"
    )
    code = main(["submit", str(file), "--server", argo.url, "-n", "batch", "--compare"])
    out = capsys.readouterr().out
    assert code == 0, out
    assert out.startswith("Workflow hello-abc12 created\n")
    assert out.endswith("It ended as in the simulation.\n")
    assert main(["submit", str(file), "--server", argo.url, "-n", "batch", "--compare", "--fail", "main:exit=1"]) == 1
    assert "the workflow ended Succeeded, in the simulation Failed" in capsys.readouterr().out
