"""CronWorkflows: when they start their workflows."""

from __future__ import annotations

from collections.abc import Iterator

from argosy import model
from argosy.lint.context import Context, table
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule
from argosy.lint.schedule import schedule_fault, zone_exists
from argosy.model.workflow import CronWorkflowSpec
from argosy.source import Address
from argosy.versions import ArgoVersion


@table
def cron_specs(context: Context) -> Iterator[CronWorkflowSpec]:
    """Give the ``spec`` of a CronWorkflow."""
    if context.kind == "CronWorkflow":
        decoded = model.decode(context.manifest.data, "CronWorkflow")
        assert isinstance(decoded, model.CronWorkflow)
        yield decoded.spec


def schedules(cron: CronWorkflowSpec, version: ArgoVersion) -> list[tuple[str, Address]]:
    """Give the schedules that count in a version of Argo, and where they stand."""
    many: list[tuple[str, Address]] = [(one, ("spec", "schedules", n)) for n, one in enumerate(cron.schedules)]
    if version < ArgoVersion.V4_0 and cron.schedule:
        return [(cron.schedule, ("spec", "schedule"))]
    return many


@rule(Severity.ERROR, over=cron_specs, verdict=True)
def schedule_missing(cron: CronWorkflowSpec, context: Context) -> Iterator[Problem]:
    """A CronWorkflow does not say when, or says it in two fields.

    It needs at least one of `schedules`. Until Argo 3.7 there was `schedule`, too, and one may use only one of them.
    Argo refuses the manifest (from 4.0 on, where there is none).

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: CronWorkflow
        metadata: {name: build}
        spec:  # here
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
          workflowSpec:
            entrypoint: main
            templates:
              - name: main
                container: {image: "alpine:3.20", command: [make]}
    """
    if context.version >= ArgoVersion.V4_0:
        if not cron.schedules:
            yield Problem("this CronWorkflow has no schedules", ("spec",), part="key", rejected=True)
    elif cron.schedules and cron.schedule:
        message = "this CronWorkflow has both schedule and schedules"
        yield Problem(message, ("spec", "schedule"), part="key", rejected=True)


@rule(Severity.ERROR, over=cron_specs, verdict=True)
def schedule_invalid(cron: CronWorkflowSpec, context: Context) -> Iterator[Problem]:
    """A schedule is not one that Argo can read.

    It has five fields (minute, hour, day of the month, month, day of the week from 0 to 6), or is `@daily` and the
    like, or `@every 1h30m`. Argo refuses the manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: CronWorkflow
        metadata: {name: build}
        spec:
          schedules: ["0 3 * * 7"]  # here
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
          schedules: ["0 3 * * 0"]
          workflowSpec:
            entrypoint: main
            templates:
              - name: main
                container: {image: "alpine:3.20", command: [make]}
    """
    for text, address in schedules(cron, context.version):
        fault = schedule_fault(text)
        if fault:
            yield Problem(f"the schedule {text!r} cannot be read: {fault}", address, rejected=True)


@rule(Severity.ERROR, over=cron_specs, verdict=True)
def timezone_unknown(cron: CronWorkflowSpec, context: Context) -> Iterator[Problem]:
    """The `timezone` of a CronWorkflow is not one that there is.

    Argo refuses the manifest (3.7 and later); before, the controller fails to start it.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: CronWorkflow
        metadata: {name: build}
        spec:
          schedules: ["0 3 * * *"]
          timezone: Europe/Atlantis  # here
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
          timezone: Europe/Athens
          workflowSpec:
            entrypoint: main
            templates:
              - name: main
                container: {image: "alpine:3.20", command: [make]}
    """
    if cron.timezone and not zone_exists(cron.timezone):
        refused = context.version >= ArgoVersion.V3_7
        yield Problem(f"there is no time zone {cron.timezone!r}", ("spec", "timezone"), rejected=refused)


POLICIES = ("Allow", "Forbid", "Replace")


@rule(Severity.ERROR, over=cron_specs, verdict=True)
def concurrency_policy_unknown(cron: CronWorkflowSpec, context: Context) -> Iterator[Problem]:
    """The `concurrencyPolicy` of a CronWorkflow is none of `Allow`, `Forbid` and `Replace`.

    Argo refuses the manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: CronWorkflow
        metadata: {name: build}
        spec:
          schedules: ["0 3 * * *"]
          concurrencyPolicy: forbid  # here
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
    policy = cron.concurrency_policy
    if policy and policy not in POLICIES:
        hint = f"one of {', '.join(POLICIES)}"
        yield Problem(f"{policy!r} is no concurrency policy", ("spec", "concurrencyPolicy"), hint, rejected=True)


@rule(Severity.ERROR, over=cron_specs, verdict=True)
def starting_deadline_negative(cron: CronWorkflowSpec, context: Context) -> Iterator[Problem]:
    """The `startingDeadlineSeconds` of a CronWorkflow are negative.

    They say how late a run may still be started. Argo refuses the manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: CronWorkflow
        metadata: {name: build}
        spec:
          schedules: ["0 3 * * *"]
          startingDeadlineSeconds: -1  # here
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
          startingDeadlineSeconds: 60
          workflowSpec:
            entrypoint: main
            templates:
              - name: main
                container: {image: "alpine:3.20", command: [make]}
    """
    seconds = cron.starting_deadline_seconds
    if seconds is not None and seconds < 0:
        message = f"startingDeadlineSeconds are negative: {seconds}"
        yield Problem(message, ("spec", "startingDeadlineSeconds"), rejected=True)
