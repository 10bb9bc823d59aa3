"""The logic of `depends`: whether it can be evaluated, and whether it can ever hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import product

from argosy import model
from argosy.errors import LanguageError
from argosy.lint.context import Context
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule
from argosy.lint.rules.dag import Dag, dags
from argosy.scope.graph import RESULTS, references

_STATES = ("Succeeded", "Failed", "Error", "Skipped", "Omitted", "Daemoned")
_MOST = 4
"""With more tasks that are named more than once, not all their states are tried."""


def _known(task: model.DAGTask, dag: Dag) -> bool:
    """Whether other rules have nothing to say of the names in a `depends`."""
    assert dag.graph is not None
    return all(name in dag.graph.index and result in ("", *RESULTS) for name, result, _ in references(task.depends))


@rule(Severity.ERROR, over=dags)
def depends_invalid(dag: Dag, context: Context) -> Iterator[Problem]:
    """A `depends` cannot be evaluated.

    Argo's linter looks only for names of tasks in it. At run time the DAG ends in Error when the task is due. The
    operators are `&&`, `||`, `!` and brackets.

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
                  - {name: test, template: make}
                  - {name: report, template: make, depends: build & test}  # here
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
                  - {name: test, template: make}
                  - {name: report, template: make, depends: build && test}
            - name: make
              container: {image: "alpine:3.20", command: [make]}
    """
    from argosy.language.depends import evaluate, expand, parse, results

    assert dag.visit.template.dag is not None
    for number, task in enumerate(dag.visit.template.dag.tasks):
        if not task.depends or "{{" in task.depends or not _known(task, dag):
            continue
        try:
            parse(task.depends)
            continue
        except LanguageError as found:
            wrong = found.with_traceback(None)  # which would keep all that is here
        try:
            dependencies, logic = expand({"depends": task.depends}, {})
            evaluate(logic, {name: results("Succeeded") for name in dependencies})
        except LanguageError:
            where = context.place(dag.visit.place, *dag.field(number))
            at = min(wrong.position, len(task.depends) - 1)
            yield Problem(
                f"the depends of the task {task.name!r} cannot be evaluated: {wrong.message}",
                **where,
                hint=wrong.hint or "use && and ||, ! and brackets",
                chars=(at, at + 1),
            )


@rule(Severity.WARNING, over=dags)
def depends_never_holds(dag: Dag, context: Context) -> Iterator[Problem]:
    """A `depends` asks for what cannot be: the task is always Omitted.

    Each task ends with one result, so that `build.Failed && build.Succeeded` is never true.

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
                  - {name: report, template: make, depends: build.Failed && build.Errored}  # here
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
                  - {name: report, template: make, depends: build.Failed || build.Errored}
            - name: make
              container: {image: "alpine:3.20", command: [make]}
    """
    assert dag.visit.template.dag is not None
    for number, task in enumerate(dag.visit.template.dag.tasks):
        if "." not in task.depends or "{{" in task.depends:
            continue
        named = Counter(name for name, _, _ in references(task.depends))
        more = [name for name, times in named.items() if times > 1]
        if more and len(named) <= _MOST and _known(task, dag) and _never(task.depends, list(named)):
            where = context.place(dag.visit.place, *dag.field(number))
            yield Problem(f"the depends of the task {task.name!r} never holds, whatever comes of {more[0]!r}", **where)


def _never(depends: str, names: list[str]) -> bool:
    from argosy.language.depends import evaluate, expand, results

    try:
        _, logic = expand({"depends": depends}, {})
        for states in product(_STATES, repeat=len(names)):
            for items in ((), ("Succeeded",), ("Failed",)):
                if evaluate(logic, {name: results(state, items) for name, state in zip(names, states, strict=True)}):
                    return False
    except LanguageError:
        return False
    return True
