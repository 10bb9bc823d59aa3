"""Secrets that are passed as parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from argosy import model
from argosy.lint import tables
from argosy.lint.context import Context
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule


@cache
def _secret() -> re.Pattern[str]:
    return re.compile(r"(?i)(?:^|[-_.])(?:passwords?|passwd|secret|api[-_]?key|(?:access|auth|api|bearer)[-_]?token)$")


@rule(Severity.INFO, over=tables.specs)
def secret_in_parameter(spec: model.WorkflowSpec, context: Context) -> Iterator[Problem]:
    """A parameter of the workflow is named like a secret: parameters are seen by everybody who sees the workflow.

    Its value is kept in the workflow and its status, shown in the user interface and archived. Pass the name of a
    Secret, and let the container take it with `secretKeyRef`.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: deploy-}
        spec:
          entrypoint: main
          arguments:
            parameters:
              - name: registry-password  # here
                value: ""
          templates:
            - name: main
              container:
                image: alpine:3.20
                command: [deploy]
                env: [{name: PASSWORD, value: "{{workflow.parameters.registry-password}}"}]

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: deploy-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container:
                image: alpine:3.20
                command: [deploy]
                env: [{name: PASSWORD, valueFrom: {secretKeyRef: {name: registry, key: password}}}]
    """
    for n, parameter in enumerate(spec.arguments.parameters):
        if _secret().search(parameter.name):
            given = bool(parameter.value) and "{{" not in str(parameter.value)
            what = "has its secret in the manifest" if given else "is seen by all who see the workflow"
            yield Problem(
                f"the parameter {parameter.name!r} {what}",
                (*context.spec_address, "arguments", "parameters", n, "name"),
                "take it from a Secret: secretKeyRef",
                severity=Severity.WARNING if given else None,
            )
