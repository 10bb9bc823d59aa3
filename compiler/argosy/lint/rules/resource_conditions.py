"""Conditions of resource and HTTP templates that cannot be read: Argo's linter does not look at them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from argosy.errors import LanguageError
from argosy.lint import tables
from argosy.lint.context import Context, table
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule
from argosy.lint.selectors import selector_fault
from argosy.source import Address


@table
def _of_resources(context: Context) -> Iterator[tuple[str, Address]]:
    for one in tables.templates(context):
        resource = one.template.resource
        if resource is not None:
            yield resource.success_condition, one.at("resource", "successCondition")
            yield resource.failure_condition, one.at("resource", "failureCondition")


@rule(Severity.ERROR, over=_of_resources)
def resource_condition_invalid(one: tuple[str, Address], context: Context) -> Iterator[Problem]:
    """A condition of a resource template cannot be read: it has the syntax of label selectors, not of expressions.

    `status.phase == Succeeded`, `status.succeeded > 2`, `status.phase in (Failed, Error)`; commas join several. There
    is no `&&`, no `>=` and no quote sign. The object is made first, and then the node fails. Source: Argo v4.1
    `workflow/executor/resource.go` (`WaitResource`).

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: job-}
        spec:
          entrypoint: main
          templates:
            - name: main
              resource:
                action: create
                successCondition: status.succeeded >= 1  # here
                manifest: |
                  apiVersion: batch/v1
                  kind: Job
                  metadata: {generateName: job-}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: job-}
        spec:
          entrypoint: main
          templates:
            - name: main
              resource:
                action: create
                successCondition: status.succeeded > 0
                manifest: |
                  apiVersion: batch/v1
                  kind: Job
                  metadata: {generateName: job-}
    """
    text, address = one
    if not text or "{{" in text:
        return
    found = selector_fault(text)
    if found is not None:
        message, start, end = found
        hint = "it is a label selector: a == b, a > 1, a in (b, c), joined by commas"
        yield Problem(f"{address[-1]} cannot be read: {message}", address, hint, chars=(start, end))


@table
def _of_requests(context: Context) -> Iterator[tuple[str, Address]]:
    for one in tables.templates(context):
        if one.template.http is not None and one.template.http.success_condition:
            yield one.template.http.success_condition, one.at("http", "successCondition")


_KNOWN = {"request": ("method", "url", "body", "bodyBytes", "headers"), "response": ("statusCode", "body", "headers")}


@rule(Severity.ERROR, over=_of_requests)
def http_condition_invalid(one: tuple[str, Address], context: Context) -> Iterator[Problem]:
    """The `successCondition` of an HTTP template cannot be evaluated, or asks for what there is not.

    It sees `response.statusCode`, `response.body` (a text), `response.headers` (lists, by names such as
    `Content-Type`), and the same of `request`; no functions of Argo, such as `asInt`. If it cannot be evaluated, the
    node ends in Error after the request was made. A field that there is not is `nil`, and equal to nothing. Source:
    Argo v4.1 `workflow/executor/agent.go` (`executeHTTPTemplate`).

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: notify-}
        spec:
          entrypoint: main
          templates:
            - name: main
              http:
                url: https://hooks.example.com/notify
                successCondition: response.status == 201  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: notify-}
        spec:
          entrypoint: main
          templates:
            - name: main
              http:
                url: https://hooks.example.com/notify
                successCondition: response.statusCode == 201
    """
    text, address = one
    if "{{" in text:
        return
    from argosy.language.expr import natures, parse
    from argosy.language.expr.check import check
    from argosy.lint.paths import paths

    try:
        tree = parse(text)
        nature = check(tree, {"request": natures.MAP, "response": natures.MAP}, text)[tree]
    except LanguageError as error:
        chars = (min(error.position, len(text) - 1), min(error.position + 1, len(text)))
        yield Problem(f"the condition cannot be evaluated: {error.message}", address, error.hint, chars=chars)
        return
    if not nature.is_unknown and nature.kind not in ("bool", "nil"):
        yield Problem(f"the condition is a {nature.kind}, and neither true nor false", address)
    for path in paths(tree):
        of = path.parts[0]
        known = _KNOWN.get(of, ())
        if len(path.parts) > 1 and known and path.parts[1] not in known:
            hint = context.did_you_mean(path.parts[1], known)
            yield Problem(f"{of} has no field {path.parts[1]!r}", address, hint, chars=(path.start, path.end))
        elif len(path.parts) > 2 and path.parts[1] in ("body", "statusCode"):
            message = f"{of}.{path.parts[1]} is no map"
            hint = "read it first: fromJSON(response.body)" if path.parts[1] == "body" else None
            yield Problem(message, address, hint, chars=(path.start, path.end))
        elif len(path.parts) > 2 and path.parts[1] == "headers" and not _header().fullmatch(path.parts[2]):
            message = f"there is never a header {path.parts[2]!r}: names are written as in Content-Type"
            yield Problem(message, address, chars=(path.start, path.end), severity=Severity.WARNING)


@cache
def _header() -> re.Pattern[str]:
    return re.compile(r"[A-Z0-9][^A-Z-]*(-([A-Z0-9][^A-Z-]*)?)*")
