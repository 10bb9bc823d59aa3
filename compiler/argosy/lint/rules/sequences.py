"""Loops over numbers that are none, and items whose text comes out wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from argosy.lint import tables
from argosy.lint.context import Context, table
from argosy.lint.finding import Severity
from argosy.lint.given import by_default
from argosy.lint.rule import Problem, rule


@table
def counted(context: Context) -> Iterator[tables.CallAt]:
    """Give the steps and tasks with a `withSequence`."""
    for one in tables.calls(context):
        if one.call.with_sequence is not None:
            yield one


@rule(Severity.ERROR, over=counted)
def sequence_invalid(one: tables.CallAt, context: Context) -> Iterator[Problem]:
    """A `withSequence` has a `start`, `end` or `count` that is no whole number, or neither `end` nor `count`.

    Argo's linter passes it. At run time the step ends in Error: `1.5`, `0x10`, ` 3` and an empty text are no numbers
    to Argo. A `count` below zero counts down, from `start` on: -1 makes three items. Tags are looked at with the value
    that the workflow's parameter has by default.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: deploy-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - name: deploy
                    template: deploy
                    withSequence:
                      count: three  # here
            - name: deploy
              container: {image: "alpine:3.20", command: [deploy]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: deploy-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - name: deploy
                    template: deploy
                    withSequence:
                      count: 3
            - name: deploy
              container: {image: "alpine:3.20", command: [deploy]}
    """
    from argosy.language.gotext import atoi

    sequence = one.call.with_sequence
    if sequence is None:
        return
    if sequence.end is None and sequence.count is None:
        message = f"the sequence of {one.name!r} has no end: its step ends in Error"
        yield Problem(message, one.at("withSequence"), "say its end, or its count", part="key")
    for key, value in (("start", sequence.start), ("end", sequence.end), ("count", sequence.count)):
        text = by_default(str(value), context) if value is not None else None
        if text is None:
            continue
        number = atoi(text)
        if number is None:
            again = "" if text == value else ", by default"
            yield Problem(
                f"the {key} of the sequence of {one.name!r} is {text!r}{again}, which is no whole number",
                one.at("withSequence", key),
            )
        elif key == "count" and number < 0:
            yield Problem(
                f"a count of {number} makes {2 - number} items, counting down",
                one.at("withSequence", key),
                "say the end of the sequence, if that is meant",
                severity=Severity.WARNING,
            )


@cache
def _verb() -> re.Pattern[str]:
    return re.compile(r"%[-+# 0]*\d*(?:\.\d+)?[dvboOxXcqU]")


@rule(Severity.WARNING, over=counted)
def sequence_format_wrong(one: tables.CallAt, context: Context) -> Iterator[Problem]:
    """The `format` of a `withSequence` does not put the number into the item.

    It is a format of Go for one whole number: `host-%03d`. With none, the items are `host-%!(EXTRA int=0)`; with
    `%s`, or with two, they are no better. A quote sign or a backslash ends the step in Error.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: deploy-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - name: deploy
                    template: deploy
                    withSequence:
                      count: 3
                      format: host-%s  # here
            - name: deploy
              container: {image: "alpine:3.20", command: [deploy]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: deploy-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - name: deploy
                    template: deploy
                    withSequence:
                      count: 3
                      format: host-%d
            - name: deploy
              container: {image: "alpine:3.20", command: [deploy]}
    """
    text = one.call.with_sequence.format if one.call.with_sequence is not None else ""
    if not text or "{{" in text:
        return
    where = one.at("withSequence", "format")
    rest, verbs = _verb().subn("", text.replace("%%", ""))
    if re.search(r"[\"\\\x00-\x1f]", text):
        message = f"the format {text!r} makes items that Argo cannot read: the step ends in Error"
        yield Problem(message, where, "quote signs and backslashes are not for formats", severity=Severity.ERROR)
    elif verbs != 1 or "%" in rest:
        yield Problem(f"the format {text!r} does not put the number into the item once", where, "write %d for it")
