"""Loops over nothing, items outside loops, lists that are none."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from argosy.later import regex
from argosy.lint import parts, tables
from argosy.lint.context import Context
from argosy.lint.finding import Severity
from argosy.lint.given import by_default
from argosy.lint.rule import Problem, rule
from argosy.lint.rules.loop_items import item_arrives
from argosy.lint.taint import tags_of
from argosy.source import at


@rule(Severity.ERROR, over=tables.calls)
def loop_over_nothing(one: tables.CallAt, context: Context) -> Iterator[Problem]:
    """`withItems` is an empty list: the step runs once, with the text `{{item}}` as its item.

    Argo takes an empty `withItems` for none. (An empty list in `withParam` skips the step.)

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
                    withItems: []  # here
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
                    withParam: '[]'
            - name: deploy
              container: {image: "alpine:3.20", command: [deploy]}
    """
    if at(context.manifest.data, one.at("withItems")) == []:
        yield Problem(
            f"the list of items of {one.name!r} is empty: it runs once, with the text {{{{item}}}}",
            one.at("withItems"),
            "write withParam: '[]' to skip it, or take it out",
        )


@rule(Severity.ERROR, over=tables.calls)
def loop_list_invalid(one: tables.CallAt, context: Context) -> Iterator[Problem]:
    """`withParam` is a text that is no JSON list.

    Argo's linter passes it; the node ends in Error when it is to be expanded. A parameter of the workflow is looked at
    with the value that it has by default.

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
                    withParam: "eu, us"  # here
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
                    withParam: '["eu", "us"]'
            - name: deploy
              container: {image: "alpine:3.20", command: [deploy]}
    """
    written = one.call.with_param
    text = by_default(written, context) if written else None
    if text is None:
        return
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = ...
    if not isinstance(found, list | None):
        what = "is" if text == written else f"is {text!r} by default, which is"
        hint = """write it as JSON: '["a", "b"]'"""
        yield Problem(f"withParam of {one.name!r} {what} no JSON list", one.at("withParam"), hint)


_ITEM = regex(r"\bitem\b(?![-\w])")


@rule(Severity.WARNING, over=tables.calls)
def item_outside_loop(one: tables.CallAt, context: Context) -> Iterator[Problem]:
    """A step or task uses `{{item}}` and has no loop: the template gets the text `{{item}}`.

    Argo's linter passes it, and takes items of an earlier step for those of a later one, too.

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
                    arguments:
                      parameters:
                        - name: region
                          value: "{{item}}"  # here
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
                    withItems: [eu, us]
                    arguments:
                      parameters:
                        - name: region
                          value: "{{item}}"
            - name: deploy
              inputs: {parameters: [{name: region}]}
              container: {image: "alpine:3.20", command: [deploy, "{{inputs.parameters.region}}"]}
    """
    if one.has_loop:
        return
    for key in ("arguments", "when"):
        for text, address in parts.with_tags_in(context, one.at(key)):
            for tag in tags_of(text) if "item" in text else ():
                if tag.is_expression or not (tag.name == "item" or tag.name.startswith("item.")):
                    continue
                if not item_arrives(address, context):
                    yield Problem(
                        f"{{{{{tag.content}}}}} stays as it is: the {one.kind} {one.name!r} has no loop",
                        address,
                        "give it withItems, withParam or withSequence",
                        chars=(tag.start, tag.end),
                    )


@rule(Severity.ERROR, over=tables.calls)
def sibling_reference(one: tables.CallAt, context: Context) -> Iterator[Problem]:
    """A step uses what another step of its own group gives: the workflow hangs, Running for ever, and makes no pod.

    The steps of a group start together, so the value is never there when it is needed. Argo's linter passes it.
    (Until Argo 3.7 the container got the tag as text.) Put the step into a later group.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - {name: version, template: version}
                  - name: build
                    template: build
                    arguments:
                      parameters:
                        - name: version
                          value: "{{steps.version.outputs.result}}"  # here
            - name: version
              script: {image: "alpine:3.20", command: [sh], source: cat VERSION}
            - name: build
              inputs: {parameters: [{name: version}]}
              container: {image: "alpine:3.20", command: [make, "{{inputs.parameters.version}}"]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - {name: version, template: version}
                - - name: build
                    template: build
                    arguments:
                      parameters:
                        - name: version
                          value: "{{steps.version.outputs.result}}"
            - name: version
              script: {image: "alpine:3.20", command: [sh], source: cat VERSION}
            - name: build
              inputs: {parameters: [{name: version}]}
              container: {image: "alpine:3.20", command: [make, "{{inputs.parameters.version}}"]}
    """
    if one.kind != "step":
        return
    group = {step.name for step in one.inside.template.steps[one.number]} - {""}
    if len(group) < 2 and not (one.call.with_param or one.call.when):
        return
    for key in ("arguments", "when", "withParam", "withItems"):
        for text, address in parts.with_tags_in(context, one.at(key)):
            for tag in tags_of(text):
                found = re.search(r"\bsteps(?:\.([\w-]+)|\['([^']+)'\])\.outputs", tag.content)
                name = (found[1] or found[2]) if found else ""
                if name in group:
                    who = "itself" if name == one.name else f"{name!r}, which runs at the same time"
                    yield Problem(
                        f"the step {one.name!r} waits for {who}: the workflow hangs",
                        address,
                        "put it into a later group of steps",
                        chars=(tag.start, tag.end),
                    )
