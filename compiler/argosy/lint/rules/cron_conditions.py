"""When a CronWorkflow runs, and when it stops: conditions that cannot be evaluated, schedules that never come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from argosy.errors import LanguageError
from argosy.lint.context import Context
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule
from argosy.lint.rules.cron import cron_specs, schedules
from argosy.lint.schedule import never_comes, schedule_fault
from argosy.model.workflow import CronWorkflowSpec

_TEXTS = ("cronworkflow.name", "cronworkflow.namespace")
"""The only variables that a simple tag can insert: all others are no text."""


def _environments() -> list[dict[str, Any]]:
    """Give the values of ``cronworkflow`` before the first run, and later."""
    base = {
        "name": "a",
        "namespace": "a",
        "labels": {},
        "annotations": {},
        "labels.json": "{}",
        "annotations.json": "{}",
    }
    later = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    return [
        {"cronworkflow": {**base, "failed": failed, "succeeded": succeeded, "lastScheduledTime": last}}
        for failed, succeeded, last in ((0, 0, None), (0, 1, later), (5, 9, later))
    ]


@rule(Severity.ERROR, over=cron_specs)
def cron_condition_invalid(cron: CronWorkflowSpec, context: Context) -> Iterator[Problem]:
    """The `when` of a CronWorkflow, or the expression of its `stopStrategy`, cannot be evaluated.

    Argo's linter reads neither. At run time the CronWorkflow then starts nothing, and only its status says why. A
    `when` is text with tags, as that of a step; `{{cronworkflow.failed}}` is a number, which only an expression can
    use: `{{= cronworkflow.failed < 3 }}`. The `stopStrategy` has an expression without braces.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: CronWorkflow
        metadata: {name: nightly}
        spec:
          schedules: ["0 3 * * *"]
          stopStrategy:
            expression: cronworkflow.failed >= "3"  # here
          workflowSpec:
            entrypoint: main
            templates:
              - name: main
                container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: CronWorkflow
        metadata: {name: nightly}
        spec:
          schedules: ["0 3 * * *"]
          stopStrategy:
            expression: cronworkflow.failed >= 3
          workflowSpec:
            entrypoint: main
            templates:
              - name: main
                container: {image: "alpine:3.20", command: [make]}
    """
    stop = cron.stop_strategy.expression if cron.stop_strategy is not None else ""
    if stop:
        fault = _always_fails(stop, as_bool=True)
        if fault is not None:
            yield Problem(
                f"the expression of the stopStrategy cannot be evaluated: {fault.message}",
                ("spec", "stopStrategy", "expression"),
                fault.hint,
            )
    if "{{" in cron.when:
        yield from _when(cron.when)
    elif cron.when:
        from argosy.language import is_true

        try:
            is_true(cron.when)
        except LanguageError as error:
            yield Problem(f"the when of the CronWorkflow cannot be evaluated: {error.message}", ("spec", "when"), _HINT)


_HINT = "write an expression in braces: {{= cronworkflow.failed < 3 }}"


def _when(text: str) -> Iterator[Problem]:
    from argosy.language.tags import Tag, parse

    address = ("spec", "when")
    try:
        tags = [one for one in parse(text) if isinstance(one, Tag)]
    except LanguageError as error:
        yield Problem(f"the when of the CronWorkflow cannot be read: {error.message}", address, error.hint)
        return
    for tag in tags:
        chars = (tag.start, tag.end)
        if not tag.is_expression and tag.name not in _TEXTS:
            known = tag.name.startswith("cronworkflow.")
            what = "is no text, which a tag without = needs" if known else "is no variable of a CronWorkflow's when"
            yield Problem(f"{{{{{tag.name}}}}} {what}", address, _HINT, chars=chars)
        elif tag.is_expression and (fault := _always_fails(tag.expression, as_bool=False)) is not None:
            yield Problem(
                f"the when of the CronWorkflow cannot be evaluated: {fault.message}", address, fault.hint, chars=chars
            )


def _always_fails(expression: str, *, as_bool: bool) -> LanguageError | None:
    from argosy.language import evaluate, evaluate_bool

    first: LanguageError | None = None
    for env in _environments():
        try:
            _run(evaluate_bool if as_bool else evaluate, expression, env)
            return None
        except LanguageError as error:
            first = first or error.with_traceback(None)  # which would keep all that is here
    return first


def _run(how: Any, expression: str, env: Mapping[str, Any]) -> None:
    how(expression, env)


@rule(Severity.WARNING, over=cron_specs)
def schedule_never_comes(cron: CronWorkflowSpec, context: Context) -> Iterator[Problem]:
    """A schedule names a day that no month in it has: it never starts anything.

    Argo's linter passes it, and the CronWorkflow waits for ever.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: CronWorkflow
        metadata: {name: monthly}
        spec:
          schedules:
            - 0 3 31 2,4,6 *  # here
          workflowSpec:
            entrypoint: main
            templates:
              - name: main
                container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: CronWorkflow
        metadata: {name: monthly}
        spec:
          schedules:
            - 0 3 28 2,4,6 *
          workflowSpec:
            entrypoint: main
            templates:
              - name: main
                container: {image: "alpine:3.20", command: [make]}
    """
    for text, address in schedules(cron, context.version):
        if schedule_fault(text) is None and never_comes(text):
            yield Problem(f"{text!r} never comes: no month in it has such a day", address)
