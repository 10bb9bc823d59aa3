import contextlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from argosy.cli import commands
from argosy.cli.commands import init_config
from argosy.cli.exits import Exit
from argosy.cli.main import main
from argosy.lint.config import FIELDS
from argosy.lint.config import read as read_config
from tests.cli.conftest import WORKFLOW, Argosy

SOURCES = Path(__file__).parent.parent.parent / "compiler"


def test_exit_codes_are_those_of_the_contract() -> None:
    assert {e.name: int(e) for e in Exit} == {"CLEAN": 0, "FOUND": 1, "USAGE": 2, "INTERNAL": 3, "INTERRUPTED": 130}


def test_help_teaches_with_examples(argosy: Argosy) -> None:
    top = argosy("--help")
    assert top.returncode == 0
    for name in commands.names():
        assert re.search(rf"^│ {name} ", top.stdout, re.M), name
        page = argosy(name, "--help")
        assert page.returncode == 0
        if name != "version":
            assert f"argosy {name}" in page.stdout.partition("Examples:")[2], f"{name} has no examples"


def test_no_command_shows_the_help(argosy: Argosy) -> None:
    shown = argosy()
    assert shown.returncode == Exit.USAGE
    assert "argosy lint workflow.yaml" in shown.stdout


def test_version_is_told_twice_alike(argosy: Argosy) -> None:
    short, long = argosy("--version").stdout, argosy("version").stdout
    assert long.startswith(short)
    assert "4.1 (default)" in long


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["lint", "nowhere.yaml"], "nowhere.yaml"),
        (["lnt"], "Did you mean 'lint'?"),
        (["lint", "good.yaml", "--formt", "json"], "--format"),
        (["lint", "good.yaml", "--format", "jsn"], "'json'"),
        (["lint", "good.yaml", "--argo-version", "2.0"], "known versions: 3.6, 3.7, 4.0, 4.1"),
        (["lint", "good.yaml", "--select", "exit-handler-undefind"], "exit-handler-undefind"),
        (["lint"], "PATH"),
        (["rule", "hook-template-undefind"], "did you mean 'hook-template-undefined'"),
        (["rule"], "argosy rule --list"),
        (["schema", "x"], "there are: argo"),
        (["simulate"], "give a manifest"),
        (["simulate", "nowhere.yaml"], "nowhere.yaml"),
        (["simulate", "broken.yaml"], "broken.yaml:"),
        (["simulate", "good.yaml", "--fail", "mian"], "did you mean 'main'?"),
        (["simulate", "good.yaml", "--fail", "main:exit=x"], "exit=N"),
        (["simulate", "good.yaml", "--scenario", "nowhere.yaml"], "nowhere.yaml"),
        (["simulate", "raises.py"], "raises.py:1"),
        (["compile", "raises.py"], "raises.py:1"),
        (["compile", "nowhere.py"], "nowhere.py"),
    ],
)
def test_a_request_that_is_off_is_one_clear_error(argosy: Argosy, words: list[str], message: str) -> None:
    done = argosy(*words)
    assert done.returncode == Exit.USAGE, done.stdout + done.stderr
    assert message in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "internal error" not in done.stderr


def test_lint_tells_by_exit_code(argosy: Argosy) -> None:
    assert argosy("lint", "good.yaml").returncode == Exit.CLEAN
    assert argosy("lint", "bad.yaml").returncode == Exit.FOUND
    assert argosy("lint", "broken.yaml").returncode == Exit.FOUND


def test_lint_reads_standard_input_under_a_name(argosy: Argosy) -> None:
    text = WORKFLOW.replace("entrypoint: main", "entrypoint: mian")
    done = argosy("lint", "-", "--stdin-filename", "piped.yaml", "--format", "concise", stdin=text)
    assert done.returncode == Exit.FOUND
    assert done.stdout.startswith("piped.yaml:5:")


def test_lint_takes_python_and_points_into_it(argosy: Argosy) -> None:
    done = argosy("lint", "typo.py", "good.yaml", "--format", "concise")
    assert done.returncode == Exit.FOUND, done.stderr
    assert re.match(r".*typo\.py:6:\d+: error\[variable-undefined\]", done.stdout)
    assert "2 manifests in 2 files" in done.stdout


def test_lint_passes_over_what_is_not_argos_if_asked(argosy: Argosy) -> None:
    done = argosy("lint", "--only-argo", "compose.yaml", "good.yaml", "--format", "json")
    assert [file["path"] for file in json.loads(done.stdout)["files"]] == ["good.yaml"]


def test_lint_says_so_where_there_is_nothing(argosy: Argosy) -> None:
    done = argosy("lint", "home")
    assert (done.returncode, done.stdout) == (Exit.CLEAN, "Nothing to lint: 0 manifests in 0 files.\n")


def test_lint_json_keeps_its_contract(argosy: Argosy) -> None:
    done = argosy("lint", "good.yaml", "bad.yaml", "--format", "json")
    result = json.loads(done.stdout)
    assert (result["version"], [f["path"] for f in result["files"]]) == (1, ["good.yaml", "bad.yaml"])
    assert [[d["accepted"] for d in f["documents"]] for f in result["files"]] == [[True], [False]]
    finding = result["files"][1]["findings"][0]
    keys = "rule severity rejected message document address line column endLine endColumn fixable url"
    assert set(finding) >= set(keys.split())
    assert (finding["address"], finding["line"], finding["column"]) == ("spec.entrypoint", 5, 15)


def test_simulate_reads_standard_input(argosy: Argosy) -> None:
    done = argosy("simulate", "-", "--fail", "main", stdin=WORKFLOW)
    assert done.returncode == Exit.CLEAN, done.stderr
    assert "bye" in done.stdout


def test_simulate_tells_by_exit_code(argosy: Argosy) -> None:
    assert argosy("simulate", "good.yaml", "--fail", "main").returncode == Exit.CLEAN
    assert argosy("simulate", "good.yaml", "--fail", "main", "--exit-status").returncode == Exit.FOUND
    assert argosy("simulate", "good.yaml", "--exit-status").returncode == Exit.CLEAN


def test_simulate_json_is_a_workflow_with_status(argosy: Argosy) -> None:
    done = argosy("simulate", "good.yaml", "--fail", "main:exit=3", "--format", "json")
    run = json.loads(done.stdout)
    assert run["status"]["phase"] == "Failed"
    assert {"at", "node", "from", "to", "message"} == set(run["argosy"]["events"][0])
    assert {"node", "templateName", "template"} == set(run["argosy"]["pods"][0])


@pytest.mark.parametrize("variables", [{}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}])
def test_there_is_no_colour_unless_asked(argosy: Argosy, variables: dict[str, str]) -> None:
    assert "\x1b[" not in argosy("lint", "bad.yaml", **variables).stdout


def test_colour_can_be_forced(argosy: Argosy) -> None:
    assert "\x1b[" in argosy("lint", "bad.yaml", FORCE_COLOR="1").stdout
    assert "\x1b[" not in argosy("lint", "bad.yaml", "--format", "json", FORCE_COLOR="1").stdout


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_a_terminal_gets_colour(argosy: Argosy, tmp_path: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    environment = {"PATH": "/usr/bin:/bin", "TERM": "xterm", "HOME": str(tmp_path), "PYTHONPATH": str(SOURCES)}
    command = [sys.executable, "-m", "argosy", "lint", "bad.yaml", "--format", "concise"]
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=theirs)
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # which is how Linux says that the other end is closed
        while chunk := os.read(ours, 10_000):
            shown += chunk
    os.close(ours)
    assert (process.wait(), b"\x1b[31m" in shown) == (Exit.FOUND, True), shown


def test_a_terminal_that_lacks_characters_gets_question_marks(argosy: Argosy) -> None:
    done = argosy("simulate", "good.yaml", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (Exit.CLEAN, "")
    assert "? main" in done.stdout


def test_completion_offers_commands_options_and_rules(argosy: Argosy) -> None:
    def complete(line: str) -> str:
        variables = {
            "_ARGOSY_COMPLETE": "complete_bash",
            "COMP_WORDS": line,
            "COMP_CWORD": str(len(line.split(" ")) - 1),
        }
        return argosy(**variables).stdout

    assert "simulate" in complete("argosy sim").split()
    assert "--format" in complete("argosy lint --for").split()
    assert "sarif" in complete("argosy lint --format sa").split()
    assert "hook-template-undefined" in complete("argosy rule hook-template-u").split()


@pytest.mark.parametrize("debug", [False, True])
def test_a_fault_of_our_own_is_told_in_words(
    debug: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run() -> int:
        """Fail."""
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(commands, "find", lambda name: run)
    if debug:
        with pytest.raises(ZeroDivisionError):
            main(["version", "--debug"])
    else:
        assert main(["version"]) == Exit.INTERNAL
        assert capsys.readouterr().err.startswith("internal error: ZeroDivisionError: oh\n")


def test_the_first_configuration_names_every_key_and_is_accepted(argosy: Argosy, tmp_path: Path) -> None:
    assert list(init_config.EXAMPLES) == sorted(FIELDS, key=list(init_config.EXAMPLES).index)
    assert argosy("init-config").returncode == Exit.CLEAN
    lines = (tmp_path / "argosy.toml").read_text().splitlines()
    keys = tuple(example.split("\n")[0] for example in init_config.EXAMPLES.values())
    examples = [
        line[2:] for line in lines if line.startswith("# ") and (line[2:] in keys or line[2:].startswith("ignore"))
    ]
    (tmp_path / "argosy.toml").write_text("\n".join(examples))
    assert read_config(tmp_path / "argosy.toml") is not None
    again = argosy("init-config")
    assert (again.returncode, "--force" in again.stderr) == (Exit.USAGE, True)
    assert argosy("init-config", "--force").returncode == Exit.CLEAN
