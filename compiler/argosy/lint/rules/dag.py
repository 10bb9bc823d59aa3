"""DAGs: tasks that go in a circle, are not there, or have a name that cannot be spoken of."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from argosy.lint.context import Context, table
from argosy.lint.finding import Related, Severity
from argosy.lint.rule import Problem, rule
from argosy.lint.spelling import respelt
from argosy.scope import Visit
from argosy.scope.graph import Graph
from argosy.source import Address


class Dag(Struct, eq=False):
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
            fix = respelt(context, where["address"], name, dag.graph.names)
            yield Problem(message, **where, hint=context.did_you_mean(name, dag.graph.names), fix=fix, rejected=True)
