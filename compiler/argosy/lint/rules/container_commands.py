"""Containers that do not say what they run; advice that is off by default."""

from __future__ import annotations

from collections.abc import Iterator

from argosy.lint import tables
from argosy.lint.context import Context
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule


@rule(Severity.INFO, over=tables.containers, on_by_default=False)
def command_missing(one: tables.ContainerAt, context: Context) -> Iterator[Problem]:
    """A container has no `command`: Argo has to ask the registry of its image for one.

    Argo runs each container under its own executor, which needs to know the command. Where there is none, the
    controller reads it from the image in its registry, once for each image: that takes time, needs the credentials of
    the image there, and ends in Error where the registry cannot be reached.

    Source: Argo's `docs/workflow-executors.md`.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "registry.example.com/build:1.2", args: [all]}  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "registry.example.com/build:1.2", command: [make], args: [all]}
    """
    container = one.container
    if (
        one.role in ("main", "script", "set")
        and container.image
        and not container.command
        and not one.inside.is_default
    ):
        yield Problem("the registry of the image must be asked for its command", one.at("image"), "say its command")
