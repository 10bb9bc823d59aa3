"""Exit handlers that do not exist, or never run."""

from __future__ import annotations

from collections.abc import Iterator

from argosy.lint import tables
from argosy.lint.context import Context
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule


@rule(Severity.ERROR, over=tables.hooks)
def hook_template_undefined(hook: tables.HookAt, context: Context) -> Iterator[Problem]:
    """A hook names a template that does not exist.

    Argo's linter does not look at the templates of hooks, except for the workflow's `onExit`. At run time a missing
    handler ends the workflow in Error after its work is done; in a DAG task it is silently never run.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          hooks:
            exit:
              template: clean-up  # here
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [echo, hi]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          hooks:
            exit:
              template: clean-up
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [echo, hi]}
            - name: clean-up
              container: {image: "alpine:3.20", command: [echo, bye]}
    """
    if hook.level == "workflow" and hook.is_on_exit:
        return  # template-undefined says it: Argo refuses that one
    name = hook.hook.template
    if name and hook.hook.template_ref is None and "{{" not in name and context.base.index(name) is None:
        yield Problem(
            f"the {hook.name} hook of the {hook.level} names the template {name!r}, which is not defined",
            hook.template_address,
            context.did_you_mean(name, (one.name for one in context.base.spec.templates)),
        )
