"""Images, run with Docker or Podman: the command lines, seen by a small program that stands in for the engine.

It knows ``create``, ``start``, ``cp``, ``kill`` and ``rm``, and runs a container's words on this machine; no image is
needed. The last test asks a real engine, if ``ARGOSY_ENGINE=podman ARGOSY_IMAGE=alpine:3.22`` say which.
"""

import json
import os
import stat
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from argosy.errors import UsageError
from argosy.local.volumes import SERVICE_ACCOUNT
from tests.local.runs import Data, node, pod, run, sh, steps

ENGINE = """#!{python}
import json, os, subprocess, sys, time
state = {state!r}
words = sys.argv[1:]
with open(os.path.join(state, "calls"), "a") as calls:
    calls.write(json.dumps(words) + "\\n")
verb = words[0]
if verb == "create":
    if words[-1] == "missing:1" or "missing:1" in words:
        sys.exit("no such image: missing:1")
    options, rest = {{}}, words[1:]
    while rest[0].startswith("--"):
        options.setdefault(rest[0], []).append(rest[1])
        rest = rest[2:]
    made = {{"env": options.get("--env", []), "words": options.get("--entrypoint", []) + rest[1:]}}
    made["volumes"] = options.get("--volume", [])
    json.dump(made, open(os.path.join(state, "made"), "w"))
elif verb == "start":
    made = json.load(open(os.path.join(state, "made")))
    script = [v.split(":")[0] for v in made["volumes"] if v.endswith(":/argo")][0] + "/staging/script"
    words = [script if word == "/argo/staging/script" else word for word in made["words"]]
    environment = dict(pair.split("=", 1) for pair in made["env"]) | {{"PATH": os.environ["PATH"]}}
    sys.exit(subprocess.run(words, env=environment, cwd=state).returncode)
elif verb == "cp":
    source, target = words[1].partition(":")[2], words[2]
    if os.path.exists(state + source):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        open(target, "wb").write(open(state + source, "rb").read())
"""


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put an engine on the path, and give the folder of what it was asked."""
    state = tmp_path / "state"
    (tmp_path / "bin").mkdir()
    state.mkdir()
    program = tmp_path / "bin" / "enjin"
    program.write_text(ENGINE.format(python=sys.executable, state=str(state)))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "mine")
    return state


def calls(state: Path) -> list[list[str]]:
    return [json.loads(line) for line in (state / "calls").read_text().splitlines()]


def options(words: list[str]) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for name, value in pairwise(words):
        if name.startswith("--"):
            out.setdefault(name, []).append(value)
    return out


def test_a_container_is_made_started_and_removed(engine: Path) -> None:
    container = sh("echo $GREETING; exit 4", env=[{"name": "GREETING", "value": "hello"}], workingDir="/work")
    shown = pod(container, how={"container_engine": "enjin"})
    assert (shown["exitCode"], shown["log"]) == (4, ["hello"])
    create, start, remove = calls(engine)
    name = options(create)["--name"][0]
    assert create[-4:] == ["sh", "alpine:3.22", "-c", "echo $GREETING; exit 4"]
    assert create[-5] == "--entrypoint"
    assert options(create)["--workdir"] == ["/work"]
    assert options(create)["--network"] == ["host"]
    assert start == ["start", "--attach", name]
    assert remove == ["rm", "--force", name]


def test_its_environment_is_its_own_and_leads_to_the_catcher(engine: Path) -> None:
    pod(sh("true", env=[{"name": "A", "value": "b"}]), how={"container_engine": "enjin"})
    given = dict(pair.split("=", 1) for pair in options(calls(engine)[0])["--env"])
    assert given["A"] == "b"
    assert given["https_proxy"].startswith("http://127.0.0.1:")
    assert "AWS_SECRET_ACCESS_KEY" not in given and "PATH" not in given and "HOME" not in given
    assert given.get("SSL_CERT_FILE", "/argo/authority.pem") == "/argo/authority.pem"
    assert given.get("WGETRC", "/argo/wgetrc") == "/argo/wgetrc"


def test_a_script_an_artifact_and_a_volume_are_mounted_and_outputs_copied(engine: Path) -> None:
    template: Data = {
        "name": "it",
        "inputs": {"artifacts": [{"name": "i", "path": "/in/put", "raw": {"data": "x"}}]},
        "outputs": {"parameters": [{"name": "p", "valueFrom": {"path": "/out"}}]},
        "volumes": [{"name": "v", "emptyDir": {}}],
        "script": {
            "image": "bash:5",
            "command": ["bash"],
            "source": "echo -n left >out",
            "volumeMounts": [{"name": "v", "mountPath": "/v"}],
        },
    }
    done = run(steps(template), container_engine="enjin")
    create, _, copy, _ = calls(engine)
    assert create[-3:] == ["bash", "bash:5", "/argo/staging/script"]
    targets = [volume.rpartition(":")[2] for volume in options(create)["--volume"]]
    assert targets == ["/argo", "/var/run/argo", SERVICE_ACCOUNT, "/v", "/in/put"]
    assert copy[0] == "cp" and copy[1].endswith(":/out")
    assert node(done, "it")["outputs"]["parameters"][0]["value"] == "left"


def test_the_entry_point_of_an_image_is_its_own(engine: Path) -> None:
    pod({"image": "acme/echo:1", "args": ["true"]}, how={"container_engine": "enjin"})
    create = calls(engine)[0]
    assert create[-2:] == ["acme/echo:1", "true"]
    assert "--entrypoint" not in create


def test_an_image_that_is_not_there_fails_the_pod_and_is_named(engine: Path) -> None:
    shown = pod({"image": "missing:1", "args": ["x"]}, how={"container_engine": "enjin"})
    assert (shown["exitCode"], shown["log"]) == (125, ["no such image: missing:1"])


def test_when_its_time_is_over_the_container_is_killed_and_removed(engine: Path) -> None:
    shown: dict[str, Any] = pod(sh("exec sleep 600"), how={"container_engine": "enjin", "seconds": 2})
    assert shown["exitCode"] == 137
    assert [words[0] for words in calls(engine)] == ["create", "start", "kill", "rm"]


def test_an_engine_that_is_not_there_is_said_clearly() -> None:
    with pytest.raises(UsageError, match="there is no no-such-engine on this machine"):
        pod(sh("true"), how={"container_engine": "no-such-engine"})


@pytest.mark.skipif("ARGOSY_ENGINE" not in os.environ, reason="ARGOSY_ENGINE and ARGOSY_IMAGE name no engine and image")
def test_a_real_engine_does_what_the_stand_in_does() -> None:
    image = os.environ.get("ARGOSY_IMAGE", "alpine:3.22")
    claim = {"volumeMounts": [{"name": "c", "mountPath": "/c"}]}
    leave = "mkdir /tmp/out; echo artifact >/tmp/out/a; echo parameter >/tmp/p; echo volume >/c/x; echo said >&2"
    make: Data = {
        "name": "make",
        "outputs": {
            "artifacts": [{"name": "o", "path": "/tmp/out"}],
            "parameters": [{"name": "p", "valueFrom": {"path": "/tmp/p"}}],
        },
        "script": {
            "image": image,
            "command": ["sh"],
            "source": leave,
            **claim,
        },
    }
    use: Data = {
        "name": "use",
        "inputs": {"artifacts": [{"name": "i", "path": "/in/d"}], "parameters": [{"name": "p"}]},
        "container": {**sh("cat /in/d/a /c/x; echo $P; exit 3", **claim), "image": image},
    }
    use["container"]["env"] = [{"name": "P", "value": "{{inputs.parameters.p}}"}]
    given = {
        "artifacts": [{"name": "i", "from": "{{steps.make.outputs.artifacts.o}}"}],
        "parameters": [{"name": "p", "value": "{{steps.make.outputs.parameters.p}}"}],
    }
    calls: list[Data] = [{"name": "make", "template": "make"}, {"name": "use", "template": "use", "arguments": given}]
    volume = {"name": "c", "persistentVolumeClaim": {"claimName": "c"}}
    done = run(steps(make, use, calls=calls, volumes=[volume]), container_engine=os.environ["ARGOSY_ENGINE"])
    assert [shown["log"] for shown in done.pods] == [["said"], ["artifact", "volume", "parameter"]]
    assert done.pods[1]["exitCode"] == 3
    slow = pod(
        {"image": image, "command": ["sleep", "600"]},
        how={"container_engine": os.environ["ARGOSY_ENGINE"], "seconds": 3},
    )
    assert slow["exitCode"] == 137
