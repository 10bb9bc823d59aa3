"""Fields that Argo's types do not have, and values that they cannot hold."""

from __future__ import annotations

from collections.abc import Iterator

from argosy.lint.context import Context, table
from argosy.lint.finding import Edit, Fix, Severity
from argosy.lint.rule import Problem, rule
from argosy.lint.rules.old_fields import as_list
from argosy.model.schema import SchemaProblem, check
from argosy.source import at


@table
def schema_problems(context: Context) -> Iterator[SchemaProblem]:
    """Give what Argo's strict decoder says of the document."""
    read = context.document
    if read is None:
        yield from check(context.manifest.data, context.kind, context.version)
    elif read.outcome != "ignored" and read.data is not None:
        yield from check(read.data, read.kind, context.version)


@rule(Severity.ERROR, over=schema_problems, verdict=True)
def field_unknown(found: SchemaProblem, context: Context) -> Iterator[Problem]:
    """A field does not exist where it is written, in this version of Argo.

    Argo's linter refuses it, so a misspelt field is found before it is missed. Below a step it passes them
    (`arguments`, `hooks`, `inline`), and the controller ignores them: there Argosy reports what Argo does not.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make], workDir: /src}  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make], workingDir: /src}

    Bad (Argo 3.6):
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              annotations: {team: blue}  # here
              container: {image: "alpine:3.20", command: [make]}
    """
    if found.kind == "unknown-field":
        refused = found.rejected and (context.is_argo or context.beside_argo)
        fix = _renamed(found, context, safe=False) or (as_list(found.address, context) if refused else None)
        yield Problem(found.message, found.address, found.hint, found.part, fix=fix, rejected=refused)


@rule(Severity.ERROR, over=schema_problems, verdict=True)
def type_wrong(found: SchemaProblem, context: Context) -> Iterator[Problem]:
    """A value has a type that its field cannot hold.

    Argo refuses the whole file, and does not say which document is meant. YAML 1.1 is a common cause: `yes`, `no`,
    `on`, `off`, `y` and `n` are booleans, and numbers are no text; quote them.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container:
                image: alpine:3.20
                command: [sleep, 60]  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container:
                image: alpine:3.20
                command: [sleep, "60"]
    """
    if found.kind == "wrong-type":
        yield Problem(found.message, found.address, found.hint, found.part, rejected=found.rejected)


@rule(Severity.WARNING, over=schema_problems)
def field_case_wrong(found: SchemaProblem, context: Context) -> Iterator[Problem]:
    """A field below a step is written in the wrong case.

    Argo reads what stands below a step without regard to case, and strictly everywhere else: the same lines moved
    into a DAG are refused.

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
                    arguments: {Parameters: [{name: target, value: all}]}  # here
            - name: build
              inputs: {parameters: [{name: target, default: all}]}
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
              inputs: {parameters: [{name: target, default: all}]}
              container: {image: "alpine:3.20", command: [make, "{{inputs.parameters.target}}"]}
    """
    if found.kind == "field-case":
        fix = _renamed(found, context, safe=True)
        yield Problem(found.message, found.address, found.hint, found.part, fix=fix)


def _renamed(found: SchemaProblem, context: Context, safe: bool) -> Fix | None:
    """Rename a field, unless there is one of that name already."""
    beside = at(context.manifest.data, found.address[:-1])
    if found.meant is None or not isinstance(beside, dict) or found.meant in beside:
        return None
    return Fix(f"write {found.meant}", (Edit("rename", found.address, found.meant),), safe=safe)
