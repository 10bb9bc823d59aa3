"""The engine: a crashing rule is told, rules are chosen, verdicts stand by themselves, files and folders are read."""

import gc
import os
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path

import pytest

import argosy
from argosy.errors import ReadError, UsageError
from argosy.lint import tables
from argosy.lint.cache import keep, load, recall
from argosy.lint.choice import Choice
from argosy.lint.context import Context, table
from argosy.lint.engine import plan, run
from argosy.lint.finding import Severity
from argosy.lint.result import FileResult
from argosy.lint.rule import Problem, Rule, examples, finding, rules
from argosy.lint.rules.documents import VERSION
from argosy.lint.run import lint, lint_manifests, lint_text
from argosy.lint.workers import Outcome, spread
from argosy.report import render
from argosy.source import Manifest
from argosy.yaml.read import read

GOOD = """apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: good-}
spec:
  entrypoint: main
  templates:
    - name: main
      container: {image: "alpine:3.20", command: [echo]}
"""
BAD = GOOD.replace("entrypoint: main", "entrypoint: mian")
USER = """apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: user-}
spec: {workflowTemplateRef: {name: lib}}
"""
LIBRARY = GOOD.replace("kind: Workflow", "kind: WorkflowTemplate").replace("generateName: good-", "name: lib")


def declared(check: object, name: str = "some-rule") -> Rule[Context]:
    return Rule(name, Severity.WARNING, tables.documents, check, True, False, "m")  # type: ignore[arg-type]  # a test's


def test_a_rule_that_crashes_is_told_and_the_others_go_on() -> None:
    def crashes(document: Context, context: Context) -> Iterator[Problem]:
        raise KeyError("x")

    def speaks(document: Context, context: Context) -> Iterator[Problem]:
        yield Problem("said", ())

    planned = plan([declared(crashes, "crashes"), declared(speaks, "speaks")])
    found = run(Context(Manifest({})), planned)
    assert sorted(one.rule for one in found) == ["rule-crashed", "speaks"]
    assert any("crashes" in one.message and "KeyError" in one.message for one in found)


def test_a_table_that_crashes_is_told() -> None:
    @table
    def broken(context: Context) -> Iterator[int]:
        raise ValueError("y")
        yield 1

    one = Rule("r", Severity.INFO, broken, lambda entry, context: [], True, False, "m")
    assert [found.rule for found in run(Context(Manifest({})), plan([one]))] == ["rule-crashed"]


def test_a_table_is_made_once_for_a_document() -> None:
    made: list[int] = []

    @table
    def counted(context: Context) -> Iterator[int]:
        made.append(1)
        yield 1

    context = Context(Manifest({}))
    assert counted(context) == counted(context) == (1,)
    assert made == [1]


def test_what_argo_refuses_is_an_error_whatever_the_rule_says() -> None:
    found = finding(declared(None), Problem("m", ("a",), rejected=True))
    assert found.severity is Severity.ERROR and found.rejected


def test_a_problem_in_another_document_is_reported_at_the_reference() -> None:
    other = Manifest({"kind": "WorkflowTemplate", "metadata": {"name": "lib"}})
    found = finding(declared(None), Problem("m", ("spec", "x"), manifest=other, via=("spec", "y")))
    assert found.address == ("spec", "y")
    assert found.related[0].address == ("spec", "x") and found.related[0].manifest is other


def test_rule_names_are_kebab_case_and_unique() -> None:
    names = [one.name for one in rules()]
    assert len(names) == len(set(names))
    assert all(name == name.lower() and "_" not in name and " " not in name for name in names)


def test_examples_are_read_from_a_page() -> None:
    page = "Sentence.\n\nWhy.\n\nBad:\n    a: 1  # here\n    b: 2\n\nGood (Argo 3.7):\n    c: 3\n"
    bad, good = examples(page)
    assert (bad.good, bad.text, bad.here) == (False, "a: 1  # here\nb: 2\n", [1])
    assert (good.good, good.text, good.version) == (True, "c: 3\n", "3.7")


def test_the_verdict_does_not_depend_on_what_is_shown() -> None:
    for given in (
        {"select": ["name-missing"]},
        {"ignore": ["template-undefined"]},
        {"severity": ["template-undefined=off"]},
    ):
        path = Path(__file__).parent / "bad.yaml"
        result = lint_text(BAD, str(path))
        assert not result.documents[0].accepted
        assert given


def test_severities_can_be_set_and_rules_turned_off(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(BAD)
    milder = lint([path], severity=["template-undefined=info"])
    assert [one.finding.severity for one in milder.findings()] == [Severity.INFO]
    off = lint([path], severity={"template-undefined": "off"})
    assert off.findings() == [] and not off.files[0].documents[0].accepted


@pytest.mark.parametrize("given", [{"select": ["nothing"]}, {"ignore": ["nothing"]}, {"severity": ["nothing=off"]},
                                   {"severity": ["name-missing=loud"]}, {"severity": ["name-missing"]},
                                   {"argo_version": "2.0"}])  # fmt: skip
def test_unknown_rules_severities_and_versions_are_errors(given: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        lint([tmp_path], **given)  # type: ignore[arg-type]  # wrong on purpose


def test_references_are_looked_up_in_all_files_and_in_with(tmp_path: Path) -> None:
    user, library = tmp_path / "user.yaml", tmp_path / "library.yaml"
    user.write_text(USER)
    library.write_text(LIBRARY)
    assert [one.finding.rule for one in lint([user]).findings()] == ["workflow-template-missing"]
    assert lint([user, library]).findings() == []
    assert lint([user], with_=[library]).findings() == []


def test_files_of_a_folder_that_do_not_speak_of_argo_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "values.yaml").write_text("image: {{ .Values.image }}\n")
    (tmp_path / "good.yaml").write_text(GOOD)
    assert lint([tmp_path]).findings() == []
    assert lint([tmp_path / "values.yaml"]).findings() != []


def test_many_files_are_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for n in range(25):
        (tmp_path / f"{n}.yaml").write_text(GOOD if n else BAD)
    first = lint([tmp_path]).to_dict()
    assert (tmp_path / ".argosy_cache").is_dir()
    assert lint([tmp_path]).to_dict() == first
    (tmp_path / "0.yaml").write_text(GOOD)
    (tmp_path / "1.yaml").write_text(BAD + "# longer\n")
    again = lint([tmp_path])
    assert [one.path for one in again.files if one.findings] == [str(tmp_path / "1.yaml")]
    assert again.to_dict() == lint([tmp_path], cache=False).to_dict()


def test_what_is_remembered_is_what_would_be_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    pages = [one.text for known in rules() for one in examples(known.doc)]
    for n, page in enumerate(pages):
        (tmp_path / f"{n}.yaml").write_text(page)
    (tmp_path / "values.yaml").write_text("image: {{ .Values.image }}\n")
    (tmp_path / "hidden.yaml").write_text(f"{BAD}# argosy: ignore[name-of-no-rule]\n--- {{\n")
    results = [lint([tmp_path], cache=cache) for cache in (False, True, True)]
    choice = Choice()
    for path in tmp_path.iterdir():
        choice.of(str(path))
    memory = load(choice.key())
    told = {
        path: keep(recall(path, one, read(Path(path).read_bytes(), path)) or FileResult(""), one.stamp, one.refers)
        for path, one in memory.files.items()
    }
    assert len(pages) * 0.9 < len(told) and told == memory.files
    for how in ("text", "json", "sarif"):
        said = {render("lint", how, one, StringIO()) for one in results}
        assert len(said) == 1
    named = [*map(str, tmp_path.glob("*.yaml"))]
    assert [lint(named).to_dict() for _ in range(2)] == [lint(named, cache=False).to_dict()] * 2
    (tmp_path / "Chart.yaml").write_text("name: chart\n")
    assert lint([tmp_path]).to_dict() == lint([tmp_path], cache=False).to_dict()


def test_several_processes_find_what_one_does(tmp_path: Path) -> None:
    for n in range(220):
        (tmp_path / f"{n}.yaml").write_text((GOOD, BAD, USER)[n % 3])
    (tmp_path / "library.yaml").write_text(LIBRARY)
    one, two = (lint([tmp_path], cache=False, workers=n).to_dict() for n in (1, 2))
    assert one == two and any(file["findings"] for file in one["files"])


def test_what_a_process_does_not_finish_is_done_again() -> None:
    here = os.getpid()

    def work(share: Sequence[str]) -> list[Outcome]:
        if os.getpid() != here:
            raise MemoryError
        return [Outcome(path, FileResult(path)) for path in share]

    paths = [str(n) for n in range(100)]
    assert [one.path for one in spread(work, paths, 3)] == paths
    with pytest.raises(ZeroDivisionError):
        spread(lambda share: [Outcome(str(1 // (int(path) - 55)), None) for path in share], paths, 3)


def test_linting_leaves_nothing_that_only_the_garbage_collector_can_free() -> None:
    texts = [(one.text, one.version) for known in rules() for one in examples(known.doc) if not one.good]
    names = [one.name for one in rules()]
    for again in (False, True):
        if again:  # what is made once is there by now
            gc.collect()
            gc.disable()
        for text, version in texts:
            lint_text(text, argo_version=version, also=names)
    try:
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ReadError):
        lint([tmp_path / "nowhere.yaml"])


def test_manifests_made_in_memory_are_linted() -> None:
    result = lint_manifests(
        [Manifest({"apiVersion": VERSION, "kind": "Workflow", "metadata": {"name": "a"}, "spec": {}})]
    )
    assert [one.finding.rule for one in result.findings()] == ["entrypoint-missing"]


def test_the_package_can_be_called() -> None:
    assert callable(argosy.lint)
