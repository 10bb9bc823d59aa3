"""Expressions of retries are tried with what ``lastRetry`` can have."""

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
      retryStrategy: {limit: 2, expression: %r}
      container: {image: "alpine:3.20", command: [make]}
"""


@pytest.mark.parametrize(
    ("expression", "messages"),
    [
        ("lastRetry.status == 'Error' || asInt(lastRetry.exitCode) in [1, 137]", []),
        ("asInt(retries) < 3 and lastRetry.message contains 'reset'", []),
        ("workflow.parameters.x == 'y'", []),
        ("asFloat(lastRetry.duration) < 60", []),
        ("nofunc(lastRetry.exitCode) == 1", ["unknown name nofunc"]),
        ("lastRetry.status", ["unable to cast expression result 'Failed' to bool"]),
        ("lastRetry.message > 3", ["invalid operation: string > int"]),
    ],
)
def test_an_expression_that_always_fails_is_an_error(expression: str, messages: list[str]) -> None:
    found = [one.finding for one in lint_text(MANIFEST % expression).findings]
    said = [f"the expression for retries cannot be evaluated: {message}" for message in messages]
    assert [one.message for one in found] == said
    assert {one.rule for one in found} <= {"retry-expression-invalid"}
