"""Arguments of the workflow, of steps and of tasks: values, sources, enumerations."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from argosy.lint.context import Context, table
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule
from argosy.model.parameter import Arguments, Parameter
from argosy.scope import Place
from argosy.scope.facts import has_location_or_key
from argosy.source import Address, Json, at


class ArgumentList(Struct, eq=False):
    """The arguments of the workflow, or of one step or task."""

    arguments: Arguments
    place: Place
    may_be_empty: bool
    """A parameter of a workflow or template may wait for its value until it is submitted."""

    def written(self, *steps: str | int) -> Json:
        """Give what the document has there."""
        return at(self.place.owner.manifest.data, (*self.place.address, *steps))

    def parameters(self) -> Iterator[tuple[int, Parameter]]:
        """Give the parameters and their places."""
        yield from enumerate(self.arguments.parameters)


@table
def argument_lists(context: Context) -> Iterator[ArgumentList]:
    """Give all arguments that Argo's linter checks."""
    if not context.is_argo:
        return
    base = Place(context.workspace.owner(context.manifest), (*context.spec_address, "arguments"))
    yield ArgumentList(context.walk.arguments, base, context.kind != "CronWorkflow")
    for visit in context.walk.visits:
        for i, group in enumerate(visit.template.steps):
            for j, step in enumerate(group):
                yield ArgumentList(step.arguments, visit.place.at("steps", i, j, "arguments"), False)
        if visit.template.dag is not None:
            for n, task in enumerate(visit.template.dag.tasks):
                yield ArgumentList(task.arguments, visit.place.at("dag", "tasks", n, "arguments"), False)


@rule(Severity.ERROR, over=argument_lists, verdict=True)
def argument_without_value(given: ArgumentList, context: Context) -> Iterator[Problem]:
    """An argument has neither a value nor a source for one.

    What a step or task passes must have a `value` or `valueFrom`. The arguments of a CronWorkflow's workflow, too:
    nobody is there to give them when it starts. Argo refuses the manifest. The arguments of a Workflow may wait for
    its submission.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: CronWorkflow
        metadata: {name: build}
        spec:
          schedules: ["0 3 * * *"]
          workflowSpec:
            entrypoint: main
            arguments: {parameters: [{name: target}]}  # here
            templates:
              - name: main
                container: {image: "alpine:3.20", command: [make, "{{workflow.parameters.target}}"]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: CronWorkflow
        metadata: {name: build}
        spec:
          schedules: ["0 3 * * *"]
          workflowSpec:
            entrypoint: main
            arguments: {parameters: [{name: target, value: all}]}
            templates:
              - name: main
                container: {image: "alpine:3.20", command: [make, "{{workflow.parameters.target}}"]}
    """
    if given.may_be_empty:
        return
    for n, one in given.parameters():
        if one.value is None and one.value_from is None:
            where = context.place(given.place, "parameters", n)
            yield Problem(
                f"the argument {one.name!r} has no value", **where, hint="give it value or valueFrom", rejected=True
            )


_ELSEWHERE: tuple[tuple[str, str], ...] = (
    ("path", "path"), ("json_path", "jsonPath"), ("parameter", "parameter"), ("expression", "expression"),
)  # fmt: skip


@rule(Severity.ERROR, over=argument_lists, verdict=True)
def argument_source_invalid(given: ArgumentList, context: Context) -> Iterator[Problem]:
    """The `valueFrom` of an argument is of a kind that only outputs have.

    An argument takes its value from a ConfigMap (`configMapKeyRef`), an event, or a person (`supplied`). Results of
    other steps are passed as a `value` with a tag: `value: "{{steps.build.outputs.result}}"`. Argo refuses the
    manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          arguments: {parameters: [{name: target, valueFrom: {path: /tmp/target}}]}  # here
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make, "{{workflow.parameters.target}}"]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          arguments: {parameters: [{name: target, valueFrom: {configMapKeyRef: {name: build, key: target}}}]}
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make, "{{workflow.parameters.target}}"]}
    """
    for n, one in given.parameters():
        source = one.value_from
        if source is None:
            continue
        wrong = next((name for attribute, name in _ELSEWHERE if getattr(source, attribute)), None)
        address: Address = ("parameters", n, "valueFrom")
        if wrong:
            message = f"the argument {one.name!r} cannot take its value from a {wrong}"
            yield Problem(message, **context.place(given.place, *address, wrong), part="key", rejected=True)
        elif source.config_map_key_ref is None and not source.event and source.supplied is None:
            hint = "give it configMapKeyRef, event or supplied"
            message = f"the valueFrom of the argument {one.name!r} names no source"
            yield Problem(message, **context.place(given.place, *address), hint=hint, rejected=True)


@rule(Severity.ERROR, over=argument_lists, verdict=True)
def enum_violated(given: ArgumentList, context: Context) -> Iterator[Problem]:
    """The value of an argument is not one of its `enum`, or the `enum` is empty.

    Argo refuses the manifest. It checks the arguments of workflows, steps and tasks only, not what templates take in.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          arguments:
            parameters:
              - name: target
                enum: [all, docs]
                value: doc  # here
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make, "{{workflow.parameters.target}}"]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          arguments:
            parameters:
              - name: target
                enum: [all, docs]
                value: docs
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make, "{{workflow.parameters.target}}"]}
    """
    for n, one in given.parameters():
        if not one.enum:
            if isinstance(given.written("parameters", n, "enum"), list):
                where = context.place(given.place, "parameters", n, "enum")
                yield Problem(f"the enum of {one.name!r} is empty", **where, rejected=True)
                return
            continue
        where = context.place(given.place, "parameters", n, "value")
        if one.value is None:
            if given.may_be_empty:
                return  # Argo looks at no further argument
            yield Problem(f"the argument {one.name!r} has an enum and no value", **where, rejected=True)
        elif one.value not in one.enum:
            allowed = ", ".join(one.enum)
            message = f"the value {str(one.value)!r} of {one.name!r} is not in its enum"
            yield Problem(message, **where, hint=f"one of: {allowed}", rejected=True)


@rule(Severity.ERROR, over=argument_lists, verdict=True)
def artifact_argument_without_source(given: ArgumentList, context: Context) -> Iterator[Problem]:
    """An artifact is passed without saying which.

    It needs `from`, a location (s3, git, raw, ...) or a key. Argo refuses the manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          arguments:
            artifacts:
              - name: source  # here
          templates:
            - name: main
              inputs: {artifacts: [{name: source, path: /src}]}
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          arguments:
            artifacts:
              - name: source
                git: {repo: "https://github.com/argoproj/argo-workflows.git", revision: v4.1.2}
          templates:
            - name: main
              inputs: {artifacts: [{name: source, path: /src}]}
              container: {image: "alpine:3.20", command: [make]}
    """
    if _stops_at_enum(given):
        return
    for n, one in enumerate(given.arguments.artifacts):
        if not one.from_ and not has_location_or_key(one):
            where = context.place(given.place, "artifacts", n)
            message = f"the artifact {one.name!r} is passed without a source"
            hint = "fromExpression alone is not enough for Argo's linter" if one.from_expression else None
            yield Problem(message, **where, hint=hint or "give it from, a location or a key", rejected=True)


@rule(Severity.ERROR, over=argument_lists, verdict=True)
def artifact_with_two_sources(given: ArgumentList, context: Context) -> Iterator[Problem]:
    """An artifact that is passed has both `from` and `fromExpression`.

    Argo refuses the manifest: it would not know which of the two to take.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          arguments: {artifacts: [{name: source, git: {repo: "https://github.com/argoproj/argo-workflows.git"}}]}
          templates:
            - name: main
              inputs: {artifacts: [{name: source}]}
              steps:
                - - name: build
                    template: build
                    arguments:
                      artifacts:
                        - name: source
                          from: "{{inputs.artifacts.source}}"
                          fromExpression: inputs.artifacts.source  # here
            - name: build
              inputs: {artifacts: [{name: source, path: /src}]}
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          arguments: {artifacts: [{name: source, git: {repo: "https://github.com/argoproj/argo-workflows.git"}}]}
          templates:
            - name: main
              inputs: {artifacts: [{name: source}]}
              steps:
                - - name: build
                    template: build
                    arguments:
                      artifacts:
                        - name: source
                          from: "{{inputs.artifacts.source}}"
            - name: build
              inputs: {artifacts: [{name: source, path: /src}]}
              container: {image: "alpine:3.20", command: [make]}
    """
    if _stops_at_enum(given):
        return
    for n, one in enumerate(given.arguments.artifacts):
        if one.from_ and one.from_expression:
            where = context.place(given.place, "artifacts", n, "fromExpression")
            message = f"the artifact {one.name!r} has both from and fromExpression"
            yield Problem(message, **where, hint="remove one of the two", rejected=True)


def _stops_at_enum(given: ArgumentList) -> bool:
    """Argo looks at nothing after a parameter that has an enum and may wait for its value."""
    return given.may_be_empty and any(one.enum and one.value is None for one in given.arguments.parameters)
