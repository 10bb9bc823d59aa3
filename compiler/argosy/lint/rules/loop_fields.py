"""Loops that are written in more than one way."""

from __future__ import annotations

from collections.abc import Iterator

from argosy.lint import tables
from argosy.lint.context import Context
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule
from argosy.scope import Visit
from argosy.source import Address


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
