"""Variables that Argo's linter lets pass where they never have a value."""

from __future__ import annotations

from collections.abc import Iterator

from argosy.lint.context import Context
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule
from argosy.lint.rules.expression_tags import TagAt, tags
from argosy.variables import CHECKED_PREFIXES, Kind, find

_KINDS = (Kind.RETRY, Kind.CRON)


@rule(Severity.WARNING, over=tags)
def variable_without_value(one: TagAt, context: Context) -> Iterator[Problem]:
    """A tag names a variable that exists, but never where it stands.

    `{{retries}}` and `{{lastRetry...}}` have a value only in a template with a `retryStrategy`, and
    `{{cronworkflow...}}` only in the conditions of a CronWorkflow. Argo's linter passes them anywhere; what the
    container then gets is the tag as it is written.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make, "ATTEMPT={{retries}}"]}  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              retryStrategy: {limit: 2}
              container: {image: "alpine:3.20", command: [make, "ATTEMPT={{retries}}"]}
    """
    name = one.tag.name
    if one.tag.is_expression or name.startswith(CHECKED_PREFIXES):
        return
    known = find(name)
    depth = len(context.spec_address)
    if known is None or known.kind not in _KINDS or one.address[:depth] != context.spec_address:
        return
    from argosy.scope.places import Presence, presence, setting

    where = setting(context.spec, one.address[depth:])
    found = presence(name, where, context.spec, lambda holder: None, is_template=False)
    if found is Presence.NOT_THERE and "templateDefaults" not in one.address:
        phases = " and ".join(sorted(phase.value for phase in known.phases))
        hint = "give the template a retryStrategy" if known.kind is Kind.RETRY else f"it has one in: {phases}"
        chars = (one.tag.start, one.tag.end)
        yield Problem(f"{{{{{name}}}}} has no value here, and stays as it is", one.address, hint, chars=chars)
