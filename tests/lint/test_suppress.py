"""Comments that hide findings: where they may stand, what they change, and what is said about them."""

import json
from pathlib import Path

import pytest

from argosy.lint.result import LintResult
from argosy.lint.run import lint, lint_manifests, lint_text
from argosy.lint.suppress import comments
from argosy.report import render
from argosy.report.style import PLAIN
from argosy.source import Manifest, Span

MANIFEST = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: build-}
spec:
  entrypoint: mian
  templates:
    - name: main
      container: {image: "alpine:3.20", command: [make]}
"""


def rules_of(text: str) -> list[tuple[str, int]]:
    return [(one.finding.rule, one.span().line) for one in lint_text(text, "a.yaml").findings]


def at_entrypoint(comment: str) -> str:
    return MANIFEST.replace("entrypoint: mian", f"entrypoint: mian  {comment}")


def above_entrypoint(*lines: str) -> str:
    return MANIFEST.replace("  entrypoint", "".join(f"  {line}\n" for line in lines) + "  entrypoint")


NAME = rules_of(MANIFEST)[0][0]


@pytest.mark.parametrize(
    "text",
    [
        at_entrypoint(f"# argosy: ignore[{NAME}]"),
        at_entrypoint(f"#argosy:ignore[ {NAME} ]"),
        at_entrypoint(f"# a word first # argosy: ignore[{NAME}] -- it is made elsewhere"),
        above_entrypoint(f"# argosy: ignore[{NAME}]"),
        above_entrypoint(f"# argosy: ignore[{NAME}]", "", "# what it starts with"),
        f"# ours\n# argosy: ignore-file[{NAME}]\n" + MANIFEST,
        f"---\n# argosy: ignore-file[{NAME}] -- see README\n" + MANIFEST,
        at_entrypoint(f"# argosy: ignore[{NAME}]").replace("\n", "\r\n"),
    ],
)
def test_a_finding_is_hidden_and_argos_verdict_stays(text: str) -> None:
    file = lint_text(text, "a.yaml")
    assert file.findings == []
    assert "ignored or hidden. Argo itself refuses 1 of 1" in render("lint", "concise", LintResult([file]), style=PLAIN)
    assert [one.accepted for one in file.documents] == [False]


def test_several_rules_may_be_named_and_each_has_to_hide_something() -> None:
    text = at_entrypoint(f"# argosy: ignore[{NAME}, hook-template-undefined]")
    assert rules_of(text) == [("suppression-unused", 5)]


@pytest.mark.parametrize(
    ("text", "found", "message"),
    [
        (above_entrypoint(f"# argosy: ignore[{NAME}]", "other: 1"), "suppression-unused", "finds nothing on the line"),
        (MANIFEST + f"# argosy: ignore[{NAME}]\n", "suppression-unused", "finds nothing on the line"),
        (at_entrypoint("# argosy: ignore[entrypoint-mising]"), "suppression-unknown", "no rule 'entrypoint-mising'"),
        (at_entrypoint("# argosy: ignore"), "suppression-unknown", "which rules"),
        (at_entrypoint("# argosy: ignore[]"), "suppression-unknown", "which rules"),
        (at_entrypoint(f"# argosy: ignore[{NAME}"), "suppression-unknown", "no end"),
        (at_entrypoint(f"# argosy: ignore[{NAME}] because"), "suppression-unknown", "goes on with 'because'"),
        (at_entrypoint(f"# argosy: disable[{NAME}]"), "suppression-unknown", "cannot say 'disable'"),
        (at_entrypoint(f"# argosy: ignore-file[{NAME}]"), "suppression-unknown", "below the beginning"),
    ],
)
def test_a_comment_that_does_nothing_is_a_finding(text: str, found: str, message: str) -> None:
    said = {one.finding.rule: one.finding.message for one in lint_text(text, "a.yaml").findings}
    assert NAME in said, "it hides nothing"
    assert message in said[found]


def test_an_ordinary_comment_about_argosy_is_left_alone() -> None:
    assert rules_of(at_entrypoint("# argosy: see the handbook")) == rules_of(MANIFEST)


def test_a_rule_that_does_not_run_leaves_its_comments_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(MANIFEST.replace("mian", "main  # argosy: ignore[hook-template-undefined]"))
    assert [one.finding.rule for one in lint([path]).findings()] == ["suppression-unused"]
    assert lint([path], ignore=["hook-template-undefined"]).findings() == []
    assert lint([path], ignore=["suppression-unused"]).findings() == []
    assert lint([path], select=["yaml-invalid"]).findings() == []


def test_comments_work_inside_of_scripts() -> None:
    script = MANIFEST.replace("mian", "main\n  arguments: {parameters: [{name: x, value: a}]}").replace(
        'container: {image: "alpine:3.20", command: [make]}',
        "script:\n        image: alpine:3.20\n        command: [sh]\n        source: |\n"
        "          echo {{workflow.parameters.x}}",
    )
    (rule, line), *_ = rules_of(script)
    assert script.splitlines()[line - 1].lstrip().startswith("echo")
    assert rules_of(script.replace("          echo", f"          # argosy: ignore[{rule}]\n          echo")) == []


class PythonLike:
    """An origin that points at one line of a Python file."""

    path = "flow.py"

    def __init__(self, text: str) -> None:
        self.text = text

    def locate(self, address: object, part: object = "value", chars: object = None) -> Span:
        return Span(self.path, 2, 1, 2, 5)

    def lines(self) -> list[str]:
        return self.text.splitlines()


def test_comments_work_in_python() -> None:
    data = json.loads(
        '{"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow", "metadata": {"name": "a"}, "spec": {}}'
    )
    told = {one.finding.rule for one in lint_manifests([Manifest(data, PythonLike("import x\nmain()\n"))]).findings()}
    assert told
    comment = f"# argosy: ignore[{', '.join(sorted(told))}]"
    result = lint_manifests([Manifest(data, PythonLike(f"import x\nmain()  {comment}\n"))])
    assert result.findings() == []
    assert not result.files[0].documents[0].accepted


def test_comments_are_read_with_their_columns() -> None:
    (one,) = comments(["a: 1  # argosy: ignore[b, c]"])
    assert (one.line, one.columns, one.rules, one.covers) == (1, (7, 29), ["b", "c"], 1)
