"""Expressions for outputs: what there is to take them from, and what there is not."""

import pytest

from argosy.lint.run import lint_text

MANIFEST = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: w-}
spec:
  entrypoint: main
  templates:
    - name: main
      KIND
      outputs: {parameters: [{name: o, valueFrom: {expression: "EXPRESSION"}}]}
    - name: work
      container: {image: "alpine:3.20", command: [make]}
"""
KINDS = {"steps": "steps: [[{name: w, template: work}]]", "tasks": "dag: {tasks: [{name: w, template: work}]}"}


def said(kind: str, expression: str) -> list[str]:
    text = MANIFEST.replace("KIND", KINDS[kind]).replace("EXPRESSION", expression.replace("P.", f"{kind}."))
    return [one.finding.message for one in lint_text(text).findings if one.finding.rule == "output-expression-invalid"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_there_is_fine(kind: str) -> None:
    for text in ("P.w.status", "P.none?.status ?? 'x'", "P.none != nil ? 'a' : 'b'", "workflow.name", "1 + 1"):
        assert said(kind, text) == [], text


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_is_told(kind: str) -> None:
    other = "tasks" if kind == "steps" else "steps"
    assert said(kind, f"{other}.w.status") == [f"there are no {other} here, but {kind}"]
    assert said(kind, "P.none.status") == [f"there is no {kind[:-1]} 'none' here"]
    assert said(kind, "P.w.status +") == ["the expression cannot be read: unexpected token EOF"]
    assert said(kind, "{{P.w.status}}") == ["it is an expression already, and cannot be read with braces around it"]
