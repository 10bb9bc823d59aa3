"""Faults of Argo itself in the selected version, where a manifest can run into them; all are about exit handlers and
hooks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

from msgspec import Struct

from argosy import model
from argosy.lint import tables
from argosy.lint.context import Context
from argosy.lint.finding import Severity
from argosy.lint.reach import workflow_handlers
from argosy.lint.rule import Problem, rule
from argosy.source import Address


class Bug(Struct, frozen=True):
    """A fault of Argo: where it bites, and which releases have it no more."""

    pull_request: str
    says: str
    fixed_in: dict[str, str]
    """The first release without it, by minor version."""
    bites: Callable[[Context], Iterator[Address]]


def _dag_handler(context: Context) -> Iterator[Address]:
    for one in workflow_handlers(context):
        if one.template.dag is not None and one.owner.manifest is context.manifest:
            yield (*one.address, "dag")


def _task_handlers_under_parallelism(context: Context) -> Iterator[Address]:
    if context.spec.parallelism:
        for hook in tables.hooks(context):
            if hook.level == "task" and hook.is_exit:
                yield hook.address


def _nested_dag_hooks(context: Context) -> Iterator[Address]:
    for hook in tables.hooks(context):
        if hook.level != "task" or not hook.is_exit or hook.holder is None:
            continue
        target = context.resolve(hook.holder.call)
        if target is not None and target != "undefined" and target.template.dag is not None:
            yield hook.address


def _global_artifacts_in_handlers(context: Context) -> Iterator[Address]:
    for hook in tables.hooks(context):
        for n, artifact in enumerate(hook.hook.arguments.artifacts):
            if "workflow.outputs.artifacts" in artifact.from_ and "inputs.parameters" in artifact.from_:
                yield hook.at("arguments", "artifacts", n, "from")


@cache
def bugs() -> tuple[Bug, ...]:
    """Give the faults that are known, the newest last."""
    return (
        Bug("14991", "global artifacts whose name is a parameter do not arrive in hooks",
            {"3.6": "3.6.14", "3.7": "3.7.5"}, _global_artifacts_in_handlers),
        Bug("16088", "under a limited parallelism the exit hooks of tasks are checked again and may stall the workflow",
            {"3.6": "3.7.15", "3.7": "3.7.15", "4.0": "4.0.6"}, _task_handlers_under_parallelism),
        Bug("16488", "an exit handler that is a DAG is marked as failed at once when the workflow is stopped",
            {"3.6": "3.7.17", "3.7": "3.7.17", "4.0": "4.0.8"}, _dag_handler),
        Bug("15088", "when the workflow is stopped, the exit hook of a task that is a DAG itself does not run",
            {}, _nested_dag_hooks),
    )  # fmt: skip


@rule(Severity.INFO, over=tables.specs)
def known_hook_bug(spec: model.WorkflowSpec, context: Context) -> Iterator[Problem]:
    """The manifest can run into a known fault of the selected version of Argo.

    The message names the fault and the release that mended it; the number is that of Argo's pull request or issue.

    Bad (Argo 4.0):
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: after
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: after
              dag:  # here
                tasks:
                  - {name: notify, template: tell}
            - name: tell
              container: {image: "alpine:3.20", command: [tell]}

    Good (Argo 4.0):
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: after
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: after
              steps:
                - - {name: notify, template: tell}
            - name: tell
              container: {image: "alpine:3.20", command: [tell]}
    """
    for bug in bugs():
        mended = bug.fixed_in.get(str(context.version))
        if bug.fixed_in and mended is None:
            continue  # every release of this version has the cure
        for address in bug.bites(context):
            since = f"mended in {mended}" if mended else "not mended yet"
            yield Problem(f"{bug.says} (argo-workflows #{bug.pull_request}, {since})", address, part="key")
