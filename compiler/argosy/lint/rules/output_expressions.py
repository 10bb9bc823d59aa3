"""Expressions that make the outputs of steps and DAG templates, and choose artifacts."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from argosy.errors import LanguageError
from argosy.lint import tables
from argosy.lint.context import Context, table
from argosy.lint.fate import aftermath
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule
from argosy.source import Address


class OutputText(Struct, frozen=True, eq=False):
    """An expression for an output, and the template that it stands in."""

    text: str
    address: Address
    inside: tables.TemplateAt


@table
def _expressions(context: Context) -> Iterator[OutputText]:
    for one in tables.templates(context):
        outputs = one.template.outputs
        if not one.template.steps and one.template.dag is None:
            continue
        for n, parameter in enumerate(outputs.parameters):
            if parameter.value_from is not None and parameter.value_from.expression:
                where = one.at("outputs", "parameters", n, "valueFrom", "expression")
                yield OutputText(parameter.value_from.expression, where, one)
        for n, artifact in enumerate(outputs.artifacts):
            if artifact.from_expression:
                yield OutputText(artifact.from_expression, one.at("outputs", "artifacts", n, "fromExpression"), one)
    for call in tables.calls(context):
        for n, artifact in enumerate(call.call.arguments.artifacts):
            if artifact.from_expression:
                where = call.at("arguments", "artifacts", n, "fromExpression")
                yield OutputText(artifact.from_expression, where, call.inside)


@rule(Severity.ERROR, over=_expressions)
def output_expression_invalid(one: OutputText, context: Context) -> Iterator[Problem]:
    """An expression for an output or an artifact cannot be read, or names a step that there is not.

    Argo's linter does not look into it. When all the steps are done, the template ends in Error; if it is the
    entrypoint, so does the workflow, and its exit handler never runs. It is an expression already, without braces.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - {name: build, template: build}
              outputs:
                parameters:
                  - name: version
                    valueFrom:
                      expression: "{{steps.build.outputs.result}}"  # here
            - name: build
              script: {image: "alpine:3.20", command: [sh], source: make}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - {name: build, template: build}
              outputs:
                parameters:
                  - name: version
                    valueFrom:
                      expression: steps.build.outputs.result
            - name: build
              script: {image: "alpine:3.20", command: [sh], source: make}
    """
    after = aftermath(one.inside, context)
    bare = one.text.strip()
    if bare.startswith("{{") and bare.endswith("}}") and bare.count("{{") == 1:
        hint = f"write {bare[2:-2].removeprefix('=').strip()}"
        yield Problem(
            f"it is an expression already, and cannot be read with braces around it{after}", one.address, hint
        )
        return
    if "{{" in one.text:
        return
    from argosy.language.expr import parse
    from argosy.lint.paths import paths

    try:
        tree = parse(one.text)
    except LanguageError as error:
        chars = (min(error.position, len(one.text) - 1), min(error.position + 1, len(one.text)))
        yield Problem(f"the expression cannot be read: {error.message}{after}", one.address, error.hint, chars=chars)
        return
    template = one.inside.template
    names = {step.name for group in template.steps for step in group}
    names |= {task.name for task in template.dag.tasks} if template.dag is not None else set()
    for path in paths(tree):
        if path.parts[0] not in ("steps", "tasks") or len(path.parts) < 3 or path.optional or not names:
            continue
        wanted = "steps" if template.dag is None else "tasks"
        if path.parts[0] != wanted:
            message = f"there are no {path.parts[0]} here, but {wanted}"
            yield Problem(f"{message}{after}", one.address, chars=(path.start, path.end))
        elif path.parts[1] not in names and "(" not in path.parts[1]:
            message = f"there is no {wanted[:-1]} {path.parts[1]!r} here"
            near = context.did_you_mean(path.parts[1], names)
            yield Problem(f"{message}{after}", one.address, near, chars=(path.start, path.end))
