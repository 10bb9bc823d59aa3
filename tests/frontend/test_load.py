"""Files are compiled apart from each other, and leave nothing behind."""

import sys
from pathlib import Path

import pytest

import argosy
from argosy.errors import CompileError, ReadError
from argosy.frontend import compile_path, to_manifests, to_yaml
from argosy.source import format_address, parse_address

HELLO = """\
from argosy import container, sh, workflow

@container(
    image="alpine:3.22",
    active_deadline_seconds=60,
    extra={{"podResourcess": {{}}}},
)
def say(text: str) -> None:
    sh('echo "$TEXT"', TEXT=text)

@workflow(generate_name="{name}-")
def main() -> None:
    say(
        "{name}"
    )
"""


def write(folder: Path, **files: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")


def test_modules_beside_one_file_are_not_those_beside_another(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write(
            tmp_path / name, pipeline="from names import NAME\n" + HELLO.replace('"{name}-"', "NAME").format(name="x")
        )
        write(tmp_path / name, names=f"NAME = '{name}-'\n")
    before = list(sys.path)
    found = [compile_path(tmp_path / name / "pipeline.py")[0].name for name in ("one", "two", "one")]
    assert found == ["one-", "two-", "one-"]
    assert sys.path == before
    assert not {"names", "_argosy_pipeline"} & set(sys.modules)
    assert not list(tmp_path.rglob("__pycache__"))


def test_a_file_within_a_package_can_import_from_it(tmp_path: Path) -> None:
    write(tmp_path / "flows", __init__="", names="NAME = 'packed-'\n")
    write(
        tmp_path / "flows", pipeline="from .names import NAME\n" + HELLO.replace('"{name}-"', "NAME").format(name="x")
    )
    assert compile_path(tmp_path / "flows" / "pipeline.py")[0].name == "packed-"
    assert "flows" not in sys.modules


def test_an_edited_file_is_read_again(tmp_path: Path) -> None:
    write(tmp_path, case=HELLO.format(name="one"))
    compile_path(tmp_path / "case.py")
    write(tmp_path, case="# longer now\n" + HELLO.format(name="two"))
    assert compile_path(tmp_path / "case.py")[0].name == "two-"


def test_imported_workflows_are_not_compiled_again(tmp_path: Path) -> None:
    write(tmp_path, library=HELLO.format(name="library"))
    write(tmp_path, case="from library import main as other, say\n" + HELLO.format(name="own"))
    assert [m.name for m in compile_path(tmp_path / "case.py")] == ["own-"]


def test_linting_and_simulating_know_the_workflow_templates_of_other_modules(tmp_path: Path) -> None:
    library = HELLO.format(name="library").replace(
        '@workflow(generate_name="library-")', '@workflow_template(name="library")'
    )
    write(tmp_path, library=library.replace("sh, workflow", "sh, workflow_template"))
    write(
        tmp_path,
        case="from argosy import workflow, workflow_of\nfrom library import main as library, say\n"
        "@workflow\ndef case() -> None:\n    library()\n    library.ref(say)('x')\n"
        "again = workflow_of(library, generate_name='again-')\n",
    )
    result = argosy.lint([str(tmp_path / "case.py")], cache=False)
    assert [found.finding.message for found in result.findings()] == []
    case, again = compile_path(tmp_path / "case.py", libraries=True)
    assert [m.name for m in case.beside] == ["library"]
    assert compile_path(tmp_path / "case.py")[0].beside == []
    for manifest in (case, again):
        assert argosy.simulate(manifest).workflow["status"]["phase"] == "Succeeded"


def test_findings_in_python_name_the_file_as_the_user_does_and_offer_no_fix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, case=HELLO.format(name="x"))
    monkeypatch.chdir(tmp_path)
    result = argosy.lint(["case.py"], cache=False)
    [file] = result.files
    [finding] = [f for f in result.findings() if f.finding.rule == "field-unknown"]
    assert (file.path, finding.span().path, finding.span().line) == ("case.py", "case.py", 6)
    assert finding.finding.fix is None


def test_several_workflows_come_in_order_with_their_index(tmp_path: Path) -> None:
    write(tmp_path, case=HELLO.format(name="b") + HELLO.format(name="a").replace("def main", "def again"))
    assert [(m.name, m.index) for m in compile_path(tmp_path / "case.py")] == [("b-", 0), ("a-", 1)]


@pytest.mark.parametrize(
    ("address", "line", "text"),
    [
        ("metadata.generateName", 11, 'generate_name="x-"'),
        ("spec.templates[0].steps[0][0].template", 13, "say("),
        ("spec.templates[1].container.image", 4, 'image="alpine:3.22"'),
        ("spec.templates[1].activeDeadlineSeconds", 5, "active_deadline_seconds=60"),
        ("spec.templates[1].container.args[0]", 9, """sh('echo "$TEXT"', TEXT=text)"""),
        ("spec.templates[1].container.resources", 3, "@container("),
        ("spec.templates[1].podResourcess", 6, '"podResourcess"'),
        ("spec.templates[1].inputs.parameters[0].name", 8, "text: str"),
    ],
)
def test_an_address_is_at_the_python_that_wrote_it(address: str, line: int, text: str, tmp_path: Path) -> None:
    write(tmp_path, case=HELLO.format(name="x"))
    [manifest] = compile_path(tmp_path / "case.py")
    assert format_address(parse_address(address)) == address
    span = manifest.origin.locate(parse_address(address))
    assert (span.path, span.line) == (str(tmp_path / "case.py"), line)
    lines = manifest.origin.lines()
    assert lines is not None
    end = span.end_column - 1 if span.end_line == span.line else None
    assert lines[span.line - 1][span.column - 1 : end] == text


def test_what_is_not_there_is_said() -> None:
    with pytest.raises(ReadError, match="is not a file"):
        compile_path("nowhere.py")
    with pytest.raises(CompileError, match="int is not a workflow"):
        to_manifests(3)


def test_a_workflow_made_in_a_function_compiles_too() -> None:
    from argosy import container, sh, workflow

    @container(image="alpine:3.22")
    def say() -> None:
        sh("echo hello")

    @workflow
    def hello() -> None:
        say()

    assert "generateName: hello-" in to_yaml(hello)
    assert to_yaml([hello, hello]).count("kind: Workflow") == 2
