"""Daemons that others begin to use before they are ready."""

from __future__ import annotations

import re
from collections.abc import Iterator

from argosy.lint import tables
from argosy.lint.context import Context, table
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule
from argosy.lint.rules.expression_tags import tags


@table
def _addressed(context: Context) -> Iterator[frozenset[tuple[str, str]]]:
    """Give one set: kind and name of the steps and tasks whose address is used."""
    pattern = re.compile(r"\b(step|task)s(?:\.([\w-]+)|\['([^']+)'\])\.ip\b")
    found = (pattern.search(one.tag.content) for one in tags(context) if ".ip" in one.tag.content)
    yield frozenset((one[1], one[2] or one[3]) for one in found if one is not None)


@rule(Severity.INFO, over=tables.templates)
def daemon_without_readiness(one: tables.TemplateAt, context: Context) -> Iterator[Problem]:
    """A daemon that others talk to does not say when it is ready.

    Argo goes on to the next steps as soon as the containers of a daemon are ready, and without a `readinessProbe` they
    are so the moment that they start: the first request often comes too early.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: test-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - {name: database, template: database}
                - - name: test
                    template: test
                    arguments: {parameters: [{name: host, value: "{{steps.database.ip}}"}]}
            - name: database
              daemon: true  # here
              container: {image: "postgres:16", command: [postgres]}
            - name: test
              inputs: {parameters: [{name: host}]}
              container: {image: "alpine:3.20", command: [test, "{{inputs.parameters.host}}"]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: test-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - {name: database, template: database}
                - - name: test
                    template: test
                    arguments: {parameters: [{name: host, value: "{{steps.database.ip}}"}]}
            - name: database
              daemon: true
              container:
                image: postgres:16
                command: [postgres]
                readinessProbe: {tcpSocket: {port: 5432}}
            - name: test
              inputs: {parameters: [{name: host}]}
              container: {image: "alpine:3.20", command: [test, "{{inputs.parameters.host}}"]}
    """
    container = one.template.container or one.template.script
    if not one.template.daemon or container is None or container.readiness_probe is not None:
        return
    for call in tables.calls(context):
        if (call.kind, call.name) not in _addressed(context)[0]:
            continue
        target = context.resolve(call.call)
        if target is not None and target != "undefined" and target.template is one.template:
            yield Problem(
                f"{one.name!r} is taken for ready as soon as it starts, and {call.name!r} is talked to",
                one.at("daemon"),
                "give its container a readinessProbe",
                part="key",
            )
            return
