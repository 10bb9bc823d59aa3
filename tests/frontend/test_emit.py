"""``argosy compile``: what goes where, whole files only, and a check for continuous integration."""

from pathlib import Path

import pytest

from argosy.cli.main import main

HELLO = """\
from argosy import container, environment, sh, workflow

@container(image="alpine:3.22")
def say(text: str, times: int) -> None:
    sh('echo "$TEXT"', TEXT=text, TIMES=times)

@workflow(
    name="hello-" + environment(default="dev"),
    namespace="dev",
    environments={"prod": {"namespace": "production", "parameters": {"times": 5}}},
)
def hello(text: str = "hi", times: int = 1) -> None:
    say(text, times)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    Path("flows").mkdir()
    Path("flows/hello_world.py").write_text(HELLO)
    Path("flows/other.py").write_text(HELLO.replace('"hello-"', '"other-"'))
    Path("flows/helper.py").write_text("# for workflows of argosy\nX = 1\n")
    return tmp_path


def out(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def test_without_an_output_all_goes_to_one_stream(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compile", "flows"]) == 0
    text = out(capsys)
    assert [line for line in text.splitlines() if line.startswith("  name:")] == [
        "  name: hello-dev",
        "  name: other-dev",
    ]
    assert text.count("---") == 1


def test_a_folder_takes_one_file_each(folder: Path) -> None:
    assert main(["compile", "flows", "-o", "made/"]) == 0
    assert sorted(p.name for p in Path("made").iterdir()) == ["hello-world.yaml", "other.yaml"]
    assert main(["compile", "flows/other.py", "-o", "one/other-name.yaml"]) == 0
    assert Path("one/other-name.yaml").read_text() == Path("made/other.yaml").read_text()


def test_a_module_is_found_from_the_folder_that_one_is_in(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("flows/__init__.py").write_text("")
    assert main(["compile", "flows.other"]) == 0
    assert "name: other-dev" in out(capsys)


def test_check_shows_what_is_stale_and_exits_with_1(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["compile", "flows", "-o", "made/"])
    assert main(["compile", "flows", "-o", "made/", "--check"]) == 0
    assert out(capsys) == ""
    before = Path("made/other.yaml").read_text()
    Path("flows/other.py").write_text(HELLO.replace('"hello-"', '"other-"').replace('"hi"', '"hey"'))
    assert main(["compile", "flows", "-o", "made/", "--check"]) == 1
    shown = out(capsys)
    assert "-      value: hi" in shown
    assert "+      value: hey" in shown
    assert Path("made/other.yaml").read_text() == before


def test_parameters_and_environments_change_values(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("values.yaml").write_text("times: 3\ntext: from the file\n")
    main(["compile", "flows/other.py", "-e", "prod", "--parameter-file", "values.yaml", "-p", "text=a=b"])
    text = out(capsys)
    for part in ("name: other-prod", "namespace: production", "value: a=b", 'value: "3"'):
        assert part in text


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["flows/other.py", "-p", "nothing=1"], "no workflow has a parameter 'nothing'"),
        (["flows/other.py", "-p", "nothing"], "does not name a parameter and its value"),
        (["flows/nowhere.py"], "there is no such file"),
        (["no.such.module"], "no.such.module"),
        (["flows/other.py", "--check"], "--check compares with files"),
        (["flows/helper.py"], "the file defines no workflow"),
        (["flows/other.py", "flows/../flows/other.py", "-o", "made/"], "would both write"),
    ],
)
def test_a_mistake_is_one_clear_error(
    words: list[str], says: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compile", *words]) == 2
    shown = capsys.readouterr().err
    assert says in shown
    assert "Traceback" not in shown


def test_a_failed_write_leaves_the_old_file_whole(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    main(["compile", "flows/other.py", "-o", "made.yaml"])
    before = Path("made.yaml").read_text()
    Path("flows/other.py").write_text(HELLO.replace('"hi"', '"hey"'))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    assert main(["compile", "flows/other.py", "-o", "made.yaml"]) == 2
    assert Path("made.yaml").read_text() == before
    assert sorted(p.name for p in folder.iterdir() if p.is_file()) == ["made.yaml"]


def test_a_file_that_is_up_to_date_is_not_touched(folder: Path) -> None:
    main(["compile", "flows/other.py", "-o", "made.yaml"])
    before = Path("made.yaml").stat().st_mtime_ns
    main(["compile", "flows/other.py", "-o", "made.yaml"])
    assert Path("made.yaml").stat().st_mtime_ns == before


def test_watching_compiles_again_and_reports_errors(folder: Path) -> None:
    from argosy.frontend.emit import once, watched

    files = ["flows/other.py"]
    assert once(files, "made.yaml", None, {}) == ([Path("made.yaml")], None)
    seen = watched(files)
    assert Path("flows/helper.py") in seen
    Path("flows/other.py").write_text("raise ValueError('no')\n")
    changed, error = once(files, "made.yaml", None, {})
    assert changed == []
    assert error is not None
    assert error.message == "ValueError: no"
