"""Conditions of steps and tasks (`when`): whether they can be evaluated, and whether they can ever hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from argosy.errors import LanguageError
from argosy.lint import tables
from argosy.lint.context import Context, table
from argosy.lint.finding import Severity
from argosy.lint.possible import MOST, combinations, in_handler, values_of
from argosy.lint.rule import Problem, rule
from argosy.lint.taint import tags_of


@table
def conditions(context: Context) -> Iterator[tables.CallAt]:
    """Give the steps and tasks that have a `when`."""
    yield from (one for one in tables.calls(context) if one.call.when)


_PROBES = ("1", "a", "true", "0", "a-b", '"a"', "'a'", "[1]")
"""Values that show what a condition can take where nothing is known of them."""


def _names(text: str) -> list[str] | None:
    """The variables that a condition reads, or None where an expression or a nested tag makes them unclear."""
    if "{{" not in text:
        return []
    found = tags_of(text)
    if not found or any(tag.is_expression or tag.inner for tag in found):
        return None
    return sorted({tag.name for tag in found})


def _outcomes(
    one: tables.CallAt, names: list[str], context: Context
) -> tuple[frozenset[bool], LanguageError | None, bool]:
    """Try a condition with all values: the truths that came of it, the first error, and whether all were tried."""
    possible = [values_of(name, one.inside, context) for name in names]
    values = tuple(found or _PROBES for found in possible)
    complete = all(found is not None for found in possible)
    size = 1
    for choice in values:
        size *= len(choice)
    truths, error = _tried(one.call.when, tuple(names), values)
    return truths, error, complete and size <= MOST


@lru_cache(256)
def _tried(
    when: str, names: tuple[str, ...], values: tuple[tuple[str, ...], ...]
) -> tuple[frozenset[bool], LanguageError | None]:
    """Give the truths and the first error; several rules ask, and files are full of the same conditions."""
    from argosy.language import is_true

    truths: set[bool] = set()
    error: LanguageError | None = None
    for given in combinations(names, values):
        try:
            truths.add(is_true(when, given))
        except LanguageError as failed:
            error = error or failed.with_traceback(None)  # which would keep all that is here
        if len(truths) == 2:
            break
    return frozenset(truths), error


def _error(one: tables.CallAt, names: list[str], context: Context) -> LanguageError | None:
    """Give the error of a condition that fails whatever its values are."""
    truths, error, _ = _outcomes(one, names, context)
    return None if truths else error


def never_holds(one: tables.CallAt, context: Context) -> bool:
    """Whether a condition is false whatever the phases are that it looks at."""
    names = _names(one.call.when)
    if not names:
        return False
    truths, _, complete = _outcomes(one, names, context)
    return complete and truths == {False}


@rule(Severity.ERROR, over=conditions)
def condition_invalid(one: tables.CallAt, context: Context) -> Iterator[Problem]:
    """A `when` cannot be evaluated, whatever the values in it are.

    Argo's linter does not read conditions. At run time the node ends in Error or Failed. Text with dashes, dots or
    blanks needs quotes, on both sides: `'{{workflow.parameters.env}}' == 'my-env'`. A list of one is none: write `==
    'a'` for `in ('a')`.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          arguments: {parameters: [{name: env, value: my-env}]}
          templates:
            - name: main
              steps:
                - - name: build
                    template: build
                    when: "{{workflow.parameters.env}} == my-env"  # here
            - name: build
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          arguments: {parameters: [{name: env, value: my-env}]}
          templates:
            - name: main
              steps:
                - - name: build
                    template: build
                    when: "'{{workflow.parameters.env}}' == 'my-env'"
            - name: build
              container: {image: "alpine:3.20", command: [make]}
    """
    names = _names(one.call.when)
    if names is None:
        return
    error = _error(one, names, context)
    if error is not None:
        yield Problem(
            f"the condition of the {one.kind} {one.name!r} cannot be evaluated: {error.message}",
            one.at("when"),
            error.hint or "quote text on both sides: '{{...}}' == 'some-text'",
        )


@rule(Severity.WARNING, over=conditions)
def condition_never_holds(one: tables.CallAt, context: Context) -> Iterator[Problem]:
    """A `when` compares a status with what it can never be: the step never runs.

    Phases are Succeeded, Failed, Error, Skipped and Omitted, written so. In an exit handler `{{workflow.status}}` is
    one of the first three; before it, it is Running. In an exit handler this is an error: the branch that was meant
    for the failure is dead.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: after
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: after
              steps:
                - - name: notify
                    template: notify
                    when: "{{workflow.status}} == Failure"  # here
            - name: notify
              container: {image: "alpine:3.20", command: [notify]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: after
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: after
              steps:
                - - name: notify
                    template: notify
                    when: "{{workflow.status}} != Succeeded"
            - name: notify
              container: {image: "alpine:3.20", command: [notify]}
    """
    names = _names(one.call.when)
    if names and never_holds(one, context):
        handler = in_handler(one.inside, context)
        said = [value for name in names for value in values_of(name, one.inside, context) or ()]
        yield Problem(
            f"the condition of the {one.kind} {one.name!r} never holds: {names[0]} is one of "
            f"{', '.join(values_of(names[0], one.inside, context) or ())} here",
            one.at("when"),
            _near(one.call.when, said, context),
            severity=Severity.ERROR if handler else None,
        )


def _near(text: str, phases: list[str], context: Context) -> str | None:
    for word in re.findall(r"\b[A-Za-z]+\b", re.sub(r"{{.*?}}", "", text)):
        if word not in phases:
            found = {"success": "Succeeded", "failure": "Failed", "fail": "Failed"}.get(word.lower())
            return f"did you mean {found!r}?" if found else context.did_you_mean(word, phases)
    return None


@rule(Severity.ERROR, over=conditions)
def condition_fails_by_default(one: tables.CallAt, context: Context) -> Iterator[Problem]:
    """A `when` cannot be evaluated with the values that the workflow's parameters have by default.

    Tags are replaced before a condition is read: a value with a dash, a dot or a blank is no word then. Quote both
    sides.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          arguments: {parameters: [{name: env, value: my-env}]}
          templates:
            - name: main
              steps:
                - - name: build
                    template: build
                    when: "{{workflow.parameters.env}} == prod"  # here
            - name: build
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          arguments: {parameters: [{name: env, value: my-env}]}
          templates:
            - name: main
              steps:
                - - name: build
                    template: build
                    when: "'{{workflow.parameters.env}}' == 'prod'"
            - name: build
              container: {image: "alpine:3.20", command: [make]}
    """
    from argosy.language import is_true

    names = _names(one.call.when)
    given = {
        f"workflow.parameters.{parameter.name}": str(parameter.value)
        for parameter in context.spec.arguments.parameters
        if parameter.value is not None and "{{" not in str(parameter.value)
    }
    if not names or not set(names) <= set(given) or _error(one, names, context) is not None:
        return
    try:
        is_true(one.call.when, {name: given[name] for name in names})
    except LanguageError as error:
        values = " and ".join(repr(given[name]) for name in names)
        yield Problem(
            f"the condition of the {one.kind} {one.name!r} cannot be evaluated with {values}: {error.message}",
            one.at("when"),
            "quote text on both sides: '{{...}}' == 'some-text'",
        )
