"""DAGs: dependencies that are not there, go in a circle, or are written in two ways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from argosy.lint import tables
from argosy.lint.context import Context, table
from argosy.lint.finding import Related, Severity
from argosy.lint.rule import Problem, rule
from argosy.scope import Visit
from argosy.scope.graph import RESULTS, Graph, references
from argosy.source import Address


@dataclass(frozen=True, slots=True, eq=False)
class Dag:
    """A DAG template that Argo's linter looks into."""

    visit: Visit
    graph: Graph
    uses_depends: bool

    @property
    def what(self) -> str:
        """The DAG, for messages."""
        return f"the DAG {self.visit.source.name!r}" if self.visit.source.name else "this DAG"

    def field(self, task: int) -> Address:
        """Where a task says what it depends on."""
        dag = self.visit.template.dag
        assert dag is not None
        return ("dag", "tasks", task, "depends" if dag.tasks[task].depends else "dependencies")


@table
def dags(context: Context) -> Iterator[Dag]:
    """Give every DAG that Argo's linter looks into."""
    for visit in context.walk.visits:
        if visit.graph is not None and visit.template.dag is not None:
            yield Dag(visit, visit.graph, any(task.depends for task in visit.template.dag.tasks))


def _place_in(text: str, name: str) -> tuple[int, int] | None:
    found = next((start for word, _, start in references(text) if word == name), None)
    return None if found is None else (found, found + len(name))


@rule(Severity.ERROR, over=dags, verdict=True)
def dependency_undefined(dag: Dag, context: Context) -> Iterator[Problem]:
    """A task depends on one that the DAG does not have.

    Every word of `depends` is taken for a task, `not`, `and` and `or` too: write `!`, `&&` and `||`. Argo refuses the manifest.

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
        yield Problem(message, **where, hint=hint, chars=chars, rejected=True)


def _written(dag: Dag, number: int) -> str:
    source = dag.visit.source.dag
    return source.tasks[number].depends if source is not None else ""


@rule(Severity.ERROR, over=dags, verdict=True)
def dependency_circle(dag: Dag, context: Context) -> Iterator[Problem]:
    """Tasks of a DAG wait for each other in a circle.

    None of them could ever start. Argo refuses the manifest.

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
                  - {name: build, template: make, depends: test}  # here
                  - {name: test, template: make, depends: build}
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
    circle = dag.graph.cycle
    if circle:
        names = " -> ".join(dag.graph.names[number] for number in [*circle, circle[0]])
        place = dag.visit.place
        where = context.place(place, *dag.field(circle[0]))
        related = [] if "manifest" in where else [
            Related((*place.address, *dag.field(number)), "and here") for number in circle[1:]
        ]  # fmt: skip
        message = f"tasks of {dag.what} wait for each other in a circle: {names}"
        yield Problem(message, **where, related=tuple(related), rejected=True)


@rule(Severity.ERROR, over=dags, verdict=True)
def dag_without_tasks(dag: Dag, context: Context) -> Iterator[Problem]:
    """A DAG has no tasks.

    Argo refuses the manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              dag: {tasks: []}  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              dag: {tasks: [{name: build, template: make}]}
            - name: make
              container: {image: "alpine:3.20", command: [make]}
    """
    if not dag.graph.names:
        where = context.place(dag.visit.place, "dag")
        yield Problem(f"{dag.what} has no tasks", **where, part="key", rejected=True)


@rule(Severity.ERROR, over=dags, verdict=True)
def task_name_begins_with_digit(dag: Dag, context: Context) -> Iterator[Problem]:
    """A task whose name begins with a digit is in a DAG that uses `depends` or `dependencies`.

    Argo could not read such a name in an expression, and refuses the manifest.

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
                  - {name: 1-build, template: make}  # here
                  - {name: test, template: make, depends: 1-build}
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
                  - {name: build-1, template: make}
                  - {name: test, template: make, depends: build-1}
            - name: make
              container: {image: "alpine:3.20", command: [make]}
    """
    assert dag.visit.template.dag is not None
    for number, task in enumerate(dag.visit.template.dag.tasks):
        if task.name[:1].isdecimal() and task.name.isascii() and (dag.uses_depends or task.dependencies):
            where = context.place(dag.visit.place, "dag", "tasks", number, "name")
            message = f"the name of the task {task.name!r} begins with a digit, which depends cannot read"
            yield Problem(message, **where, rejected=True)


@rule(Severity.ERROR, over=dags, verdict=True)
def depends_and_dependencies(dag: Dag, context: Context) -> Iterator[Problem]:
    """A DAG uses `depends` and, at another task, `dependencies` or `continueOn`.

    A DAG uses one of the two ways. With `depends`, say `build.Succeeded || build.Failed` instead of `continueOn: {failed: true}`
    at `build`. Argo refuses the manifest.

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

    Results are `Succeeded`, `Failed`, `Errored`, `Skipped`, `Omitted`, `Daemoned`, and for loops `AnySucceeded` and `AllFailed`: not
    the names of phases. Argo refuses the manifest.

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
def dag_target_undefined(dag: Dag, context: Context) -> Iterator[Problem]:
    """The `target` of a DAG names a task that it does not have.

    Targets are separated by single spaces. Argo refuses the manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              dag:
                target: biuld  # here
                tasks: [{name: build, template: make}]
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
                target: build
                tasks: [{name: build, template: make}]
            - name: make
              container: {image: "alpine:3.20", command: [make]}
    """
    assert dag.visit.template.dag is not None
    target = dag.visit.template.dag.target
    for name in target.split(" ") if target else ():
        if "{{" not in name and name not in dag.graph.index:
            where = context.place(dag.visit.place, "dag", "target")
            message = f"the target {name!r} is no task of this DAG"
            yield Problem(message, **where, hint=context.did_you_mean(name, dag.graph.names), rejected=True)


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


@rule(Severity.ERROR, over=tables.visits, verdict=True)
def loop_ambiguous(visit: Visit, context: Context) -> Iterator[Problem]:
    """A step or task has more than one loop, or a loop over numbers with both `count` and `end`.

    It takes one of `withItems`, `withParam` and `withSequence`.
    Argo refuses the manifest.

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
                  - name: build
                    template: make
                    withItems: [a, b]
                    withSequence: {count: 2}  # here
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
                  - name: build
                    template: make
                    withItems: [a, b]
            - name: make
              container: {image: "alpine:3.20", command: [make]}
    """
    template = visit.template
    calls: list[tuple[Address, tables.Loop]] = [
        (("steps", i, j), step) for i, group in enumerate(template.steps) for j, step in enumerate(group)
    ]
    if template.dag is not None:
        calls += [(("dag", "tasks", n), task) for n, task in enumerate(template.dag.tasks)]
    for address, call in calls:
        sequence = call.with_sequence
        loops = [
            name
            for name, used in (
                ("withItems", bool(call.with_items)),
                ("withParam", bool(call.with_param)),
                ("withSequence", sequence is not None),
            )
            if used
        ]
        if len(loops) > 1:
            where = context.place(visit.place, *address, loops[-1])
            yield Problem(f"{call.name!r} has {' and '.join(loops)}", **where, part="key", rejected=True)
        elif sequence is not None and sequence.count is not None and sequence.end is not None:
            where = context.place(visit.place, *address, "withSequence")
            message = f"the withSequence of {call.name!r} has both count and end"
            yield Problem(message, **where, hint="remove one of the two", rejected=True)
