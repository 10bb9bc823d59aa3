"""Comments that hide findings. The findings themselves come from ``lint/suppress.py``, once all others are known."""

from __future__ import annotations

from collections.abc import Iterator

from argosy.lint.context import Context, table
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule


@table
def comments(context: Context) -> Iterator[None]:
    """Give nothing: whether a comment hides something is known only after all rules have run."""
    yield from ()


@rule(Severity.WARNING, over=comments)
def suppression_unused(_: None, context: Context) -> Iterator[Problem]:
    """A comment hides a finding that there is not.

    What it was for has been put right, or the comment has moved away from its line. It would hide the next such
    mistake. A rule that is not run (`--select`, `ignore`) says nothing about comments that name it.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main  # argosy: ignore[entrypoint-missing]  # here
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
    """
    yield from ()


@rule(Severity.WARNING, over=comments)
def suppression_unknown(_: None, context: Context) -> Iterator[Problem]:
    """A comment to Argosy cannot be understood: it names a rule that there is not, or none.

    It hides nothing. The forms are `# argosy: ignore[RULE, RULE] -- reason`, at the end of a line or on a line of its
    own above it, and `# argosy: ignore-file[RULE]` at the top of a file.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          # argosy: ignore[entrypoint-mising]
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}

    Good:
        # argosy: ignore-file[exit-handler-image-unpinned] -- the base image is ours
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          onExit: bye
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: bye
              container: {image: "alpine:latest", command: [echo, done]}
    """
    yield from ()
