"""What rules say of shell scripts: values that are split, failures that nobody sees, results that are no JSON."""

import pytest

from argosy.lint.run import lint_text

MANIFEST = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: w-}
spec:
  entrypoint: main
  onExit: after
  arguments: {parameters: [{name: p, value: a}]}
  templates:
    - name: main
      container:
        image: alpine:3.20
        command: [SHELL, -c]
        args: [SCRIPT]
        env:
          - {name: P, value: "{{workflow.parameters.p}}"}
          - {name: FLAGS, value: "{{workflow.parameters.p}}"}
          - {name: FIXED, value: a}
          - {name: N, value: "{{=asInt(workflow.parameters.p)}}"}
    - name: after
      container: {image: "alpine:3.20", command: [sh, OPTION], args: [HANDLER]}
"""


def said(rule: str, script: str, handler: str = "a", shell: str = "sh", option: str = "-c") -> list[str]:
    text = MANIFEST
    for key, value in (("SCRIPT", script), ("HANDLER", handler)):
        text = text.replace(key, "'" + value.replace("'", "''").replace("\n", "\n\n") + "'")
    found = lint_text(text.replace("SHELL", shell).replace("OPTION", option), also=[rule]).findings
    return [one.finding.message for one in found if one.finding.rule == rule]


@pytest.mark.parametrize(
    "script",
    [
        'a "$P" "x${P}y" b="$P"',
        "P=x; a $P",
        "x=$P; case $P in a) b;; esac; [[ -n $P ]]",
        "a $FIXED $FLAGS $N $OTHER ${P:-x}",
        "cat <<E\n$P\nE",
        "for one in $P; do a; done",
        "a '$P' \\$P # $P",
    ],
)
def test_what_is_quoted_or_not_split_is_fine(script: str) -> None:
    assert said("variable-unquoted", script) == []


@pytest.mark.parametrize("script", ["a $P", "a x${P}y", '"$(a $P)"', "if a; then b $P; fi", "a=1 b $P >f"])
def test_what_the_shell_splits_is_told(script: str) -> None:
    assert said("variable-unquoted", script) == ["$P is split at blanks, and brings workflow.parameters.p"]


@pytest.mark.parametrize(
    ("script", "shell", "count"),
    [
        ("if a; then b", "sh", 1),
        ("echo 'it's'", "bash", 1),
        ("if a; then b", "zsh", 0),
        ("[[ a", "sh", 0),
        ("[[ a", "bash", 1),
        ("a {{workflow.parameters.p}} '", "sh", 1),
        ("{{workflow.parameters.p}}\nfi", "sh", 0),
        ("a\n  {{workflow.parameters.p}}\nfi", "sh", 0),
    ],
)
def test_scripts_that_shells_refuse_are_told(script: str, shell: str, count: int) -> None:
    assert len(said("shell-code-invalid", script, shell=shell)) == count


@pytest.mark.parametrize(
    ("handler", "option", "count"),
    [
        ("kubectl delete ns a\necho gone", "-c", 1),
        ("kubectl delete ns a; curl x", "-c", 1),
        ("kubectl delete ns a\necho gone", "-ec", 0),
        ("set -eu\nkubectl delete ns a\necho gone", "-c", 0),
        ("set -o errexit\nkubectl delete ns a\necho gone", "-c", 0),
        ("kubectl delete ns a && echo gone", "-c", 0),
        ("kubectl delete ns a || true\necho gone", "-c", 0),
        ("if kubectl delete ns a; then echo gone; fi\necho done", "-c", 0),
        ("kubectl delete ns a\necho $?", "-c", 0),
        ("echo gone\nkubectl delete ns a", "-c", 0),
    ],
)
def test_failures_that_nobody_sees_are_told_of_handlers(handler: str, option: str, count: int) -> None:
    assert len(said("failure-goes-unnoticed", "a; b", handler, option=option)) == count


LOOP = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: w-}
spec:
  entrypoint: main
  templates:
    - name: main
      dag:
        tasks:
          - {name: greet, template: greet, WITH}
          - name: show
            depends: greet
            template: show
            arguments: {parameters: [{name: all, value: "{{TAG}}"}]}
    - name: greet
      BODY
    - name: show
      inputs: {parameters: [{name: all}]}
      container: {image: "alpine:3.20", command: [show, "{{inputs.parameters.all}}"]}
"""


def prints(body: str, items: str = "withItems: [1, 2]", tag: str = "tasks.greet.outputs.result") -> bool:
    text = LOOP.replace("BODY", body).replace("WITH", items).replace("TAG", tag)
    return any(one.finding.rule == "loop-result-is-no-json" for one in lint_text(text).findings)


SH = "script: {image: 'alpine:3.20', command: [sh], source: '%s'}"
PYTHON = "script: {image: 'python:3.12', command: [python], source: '%s'}"


@pytest.mark.parametrize(
    "body",
    [
        SH % "echo hello",
        SH % 'set -e; echo -n "Hello $1"',
        SH % "echo ''hello'' you",
        PYTHON % 'print("hello")',
        "container: {image: 'alpine:3.20', command: [echo], args: [hello]}",
    ],
)
def test_text_in_the_results_of_a_loop_is_told(body: str) -> None:
    assert prints(body)
    assert prints(body, tag="=tasks.greet.outputs.result")
    assert not prints(body, items="when: a == a")
    assert not prints(body, tag="tasks.greet.status")


@pytest.mark.parametrize(
    "body",
    [
        SH % "echo 12",
        SH % "echo ''\"hello\"''",
        SH % 'echo "$x"',
        SH % "echo hello >&2; echo 1",
        SH % "echo hello | jq -R",
        SH % "echo true",
        SH % "echo hello >f; cat f",
        SH % "if a; then echo hello; fi",
        SH % "f() { echo hello; }; g",
        SH % "work; echo hello",
        PYTHON % 'print("[1]")',
        PYTHON % 'import json; print("hello")',
        "container: {image: 'alpine:3.20', command: [echo], args: ['{{workflow.name}}']}",
    ],
)
def test_what_may_be_json_is_not(body: str) -> None:
    assert not prints(body)
