"""Retries that never end, never happen, or cannot be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from argosy.errors import LanguageError
from argosy.lint import tables
from argosy.lint.context import Context, table
from argosy.lint.fate import aftermath
from argosy.lint.finding import Edit, Fix, Severity
from argosy.lint.rule import Problem, rule

if TYPE_CHECKING:
    from argosy.language.expr import Node


@table
def retried(context: Context) -> Iterator[tables.TemplateAt]:
    """Give the templates that have a `retryStrategy`, `templateDefaults` included."""
    for one in (*tables.templates(context), *tables.defaults(context)):
        if one.template.retry_strategy is not None:
            yield one


@rule(Severity.ERROR, over=retried)
def retry_limit_not_a_number(one: tables.TemplateAt, context: Context) -> Iterator[Problem]:
    """The limit of retries is no number: nothing is ever retried.

    Argo reads a text that is no number as zero, without a word.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              retryStrategy:
                limit: three  # here
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              retryStrategy:
                limit: 3
              container: {image: "alpine:3.20", command: [make]}
    """
    strategy = one.template.retry_strategy
    limit = strategy.limit if strategy is not None else None
    if isinstance(limit, str) and "{{" not in limit and not re.fullmatch(r"[+-]?[0-9]+", limit):
        yield Problem(f"{limit!r} is no number: nothing is retried", one.at("retryStrategy", "limit"))


@rule(Severity.WARNING, over=retried)
def retry_without_end(one: tables.TemplateAt, context: Context) -> Iterator[Problem]:
    """A template is retried without a limit.

    With no `limit`, no `expression` and no `backoff.maxDuration`, a step that cannot succeed is tried until somebody
    stops the workflow, and its exit handler waits for that.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              retryStrategy:  # here
                retryPolicy: Always
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              retryStrategy:
                limit: 5
                retryPolicy: Always
              container: {image: "alpine:3.20", command: [make]}
    """
    strategy = one.template.retry_strategy
    if strategy is None or strategy.limit is not None or strategy.expression:
        return
    bounded = (strategy.backoff is not None and strategy.backoff.max_duration) or context.spec.active_deadline_seconds
    if not bounded and not one.template.active_deadline_seconds:
        yield Problem("it is retried without end", one.at("retryStrategy"), "give it a limit", part="key")


@rule(Severity.ERROR, over=retried)
def backoff_without_duration(one: tables.TemplateAt, context: Context) -> Iterator[Problem]:
    """A `backoff` has no `duration` to begin with.

    The node ends in Error at its first failure: "no base duration specified for retryStrategy". If the template is
    the entrypoint itself, the workflow's exit handler never runs.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              retryStrategy:
                limit: 3
                backoff:  # here
                  factor: 2
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              retryStrategy:
                limit: 3
                backoff:
                  duration: 5s
                  factor: 2
              container: {image: "alpine:3.20", command: [make]}
    """
    strategy = one.template.retry_strategy
    if strategy is not None and strategy.backoff is not None and not strategy.backoff.duration:
        yield Problem(
            f"the backoff has no duration{aftermath(one, context)}",
            one.at("retryStrategy", "backoff"),
            "say how long to wait before the first retry: duration: 5s",
            part="key",
        )


@rule(Severity.ERROR, over=retried)
def retry_expression_invalid(one: tables.TemplateAt, context: Context) -> Iterator[Problem]:
    """The expression that decides on a retry cannot be read.

    Argo's linter passes it. The node ends in Error when it fails for the first time; if the template is the
    entrypoint itself, the workflow's exit handler never runs. Values are texts: `asInt(lastRetry.exitCode) == 137`.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              retryStrategy:
                limit: 3
                expression: asInt(lastRetry.exitCode) = 137  # here
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              retryStrategy:
                limit: 3
                expression: asInt(lastRetry.exitCode) == 137
              container: {image: "alpine:3.20", command: [make]}
    """
    from argosy.language.expr import parse

    text = one.template.retry_strategy.expression if one.template.retry_strategy is not None else ""
    if not text or "{{" in text:
        return
    try:
        tree = parse(text)
    except LanguageError as error:
        yield Problem(
            f"the expression for retries cannot be read: {error.message}{aftermath(one, context)}",
            one.at("retryStrategy", "expression"),
            error.hint,
            chars=(min(error.position, len(text) - 1), min(error.position + 1, len(text))),
        )
        return
    if not _compares_with_number().search(text):
        yield from _evaluated(text, tree, one, context)


def _evaluated(text: str, tree: Node, one: tables.TemplateAt, context: Context) -> Iterator[Problem]:
    """Try the expression with what `lastRetry` can have, if it looks at nothing else."""
    from argosy.lint.paths import paths
    from argosy.lint.trial import Domain, attempt, sample

    if any(path.parts[0] in ("workflow", "inputs", "steps", "tasks", "item") for path in paths(tree)):
        return
    number = sample("number", tree)
    known = {
        "retries": number,
        "lastRetry.exitCode": number,
        "lastRetry.duration": number,
        "lastRetry.message": sample("string", tree),
        "lastRetry.status": Domain(("Failed", "Error")),
    }
    used = {name: domain for name, domain in known.items() if name in text} or {
        "lastRetry.status": known["lastRetry.status"]
    }
    came = attempt(text, tree, used)
    if came.fault is not None:
        yield Problem(
            f"the expression for retries cannot be evaluated: {came.fault.message}{aftermath(one, context)}",
            one.at("retryStrategy", "expression"),
            came.fault.hint,
        )


@cache
def _compares_with_number() -> re.Pattern[str]:
    return re.compile(r"(?<!\()\blastRetry\.(exitCode|duration)\s*(==|!=|[<>]=?)\s*[-0-9]")


@rule(Severity.WARNING, over=retried)
def retry_expression_compares_text_with_number(one: tables.TemplateAt, context: Context) -> Iterator[Problem]:
    """An expression for retries compares `lastRetry.exitCode` with a number: they are never equal.

    What `lastRetry` has is text. `lastRetry.exitCode == 137` is false without an error, so nothing is retried; with
    `>` it is an error. Write `asInt(lastRetry.exitCode) == 137`.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              retryStrategy:
                limit: 3
                expression: lastRetry.exitCode == 137  # here
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              retryStrategy:
                limit: 3
                expression: asInt(lastRetry.exitCode) == 137
              container: {image: "alpine:3.20", command: [make]}
    """
    text = one.template.retry_strategy.expression if one.template.retry_strategy is not None else ""
    for found in _compares_with_number().finditer(text):
        address, name = one.at("retryStrategy", "expression"), f"lastRetry.{found[1]}"
        written = f"{text[: found.start()]}asInt({name}){text[found.start() + len(name) :]}"
        yield Problem(
            f"{name} is text, and never equal to a number",
            address,
            f"write asInt({name})",
            chars=(found.start(), found.end()),
            fix=Fix(f"write asInt({name})", (Edit("set", address, written),)),
        )


@rule(Severity.ERROR, over=retried)
def backoff_factor_not_a_number(one: tables.TemplateAt, context: Context) -> Iterator[Problem]:
    """The `factor` of a `backoff` is no number.

    Argo's linter passes it. The node ends in Error at its first failure.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              retryStrategy:
                limit: 3
                backoff:
                  duration: 5s
                  factor: two  # here
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              retryStrategy:
                limit: 3
                backoff:
                  duration: 5s
                  factor: 2
              container: {image: "alpine:3.20", command: [make]}
    """
    strategy = one.template.retry_strategy
    factor = strategy.backoff.factor if strategy is not None and strategy.backoff is not None else None
    if isinstance(factor, str) and "{{" not in factor and not re.fullmatch(r"[+-]?[0-9]+", factor):
        where = one.at("retryStrategy", "backoff", "factor")
        yield Problem(f"{factor!r} is no whole number{aftermath(one, context)}", where)
