"""What tasks take from others without depending on them, where Argo's linter does not look."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from argosy import model
from argosy.lint.context import Context
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule
from argosy.lint.rules.dag import Dag, dags
from argosy.lint.taint import tags_of
from argosy.source import Address


@cache
def _task() -> re.Pattern[str]:
    return re.compile(r"\btasks(?:\.([\w-]+)|\[['\"]([^'\"]+)['\"]\])")


def _texts(task: model.DAGTask) -> Iterator[tuple[Address, str]]:
    for n, one in enumerate(task.arguments.parameters):
        if one.value:
            yield ("arguments", "parameters", n, "value"), str(one.value)
    for n, artifact in enumerate(task.arguments.artifacts):
        yield ("arguments", "artifacts", n, "from"), artifact.from_
    yield ("when",), task.when
    yield ("withParam",), task.with_param


@rule(Severity.ERROR, over=dags)
def reference_without_dependency(dag: Dag, context: Context) -> Iterator[Problem]:
    """A task uses what another task gives, in the middle of a text or in an expression, and does not depend on it.

    Argo's linter sees only arguments that begin with the tag. The other task may not have ended, or not even have
    begun: the value is not there, and the task hangs or fails.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              dag:
                tasks:
                  - {name: version, template: version}
                  - name: publish
                    template: publish
                    arguments: {parameters: [{name: tag, value: "{{='v' + tasks.version.outputs.result}}"}]}  # here
            - name: version
              script: {image: "alpine:3.20", command: [sh], source: cat VERSION}
            - name: publish
              inputs: {parameters: [{name: tag}]}
              container: {image: "alpine:3.20", command: [publish, "{{inputs.parameters.tag}}"]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              dag:
                tasks:
                  - {name: version, template: version}
                  - name: publish
                    depends: version
                    template: publish
                    arguments: {parameters: [{name: tag, value: "{{='v' + tasks.version.outputs.result}}"}]}
            - name: version
              script: {image: "alpine:3.20", command: [sh], source: cat VERSION}
            - name: publish
              inputs: {parameters: [{name: tag}]}
              container: {image: "alpine:3.20", command: [publish, "{{inputs.parameters.tag}}"]}
    """
    assert dag.visit.template.dag is not None
    for number, task in enumerate(dag.visit.template.dag.tasks):
        for address, text in _texts(task):
            if "{{" not in text or text.startswith("{{tasks."):
                continue
            for tag in tags_of(text):
                if not tag.is_expression:
                    continue  # Argo's linter knows those
                for found in _task().finditer(tag.content):
                    name = found[1] or found[2]
                    if name in dag.graph.index and name != task.name and not dag.graph.is_before(name, number):
                        where = context.place(dag.visit.place, "dag", "tasks", number, *address)
                        message = f"the task {task.name!r} uses {name!r}, which it does not depend on"
                        yield Problem(message, **where, hint=f"add {name} to its depends", chars=(tag.start, tag.end))
