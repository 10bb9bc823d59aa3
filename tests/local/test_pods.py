"""Pods that are really run: what they are given, what they leave, and what comes of it in the run."""

import base64
import os
import shutil
import sys
from pathlib import Path

import pytest

from argosy.errors import SimulationError, UsageError
from argosy.local.scratch import World, members
from argosy.local.variables import expand
from tests.local.runs import Data, hidden, node, pod, run, script, sh, steps

SECRET = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "slack"}, "data": {"token": "eG94Yg=="}}
CONFIG = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "conf"}, "data": {"size": "3", "mode": "fast"}}


def test_exit_code_and_log_are_those_of_the_command() -> None:
    done = run(steps({"name": "it", "container": sh("echo working; echo badly >&2; exit 3")}))
    assert node(done, "it")["message"] == "main: Error (exit code 3)"
    assert node(done, "it")["outputs"] == {"exitCode": "3"}
    assert done.pods[0]["exitCode"] == 3
    assert sorted(done.pods[0]["log"]) == ["badly", "working"]
    assert done.phase == "Failed"


def test_a_script_runs_with_its_interpreter_and_arguments() -> None:
    assert script("sh", 'echo "$0"')["log"] == ["/argo/staging/script"]
    said = script("python", "import sys; print(sys.argv)")["log"]
    assert said == ["['/argo/staging/script']"]
    template: Data = {"image": "x", "command": ["bash"], "args": ["-e"], "source": "false; echo never"}
    assert run(steps({"name": "it", "script": template})).pods[0]["exitCode"] == 1


def test_outputs_are_the_files_and_what_was_said() -> None:
    make: Data = {
        "name": "make",
        "outputs": {
            "parameters": [
                {"name": "tag", "valueFrom": {"path": "/tmp/tag"}},
                {"name": "size", "valueFrom": {"path": "/data/size", "default": "7"}},
            ]
        },
        "container": sh("echo v1 >/tmp/tag; echo said"),
    }
    use: Data = {
        "name": "use",
        "inputs": {"parameters": [{"name": "all"}]},
        "container": sh("echo '{{inputs.parameters.all}}'"),
    }
    given = "{{steps.make.outputs.parameters.tag}} {{steps.make.outputs.parameters.size}} {{steps.make.outputs.result}}"
    calls: list[Data] = [
        {"name": "make", "template": "make"},
        {"name": "use", "template": "use", "arguments": {"parameters": [{"name": "all", "value": given}]}},
    ]
    done = run(steps(make, use, calls=calls))
    assert done.pods[1]["log"] == ["v1 7 said"]


def test_an_output_file_that_is_missing_is_argos_error() -> None:
    outputs = {"parameters": [{"name": "p", "valueFrom": {"path": "/tmp/p"}}]}
    done = run(steps({"name": "it", "outputs": outputs, "container": sh("true")}))
    assert node(done, "it")["phase"] == "Error"
    assert "/tmp/p: no such file or directory" in node(done, "it")["message"]


@pytest.mark.parametrize("archive", [{}, {"archive": {"none": {}}}])
@pytest.mark.parametrize("write", ["mkdir /out; echo hello >/out/a", "echo hello >/out"])
def test_artifacts_go_from_one_pod_to_the_next(write: str, archive: Data) -> None:
    make = {
        "name": "make",
        "container": sh(write),
        "outputs": {"artifacts": [{"name": "o", "path": "/out", **archive}]},
    }
    use = {
        "name": "use",
        "container": sh("cat /in/put/a 2>&- || cat /in/put"),
        "inputs": {"artifacts": [{"name": "i", "path": "/in/put"}]},
    }
    given = {"artifacts": [{"name": "i", "from": "{{steps.make.outputs.artifacts.o}}"}]}
    calls: list[Data] = [{"name": "make", "template": "make"}, {"name": "use", "template": "use", "arguments": given}]
    assert run(steps(make, use, calls=calls)).pods[1]["log"] == ["hello"]


def test_a_raw_artifact_is_there_and_one_that_nobody_made_is_noted() -> None:
    artifacts = [
        {"name": "raw", "path": "/in/raw", "raw": {"data": "plain"}},
        {"name": "old", "path": "/in/old", "s3": {"key": "old.tgz"}},
    ]
    shown = pod(sh("cat /in/raw; test -e /in/old || echo ' not there'"), inputs={"artifacts": artifacts})
    assert shown["log"] == ["plain not there"]
    assert shown["notes"] == ["the artifact old is not there: nothing that really ran has made it"]


def test_nothing_of_this_environment_gets_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "mine")
    monkeypatch.setenv("KUBECONFIG", "/mine")
    shown = pod(sh("env; echo $HOME; ls -A ~", env=[{"name": "GIVEN", "value": "yes"}]))
    names = {line.partition("=")[0] for line in shown["log"] if "=" in line}
    assert "GIVEN" in names
    ours = {"PATH", "HOME", "TMPDIR", "LANG", "PWD", "NODE_USE_ENV_PROXY", "GIT_SSL_CAINFO", "OLDPWD", "SHLVL", "_"}
    ours |= {
        "KUBERNETES_SERVICE_HOST",
        "KUBERNETES_SERVICE_PORT",
        "ARGO_CONTAINER_NAME",
        "ARGO_NODE_ID",
        "ARGO_PROGRESS_FILE",
        "WGETRC",
        "GIVEN",
    }
    assert not {
        name for name in names - ours if "PROXY" not in name.upper() and "CA_" not in name and "CERT" not in name
    }
    assert not any("mine" in line for line in shown["log"])


def test_variables_come_from_secrets_and_config_maps() -> None:
    env = [
        {"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "slack", "key": "token"}}},
        {"name": "SIZE", "valueFrom": {"configMapKeyRef": {"name": "conf", "key": "size"}}},
        {"name": "NOT", "valueFrom": {"secretKeyRef": {"name": "slack", "key": "nope", "optional": True}}},
        {"name": "BOTH", "value": "$(TOKEN)-$(SIZE)-$(NOT)-$$(SIZE)"},
        {"name": "POD", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
    ]
    shown = pod(
        sh(
            "echo \"$BOTH\" '$(SIZE)' $P_mode ${NOT-unset}; echo $POD",
            env=env,
            envFrom=[{"prefix": "P_", "configMapRef": {"name": "conf"}}],
        ),
        scenario={"objects": [SECRET, CONFIG]},
    )
    assert shown["log"][0] == "xoxb-3-$(NOT)-$(SIZE) 3 fast unset"
    assert shown["log"][1].startswith("wf-it-")
    assert "notes" not in shown


def test_a_secret_that_is_not_there_is_made_up_and_said_to_be() -> None:
    env = [
        {"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "slack", "key": "token"}}},
        {"name": "SLACK_URL", "valueFrom": {"secretKeyRef": {"name": "slack", "key": "hook"}}},
    ]
    shown = pod(sh("echo $TOKEN $SLACK_URL", env=env))
    assert shown["log"] == ["secret-slack-token https://slack.invalid/hook"]
    assert shown["notes"] == [
        "TOKEN is made up: Secret slack is not among the objects of the scenario",
        "SLACK_URL is made up: Secret slack is not among the objects of the scenario",
    ]


def test_a_key_that_a_known_secret_lacks_is_not_set() -> None:
    env = [{"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "slack", "key": "tokn"}}}]
    shown = pod(sh("echo ${TOKEN-unset}", env=env), scenario={"objects": [SECRET]})
    assert shown["log"] == ["unset"]
    assert shown["notes"] == [
        "TOKEN is not set: Secret slack has no tokn, and a cluster would not start this container"
    ]


@pytest.mark.parametrize(
    ("text", "became"),
    [("$(A)", "1"), ("$$(A)", "$(A)"), ("$$$(A)", "$1"), ("$(B)", "$(B)"), ("$A $", "$A $"), ("$((1+1))", "$((1+1))")],
)
def test_references_are_replaced_as_kubernetes_does(text: str, became: str) -> None:
    assert expand(text, {"A": "1"}) == became


def test_volumes_hold_secrets_last_or_go_with_their_pod() -> None:
    volumes = [
        {"name": "secret", "secret": {"secretName": "slack", "items": [{"key": "token", "path": "a/b"}]}},
        {"name": "conf", "configMap": {"name": "conf"}},
        {"name": "empty", "emptyDir": {}},
        {"name": "claim", "persistentVolumeClaim": {"claimName": "shared"}},
    ]
    mounts = [
        {"name": "secret", "mountPath": "/etc/slack"},
        {"name": "conf", "mountPath": "/etc/mode", "subPath": "mode"},
        {"name": "empty", "mountPath": "/empty"},
        {"name": "claim", "mountPath": "/claim", "subPath": "a"},
    ]
    look = "cat /etc/slack/a/b /etc/mode; echo; cat /empty/* /claim/* 2>&-; echo x >/empty/x; echo y >>/claim/y"
    template = {"name": "it", "container": sh(look, volumeMounts=mounts)}
    calls = [{"name": "one", "template": "it"}, {"name": "two", "template": "it"}]
    done = run(steps(template, calls=calls, volumes=volumes), scenario={"objects": [SECRET, CONFIG]})
    assert [shown["log"] for shown in done.pods] == [["xoxbfast"], ["xoxbfast", "y"]]


def test_a_volume_of_a_secret_that_is_not_there_is_said_to_be_empty() -> None:
    volume = {"volumes": [{"name": "s", "secret": {"secretName": "gone"}}]}
    shown = pod(sh("ls /s | wc -l", volumeMounts=[{"name": "s", "mountPath": "/s"}]), spec=volume)
    assert shown["log"][0].strip() == "0"
    assert shown["notes"] == ["a volume is empty: Secret gone is not among the objects of the scenario"]


def test_the_containers_of_a_set_run_in_their_order_and_share_volumes() -> None:
    group = {
        "volumeMounts": [{"name": "w", "mountPath": "/w"}],
        "containers": [
            {"name": "main", **sh("cat /w/x; echo result"), "dependencies": ["a"]},
            {"name": "a", **sh("echo from-a >/w/x; echo a says")},
        ],
    }
    done = run(steps({"name": "it", "volumes": [{"name": "w", "emptyDir": {}}], "containerSet": group}))
    assert done.pods[0]["log"] == ["[a] a says", "[main] from-a", "[main] result"]
    assert done.phase == "Succeeded"


def test_a_container_of_a_set_that_fails_keeps_those_that_wait_for_it() -> None:
    containers = [{"name": "a", **sh("exit 5")}, {"name": "main", **sh("echo never"), "dependencies": ["a"]}]
    done = run(steps({"name": "it", "containerSet": {"containers": containers}}))
    assert done.pods[0]["log"] == []
    assert [node(done, name)["phase"] for name in ("a", "main", "it")] == ["Failed", "Error", "Failed"]
    assert "exit code 5" in node(done, "a")["message"]


def test_what_it_says_is_in_the_words_of_its_container(tmp_path: Path) -> None:
    shown = pod(sh("pwd; echo $TMPDIR; cat /data/none; ls /tmp/none", workingDir="/data"), how={"folder": tmp_path})
    assert shown["log"][:2] == ["/data", "/tmp"]
    assert not any(str(tmp_path) in line for line in shown["log"])


@pytest.mark.parametrize("path", ["/../../../../escape", "../../escape", "/tmp/../../../../escape"])
def test_no_path_leads_out_of_the_scratch_directory(path: str, tmp_path: Path) -> None:
    world = World(tmp_path / "a" / "b" / "c")
    mounts = [{"name": "../../../v", "mountPath": "/v", "subPath": "../../../../escape"}]
    template = {
        "container": {"volumeMounts": mounts, "workingDir": path + "d"},
        "inputs": {"artifacts": [{"name": "i", "path": path, "raw": {"data": "text"}}]},
        "outputs": {"artifacts": [{"name": "../../../o", "path": path, "s3": {"key": "k"}}]},
    }
    files = world.container(world.pod(), template, members(template)[0], [])
    assert world.keep(files, template, []) == {"../../../o": True}
    assert files.read(path) == "text"
    assert files.at(path + "d").is_relative_to(world.folder)
    assert list(tmp_path.iterdir()) == [tmp_path / "a"]
    assert list((tmp_path / "a" / "b").iterdir()) == [world.folder]


def test_a_link_that_leads_elsewhere_is_no_output(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("private")
    outputs: Data = {"parameters": [{"name": "p", "valueFrom": {"path": "/tmp/p", "default": "none"}}]}
    outputs["artifacts"] = [{"name": "a", "path": "/tmp/a", "optional": True}]
    mine = hidden(tmp_path / "mine")
    link = f"ln -s {mine} /tmp/p; ln -s {mine} /tmp/a; grep -q private /tmp/p && echo linked"
    done = run(steps({"name": "it", "outputs": outputs, "container": sh(link)}), folder=tmp_path / "scratch")
    assert done.pods[0]["log"] == ["linked"]
    assert node(done, "it")["outputs"]["parameters"][0]["value"] == "none"
    assert not any(
        "private" in p.read_text()
        for p in (tmp_path / "scratch" / "pods").rglob("*")
        if not p.is_symlink() and p.is_file()
    )
    assert not (tmp_path / "scratch" / "artifacts").exists()


def test_a_link_in_a_volume_leads_nothing_out_of_the_scratch_directory(tmp_path: Path) -> None:
    outside, volume = tmp_path / "outside", {"name": "v", "persistentVolumeClaim": {"claimName": "c"}}
    outside.mkdir()
    mount = {"name": "v", "mountPath": "/v"}
    link = {"name": "link", "container": sh(f"ln -s {hidden(outside)} /v/away", volumeMounts=[mount])}
    use: Data = {
        "name": "use",
        "inputs": {"artifacts": [{"name": "i", "path": "/v/away/in", "raw": {"data": "x"}}]},
        "outputs": {"artifacts": [{"name": "o", "path": "/v/away/made/out", "optional": True}]},
        "container": sh("true", volumeMounts=[mount, {"name": "v", "mountPath": "/sub", "subPath": "away/made"}]),
    }
    done = run(steps(link, use, volumes=[volume]), folder=tmp_path / "scratch")
    assert list(outside.iterdir()) == []
    assert done.pods[1]["notes"] == [
        "/sub is not mounted: a link in the volume leads elsewhere",
        "the artifact i is not there: a link leads elsewhere",
    ]


def test_a_place_that_cannot_be_made_is_an_error_in_words() -> None:
    volume = {"name": "v", "persistentVolumeClaim": {"claimName": "c"}}
    mount = {"name": "v", "mountPath": "/v"}
    link = {"name": "link", "container": sh("ln -s nowhere /v/a", volumeMounts=[mount])}
    use = {"name": "use", "container": sh("true", volumeMounts=[mount | {"subPath": "a/b"}])}
    with pytest.raises(SimulationError, match="the files of template 'use' cannot be made: File exists"):
        run(steps(link, use, volumes=[volume]))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_is_no_artifact_and_nothing_waits_for_it() -> None:
    outputs: Data = {"artifacts": [{"name": "a", "path": "/tmp/a", "optional": True}]}
    outputs["parameters"] = [{"name": "p", "valueFrom": {"path": "/tmp/a", "default": "none"}}]
    shown = pod(sh("mkfifo /tmp/a"), outputs=outputs)
    assert shown["notes"] == ["the artifact a cannot be copied: it holds something that is no plain file"]


def test_huge_outputs_are_cut() -> None:
    outputs = {"parameters": [{"name": "p", "valueFrom": {"path": "/tmp/p"}}]}
    text = "head -c 3000000 /dev/zero | tr '\\0' x >/tmp/p; i=0; while [ $i -lt 700 ]; do echo $i; i=$((i+1)); done"
    done = run(steps({"name": "it", "outputs": outputs, "container": sh(text)}))
    assert len(node(done, "it")["outputs"]["parameters"][0]["value"]) == 256 * 1024
    assert done.pods[0]["log"][:2] == ["... 200 lines before", "200"]
    loud = pod(sh("head -c 3000000 /dev/zero | tr '\\0' x"))
    assert len(loud["log"][0]) == 1 << 20
    assert loud["notes"] == ["there was more output, which is not kept"]


def test_time_is_limited_and_the_pod_fails() -> None:
    shown = pod(sh("echo begun; sleep 600"), how={"seconds": 2.5})
    assert (shown["exitCode"], shown["log"]) == (137, ["begun"])
    assert shown["notes"] == ["killed after 2.5s; --time-limit gives it more"]


def test_a_pods_own_deadline_is_argos_deadline() -> None:
    done = run(steps({"name": "it", "activeDeadlineSeconds": 1, "container": sh("sleep 600")}))
    assert node(done, "it")["message"] == "Pod was active on the node longer than the specified deadline"
    assert done.pods[0]["notes"] == ["killed after 1s, its activeDeadlineSeconds"]


def test_the_scratch_directory_goes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    pod(sh("mkdir -p ~/a/b; touch ~/a/b/c; chmod 000 ~/a/b"))
    assert list(tmp_path.iterdir()) == []


def test_a_retry_runs_again_until_it_succeeds() -> None:
    claim = {"volumes": [{"name": "v", "persistentVolumeClaim": {"claimName": "c"}}]}
    text = "echo x >>/v/tries; test $(wc -l </v/tries) -ge 3"
    template = {
        "name": "it",
        "retryStrategy": {"limit": 5},
        "container": sh(text, volumeMounts=[{"name": "v", "mountPath": "/v"}]),
    }
    done = run(steps(template, **claim))
    assert [shown["exitCode"] for shown in done.pods] == [1, 1, 0]
    assert done.phase == "Succeeded"


def test_what_the_scenario_says_of_a_pod_counts() -> None:
    scenario = {"outcomes": [{"match": {"template": "it"}, "exitCode": 9}]}
    done = run(steps({"name": "it", "container": sh("echo ran")}), scenario=scenario)
    assert node(done, "it")["message"] == "main: Error (exit code 9)"
    assert "log" not in done.pods[0]


def test_only_the_templates_that_were_named_are_run() -> None:
    done = run(steps({"name": "a", "container": sh("echo a")}, {"name": "b", "container": sh("echo b; exit 1")}), "a")
    assert [shown.get("log") for shown in done.pods] == [["a"], None]


def test_a_template_that_is_not_there_is_an_error() -> None:
    with pytest.raises(UsageError, match="there is no template 'notfy' to be run") as caught:
        run(steps({"name": "notify", "container": sh("true")}), "notfy")
    assert caught.value.hint == "did you mean 'notify'?"


@pytest.mark.parametrize(
    ("template", "why"),
    [
        (
            {"script": {"image": "x", "command": ["no-such-interpreter"], "source": "x"}},
            "there is no program no-such-interpreter on this machine",
        ),
        (
            {"container": {"image": "acme/tool:1", "args": ["x"]}},
            "it has no command, and what the image acme/tool:1 runs is not known",
        ),
        ({"daemon": True, "container": sh("true")}, "it is a daemon, which has no end"),
        (
            {"resource": {"action": "get", "manifest": "kind: Pod"}},
            "only scripts, containers and HTTP requests can be run",
        ),
    ],
)
def test_what_cannot_be_run_is_said_clearly(template: Data, why: str) -> None:
    workflow = steps({"name": "it", **template})
    with pytest.raises(SimulationError, match=f"template 'it' cannot be run here: {why}"):
        run(workflow, "it")
    assert run(workflow, "i*").pods[0]["notes"] == [f"not run here: {why}"]


def test_a_program_that_an_artifact_brings_can_be_run() -> None:
    artifact = {"name": "tool", "path": "/tool/run.sh", "raw": {"data": "echo brought"}}
    shown = pod({"image": "x", "command": ["sh", "/tool/run.sh"]}, inputs={"artifacts": [artifact]})
    assert shown["log"] == ["brought"]
    shown = pod({"image": "x", "command": ["/tool/run.sh"]}, inputs={"artifacts": [artifact]})
    assert shown["exitCode"] == 126
    assert shown["log"] == ["/tool/run.sh: Permission denied"]


def test_containers_beside_it_are_not_run_and_that_is_noted() -> None:
    shown = pod(sh("true"), sidecars=[{"name": "proxy", "image": "envoy"}])
    assert shown["notes"] == ["the container proxy beside it is not run"]


SEND = {
    "curl": sh("curl -sS -X POST -H 'X-A: b' https://hooks.slack.com/services/T -d '{\"text\":\"{{workflow.name}}\"}'"),
    "curl image": {
        "image": "curlimages/curl:8.16.0",
        "args": ["-sS", "-H", "X-A: b", "-d", '{"text":"{{workflow.name}}"}', "https://hooks.slack.com/services/T"],
    },
    "wget": sh(
        "wget -qO- --header 'X-A: b' --post-data '{\"text\":\"{{workflow.name}}\"}' https://hooks.slack.com/services/T"
    ),
    "python": {
        "image": "python:3.13-alpine",
        "command": ["python", "-c"],
        "args": [
            "import urllib.request as r; r.urlopen(r.Request('https://hooks.slack.com/services/T', "
            "data=b'{\"text\":\"{{workflow.name}}\"}', headers={'X-A': 'b'}))"
        ],
    },
    "node": {
        "image": "node:22",
        "command": ["node", "-e"],
        "args": [
            "fetch('https://hooks.slack.com/services/T', "
            "{method: 'POST', headers: {'X-A': 'b'}, body: '{\"text\":\"{{workflow.name}}\"}'})"
        ],
    },
}


@pytest.mark.parametrize("client", SEND)
def test_the_very_message_is_seen_whoever_sends_it(client: str) -> None:
    if shutil.which(client.split()[0]) is None and client != "python":
        pytest.skip(f"there is no {client} on this machine")
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl")
    shown = pod(SEND[client])
    (request,) = shown["requests"]
    assert request["method"] == "POST"
    assert request["url"] == "https://hooks.slack.com/services/T"
    assert {name.lower(): value for name, value in request["headers"].items()}["x-a"] == "b"
    assert request["body"] == '{"text":"wf"}'
    assert request["answered"] == 200
    assert shown["exitCode"] == 0


def test_the_kubernetes_api_is_the_catchers_to_answer_for() -> None:
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl")
    source = """
import os, ssl, urllib.request
home = "/var/run/secrets/kubernetes.io/serviceaccount"
url = f"https://{os.environ['KUBERNETES_SERVICE_HOST']}:{os.environ['KUBERNETES_SERVICE_PORT']}/api/v1/namespaces/"
url += open(home + "/namespace").read() + "/pods"
request = urllib.request.Request(url, headers={"Authorization": "Bearer " + open(home + "/token").read()})
print(urllib.request.urlopen(request, context=ssl.create_default_context(cafile=home + "/ca.crt")).read().decode())
"""
    template = {"name": "it", "script": {"image": "python", "command": ["python"], "source": source}}
    answers = [{"url": "/namespaces/default/pods$", "response": {"body": '{"items": []}'}}]
    done = run(steps(template), scenario={"answers": answers})
    assert done.pods[0]["log"] == ['{"items": []}']
    (request,) = done.pods[0]["requests"]
    assert request["url"] == "https://kubernetes.default.svc/api/v1/namespaces/default/pods"
    assert request["headers"] == {"Authorization": "Bearer service-account-token"}


def test_what_a_template_says_of_proxies_does_not_lead_past_the_catcher() -> None:
    if shutil.which("curl") is None:
        pytest.skip("there is no curl")
    env = [{"name": name, "value": "*"} for name in ("no_proxy", "NO_PROXY")]
    shown = pod(sh("curl -sS http://status.example.com/x", env=env))
    assert [request["url"] for request in shown["requests"]] == ["http://status.example.com/x"]


def test_it_is_said_on_what_systems_scripts_can_be_run(monkeypatch: pytest.MonkeyPatch) -> None:
    workflow = steps({"name": "it", "container": sh("true")})
    with monkeypatch.context() as patch, pytest.raises(UsageError, match="on Linux and macOS only"):
        patch.setattr("os.name", "nt")
        run(workflow)


def test_what_heeds_no_proxy_is_led_by_a_map() -> None:
    source = (
        "import urllib.request as r\n"
        "r.build_opener(r.ProxyHandler({})).open('http://status.example.com/runs', data=b'x').close()\n"
    )
    template = {"name": "it", "script": {"image": "x", "command": [sys.executable], "source": source}}
    done = run(steps(template), maps=["http://status.example.com"])
    assert [(r["url"], r["body"]) for r in done.pods[0]["requests"]] == [("http://status.example.com/runs", "x")]
    with pytest.raises(UsageError, match="cannot read 'status"):
        run(steps(template), maps=["status.example.com"])


HTTP: Data = {
    "name": "it",
    "http": {
        "url": "https://status.example.com/runs",
        "method": "PUT",
        "body": '{"name":"{{workflow.name}}"}',
        "headers": [{"name": "X-Token", "valueFrom": {"secretKeyRef": {"name": "slack", "key": "token"}}}],
        "successCondition": "response.statusCode == 202",
    },
}


def test_an_http_template_gets_what_the_scenario_answers() -> None:
    answers = [{"url": "status", "method": "PUT", "response": {"statusCode": 202, "body": "taken"}}]
    done = run(steps(HTTP), scenario={"answers": answers, "objects": [SECRET]})
    assert node(done, "it")["outputs"]["result"] == "taken"
    assert done.pods[0]["requests"] == [
        {
            "method": "PUT",
            "url": "https://status.example.com/runs",
            "headers": {"X-Token": "xoxb"},
            "body": '{"name":"wf"}',
            "answered": 202,
        }
    ]


def test_without_an_answer_an_http_template_gets_an_empty_200() -> None:
    done = run(steps(HTTP))
    assert node(done, "it")["message"] == "successCondition 'response.statusCode == 202' evaluated false"
    assert done.pods[0]["notes"] == [
        "the header X-Token is made up: Secret slack is not among the objects of the scenario"
    ]


def test_an_outcome_of_an_http_template_counts_and_its_request_is_seen() -> None:
    outcomes = [{"match": {"template": "it"}, "http": {"statusCode": 503}}]
    done = run(steps(HTTP), scenario={"outcomes": outcomes})
    assert node(done, "it")["phase"] == "Failed"
    assert done.pods[0]["requests"][0]["answered"] == 503


def test_a_request_body_may_be_given_as_bytes() -> None:
    coded = base64.b64encode(b"bytes").decode()
    done = run(steps({"name": "it", "http": {"url": "http://a.example.com", "bodyFrom": {"bytes": coded}}}))
    assert done.pods[0]["requests"][0]["body"] == "bytes"
