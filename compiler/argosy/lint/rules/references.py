"""Calls that lead nowhere: templates and workflow templates that are not there."""

from __future__ import annotations

from collections.abc import Iterator

from argosy.lint import tables
from argosy.lint.context import Context
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule
from argosy.lint.spelling import respelt
from argosy.model import TemplateRef
from argosy.scope import Call, CallFault
from argosy.source import Address


def _reference(call: Call) -> TemplateRef:
    return call.holder.template_ref or TemplateRef()


def _reference_field(call: Call, field: str) -> Address:
    if call.by in ("step", "task"):
        return ("templateRef", field)
    return (field,) if field == "name" and call.place.address[-1] == "workflowTemplateRef" else ()


@rule(Severity.ERROR, over=tables.walked_calls, verdict=True)
def template_undefined(call: Call, context: Context) -> Iterator[Problem]:
    """A template is called that is not defined.

    Argo refuses the manifest. The name must be that of one of the `templates` of the same document; templates of other
    documents are called with `templateRef`.

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
                    template: biuld  # here
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
            - name: build
              container: {image: "alpine:3.20", command: [make]}
    """
    if call.fault == "undefined-template":
        name, where = call.holder.template, context.place(call.place, *call.callee)
        known = [one.name for one in call.place.owner.spec.templates]
        yield Problem(
            f"{call.who} calls the template {name!r}, which is not defined",
            **where,
            hint=context.did_you_mean(name, known),
            fix=respelt(context, where["address"], name, known),
            rejected=True,
        )


@rule(Severity.ERROR, over=tables.walked_calls, verdict=True)
def template_reference_undefined(call: Call, context: Context) -> Iterator[Problem]:
    """A `templateRef` names a template that its workflow template does not have.

    Argo refuses the manifest.

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
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - name: build
                    templateRef: {name: library, template: make}  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: WorkflowTemplate
        metadata: {name: library}
        spec:
          templates:
            - name: build
              container: {image: "alpine:3.20", command: [make]}
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - name: build
                    templateRef: {name: library, template: build}
    """
    if call.fault == "undefined-reference":
        wanted = _reference(call)
        owner = context.workspace.referenced(wanted.name, wanted.cluster_scope, context.namespace)
        known = (one.name for one in owner.spec.templates) if owner else ()
        yield Problem(
            f"{call.who} calls {wanted.template!r} of {wanted.name!r}, a workflow template that has no such template",
            **context.place(call.place, *_reference_field(call, "template")),
            hint=context.did_you_mean(wanted.template, known),
            rejected=True,
        )


@rule(Severity.ERROR, over=tables.walked_calls, verdict=True)
def workflow_template_missing(call: Call, context: Context) -> Iterator[Problem]:
    """A `templateRef` or `workflowTemplateRef` names a workflow template that is not among the files given.

    Offline, Argo finds workflow templates only in the files that it is given, and refuses a reference to any other.
    Give the folder that has it (`argosy lint . --with templates/`). A WorkflowTemplate is looked for in the same
    namespace, a ClusterWorkflowTemplate where the reference says `clusterScope: true`.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          workflowTemplateRef:
            name: library  # here

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
          workflowTemplateRef:
            name: library
    """
    if call.fault == "no-workflow-template":
        wanted = _reference(call)
        kind = "cluster workflow template" if wanted.cluster_scope else "workflow template"
        yield Problem(
            f"{call.who} refers to the {kind} {wanted.name!r}, which is not among the files given",
            **context.place(call.place, *_reference_field(call, "name")),
            hint="give its file or folder with --with, and mind its namespace and clusterScope",
            rejected=True,
        )


_INCOMPLETE: dict[CallFault, tuple[str, str, str]] = {
    "template-and-reference": ("template", "has both template and templateRef", "remove one of the two"),
    "no-reference-name": ("templateRef", "has a templateRef without a name", "name the workflow template"),
    "no-reference-template": ("templateRef", "has a templateRef without a template", "name the template"),
    "nothing-to-call": ("", "calls no template", "give it template, templateRef or inline"),
}


@rule(Severity.ERROR, over=tables.walked_calls, verdict=True)
def call_incomplete(call: Call, context: Context) -> Iterator[Problem]:
    """A step or task does not say, or says twice, which template it runs.

    It takes exactly one of `template`, `templateRef` (with `name` and `template`) and `inline`. Argo refuses the
    manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - name: build  # here

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
            - name: build
              container: {image: "alpine:3.20", command: [make]}
    """
    if call.fault in _INCOMPLETE:
        field, what, hint = _INCOMPLETE[call.fault]
        where = context.place(call.place, *([field] if field else []))
        yield Problem(f"{call.who} {what}", **where, hint=hint, rejected=True)


@rule(Severity.ERROR, over=tables.walked_calls, verdict=True)
def cluster_scope_missing(call: Call, context: Context) -> Iterator[Problem]:
    """A ClusterWorkflowTemplate refers to a WorkflowTemplate, which belongs to one namespace only.

    A ClusterWorkflowTemplate can only refer to others of its kind, with `clusterScope: true`. Argo's linter crashes
    here.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: ClusterWorkflowTemplate
        metadata: {name: build}
        spec:
          templates:
            - name: main
              steps:
                - - name: build
                    templateRef: {name: library, template: build}  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: ClusterWorkflowTemplate
        metadata: {name: library}
        spec:
          templates:
            - name: build
              container: {image: "alpine:3.20", command: [make]}
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: ClusterWorkflowTemplate
        metadata: {name: build}
        spec:
          templates:
            - name: main
              steps:
                - - name: build
                    templateRef: {name: library, template: build, clusterScope: true}
    """
    if call.fault == "cluster-scope-needed":
        yield Problem(
            f"{call.who} refers to a WorkflowTemplate of one namespace, from a ClusterWorkflowTemplate",
            **context.place(call.place, *call.callee),
            hint="set clusterScope: true, and refer to a ClusterWorkflowTemplate",
            rejected=True,
        )


@rule(Severity.ERROR, over=tables.walked_calls, verdict=True)
def input_missing(call: Call, context: Context) -> Iterator[Problem]:
    """A template is called without a value for one of its inputs.

    An input parameter needs an argument, a `default` or a `value`; an input artifact needs an argument or a
    location, unless it is `optional`. An argument without a value hides the default. Argo refuses the manifest.

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
                    template: build  # here
            - name: build
              inputs: {parameters: [{name: target}]}
              container: {image: "alpine:3.20", command: [make, "{{inputs.parameters.target}}"]}

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
                    arguments: {parameters: [{name: target, value: all}]}
            - name: build
              inputs: {parameters: [{name: target}]}
              container: {image: "alpine:3.20", command: [make, "{{inputs.parameters.target}}"]}
    """
    filled = call.filled
    if filled is None or call.target is None:
        return
    name = call.target.template.name or "inline"
    kinds = (
        ("parameter", filled.missing_parameters, "one with a default"),
        ("artifact", filled.missing_artifacts, "optional"),
    )
    for kind, names, optional in kinds:
        for missing in names:
            yield Problem(
                f"{call.who} gives no value for the input {kind} {missing!r} of the template {name!r}",
                **context.place(call.place, *call.callee),
                hint=f"pass it in arguments.{kind}s, or make it {optional}",
                rejected=True,
            )


@rule(Severity.ERROR, over=tables.walked_calls, verdict=True)
def value_breaks_template(call: Call, context: Context) -> Iterator[Problem]:
    """A value cannot be put into the template that uses it.

    Argo writes a template as JSON, replaces the tags in it and reads it back. Values with control characters (colour
    codes of terminals, for example) make that text invalid, and a `{{` without `}}` makes it unreadable.

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
                    template: build  # here
                    arguments: {parameters: [{name: colour, value: "\\x1b[31m"}]}
            - name: build
              inputs: {parameters: [{name: colour}]}
              container: {image: "alpine:3.20", command: [echo, "{{inputs.parameters.colour}}"]}

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
                    arguments: {parameters: [{name: colour, value: "31"}]}
            - name: build
              inputs: {parameters: [{name: colour}]}
              container: {image: "alpine:3.20", command: [printf, '\\\\033[{{inputs.parameters.colour}}m']}
    """
    if call.filled is None or call.filled.error is None or call.target is None:
        return
    if not call.target.unreadable:  # then tag-unreadable says it
        name = call.target.template.name or "inline"
        yield Problem(
            f"the values cannot be put into the template {name!r}: {call.filled.error}",
            **context.place(call.place, *call.callee),
            rejected=True,
        )
