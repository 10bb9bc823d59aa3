"""What tasks of a DAG depend on, and how they say it."""

from __future__ import annotations

from collections.abc import Iterator

from argosy.lint.context import Context
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule
from argosy.lint.rules.dag import Dag, dags
from argosy.lint.spelling import respelt
from argosy.scope.graph import RESULTS, references
from argosy.source import Address


def _written(dag: Dag, number: int) -> str:
    source = dag.visit.source.dag
    return source.tasks[number].depends if source is not None else ""


def _place_in(text: str, name: str) -> tuple[int, int] | None:
    found = next((start for word, _, start in references(text) if word == name), None)
    return None if found is None else (found, found + len(name))


@rule(Severity.ERROR, over=dags, verdict=True)
def dependency_undefined(dag: Dag, context: Context) -> Iterator[Problem]:
    """A task depends on one that the DAG does not have.

    Every word of `depends` is taken for a task, `not`, `and` and `or` too: write `!`, `&&` and `||`. Argo refuses
    the manifest.

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
                  - {name: build, template: make}
                  - {name: test, template: make, depends: biuld}  # here
            - name: make
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
                tasks:
                  - {name: build, template: make}
                  - {name: test, template: make, depends: build}
            - name: make
              container: {image: "alpine:3.20", command: [make]}
    """
    assert dag.visit.template.dag is not None
    for number, name in dag.graph.missing:
        task = dag.visit.template.dag.tasks[number]
        where, chars = context.place(dag.visit.place, *dag.field(number)), None
        if task.depends:
            chars = _place_in(task.depends, name) if task.depends == _written(dag, number) else None
        elif name in task.dependencies:
            where = context.place(dag.visit.place, *dag.field(number), task.dependencies.index(name))
        word = {"not": "!", "and": "&&", "or": "||"}.get(name)
        hint = f"write {word}" if word else context.did_you_mean(name, dag.graph.names)
        message = f"the task {task.name!r} depends on {name!r}, which is no task of this DAG"
        fix = respelt(context, where["address"], name, () if word else dag.graph.names, chars)
        yield Problem(message, **where, hint=hint, chars=chars, fix=fix, rejected=True)


@rule(Severity.ERROR, over=dags, verdict=True)
def depends_and_dependencies(dag: Dag, context: Context) -> Iterator[Problem]:
    """A DAG uses `depends` and, at another task, `dependencies` or `continueOn`.

    A DAG uses one of the two ways. With `depends`, say `build.Succeeded || build.Failed` instead of `continueOn:
    {failed: true}` at `build`. Argo refuses the manifest.

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
                  - {name: build, template: make}
                  - {name: test, template: make, depends: build}
                  - {name: publish, template: make, dependencies: [test]}  # here
            - name: make
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
                tasks:
                  - {name: build, template: make}
                  - {name: test, template: make, depends: build}
                  - {name: publish, template: make, depends: test}
            - name: make
              container: {image: "alpine:3.20", command: [make]}
    """
    assert dag.visit.template.dag is not None
    if not dag.uses_depends:
        return
    for number, task in enumerate(dag.visit.template.dag.tasks):
        for field, used in (("dependencies", bool(task.dependencies)), ("continueOn", task.continue_on is not None)):
            if used:
                where = context.place(dag.visit.place, "dag", "tasks", number, field)
                message = f"the task {task.name!r} has {field}, in a DAG that uses depends"
                yield Problem(message, **where, hint="say it with depends", part="key", rejected=True)


@rule(Severity.ERROR, over=dags, verdict=True)
def depends_result_unknown(dag: Dag, context: Context) -> Iterator[Problem]:
    """A `depends` asks a task for a result that there is not.

    Results are `Succeeded`, `Failed`, `Errored`, `Skipped`, `Omitted`, `Daemoned`, and for loops `AnySucceeded` and
    `AllFailed`: not the names of phases. Argo refuses the manifest.

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
                  - {name: build, template: make}
                  - {name: report, template: make, depends: build.Error}  # here
            - name: make
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
                tasks:
                  - {name: build, template: make}
                  - {name: report, template: make, depends: build.Errored}
            - name: make
              container: {image: "alpine:3.20", command: [make]}
    """
    assert dag.visit.template.dag is not None
    for number, task in enumerate(dag.visit.template.dag.tasks):
        for name, result, start in references(task.depends):
            if result and result not in RESULTS:
                where = context.place(dag.visit.place, *dag.field(number))
                same = task.depends == _written(dag, number)
                chars = (start, start + len(name) + 1 + len(result)) if same else None
                message = f"the task {task.name!r} asks for {name}.{result}, and there is no such result"
                hint = context.did_you_mean(result, RESULTS) or f"one of {', '.join(RESULTS)}"
                yield Problem(message, **where, hint=hint, chars=chars, rejected=True)


@rule(Severity.ERROR, over=dags, verdict=True)
def depends_on_loop_result(dag: Dag, context: Context) -> Iterator[Problem]:
    """A `depends` asks for `AnySucceeded` or `AllFailed` of a task that has no loop.

    These results speak of the turns of `withItems`, `withParam` or `withSequence`. Argo refuses the manifest.

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
                  - {name: build, template: make}
                  - {name: report, template: make, depends: build.AllFailed}  # here
            - name: make
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
                tasks:
                  - {name: build, template: make}
                  - {name: report, template: make, depends: build.Failed}
            - name: make
              container: {image: "alpine:3.20", command: [make]}
    """
    assert dag.visit.template.dag is not None
    tasks = dag.visit.template.dag.tasks
    for number, wanted in enumerate(dag.graph.wanted):
        for name, of_loop in wanted.items():
            if not of_loop or name not in dag.graph.index:
                continue
            other = tasks[dag.graph.index[name]]
            if not other.with_items and not other.with_param and other.with_sequence is None:
                where = context.place(dag.visit.place, *dag.field(number))
                message = f"the task {tasks[number].name!r} asks for a result of the loop of {name!r}, which has none"
                yield Problem(message, **where, rejected=True)


@rule(Severity.ERROR, over=dags, verdict=True)
def argument_without_dependency(dag: Dag, context: Context) -> Iterator[Problem]:
    """A task takes an argument from another that it does not depend on.

    The other may not have ended when this one starts. Argo refuses it where the argument begins with the tag.

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
                  - {name: build, template: make}
                  - name: publish
                    template: publish
                    arguments: {parameters: [{name: version, value: "{{tasks.build.outputs.result}}"}]}  # here
            - name: make
              container: {image: "alpine:3.20", command: [make]}
            - name: publish
              inputs: {parameters: [{name: version}]}
              container: {image: "alpine:3.20", command: [echo, "{{inputs.parameters.version}}"]}

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
                  - {name: build, template: make}
                  - name: publish
                    depends: build
                    template: publish
                    arguments: {parameters: [{name: version, value: "{{tasks.build.outputs.result}}"}]}
            - name: make
              container: {image: "alpine:3.20", command: [make]}
            - name: publish
              inputs: {parameters: [{name: version}]}
              container: {image: "alpine:3.20", command: [echo, "{{inputs.parameters.version}}"]}
    """
    assert dag.visit.template.dag is not None
    for number, task in enumerate(dag.visit.template.dag.tasks):
        given: list[tuple[Address, str]] = [
            (("parameters", n, "value"), one.value) for n, one in enumerate(task.arguments.parameters) if one.value
        ]
        given += [(("artifacts", n, "from"), one.from_) for n, one in enumerate(task.arguments.artifacts)]
        for address, text in given:
            if not text.startswith("{{tasks."):
                continue
            name = text.split(".")[1]
            if not dag.graph.is_before(name, number):
                where = context.place(dag.visit.place, "dag", "tasks", number, "arguments", *address)
                message = f"the task {task.name!r} takes an argument from {name!r}, which it does not depend on"
                yield Problem(message, **where, hint=f"add {name} to its depends", rejected=True)
