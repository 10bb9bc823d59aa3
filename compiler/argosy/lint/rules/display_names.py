"""Names that nodes are shown by."""

from __future__ import annotations

import re
from collections.abc import Iterator

from argosy.lint import tables
from argosy.lint.context import Context
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule
from argosy.lint.taint import tags_of

_KEY = "workflows.argoproj.io/display-name"


@rule(Severity.ERROR, over=tables.templates)
def display_name_invalid(one: tables.TemplateAt, context: Context) -> Iterator[Problem]:
    """The name that a template's nodes are to be shown by has other characters than letters, digits, dashes and dots.

    The node ends in Error: "displayName must match the regex". It has 2 to 63 of them, and begins and ends with a
    letter or digit. Argo's linter passes it. Source: Argo v4.1 `workflow/controller/operator.go` (`executeTemplate`).

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              annotations:
                workflows.argoproj.io/display-name: Build all  # here
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              annotations:
                workflows.argoproj.io/display-name: build-all
              container: {image: "alpine:3.20", command: [make]}
    """
    text = written = str(one.template.annotations.get(_KEY) or "")
    for tag in reversed(tags_of(text)):
        text = f"{text[: tag.start]}xx{text[tag.end :]}"
    if text and "{{" not in text and not re.fullmatch(r"[a-zA-Z0-9][a-zA-Z0-9.-]{0,61}[a-zA-Z0-9]", text):
        yield Problem(f"no node can be shown as {written!r}: it ends in Error", one.at("annotations", _KEY))
