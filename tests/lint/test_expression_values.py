"""Expressions that fail with every text, and those that only some texts break."""

import pytest

from argosy.lint.finding import Severity
from argosy.lint.run import lint_text

MANIFEST = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: w-}
spec:
  entrypoint: main
  arguments: {parameters: [{name: word, value: abc}, {name: many, value: "4"}, {name: free}]}
  templates:
    - name: main
      inputs: {parameters: [{name: p, value: ""}]}
      steps:
        - - name: a
            template: work
            LOOP
            arguments: {parameters: [{name: p, value: '{{=CALL}}'}]}
    - name: work
      inputs: {parameters: [{name: p, value: ""}]}
      container: {image: "alpine:3.20", command: [make], args: ['{{=BODY}}']}
"""


def said(call: str = "1", body: str = "1", loop: str = "withItems: [1, 2]") -> list[tuple[str, Severity]]:
    text = MANIFEST.replace("CALL", call).replace("BODY", body).replace("LOOP", loop)
    found = [one.finding for one in lint_text(text).findings if one.finding.rule == "expression-always-fails"]
    return [(one.message, one.severity) for one in found]


@pytest.mark.parametrize(
    "expression",
    [
        "asInt(item) * 10",
        "item + workflow.parameters.word",
        "asInt(workflow.parameters.many) + 1",
        "asInt(workflow.parameters.free) + 1",
        "(workflow.parameters.word ?? 1) + 1",
        "inputs.parameters.p == workflow.parameters.word",
        "sprig.add(item, 1)",
        "fromJSON(inputs.parameters.p).a.b + 1",
    ],
)
def test_an_expression_that_some_value_fits_is_fine(expression: str) -> None:
    assert said(call=expression) == []


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("item * 10", "the expression cannot be evaluated: invalid operation: * (mismatched types string and int)"),
        ("item == 1", "the expression cannot be evaluated: invalid operation: == (mismatched types string and int)"),
        ("inputs.parameters.p + 1", "the expression cannot be evaluated: "),
        ("asInt(workflow.parameters.word)", "the expression cannot be evaluated with 'abc': "),
    ],
)
def test_one_that_fails_with_all_of_them_is_told(expression: str, message: str) -> None:
    ((found, severity),) = said(call=expression)
    assert found.startswith(message)
    assert severity is Severity.ERROR


def test_in_a_template_the_tag_stays() -> None:
    ((found, severity),) = said(body="inputs.parameters.p * 2")
    assert found.endswith(": the tag stays as it is")
    assert severity is Severity.WARNING


def test_items_that_are_maps_or_unknown_are_left_alone() -> None:
    assert said(call="item + 1", loop="withItems: [{a: 1}]") == []
    assert said(call="item + 1", loop="withParam: '{{workflow.parameters.free}}'") == []
