"""What an exit handler can do to its workflow; advice that is off by default."""

from __future__ import annotations

import re
from collections.abc import Iterator

from argosy import model
from argosy.lint import tables
from argosy.lint.context import Context
from argosy.lint.finding import Severity
from argosy.lint.reach import handler_templates, workflow_handlers
from argosy.lint.rule import Problem, rule


@rule(Severity.INFO, over=tables.templates, on_by_default=False)
def handler_without_timeout(one: tables.TemplateAt, context: Context) -> Iterator[Problem]:
    """A container of an exit handler may run for ever: the deadline of the workflow does not count for it.

    `activeDeadlineSeconds` of the workflow ends its work, and then the exit handler runs for as long as it takes. If it
    hangs, the workflow stays Running, with its locks and volumes. Give its template an `activeDeadlineSeconds` of
    its own.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: notify
          activeDeadlineSeconds: 3600
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: notify  # here
              container: {image: "alpine:3.20", command: [notify]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: notify
          activeDeadlineSeconds: 3600
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: notify
              activeDeadlineSeconds: 300
              container: {image: "alpine:3.20", command: [notify]}
    """
    template = one.template
    if id(template) not in handler_templates(context)[0]:
        return
    if template.container is None and template.script is None and template.container_set is None:
        return
    defaults = context.spec.template_defaults
    bounded = [template, *([defaults] if defaults is not None else [])]
    if not any(each.timeout or each.active_deadline_seconds for each in bounded):
        where = one.at("name") if one.name else one.address
        yield Problem("nothing ends this part of the exit handler if it hangs", where, "give it activeDeadlineSeconds")


@rule(Severity.INFO, over=tables.specs, on_by_default=False)
def notification_fails_workflow(spec: model.WorkflowSpec, context: Context) -> Iterator[Problem]:
    """An exit handler that tells somebody is tried once, and makes a workflow Failed that has Succeeded.

    If the exit handler of a workflow fails, so does the workflow. Where it only tells of the result, a server that does
    not answer is no reason for that: give the template a `retryStrategy`, or its step a `continueOn`.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: notify
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: notify
              http: {url: "https://hooks.example.com/notify"}  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: notify
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: notify
              retryStrategy: {limit: 5, backoff: {duration: 10s, factor: 2}}
              http: {url: "https://hooks.example.com/notify"}
    """
    handlers = workflow_handlers(context)
    forgiven: set[str] = set()
    for one in handlers:
        for step in (step for group in one.template.steps for step in group):
            if step.continue_on is not None:
                forgiven.add(step.template)
    for one in handlers:
        template = one.template
        tells = template.http is not None or re.search(r"(?i)notif|slack|mail|teams|alert|webhook", template.name)
        leaf = not template.steps and template.dag is None
        if tells and leaf and template.retry_strategy is None and template.name not in forgiven and one.address:
            if one.owner.manifest is not context.manifest:
                continue
            key = "http" if template.http is not None else "name"
            yield Problem(
                f"if {template.name!r} cannot tell, a workflow that has Succeeded is Failed",
                (*one.address, key),
                "give it a retryStrategy, or its step a continueOn",
                part="key" if key == "http" else "value",
            )
