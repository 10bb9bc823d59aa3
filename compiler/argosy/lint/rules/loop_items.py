"""Items of loops that do not arrive, and loops whose steps Argo cannot carry through."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from argosy.lint import tables
from argosy.lint.context import Context, table
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule
from argosy.lint.rules.expression_tags import TagAt, tags
from argosy.source import Address, at

_LOOPS = ("withItems", "withParam", "withSequence")


def item_arrives(address: Address, context: Context) -> bool:
    """Whether a place is below the `inline` template of a step or task with a loop: its items are put in there, too."""
    data = context.manifest.data
    calls = (at(data, address[:n]) for n, step in enumerate(address) if step == "inline")
    return any(isinstance(call, dict) and any(call.get(loop) for loop in _LOOPS) for call in calls)


def _in_call(address: Address) -> bool:
    """Whether a place belongs to a step or task, and not to the template that it has inline."""
    inner = enumerate(address[:-1])
    places = [n for n, step in inner if step in ("steps", "tasks") and isinstance(address[n + 1], int)]
    return bool(places) and "inline" not in address[places[-1] :]


@rule(Severity.WARNING, over=tags)
def item_in_template(one: TagAt, context: Context) -> Iterator[Problem]:
    """A template uses `{{item}}`: it gets the text `{{item}}`.

    Argo puts the items of a loop into the step or task that loops, not into the template that it calls. Its linter
    passes the tag anywhere. Pass the item as an argument, and use `{{inputs.parameters...}}` in the template.

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
                    withItems: [eu, us]
            - name: deploy
              container: {image: "alpine:3.20", command: [deploy, "{{item}}"]}  # here

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
                    withItems: [eu, us]
                    arguments: {parameters: [{name: region, value: "{{item}}"}]}
            - name: deploy
              inputs: {parameters: [{name: region}]}
              container: {image: "alpine:3.20", command: [deploy, "{{inputs.parameters.region}}"]}
    """
    depth = len(context.spec_address)
    if one.tag.is_expression or one.tag.name != "item" or one.address[:depth] != context.spec_address:
        return
    if one.address[depth : depth + 1] != ("templates",) or _in_call(one.address):
        return
    if not item_arrives(one.address, context):
        yield Problem(
            f"{{{{{one.tag.content}}}}} stays as it is: items reach only the step or task that loops",
            one.address,
            "pass it as an argument, and use {{inputs.parameters...}} here",
            chars=(one.tag.start, one.tag.end),
        )


@table
def _loops(context: Context) -> Iterator[tuple[tables.CallAt, list[Any]]]:
    """Give the steps and tasks whose items are known, with the items."""
    for one in tables.calls(context):
        items: Any = one.call.with_items or None
        if items is None and one.call.with_param and "{{" not in one.call.with_param:
            try:
                items = json.loads(one.call.with_param)
            except (ValueError, RecursionError):
                items = None
        if isinstance(items, list) and "{{" not in str(items):
            yield one, items


@rule(Severity.ERROR, over=_loops)
def item_field_missing(loop: tuple[tables.CallAt, list[Any]], context: Context) -> Iterator[Problem]:
    """A step or task uses a field of its items that one of them does not have.

    At run time the step ends in Error: "failed to resolve {{item.region}}". For Argo's linter it is enough if one of
    the items has the field.

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
                    arguments: {parameters: [{name: region, value: "{{item.region}}"}]}
                    withItems:
                      - {region: eu, size: 3}
                      - {regoin: us, size: 2}  # here
            - name: deploy
              inputs: {parameters: [{name: region}]}
              container: {image: "alpine:3.20", command: [deploy, "{{inputs.parameters.region}}"]}

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
                    arguments: {parameters: [{name: region, value: "{{item.region}}"}]}
                    withItems:
                      - {region: eu, size: 3}
                      - {region: us, size: 2}
            - name: deploy
              inputs: {parameters: [{name: region}]}
              container: {image: "alpine:3.20", command: [deploy, "{{inputs.parameters.region}}"]}
    """
    one, items = loop
    fields = _fields(context)[0].get(one.at("arguments"), [])
    if one.call.with_items:  # what no item has is an undefined variable to Argo's linter
        fields = [field for field in fields if any(isinstance(item, dict) and field in item for item in items)]
    for n, item in enumerate(items):
        missing = [field for field in fields if not isinstance(item, dict) or field not in item]
        if missing:
            where = one.at("withItems", n) if one.call.with_items else one.at("withParam")
            names = " and ".join(repr(field) for field in missing)
            yield Problem(
                f"item {n} of the loop of {one.name!r} has no {names}, which the {one.kind} uses",
                where,
                context.did_you_mean(missing[0], item) if isinstance(item, dict) else None,
            )


@table
def _fields(context: Context) -> Iterator[dict[Address, list[str]]]:
    """Give, by the address of arguments, the fields of items that they use."""
    found: dict[Address, dict[str, None]] = {}
    places = [(one.address, one.tag) for one in tags(context) if one.tag.name.startswith("item.")]
    for address, tag in places:
        if "arguments" in address and not tag.is_expression:
            end = len(address) - address[::-1].index("arguments")
            found.setdefault(address[:end], {})[tag.name.removeprefix("item.")] = None
    yield {address: list(fields) for address, fields in found.items()}


@rule(Severity.ERROR, over=tables.calls)
def inline_template_in_loop(one: tables.CallAt, context: Context) -> Iterator[Problem]:
    """A step or task that loops has its template inline: the workflow ends in Error after all the items are done.

    Argo asks what became of each item for the name of its template, and an inline one has none: "failed to get a
    template", in 3.7, 4.0 and 4.1. If the step is in the entrypoint, the exit handler does not run. (A task that
    nothing depends on gets away with it.) Give the template a name.

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
                    withItems: [eu, us]
                    inline:  # here
                      container: {image: "alpine:3.20", command: [deploy, "{{item}}"]}

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
                    withItems: [eu, us]
                    template: deploy
                    arguments: {parameters: [{name: region, value: "{{item}}"}]}
            - name: deploy
              inputs: {parameters: [{name: region}]}
              container: {image: "alpine:3.20", command: [deploy, "{{inputs.parameters.region}}"]}
    """
    if one.call.inline is not None and one.has_loop and (one.kind == "step" or _is_awaited(one)):
        yield Problem(
            f"the {one.kind} {one.name!r} loops, and has its template inline: it ends in Error after its last item",
            one.at("inline"),
            "give the template a name, and pass it the item as an argument",
            part="key",
        )


def _is_awaited(one: tables.CallAt) -> bool:
    """Whether a task may be asked how it went: another depends on it."""
    dag = one.inside.template.dag
    return dag is not None and any(one.name in (*task.dependencies, *_words(task.depends)) for task in dag.tasks)


def _words(depends: str) -> list[str]:
    return [word.partition(".")[0] for word in re.findall(r"[\w.-]+", depends)]


@rule(Severity.WARNING, over=tags)
def item_in_task_hook(one: TagAt, context: Context) -> Iterator[Problem]:
    """A hook of a DAG task that loops uses `{{item}}`: its template gets the text `{{item}}`.

    The hooks of a task, other than `exit`, belong to the loop as a whole and not to its items. Let the task loop over a
    steps template whose step has the hook.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: deploy-}
        spec:
          entrypoint: main
          templates:
            - name: main
              dag:
                tasks:
                  - name: deploy
                    template: deploy
                    withItems: [eu, us]
                    hooks:
                      failed:
                        expression: tasks.deploy.status == "Failed"
                        template: deploy
                        arguments: {parameters: [{name: region, value: "{{item}}"}]}  # here
            - name: deploy
              inputs: {parameters: [{name: region, value: none}]}
              container: {image: "alpine:3.20", command: [deploy, "{{inputs.parameters.region}}"]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: deploy-}
        spec:
          entrypoint: main
          templates:
            - name: main
              dag:
                tasks:
                  - name: deploy
                    template: one-region
                    withItems: [eu, us]
                    arguments: {parameters: [{name: region, value: "{{item}}"}]}
            - name: one-region
              inputs: {parameters: [{name: region}]}
              steps:
                - - name: deploy
                    template: deploy
                    arguments: {parameters: [{name: region, value: "{{inputs.parameters.region}}"}]}
                    hooks:
                      failed:
                        expression: steps.deploy.status == "Failed"
                        template: deploy
                        arguments: {parameters: [{name: region, value: "{{inputs.parameters.region}}"}]}
            - name: deploy
              inputs: {parameters: [{name: region, value: none}]}
              container: {image: "alpine:3.20", command: [deploy, "{{inputs.parameters.region}}"]}
    """
    address = one.address
    if "hooks" not in address or one.tag.is_expression or one.tag.name.partition(".")[0] != "item":
        return
    place = len(address) - 1 - address[::-1].index("hooks")
    if address[place - 2 : place - 1] != ("tasks",) or address[place + 1] == "exit":
        return
    task = at(context.manifest.data, address[:place])
    if isinstance(task, dict) and any(task.get(loop) for loop in _LOOPS):
        yield Problem(
            f"{{{{{one.tag.content}}}}} stays as it is: the hook {address[place + 1]!r} runs once for the whole loop",
            address,
            "let the task loop over a steps template whose step has the hook",
            chars=(one.tag.start, one.tag.end),
        )
