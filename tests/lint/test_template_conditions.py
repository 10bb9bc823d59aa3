"""Conditions of resource and HTTP templates, names of images and of nodes: what Kubernetes and Argo take."""

import pytest

from argosy.lint.run import lint_text
from argosy.lint.selectors import selector_fault

MANIFEST = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: w-}
spec:
  entrypoint: main
  templates:
    - name: main
"""


def said(template: str) -> list[str]:
    found = lint_text(MANIFEST + template).findings
    rules = ("http-condition-invalid", "image-name-invalid", "display-name-invalid")
    return [one.finding.message for one in found if one.finding.rule in rules]


@pytest.mark.parametrize(
    "selector",
    [
        "status.succeeded > 2",
        "status.phase in (Failed, Error)",
        "status.phase == Succeeded, status.ready notin (no)",
        "!status.failed,status.conditions.0.type",
        "a=,b!=",
        "x.io/a = b",
        "",
    ],
)
def test_selectors_that_kubernetes_reads_have_no_fault(selector: str) -> None:
    assert selector_fault(selector) is None


@pytest.mark.parametrize(
    ("selector", "message"),
    [
        ("a >= 1", "'=' comes where a whole number should"),
        ("a > x", "'x' comes where a whole number should"),
        ("a == 'x'", "\"'x'\" comes where a value of letters, digits, dashes, dots and underscores should"),
        ("a == b && c", "'&&' comes where a comma should"),
        ("a b", "'b' comes where one of = == != > < in notin should"),
        ("a in b", "'b' comes where a parenthesis should"),
        ("a in (b", "it ends where a comma or a parenthesis should come"),
        ("a,", "it ends where a name should come"),
        ('a.#(b=="c").d == e', "'a.#' comes where the name of a field should"),
    ],
)
def test_others_have_one(selector: str, message: str) -> None:
    found = selector_fault(selector)
    assert found is not None
    assert found[0] == message
    assert 0 <= found[1] < found[2] <= len(selector)


@pytest.mark.parametrize(
    "condition",
    [
        "response.statusCode == 201",
        'response.body contains "google" and response.statusCode in [200, 201]',
        'response.headers["Server"][0] == "x" || response.headers["X-Request-Id"] != nil',
        "fromJSON(response.body).ok == true",
        'request.method == "GET"',
    ],
)
def test_conditions_of_requests_that_can_be_evaluated_are_fine(condition: str) -> None:
    assert said(f"      http: {{url: 'https://x.io', successCondition: '{condition}'}}\n") == []


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("response.status == 200", "response has no field 'status'"),
        ("response.body.ok", "response.body is no map"),
        ('response.headers["server"] != nil', "there is never a header 'server': names are written as in Content-Type"),
        ("status == 200", "the condition cannot be evaluated: unknown name status"),
        ("asInt(response.body) == 1", "the condition cannot be evaluated: unknown name asInt"),
        ("response.statusCode = 200", "the condition cannot be evaluated: unexpected token Operator(\"=\")"),
        ('"ok"', "the condition is a string, and neither true nor false"),
    ],
)  # fmt: skip
def test_others_are_told(condition: str, message: str) -> None:
    assert said(f"      http: {{url: 'https://x.io', successCondition: '{condition}'}}\n") == [message]


@pytest.mark.parametrize(
    "image",
    ["alpine:3.20", "quay.io/a/b:1", "localhost:5000/a", "X.io/a", "a:1@sha256:" + "f" * 64, "a/b__c--d.e", "{{x}}"],
)  # fmt: skip
def test_names_of_images(image: str) -> None:
    assert said(f"      container: {{image: '{image}', command: [a]}}\n") == []


@pytest.mark.parametrize(
    "image", ["Alpine:3.20", "quay.io/A/b", "a:", "a b", " a", "https://x.io/a:1", "a:1:2", "a@sha256:1", "-a"]
)
def test_names_that_no_image_has(image: str) -> None:
    assert said(f"      container: {{image: '{image}', command: [a]}}\n") == [f"{image!r} is no name of an image"]


@pytest.mark.parametrize(
    ("name", "fits"), [("a-b.C", True), ("'{{workflow.name}}'", True), ("a b", False), ("a", False), ("a-", False)]
)
def test_names_that_nodes_are_shown_by(name: str, fits: bool) -> None:
    annotations = f"      annotations: {{workflows.argoproj.io/display-name: {name}}}\n"
    assert (said(annotations + "      container: {image: a, command: [a]}\n") == []) is fits
