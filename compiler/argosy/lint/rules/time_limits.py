"""Workflows that may run, or wait, for ever; advice that is off by default, but for waiting in a CronWorkflow."""

from __future__ import annotations

from collections.abc import Iterator

from argosy import model
from argosy.lint import tables
from argosy.lint.context import Context
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule
from argosy.source import at


@rule(Severity.INFO, over=tables.specs, on_by_default=False)
def deadline_missing(spec: model.WorkflowSpec, context: Context) -> Iterator[Problem]:
    """A workflow has no deadline, and none of its templates has a timeout.

    A container that hangs keeps the workflow Running, its locks taken, and its exit handler waiting, until somebody
    looks.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main  # here
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          activeDeadlineSeconds: 3600
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
    """
    if not spec.entrypoint or spec.active_deadline_seconds:
        return
    every = [*spec.templates, *([spec.template_defaults] if spec.template_defaults is not None else [])]
    if not any(one.timeout or one.active_deadline_seconds for one in every):
        yield Problem(
            "nothing ends this workflow if a container hangs",
            (*context.spec_address, "entrypoint"),
            "give it activeDeadlineSeconds",
        )


@rule(Severity.INFO, over=tables.templates, on_by_default=False)
def loop_without_parallelism(one: tables.TemplateAt, context: Context) -> Iterator[Problem]:
    """A template loops over a list made at run time, and starts all its items at once.

    A list of a thousand makes a thousand pods. Limit it with the template's `parallelism`.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          arguments: {parameters: [{name: regions, value: '["eu", "us"]'}]}
          templates:
            - name: main
              steps:
                - - name: deploy
                    template: deploy
                    withParam: "{{workflow.parameters.regions}}"  # here
            - name: deploy
              container: {image: "alpine:3.20", command: [deploy]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          arguments: {parameters: [{name: regions, value: '["eu", "us"]'}]}
          templates:
            - name: main
              parallelism: 5
              steps:
                - - name: deploy
                    template: deploy
                    withParam: "{{workflow.parameters.regions}}"
            - name: deploy
              container: {image: "alpine:3.20", command: [deploy]}
    """
    if one.template.parallelism or context.spec.parallelism:
        return
    for call in tables.calls(context):
        if call.inside.template is one.template and "{{" in call.call.with_param:
            yield Problem(f"all items of {call.name!r} start at once", call.at("withParam"), "set parallelism")


@rule(Severity.WARNING, over=tables.templates)
def suspend_without_end_in_cron(one: tables.TemplateAt, context: Context) -> Iterator[Problem]:
    """A CronWorkflow waits for somebody to resume it, each time.

    Nobody looks at three in the morning. With `concurrencyPolicy: Forbid` no other run starts until then; without it
    they pile up. Give the suspension a `duration`, or the workflow an `activeDeadlineSeconds`.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: CronWorkflow
        metadata: {name: build}
        spec:
          schedules: ["0 3 * * *"]
          workflowSpec:
            entrypoint: main
            templates:
              - name: main
                suspend: {}  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: CronWorkflow
        metadata: {name: build}
        spec:
          schedules: ["0 3 * * *"]
          workflowSpec:
            entrypoint: main
            templates:
              - name: main
                suspend: {duration: 1h}
    """
    if context.kind != "CronWorkflow" or one.template.suspend is None or one.template.suspend.duration:
        return
    if not context.spec.active_deadline_seconds:
        yield Problem("each run waits here until somebody resumes it", one.at("suspend"), "give it a duration")


@rule(Severity.INFO, over=tables.documents, on_by_default=False)
def cron_runs_overlap(one: Context, context: Context) -> Iterator[Problem]:
    """A CronWorkflow does not say what happens when a run is due while the one before still runs.

    They run side by side then, and an exit handler of one may take away what the other uses. `Forbid` leaves the new
    one out, `Replace` stops the old one.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: CronWorkflow
        metadata: {name: build}
        spec:
          schedules: ["0 3 * * *"]  # here
          workflowSpec:
            entrypoint: main
            templates:
              - name: main
                container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: CronWorkflow
        metadata: {name: build}
        spec:
          schedules: ["0 3 * * *"]
          concurrencyPolicy: Forbid
          workflowSpec:
            entrypoint: main
            templates:
              - name: main
                container: {image: "alpine:3.20", command: [make]}
    """
    if context.kind == "CronWorkflow" and not at(context.manifest.data, ("spec", "concurrencyPolicy")):
        yield Problem("runs may overlap", ("spec", "schedules"), "say concurrencyPolicy: Forbid, Replace or Allow")
