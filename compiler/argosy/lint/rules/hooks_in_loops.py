"""Hooks of steps that loop."""

from __future__ import annotations

from collections.abc import Iterator

from argosy.errors import LanguageError
from argosy.lint import tables
from argosy.lint.context import Context
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule


@rule(Severity.ERROR, over=tables.hooks)
def hook_asks_looped_step(hook: tables.HookAt, context: Context) -> Iterator[Problem]:
    """The hook of a step that loops asks how that step went: the workflow ends in Error.

    The step is there once for each item, under names such as `deploy(0:eu)`, and not as `steps.deploy`: "cannot fetch
    status from <nil>". With an exit hook the workflow ends in Error as soon as an item is done, and its own exit
    handler does not run. Let the step loop over a steps template whose step has the hook.

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
                    arguments: {parameters: [{name: region, value: "{{item}}"}]}
                    hooks:
                      failed:
                        template: notify
                        expression: steps.deploy.status == "Failed"  # here
            - name: deploy
              inputs: {parameters: [{name: region}]}
              container: {image: "alpine:3.20", command: [deploy, "{{inputs.parameters.region}}"]}
            - name: notify
              container: {image: "alpine:3.20", command: [notify]}

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
                        template: notify
                        expression: steps.deploy.status == "Failed"
            - name: deploy
              inputs: {parameters: [{name: region}]}
              container: {image: "alpine:3.20", command: [deploy, "{{inputs.parameters.region}}"]}
            - name: notify
              container: {image: "alpine:3.20", command: [notify]}
    """
    text = hook.hook.expression
    if hook.level != "step" or hook.holder is None or not hook.holder.has_loop or not text or "{{" in text:
        return
    from argosy.language.expr import parse
    from argosy.lint.paths import paths

    try:
        found = next((path for path in paths(parse(text)) if path.parts[:2] == ("steps", hook.holder.name)), None)
    except LanguageError:
        return
    if found is not None:
        comes = "it never holds" if found.optional else "the workflow ends in Error"
        yield Problem(
            f"steps.{hook.holder.name} is not there while {hook.holder.name!r} loops: {comes}",
            hook.at("expression"),
            "let the step loop over a steps template whose step has the hook",
            chars=(found.start, found.end),
        )
