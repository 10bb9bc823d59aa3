"""Text that Argo does not read as it was meant, or not at all."""

from __future__ import annotations

from collections.abc import Iterator

from argosy.lint import tables
from argosy.lint.context import Context
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule

_TWICE = ("duplicate-key", "merge-override", "json-duplicate-key")


@rule(Severity.ERROR, over=tables.documents, verdict=True)
def yaml_invalid(document: Context, context: Context) -> Iterator[Problem]:
    """A document is not YAML that Argo can read.

    Argo's linter says nothing of such a document: it drops it, and passes the file if there is another document in
    it. Argo reads YAML 1.1.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata:
          generateName: build-
         labels: {team: blue}  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata:
          generateName: build-
          labels: {team: blue}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
    """
    for one in context.problems:
        if one.dropped == "always":
            message = f"this is not YAML that Argo can read: {one.message}"
            yield Problem(message, (), one.hint, span=one.span, rejected=not context.beside_argo)


@rule(Severity.ERROR, over=tables.documents, verdict=True)
def key_duplicate(document: Context, context: Context) -> Iterator[Problem]:
    """A key stands twice in a map, or is given by a merge (`<<`) and again.

    Argo's linter drops a document with such a key without a word: `argo lint` finds "nothing to lint", or passes a
    file because of its other documents. `kubectl` and the controller take one of the two values.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          entrypoint: main  # here
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
    for one in context.problems:
        if one.kind in _TWICE:
            refused = not context.beside_argo or one.dropped == "never"
            yield Problem(one.message, (), one.hint or "remove one of the two", span=one.span, rejected=refused)


@rule(Severity.ERROR, over=tables.documents, verdict=True)
def kind_missing(document: Context, context: Context) -> Iterator[Problem]:
    """A document has no `kind`, so Argo does not know what it is.

    Argo's linter drops it without a word: it finds "nothing to lint", or passes the file because of its other
    documents.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        metadata: {generateName: build-}
        spec:
          entrypoint: main
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
    read = context.document
    if read is None or read.problems or read.kind or read.data is None or context.beside_argo:
        return
    yield Problem("this document has no kind", (), "give it kind: Workflow, for example", rejected=True)


@rule(Severity.WARNING, over=tables.documents)
def yaml_text_ignored(document: Context, context: Context) -> Iterator[Problem]:
    """Argo does not read a part of the file.

    Documents are separated by lines that begin with `---`. What follows the end of a document otherwise (`...`, or a
    separator after a bare carriage return) is not read, and of two keys that become the same text (`1` and `"1"`)
    either may be taken.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
        ...
        apiVersion: argoproj.io/v1alpha1  # here
        kind: Workflow

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
    for one in context.problems:
        if one.dropped == "never" and one.kind not in _TWICE:
            yield Problem(one.message, (), one.hint, span=one.span)
