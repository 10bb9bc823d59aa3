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
    name, reference = hook.hook.template, hook.hook.template_ref
    if reference is not None and context.resolve(hook.hook) == "undefined":
        owner = context.workspace.referenced(reference.name, reference.cluster_scope, context.namespace)
        yield Problem(
            f"the {hook.name} hook of the {hook.level} names the template {reference.template!r}, which "
            f"{reference.name!r} does not define",
            hook.at("templateRef", "template"),
            context.did_you_mean(reference.template, (one.name for one in owner.spec.templates)) if owner else None,
        )
    if name and reference is None and "{{" not in name and context.base.index(name) is None:
        yield Problem(
            f"the {hook.name} hook of the {hook.level} names the template {name!r}, which is not defined",
            hook.template_address,
            context.did_you_mean(name, (one.name for one in context.base.spec.templates)),
        )


@rule(Severity.ERROR, over=tables.hooks)
def hook_without_template(hook: tables.HookAt, context: Context) -> Iterator[Problem]:
    """A hook does not say which template it runs, or says it twice.

    Argo's linter passes both. Without a template the run ends in Error when the hook is due ("failed to get a
    template"); on a DAG task the handler silently never runs. Of `template` and `templateRef`, Argo takes the latter.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          hooks:
            exit: {}  # here
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
    name, reference = hook.hook.template, hook.hook.template_ref
    who = f"the {hook.name} hook of the {hook.level}"
    if not name and reference is None:
        yield Problem(f"{who} does not say which template it runs", hook.address, "give it a template", part="key")
    elif reference is not None and name:
        message = f"{who} has a template, {name!r}, and a templateRef: Argo takes the latter"
        yield Problem(message, hook.at("template"), "take one away", severity=Severity.WARNING)
    elif reference is not None:
        for field in ("name", "template"):
            if not getattr(reference, field):
                yield Problem(f"the templateRef of {who} has no {field}", hook.at("templateRef"), part="key")


@rule(Severity.WARNING, over=tables.hooks)
def hook_workflow_template_missing(hook: tables.HookAt, context: Context) -> Iterator[Problem]:
    """A hook refers to a workflow template that is not among the files given.

    Argo's linter refuses such a reference of a step, and does not look at those of hooks. If the cluster does not have
    it either, the run ends in Error when the hook is due. Give the file with `--with`, or name its folder under `with`
    in the configuration.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          hooks:
            exit:
              templateRef: {name: library, template: clean-up}  # here
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
              templateRef: {name: library, template: clean-up}
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [echo, hi]}
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: WorkflowTemplate
        metadata: {name: library}
        spec:
          templates:
            - name: clean-up
              container: {image: "alpine:3.20", command: [echo, bye]}
    """
    reference = hook.hook.template_ref
    if reference is None or not reference.name or "{{" in reference.name:
        return
    if context.workspace.referenced(reference.name, reference.cluster_scope, context.namespace) is None:
        kind = "ClusterWorkflowTemplate" if reference.cluster_scope else "WorkflowTemplate"
        yield Problem(
            f"the {kind} {reference.name!r} that the {hook.name} hook of the {hook.level} refers to is not among the "
            "files given",
            hook.at("templateRef", "name"),
            "give its file with --with",
        )
