"""Exit hooks that lead back to the template that has them."""

from __future__ import annotations

from collections.abc import Iterator

from argosy.lint import tables
from argosy.lint.circles import circles, conditional
from argosy.lint.context import Context, Target
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule


@rule(Severity.ERROR, over=tables.hooks)
def hook_calls_itself(hook: tables.HookAt, context: Context) -> Iterator[Problem]:
    """The exit hook of a step or task runs the template that the step is in, or one that leads back to it.

    Each run of the handler has a step with the same handler, and nothing says when to stop: nodes are made until the
    recursion limit of 100 ends the workflow in Error, or the cluster is full.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - name: build
                    template: build
                    hooks:
                      exit:
                        template: main  # here
            - name: build
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - name: build
                    template: build
                    hooks:
                      exit:
                        template: clean-up
            - name: build
              container: {image: "alpine:3.20", command: [make]}
            - name: clean-up
              container: {image: "alpine:3.20", command: [make, clean]}
    """
    if hook.holder is None or not hook.is_exit or hook.hook.expression or conditional(hook.holder.call):
        return
    target = context.resolve(hook.hook)
    if not isinstance(target, Target):
        return
    numbers, inside = circles(context)[0], hook.holder.inside.template
    if target.template is inside or numbers.get(id(target.template), -1) == numbers.get(id(inside), -2):
        yield Problem(
            f"the exit hook of the {hook.level} {hook.holder.name!r} leads back to {hook.holder.inside.name!r}, and "
            "nothing says when to stop",
            hook.template_address,
            "let it run a template that does not have the hook",
        )
