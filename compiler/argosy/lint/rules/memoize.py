"""Memoization that Argo cannot do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from argosy.lint import tables
from argosy.lint.context import Context, table
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule
from argosy.lint.taint import tags_of


@table
def memoized(context: Context) -> Iterator[tables.TemplateAt]:
    """Give the templates with a `memoize`, `templateDefaults` included."""
    for one in (*tables.templates(context), *tables.defaults(context)):
        if one.template.memoize is not None:
            yield one


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What is no part of a key, and what the name of a ConfigMap is."""
    return re.compile(r"[^-a-zA-Z0-9]+"), re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?")


@rule(Severity.ERROR, over=memoized)
def memoize_invalid(one: tables.TemplateAt, context: Context) -> Iterator[Problem]:
    """A memoized template has no cache, or a key that Argo does not take.

    Argo's linter passes both. Without a `cache` the controller stumbles over it, and the workflow ends in Error without
    its exit handler. A key has letters, digits and dashes, and begins with no dash: with others the step ends in
    Error, before it runs. Source: Argo v4.1 `workflow/controller/cache/cache.go`.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              inputs: {parameters: [{name: target, value: all}]}
              memoize:
                key: build/{{inputs.parameters.target}}  # here
                cache: {configMap: {name: builds}}
              container: {image: "alpine:3.20", command: [make, "{{inputs.parameters.target}}"]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              inputs: {parameters: [{name: target, value: all}]}
              memoize:
                key: build-{{inputs.parameters.target}}
                cache: {configMap: {name: builds}}
              container: {image: "alpine:3.20", command: [make, "{{inputs.parameters.target}}"]}
    """
    memoize = one.template.memoize
    if memoize is None:
        return
    config_map = memoize.cache.config_map if memoize.cache is not None else None
    no_part, of_object = _patterns()
    if config_map is None:
        message = "there is no cache: the workflow ends in Error, without its exit handler"
        yield Problem(message, one.at("memoize"), "name a ConfigMap: cache: {configMap: {name: ...}}", part="key")
    else:
        name = config_map.get("name") or ""
        if not name:
            yield Problem("the cache has no name: the step ends in Error", one.at("memoize", "cache", "configMap"))
        elif isinstance(name, str) and "{{" not in name and (len(name) > 253 or not of_object.fullmatch(name)):
            where = one.at("memoize", "cache", "configMap", "name")
            yield Problem(f"{name!r} is no name of a ConfigMap: the step ends in Error when it is done", where)
    plain = memoize.key
    for tag in reversed(tags_of(memoize.key)):
        plain = f"{plain[: tag.start]}{'x' * (tag.end - tag.start)}{plain[tag.end :]}"
    if not plain:
        yield Problem("there is no key: the step ends in Error", one.at("memoize"), part="key")
    elif (found := no_part.search(plain)) is not None and "{{" not in plain:
        yield Problem(
            f"a key of memoization has letters, digits and dashes, and no {found[0]!r}: the step ends in Error",
            one.at("memoize", "key"),
            chars=found.span(),
        )
    elif plain.startswith("-"):
        yield Problem("a key of memoization begins with no dash", one.at("memoize", "key"), chars=(0, 1))
