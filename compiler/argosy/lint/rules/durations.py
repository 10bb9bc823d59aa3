"""Lengths of time that Argo cannot read: its linter looks at none of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from argosy.language.gotext import atoi
from argosy.lint import tables
from argosy.lint.context import Context, table
from argosy.lint.fate import aftermath
from argosy.lint.finding import Edit, Fix, Severity
from argosy.lint.rule import Problem, rule
from argosy.source import Address


class Duration(Struct, frozen=True, eq=False):
    """A length of time, as text."""

    text: str
    address: Address
    bare: bool
    """A number without a unit is allowed; it means seconds."""
    inside: tables.TemplateAt | None


@table
def durations(context: Context) -> Iterator[Duration]:
    """Give every length of time in the document."""
    if not context.is_argo:
        return
    for one in (*tables.templates(context), *tables.defaults(context)):
        template = one.template
        yield Duration(template.timeout, one.at("timeout"), True, one)
        yield Duration(template.pending_timeout, one.at("pendingTimeout"), True, one)
        if template.suspend is not None:
            yield Duration(template.suspend.duration, one.at("suspend", "duration"), True, one)
        if template.memoize is not None:
            yield Duration(template.memoize.max_age, one.at("memoize", "maxAge"), False, one)
        if template.retry_strategy is not None and template.retry_strategy.backoff is not None:
            backoff, address = template.retry_strategy.backoff, one.at("retryStrategy", "backoff")
            yield Duration(backoff.duration, (*address, "duration"), True, one)
            yield Duration(backoff.max_duration, (*address, "maxDuration"), True, one)
            yield Duration(backoff.cap, (*address, "cap"), True, one)
    collect = context.spec.pod_gc
    if collect is not None:
        address = (*context.spec_address, "podGC", "deleteDelayDuration")
        yield Duration(collect.delete_delay_duration, address, True, None)


def is_duration(text: str, bare: bool = True) -> bool:
    """Whether Argo reads a text as a length of time.

    Source: ``ParseStringToDuration`` in ``pkg/apis/workflow/v1alpha1/utils.go`` of Argo v4.1, Go's
    ``time.ParseDuration``.
    """
    from argosy.language.gotime import BadTime, parse_duration

    if re.fullmatch(r"[+-]?[0-9]+", text):
        return bare or text.lstrip("+-") == "0"
    try:
        parse_duration(text)
    except BadTime:
        return False
    return True


@rule(Severity.ERROR, over=durations)
def duration_invalid(one: Duration, context: Context) -> Iterator[Problem]:
    """A length of time is none that Argo can read.

    Argo's linter passes it; the controller finds it when the template is to run, and the node ends in Error. If the
    template is the entrypoint itself, the workflow's exit handler never runs. Write a number of seconds, or numbers
    with units: `90`, `1m30s`, `2h`. There are no days.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              timeout: 1d  # here
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              timeout: 24h
              container: {image: "alpine:3.20", command: [make]}
    """
    if not one.text or "{{" in one.text or is_duration(one.text, one.bare):
        return
    days = re.fullmatch(r"([0-9]+)\s*d(ays?)?", one.text)
    fix = None
    if days:
        hint = f"write {int(days[1]) * 24}h"
        fix = Fix(hint, (Edit("set", one.address, f"{int(days[1]) * 24}h"),))
    elif not one.bare and one.text.isdecimal():
        hint = f"it needs a unit: {one.text}s"
        fix = Fix(f"write {one.text}s", (Edit("set", one.address, f"{one.text}s"),), safe=False)
    else:
        hint = "write seconds, or numbers with the units h, m and s: 1h30m"
    suffix = aftermath(one.inside, context) if one.inside else ""
    yield Problem(f"{one.text!r} is no length of time{suffix}", one.address, hint, fix=fix)


@rule(Severity.WARNING, over=durations)
def timeout_too_short(one: Duration, context: Context) -> Iterator[Problem]:
    """A timeout of two seconds or less never lets the pod be made.

    The node fails with "exceeded its deadline" before its container starts, on every run.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              timeout: 2s  # here
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              timeout: 2m
              container: {image: "alpine:3.20", command: [make]}
    """
    if one.address[-1] != "timeout" or not one.text or "{{" in one.text or not is_duration(one.text):
        return
    if atoi(one.text) is not None:
        return  # Argo's linter refuses it: timeout-invalid says so
    from argosy.language.gotime import parse_duration

    if 0 < parse_duration(one.text) <= 2 * 10**9:
        yield Problem(f"within {one.text} no pod comes up: the node always fails", one.address, "give it longer")
