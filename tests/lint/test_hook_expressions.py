"""What the expressions of hooks can see, and which of them can never be evaluated or never hold."""

import pytest

from argosy.lint.finding import Severity
from argosy.lint.run import lint_text

MANIFEST = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: w-}
spec:
  entrypoint: main
  arguments: {parameters: [{name: p, value: a}]}
  hooks: {%s}
  templates:
    - name: main
      inputs: {parameters: [{name: q, value: a}]}
      steps:
        - - {name: before, template: work}
        - - {name: beside, template: work}
          - {name: a, template: work, hooks: {%s}}
          - {name: beside-too, template: work}
        - - {name: graph, template: graph}
    - name: graph
      dag:
        tasks:
          - {name: before, template: work}
          - {name: a, template: work, depends: before, hooks: {%s}}
          - {name: aside, template: work}
    - name: work
      container: {image: "alpine:3.20", command: [make]}
"""
PLACES = ("workflow", "step", "task")


def said(place: str, expression: str, name: str) -> list[str]:
    hook = f"{name}: {{template: work, expression: {expression!r}}}"
    text = MANIFEST % tuple(hook if one == place else "" for one in PLACES)
    found = [one.finding for one in lint_text(text).findings if one.finding.severity is not Severity.INFO]
    return [f"{one.rule}: {one.message}" for one in found]


@pytest.mark.parametrize(
    ("place", "expression"),
    [
        ("workflow", "workflow.status == 'Failed'"),
        ("workflow", "workflow.parameters.p == 'x' or asInt(workflow.parameters.p) > 3"),
        ("workflow", "workflow.parameters.p matches '^v[0-9]+$'"),
        ("workflow", "asFloat(workflow.duration) > 3600"),
        ("workflow", "workflow.labels['a'] == 'b'"),
        ("step", "steps.a.status == 'Failed' && inputs.parameters.q == 'x'"),
        ("step", "steps['before'].outputs.result contains 'x'"),
        ("step", "steps.beside.status == 'Failed'"),
        ("step", "(steps.before.exitCode ?? '0') == '1'"),
        ("step", "jsonpath(workflow.parameters.p, '$.a') == 1"),
        ("step", "steps.a != nil"),
        ("task", "tasks.a.status != 'Succeeded' and tasks.before.status == 'Succeeded'"),
    ],
)
@pytest.mark.parametrize("name", ["exit", "other"])
def test_an_expression_that_can_hold_is_no_finding(place: str, expression: str, name: str) -> None:
    if (place, name) != ("workflow", "exit"):
        assert said(place, expression, name) == []


@pytest.mark.parametrize(
    ("place", "expression", "message"),
    [
        ("workflow", "steps.a.status == 'Failed'", "cannot be evaluated: unknown name steps"),
        ("workflow", "workflow.parameters.none == 'x'", "never runs: workflow.parameters.none has no value here"),
        ("workflow", "workflow.parameters.p > 3", "cannot be evaluated: invalid operation: string > int"),
        ("workflow", "workflow.parameters.p == 3", "never runs: its expression is never true"),
        ("workflow", "workflow.status == Failed", "cannot be evaluated: unknown name Failed"),
        ("workflow", "'Failed'", "cannot be evaluated: unable to cast expression result 'Failed' to bool"),
        (
            "workflow",
            "workflow.status == 'Failed' && workflow.duration > 10",
            "cannot be evaluated when workflow.status is Failed: invalid operation: string > int",
        ),
        ("step", "tasks.a.status == 'Failed'", "cannot be evaluated: unknown name tasks"),
        ("step", "steps.a.exitCode == '1'", "never runs: steps.a.exitCode has no value here"),
        ("step", "steps['beside-too'].status == 'Failed'", "cannot be evaluated: cannot fetch status from <nil>"),
        ("step", "inputs.parameters.none == 'x'", "never runs: inputs.parameters.none has no value here"),
        ("task", "tasks.aside.status == 'Failed'", "cannot be evaluated: cannot fetch status from <nil>"),
        ("task", "inputs.parameters.q == 'x'", "cannot be evaluated: unknown name inputs"),
        ("task", "tasks.a.outputs.result == 'x'", "cannot be evaluated: cannot fetch result from <nil>"),
        ("task", "workflow.status == 'Failed'", "never runs: workflow.status is one of Running, Pending here"),
        ("task", "status == 'Failed'", "cannot be evaluated: unknown name status"),
    ],
)
def test_an_expression_that_cannot_hold_is_an_error(place: str, expression: str, message: str) -> None:
    found = said(place, expression, "other")
    assert len(found) == 1
    assert found[0].startswith("hook-never-fires: ")
    assert found[0].endswith(message)


@pytest.mark.parametrize("place", PLACES)
def test_a_word_that_is_no_phase_is_told(place: str) -> None:
    name = {"workflow": "workflow", "step": "steps.a", "task": "tasks.a"}[place]
    assert said(place, f"{name}.status != 'Completed'", "other") == ["phase-unknown: 'Completed' is no phase"]


def test_an_item_of_a_loop_has_a_name_of_its_own() -> None:
    text = MANIFEST % ("", "h: {template: work, expression: EXPRESSION}", "")
    text = text.replace("{name: a, template: work, hooks", "{name: a, template: work, withItems: [x], hooks", 1)
    own = text.replace("EXPRESSION", "\"steps['a(0:x)'].status == 'Failed'\"")
    assert [one.finding.rule for one in lint_text(own).findings if one.finding.severity is not Severity.INFO] == []
    whole = text.replace("EXPRESSION", "steps.a.status == 'Failed'")
    assert "hook-asks-looped-step" in [one.finding.rule for one in lint_text(whole).findings]
