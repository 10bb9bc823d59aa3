"""Phases that there are not, in expressions and conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from argosy.lint import tables
from argosy.lint.context import Context, table
from argosy.lint.finding import Severity
from argosy.lint.possible import FINAL, NODE_PHASES, values_of
from argosy.lint.rule import Problem, rule
from argosy.lint.rules.conditions import never_holds
from argosy.lint.rules.hooks_expressions import never_fires
from argosy.source import Address

_PHASES = frozenset(NODE_PHASES)


class Comparison(Struct, eq=False):
    """A status that is compared with a word, or with a list of them."""

    variable: str
    word: str
    address: Address
    start: int
    end: int
    """Where the word stands in the text at the address."""
    possible: tuple[str, ...]
    """The phases that the status can have there."""
    of: tables.HookAt | tables.CallAt | tables.TemplateAt
    """What has the expression or condition."""


_STATUS = (
    r"(?:workflow\.status|lastRetry\.status|(?:steps|tasks)(?:\.[\w-]+|\[(?:'[^']*'|\"[^\"]*\")\])(?:\.|\?\.)status)"
)
_EXPRESSION = rf"({_STATUS})\s*(?:[!=]=|(?:not\s+)?in)\s*(\[[^\]]*\]|'[^']*'|\"[^\"]*\")"
_CONDITION = rf"""['"]?{{{{\s*({_STATUS})\s*}}}}['"]?\s*(?:[!=]=\s*('[^']*'|"[^"]*"|[A-Za-z]\w*)|in\s*(\([^)]*\)))"""


@table
def comparisons(context: Context) -> Iterator[Comparison]:
    """Give every comparison of a status with a word: in hooks, in the conditions of steps and tasks, in retries."""
    for hook in tables.hooks(context):
        inside = hook.holder.inside if hook.holder is not None else None
        if hook.hook.expression and not (hook.level == "workflow" and hook.is_exit):
            yield from _in(_EXPRESSION, hook.hook.expression, hook.at("expression"), inside, hook, context)
    for call in tables.calls(context):
        if call.call.when:
            pattern = _EXPRESSION if "{{=" in call.call.when else _CONDITION
            yield from _in(pattern, call.call.when, call.at("when"), call.inside, call, context)
    for one in (*tables.templates(context), *tables.defaults(context)):
        strategy = one.template.retry_strategy
        if strategy is not None and strategy.expression:
            yield from _in(_EXPRESSION, strategy.expression, one.at("retryStrategy", "expression"), one, one, context)


def _in(
    pattern: str,
    text: str,
    address: Address,
    inside: tables.TemplateAt | None,
    of: tables.HookAt | tables.CallAt | tables.TemplateAt,
    context: Context,
) -> Iterator[Comparison]:
    if "status" not in text:
        return
    for found in re.finditer(pattern, text):
        group = found.lastindex or 2
        variable = found[1]
        possible = (*FINAL, "") if variable == "lastRetry.status" else values_of(variable, inside, context)
        for word in re.finditer(r"[A-Za-z]\w*", found[group]):
            start = found.start(group) + word.start()
            yield Comparison(variable, word[0], address, start, start + len(word[0]), possible or NODE_PHASES, of)


@rule(Severity.WARNING, over=comparisons)
def phase_unknown(one: Comparison, context: Context) -> Iterator[Problem]:
    """A status is compared with a word that is no phase, or none that it can have there.

    Phases are Succeeded, Failed, Error, Skipped, Omitted, Running and Pending, written so. With any other word `==` is
    always false and `!=` always true, and nobody says so. In the workflow's exit handler `workflow.status` is
    Succeeded, Failed or Error.

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
                    when: "{{workflow.status}} != Success"  # here
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
    if one.word in one.possible or _never(one, context):
        return
    if one.word not in _PHASES:
        message = f"{one.word!r} is no phase"
        hint = _meant(one.word, context)
    else:
        message = f"{one.variable} is never {one.word!r} here: it is one of {', '.join(filter(None, one.possible))}"
        hint = None
    yield Problem(message, one.address, hint, chars=(one.start, one.end))


def _never(one: Comparison, context: Context) -> bool:
    """Whether another rule says that the expression or condition as a whole is never true."""
    if isinstance(one.of, tables.HookAt):
        return never_fires(one.of, context)
    return isinstance(one.of, tables.CallAt) and never_holds(one.of, context)


def _meant(word: str, context: Context) -> str | None:
    usual = {
        "success": "Succeeded",
        "successful": "Succeeded",
        "failure": "Failed",
        "fail": "Failed",
        "errored": "Error",
    }
    meant = usual.get(word.lower()) or next((one for one in NODE_PHASES if one.lower() == word.lower()), None)
    return f"did you mean {meant!r}?" if meant else context.did_you_mean(word, NODE_PHASES)
