"""Tags whose variable Argo does not know where they stand."""

from __future__ import annotations

from collections.abc import Iterator

from argosy.lint import tables
from argosy.lint.context import Context
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule
from argosy.lint.spelling import respelt
from argosy.scope import Arrival, Unknown
from argosy.variables import matches, nearest


@rule(Severity.ERROR, over=tables.unknown_tags, verdict=True)
def variable_undefined(found: Unknown, context: Context) -> Iterator[Problem]:
    """A tag names a variable that does not exist where it stands.

    Argo refuses the manifest. It knows the inputs of the template that the tag is in, the outputs of steps before
    and of tasks that the task depends on, and what the workflow itself has (`workflow.parameters.NAME`, ...).

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          arguments: {parameters: [{name: target, value: all}]}
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make, "{{inputs.parameters.target}}"]}  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          arguments: {parameters: [{name: target, value: all}]}
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make, "{{workflow.parameters.target}}"]}
    """
    if found.closed:
        name, where = found.content.strip(), context.place(found.place)
        guess = None if matches(name) else nearest(name)
        known = [guess] if guess else list(found.names.all()) if found.names else []
        hint = (
            f"did you mean {{{{{guess}}}}}?"
            if guess
            else context.did_you_mean(name, found.names.all() if found.names else ())
        )
        yield Problem(
            f"{{{{{found.content}}}}} is not known here",
            **where,
            hint=hint,
            chars=found.chars,
            fix=respelt(context, where["address"], name, known, found.chars),
            rejected=True,
        )


@rule(Severity.ERROR, over=tables.unknown_tags, verdict=True)
def tag_unclosed(found: Unknown, context: Context) -> Iterator[Problem]:
    """A `{{` has no `}}` after it.

    Argo cannot read the template, and refuses the manifest. Sometimes it passes, because it searches the whole
    template for the end of the tag; what the container then gets is the text as it is written.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              dag:
                target: "{{workflow.name"  # here
                tasks: [{name: build, template: build}]
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
              dag:
                target: build
                tasks: [{name: build, template: build}]
            - name: build
              container: {image: "alpine:3.20", command: [make]}
    """
    if not found.closed:
        where = context.place(found.place)
        yield Problem("this tag is never closed", **where, hint="close it with }}", chars=found.chars, rejected=True)


@rule(Severity.ERROR, over=tables.arrivals, verdict=True)
def tag_unreadable(found: Arrival, context: Context) -> Iterator[Problem]:
    """A tag of a template cannot be read, or a value of the workflow breaks the template.

    Argo writes a template as JSON, replaces its tags and reads it back. A `{{=` that is not closed where it stands
    takes in what follows, and a workflow parameter with control characters makes JSON that is none. Argo refuses the
    manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main  # here
              container: {image: "alpine:3.20", command: [echo, "{{=", "}}"]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [echo, "{{=workflow.name}}"]}
    """
    if found.unreadable is not None:
        name = found.template.name or "inline"
        message = f"the tags of the template {name!r} cannot be replaced: {found.unreadable}"
        yield Problem(message, **context.place(found.place), rejected=True)
