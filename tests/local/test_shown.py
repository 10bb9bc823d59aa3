"""What people and tools see of pods that were really run."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest

from argosy.model.schema_files import schema_file
from argosy.report import render
from argosy.report.really_ran import request_lines
from argosy.report.run_view import view
from argosy.simulate.run import Run
from argosy.yaml.write import dump_all
from tests.local.runs import Data, alive, hidden, run, sh, steps

SAY: Data = {
    "name": "say",
    "container": sh(
        "echo hello; echo there >&2", env=[{"name": "T", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}]
    ),
}
POST: Data = {
    "name": "post",
    "http": {
        "method": "POST",
        "url": "https://hooks.slack.com/services/T",
        "headers": [{"name": "Content-Type", "value": "application/json"}],
        "body": '{"text": "Failed:\\n• test", "channel": "#x"}',
    },
}


def ran() -> Run:
    """Run a workflow whose handler says something and makes a request."""
    handler = {"name": "bye", "steps": [[{"name": n, "template": n}] for n in ("say", "post")]}
    work = {"name": "work", "container": sh("false")}
    workflow = steps(work, onExit="bye")
    workflow["spec"]["templates"] += [handler, SAY, POST]
    return run(workflow, "say", "post")


def test_the_tree_shows_logs_requests_and_notes() -> None:
    assert render("run", "tree", ran()).partition("✔ bye\n")[2] == (
        "├─ ✔ say\n"
        "│     $ sh -c 'echo hello; echo there >&2'\n"
        "│     > hello\n"
        "│     > there\n"
        "│     argosy: T is made up: Secret s is not among the objects of the scenario\n"
        "└─ ✔ post\n"
        "      → POST https://hooks.slack.com/services/T  answered 200\n"
        "        Content-Type: application/json\n"
        '        {"text": "Failed:\\n• test", "channel": "#x"}\n'
        "        text:\n"
        "          Failed:\n"
        "          • test\n"
    )


def test_the_timeline_shows_them_below() -> None:
    below = render("run", "timeline", ran()).partition("\n\nonExit[0].say\n")[2]
    assert below.startswith("  > hello\n  > there\n  argosy: T is made up")
    assert "\nonExit[1].post\n  → POST https://hooks.slack.com/services/T  answered 200\n" in below


def test_codes_for_a_terminal_do_not_reach_it() -> None:
    said = r"printf '10%%\r100%% \033[31mred\033[0m \033]0;title\007\010.\ttab\n'"
    done = run(steps({"name": "it", "container": sh(said)}))
    assert "> 100% red .\ttab\n" in render("run", "tree", done)
    assert "\x1b[31m" in done.pods[0]["log"][0], "JSON has it as it was"


@pytest.mark.parametrize(
    ("request_", "lines"),
    [
        ({"body": "x" * 5000}, ["x" * 4000 + "…"]),
        ({"body": "a\n" * 202}, [*["a"] * 200, "… 2 more lines"]),
        ({"body": "\ufffd\x01"}, ["(2 characters that are not all text)"]),
        ({"body": "ab", "cut": 100}, ["ab", "(the beginning of 100 bytes)"]),
        ({"body": '{"text": "one line"}'}, ['{"text": "one line"}']),
        ({"body": '{"content": "a\\nb"}'}, ['{"content": "a\\nb"}', "content:", "  a", "  b"]),
    ],
)
def test_a_body_is_shown_to_the_letter_as_far_as_people_can_read_it(request_: Data, lines: list[str]) -> None:
    assert request_lines({"method": "POST", "url": "http://a", **request_}) == ["→ POST http://a", *lines]


def test_a_script_is_shown_once_for_all_attempts() -> None:
    retried = {
        "name": "it",
        "retryStrategy": {"limit": 2},
        "script": {"image": "x", "command": ["sh"], "source": "exit 1"},
    }
    workflow = steps({"name": "work", "container": sh("true")}, onExit="it")
    workflow["spec"]["templates"].append(retried)
    tree = render("run", "tree", run(workflow))
    assert tree.count("| exit 1") == 1
    assert tree.count("| (the same script)") == 2


def test_json_holds_them_as_the_schema_says() -> None:
    data = json.loads(render("run", "json", ran()))
    schema = json.loads(schema_file("run.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(data)
    assert sorted(data["argosy"]["pods"][1]) == ["exitCode", "log", "node", "notes", "template", "templateName"]
    fields = schema["properties"]["argosy"]["properties"]["pods"]["items"]["properties"]
    assert set(data["argosy"]["pods"][1]) | set(data["argosy"]["pods"][2]) <= set(fields)
    assert set(data["argosy"]["pods"][2]["requests"][0]) <= set(fields["requests"]["items"]["properties"])


def test_other_reports_find_them_in_the_view() -> None:
    items = {item.name: item for item in view(ran().to_dict()).items()}
    assert items["say"].log == ["hello", "there"]
    assert len(items["say"].notes) == 1
    assert items["post"].requests[0]["body"] == '{"text": "Failed:\\n• test", "channel": "#x"}'


def argosy(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "argosy", *words], cwd=folder, capture_output=True, text=True)


def test_the_command_runs_what_it_is_told_to(tmp_path: Path) -> None:
    (tmp_path / "wf.yaml").write_text(dump_all([steps(SAY, POST)]))
    done = argosy(tmp_path, "simulate", "wf.yaml", "--run-scripts", "say", "--time-limit", "30")
    assert done.returncode == 0, done.stderr
    assert "> hello" in done.stdout and "→" not in done.stdout
    done = argosy(tmp_path, "simulate", "wf.yaml", "--run-scripts", "*", "--run-scripts", "sya")
    assert done.returncode == 2
    assert "there is no template 'sya' to be run" in done.stderr and "did you mean 'say'?" in done.stderr
    done = argosy(tmp_path, "simulate", "wf.yaml", "--container-engine", "docker")
    assert done.returncode == 2
    assert "--run-scripts" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_with_all_that_it_started(number: signal.Signals, tmp_path: Path) -> None:
    started = tmp_path / "started"
    say = sh(f"setsid sleep 600 & f={hidden(started)}; echo $! >$f.new; mv $f.new $f; sleep 600")
    (tmp_path / "wf.yaml").write_text(dump_all([steps({"name": "it", "container": say})]))
    (tmp_path / "scratch").mkdir()
    program = subprocess.Popen(
        [sys.executable, "-m", "argosy", "simulate", "wf.yaml", "--run-scripts", "it"],
        cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(tmp_path / "scratch")},
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),  # a shell's background job ignores SIGINT
    )
    while not started.exists() and program.poll() is None:
        time.sleep(0.02)
    program.send_signal(number)
    assert program.wait(60) == {signal.SIGTERM: 143, signal.SIGINT: 130}[number]
    assert list((tmp_path / "scratch").iterdir()) == []
    assert not alive(int(started.read_text()))


def test_nothing_of_it_is_loaded_unless_it_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "wf.yaml").write_text(dump_all([steps(SAY)]))
    code = "import sys; from argosy.cli.main import main; main(['simulate', 'wf.yaml']); "
    code += "print('argosy.local' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "False", done.stderr
