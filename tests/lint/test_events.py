"""Expressions over events: what the server can evaluate, and what headers it has."""

import pytest

from argosy.lint.run import lint_text

MANIFEST = """\
apiVersion: argoproj.io/v1alpha1
kind: WorkflowEventBinding
metadata: {name: b}
spec:
  event: {selector: %s}
  submit:
    workflowTemplateRef: {name: build}
    metadata: {labels: {a: %s}}
    arguments: {parameters: [{name: branch, valueFrom: {event: %s}}]}
"""


def said(selector: str = "true", label: str = '"x"', argument: str = "payload.x") -> list[str]:
    texts = tuple("'" + one.replace("'", "''") + "'" for one in (selector, label, argument))
    return [f"{one.finding.rule}: {one.finding.message}" for one in lint_text(MANIFEST % texts).findings]


@pytest.mark.parametrize(
    "selector",
    [
        "payload",
        'payload.x == 1 && discriminator == "a" && namespace != ""',
        "any(payload.commits ?? [], {let c = #; c.x == 1})",
        'metadata["x-event"] == ["push"]',
        'metadata["x-event"][0] == "push" || "push" in metadata["x-event"]',
    ],
)
def test_what_the_server_evaluates_is_fine(selector: str) -> None:
    assert said(selector) == []
    assert said(argument=selector) == []


def test_argos_functions_are_for_what_is_submitted() -> None:
    assert said(label="sprig.trim(payload.x)") == []
    assert said("sprig.trim(payload.x)") == [
        "event-expression-invalid: the selector cannot be evaluated: unknown name sprig"
    ]


@pytest.mark.parametrize(
    ("where", "text", "message"),
    [
        ("selector", "payload.x = 1", "the selector cannot be evaluated: "),
        ("selector", "", "the selector cannot be evaluated: unexpected token EOF"),
        ("selector", "event.x == 1", "the selector cannot be evaluated: unknown name event"),
        ("selector", "discriminator", "the selector is a string, where Argo needs a bool"),
        ("label", "nightly", "the 'a' of what is submitted cannot be evaluated: unknown name nightly"),
        ("label", "1", "the 'a' of what is submitted is a int, where Argo needs a string"),
        ("argument", "asInt(payload.x)", "the expression of the argument cannot be evaluated: unknown name asInt"),
    ],
)
def test_what_it_cannot_evaluate_is_an_error(where: str, text: str, message: str) -> None:
    (found,) = said(**{where: text})
    assert found.startswith(f"event-expression-invalid: {message}")


@pytest.mark.parametrize(
    ("selector", "message"),
    [
        ('metadata["X-Event"] == ["a"]', "there is never a header 'X-Event' here: names begin with x-, in lower case"),
        (
            "metadata.authorization != nil",
            "there is never a header 'authorization' here: names begin with x-, in lower case",
        ),
        ('metadata["x-event"] == "a"', "a header is a list, and never equal to 'a'"),
    ],
)
def test_headers_that_never_match_are_told(selector: str, message: str) -> None:
    assert said(selector) == [f"event-header-never-matches: {message}"]


def test_a_parameter_without_a_value_must_be_given() -> None:
    template = """\
---
apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata: {name: build}
spec:
  entrypoint: main
  arguments: {parameters: [{name: branch}, {name: jobs}, {name: mode, value: fast}]}
  templates: [{name: main, container: {image: "alpine:3.20", command: [make]}}]
"""
    found = lint_text(MANIFEST % ("'true'", "'\"x\"'", "payload.x") + template).findings
    assert [one.finding.message for one in found if one.finding.rule == "event-argument-missing"] == [
        "'build' needs a value for its parameter 'jobs'"
    ]
