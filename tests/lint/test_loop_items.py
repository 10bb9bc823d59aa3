"""Items of loops: where they arrive, what they have, and numbers to count by."""

import pytest

from argosy.lint.run import lint_text

MANIFEST = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: w-}
spec:
  entrypoint: main
  arguments:
    parameters:
      - {name: words, value: "a, b"}
      - {name: list, value: "[1, 2]"}
      - {name: many, value: "2"}
      - {name: empty, value: ""}
  templates:
    - name: main
      steps:
        - - STEP
    - name: work
      inputs: {parameters: [{name: p, value: ""}]}
      container: {image: "alpine:3.20", command: [make]}
"""
ITEM = "arguments: {parameters: [{name: p, value: '{{item.x}}'}]}"


def said(step: str) -> list[str]:
    found = [one.finding for one in lint_text(MANIFEST.replace("STEP", step)).findings]
    return [f"{one.rule}: {one.message}" for one in found if not one.rule.endswith("-unused")]


def rules(step: str) -> list[str]:
    return [one.partition(":")[0] for one in said(step)]


@pytest.mark.parametrize(
    "step",
    [
        f"{{name: a, template: work, withItems: [{{x: 1}}, {{x: 2, y: 1}}], {ITEM}}}",
        f"{{name: a, template: work, withParam: '[{{\"x\": 1}}]', {ITEM}}}",
        "{name: a, template: work, withParam: '{{workflow.parameters.empty}}'}",
        "{name: a, template: work, withParam: '{{workflow.parameters.list}}'}",
        "{name: a, template: work, withParam: 'null'}",
        "{name: a, template: work, withSequence: {count: '{{workflow.parameters.many}}', start: '+007'}}",
        "{name: a, template: work, withSequence: {start: 9, end: '-1', format: 'x%04x%%'}}",
    ],
)
def test_what_argo_can_count_is_no_finding(step: str) -> None:
    assert said(step) == []


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (
            f"{{name: a, template: work, withParam: '[{{\"x\": 1}}, 2]', {ITEM}}}",
            "item-field-missing: item 1 of the loop of 'a' has no 'x', which the step uses",
        ),
        (
            "{name: a, template: work, withParam: '{{workflow.parameters.words}}'}",
            "loop-list-invalid: withParam of 'a' is 'a, b' by default, which is no JSON list",
        ),
        (
            "{name: a, template: work, withSequence: {count: '{{workflow.parameters.words}}'}}",
            "sequence-invalid: the count of the sequence of 'a' is 'a, b', by default, which is no whole number",
        ),
        (
            "{name: a, template: work, withSequence: {start: 1}}",
            "sequence-invalid: the sequence of 'a' has no end: its step ends in Error",
        ),
        (
            "{name: a, template: work, withSequence: {end: '99999999999999999999'}}",
            "sequence-invalid: the end of the sequence of 'a' is '99999999999999999999', which is no whole number",
        ),
        (
            "{name: a, template: work, withSequence: {count: -1}}",
            "sequence-invalid: a count of -1 makes 3 items, counting down",
        ),
        (
            "{name: a, template: work, withSequence: {count: 2, format: 'a%d-%d'}}",
            "sequence-format-wrong: the format 'a%d-%d' does not put the number into the item once",
        ),
        (
            "{name: a, template: work, withSequence: {count: 2, format: 'a\"%d'}}",
            "sequence-format-wrong: the format 'a\"%d' makes items that Argo cannot read: the step ends in Error",
        ),
    ],
)
def test_what_argo_cannot_count_is_one(step: str, message: str) -> None:
    assert said(step) == [message]


WORK = "container: {image: 'alpine:3.20', command: [echo, '{{item}}']}"
NESTED = "steps: [[{name: b, template: work, arguments: {parameters: [{name: p, value: '{{item}}'}]}}]]"


@pytest.mark.parametrize(("inline", "rule"), [(WORK, "item-in-template"), (NESTED, "item-outside-loop")])
def test_items_reach_inline_templates(inline: str, rule: str) -> None:
    assert rules("{name: a, withItems: [1], inline: {" + inline + "}}") == ["inline-template-in-loop"]
    assert rules("{name: a, inline: {" + inline + "}}") == [rule]
