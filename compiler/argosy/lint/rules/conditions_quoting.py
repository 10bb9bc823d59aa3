"""Values in conditions that stand without quotes; advice that is off by default."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from argosy.lint import tables
from argosy.lint.context import Context
from argosy.lint.finding import Edit, Fix, Severity
from argosy.lint.rule import Problem, rule
from argosy.lint.taint import sources, tags_of


@cache
def _comparison() -> re.Pattern[str]:
    return re.compile(r"\s*(\{\{[^{}]*\}\})\s*(==|!=)\s*([A-Za-z][A-Za-z0-9_]*)\s*")


@rule(Severity.INFO, over=tables.calls, on_by_default=False)
def condition_unquoted(one: tables.CallAt, context: Context) -> Iterator[Problem]:
    """A `when` compares a value from outside that has no quotes: with a dash, a dot or a blank in it, it is an error.

    Tags are replaced before a condition is read, and to Argo `my-env` and `v1.2` are no words; an empty value leaves
    `== prod`. The step then ends in Error instead of being skipped. Quote both sides.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          arguments: {parameters: [{name: env, value: prod}]}
          templates:
            - name: main
              steps:
                - - name: deploy
                    template: deploy
                    when: "{{workflow.parameters.env}} == prod"  # here
            - name: deploy
              container: {image: "alpine:3.20", command: [deploy]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          arguments: {parameters: [{name: env, value: prod}]}
          templates:
            - name: main
              steps:
                - - name: deploy
                    template: deploy
                    when: "'{{workflow.parameters.env}}' == 'prod'"
            - name: deploy
              container: {image: "alpine:3.20", command: [deploy]}
    """
    when = one.call.when
    found = _comparison().fullmatch(when)
    if (
        found is None
        or found[3] in ("true", "false")
        or not any(sources(tag, one.inside, context) for tag in tags_of(when))
    ):
        return
    written = f"'{found[1]}' {found[2]} '{found[3]}'"
    yield Problem(
        f"{found[1]} has no quotes in the condition of {one.name!r}",
        one.at("when"),
        f"write {written}",
        chars=found.span(1),
        fix=Fix("quote both sides", (Edit("set", one.at("when"), written),), safe=False),
    )
