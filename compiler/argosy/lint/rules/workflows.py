"""The workflow as a whole: its name, its entrypoint, its hooks, its templates."""

from __future__ import annotations

from collections.abc import Iterator

from argosy import model
from argosy.lint import tables
from argosy.lint.context import Context
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule
from argosy.source import at


@rule(Severity.ERROR, over=tables.specs, verdict=True)
def object_name_too_long(spec: model.WorkflowSpec, context: Context) -> Iterator[Problem]:
    """The name of a document is longer than 63 characters, or, of a CronWorkflow, 52.

    Kubernetes' labels hold 63 characters; a CronWorkflow adds the time to its name for each run. Argo refuses the
    manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata:
          name: a-name-that-goes-on-and-on-until-it-has-more-than-sixty-three-characters  # here
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata:
          name: a-short-name
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
    """
    name = at(context.manifest.data, ("metadata", "name"))
    most = 52 if context.kind == "CronWorkflow" else 63
    if isinstance(name, str) and len(name.encode()) > most:
        message = f"the name of this {context.kind} has {len(name)} characters, more than {most}"
        yield Problem(message, ("metadata", "name"), rejected=True)


@rule(Severity.ERROR, over=tables.specs, verdict=True)
def entrypoint_missing(spec: model.WorkflowSpec, context: Context) -> Iterator[Problem]:
    """A workflow does not say which template it starts with.

    `entrypoint` is needed in a Workflow and in a CronWorkflow, unless the workflow template that it refers to has
    one. Argo refuses the manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:  # here
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
    """
    reference = context.walk.reference
    if context.kind not in ("Workflow", "CronWorkflow") or spec.entrypoint:
        return
    if spec.workflow_template_ref is not None and (reference is None or reference.spec.entrypoint):
        return
    names = [one.name for one in (reference.spec if reference else spec).templates]
    hint = f"one of {', '.join(names)}" if names else "and templates"
    yield Problem("this workflow has no entrypoint", context.spec_address, hint, part="key", rejected=True)


@rule(Severity.ERROR, over=tables.specs, verdict=True)
def templates_beside_reference(spec: model.WorkflowSpec, context: Context) -> Iterator[Problem]:
    """A workflow that is made from a workflow template has templates of its own.

    With `workflowTemplateRef`, all templates are the other's. To call some of its templates from your own, use
    `templateRef` in a step or task. Argo refuses the manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: WorkflowTemplate
        metadata: {name: library}
        spec:
          entrypoint: build
          templates:
            - name: build
              container: {image: "alpine:3.20", command: [make]}
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          workflowTemplateRef: {name: library}
          templates:  # here
            - name: build
              container: {image: "alpine:3.20", command: [make, all]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: WorkflowTemplate
        metadata: {name: library}
        spec:
          entrypoint: build
          templates:
            - name: build
              container: {image: "alpine:3.20", command: [make]}
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          workflowTemplateRef: {name: library}
    """
    if spec.workflow_template_ref is not None and spec.templates:
        message = "this workflow has both workflowTemplateRef and templates"
        yield Problem(message, (*context.spec_address, "templates"), part="key", rejected=True)


@rule(Severity.ERROR, over=tables.hooks, verdict=True)
def hook_without_expression(hook: tables.HookAt, context: Context) -> Iterator[Problem]:
    """A hook that is no exit handler has no `expression`.

    Only the hook named `exit` runs by itself, at the end. Any other runs when its expression becomes true. Argo
    refuses the manifest for a hook of the workflow or of a step; for a task of a DAG its linter passes, and the run
    ends in error.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          hooks:
            finished:  # here
              template: notify
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: notify
              container: {image: "alpine:3.20", command: [echo, done]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          hooks:
            exit:
              template: notify
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: notify
              container: {image: "alpine:3.20", command: [echo, done]}
    """
    if not hook.is_exit and not hook.hook.expression:
        message = f"the hook {hook.name!r} of the {hook.level} has no expression, so nothing says when it runs"
        hint = "name it exit, if it is to run at the end, or give it an expression"
        yield Problem(message, hook.address, hint, part="key", rejected=hook.level != "task")


@rule(Severity.ERROR, over=tables.documents, verdict=True)
def workflow_template_duplicate(document: Context, context: Context) -> Iterator[Problem]:
    """Two workflow templates have the same name in the same namespace.

    Argo refuses to lint such files together: it could not tell which of the two is meant.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: WorkflowTemplate
        metadata: {name: library}
        spec:
          templates:
            - name: build
              container: {image: "alpine:3.20", command: [make]}
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: WorkflowTemplate
        metadata:
          name: library  # here
        spec:
          templates:
            - name: test
              container: {image: "alpine:3.20", command: [make, test]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: WorkflowTemplate
        metadata: {name: library}
        spec:
          templates:
            - name: build
              container: {image: "alpine:3.20", command: [make]}
    """
    if context.kind in ("WorkflowTemplate", "ClusterWorkflowTemplate"):
        first = context.workspace.first_named(context.manifest)
        if first is not context.manifest and first is not None:
            where = f"in {first.origin.path}" if first.origin.path != context.manifest.origin.path else "in this file"
            message = f"there is another {context.kind} named {context.manifest.name!r} {where}"
            yield Problem(message, ("metadata", "name"), rejected=True)
