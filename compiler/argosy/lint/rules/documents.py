"""What the cluster wants of any document: a version, a kind, a name, labels in order. Argo's linter looks at none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from argosy.lint.context import Context, table
from argosy.lint.finding import Edit, Fix, Severity
from argosy.lint.rule import Problem, rule
from argosy.lint.tables import defaults, documents, templates
from argosy.source import Address, Json, at

VERSION = "argoproj.io/v1alpha1"
_KINDS = ("Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate", "CronWorkflow", "WorkflowEventBinding")


def _is_argo(context: Context) -> bool:
    return context.kind in _KINDS and isinstance(context.manifest.data, dict)


@rule(Severity.ERROR, over=documents)
def api_version_wrong(document: Context, context: Context) -> Iterator[Problem]:
    """A document of one of Argo's kinds has another `apiVersion` than `argoproj.io/v1alpha1`, or none.

    Argo's linter does not look at it. The cluster knows no such kind in another version, and refuses the document;
    without a version, `argo submit` takes it, and `kubectl` does not.

    Bad:
        apiVersion: argoproj.io/v1  # here
        kind: Workflow
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
    if not _is_argo(context):
        return
    version = context.manifest.data.get("apiVersion")
    if version is None:
        message, hint = f"this {context.kind} has no apiVersion", f"write apiVersion: {VERSION}"
        yield Problem(message, ("kind",), hint, part="key", severity=Severity.WARNING)
    elif isinstance(version, str) and version != VERSION and ("/" not in version or version.startswith("argoproj.")):
        yield Problem(
            f"Argo has no {context.kind} of the apiVersion {version!r}",
            ("apiVersion",),
            f"write {VERSION}",
            fix=Fix(f"write {VERSION}", (Edit("set", ("apiVersion",), VERSION),)),
        )


@rule(Severity.WARNING, over=documents)
def kind_misspelt(document: Context, context: Context) -> Iterator[Problem]:
    """A document of Argo's has a `kind` that is almost one of Argo's.

    Argo's linter passes over a kind that it does not know, without a word; the cluster refuses it.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: WorkFlow  # here
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
    data = context.manifest.data
    if not isinstance(data, dict) or not str(data.get("apiVersion")).startswith("argoproj.io/"):
        return
    kind = data.get("kind")
    if isinstance(kind, str) and kind not in _KINDS and not kind.startswith(("WorkflowTask", "WorkflowArtifact")):
        import difflib

        by_lower = {one.lower(): one for one in _KINDS}
        near = difflib.get_close_matches(kind.lower(), by_lower, n=1, cutoff=0.85)
        if near:
            meant = by_lower[near[0]]
            fix = Fix(f"write {meant}", (Edit("set", ("kind",), meant),), safe=False)
            yield Problem(f"Argo has no kind {kind!r}", ("kind",), f"did you mean {meant!r}?", fix=fix)


@rule(Severity.ERROR, over=documents)
def object_name_missing(document: Context, context: Context) -> Iterator[Problem]:
    """A document has neither a `name` nor a `generateName`.

    Argo's linter passes it. The cluster refuses it: "name or generateName is required".

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata:  # here
          labels: {team: build}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata:
          generateName: build-
          labels: {team: build}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
    """
    if not _is_argo(context):
        return
    metadata = context.manifest.data.get("metadata")
    given = metadata if isinstance(metadata, dict) else {}
    if not given.get("name") and not given.get("generateName"):
        where: Address = ("metadata",) if "metadata" in context.manifest.data else ("kind",)
        yield Problem(f"this {context.kind} has no name", where, "give it a name, or a generateName", part="key")


@cache
def _name_pattern() -> re.Pattern[str]:
    part = r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?"
    return re.compile(rf"{part}(?:\.{part})*")


@rule(Severity.ERROR, over=documents)
def object_name_invalid(document: Context, context: Context) -> Iterator[Problem]:
    """The name of a document has characters that Kubernetes does not allow.

    Names consist of small letters, digits, `-` and `.`, and begin and end with a letter or digit; a `generateName` may
    end with a dash. Argo's linter passes others, the cluster refuses them.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata:
          generateName: Build_All-  # here
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata:
          generateName: build-all-
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
    """
    if not _is_argo(context):
        return
    for field, end in (("name", ""), ("generateName", "a")):
        name = at(context.manifest.data, ("metadata", field))
        if isinstance(name, str) and name and "{{" not in name and not _name_pattern().fullmatch(name + end):
            yield Problem(
                f"{name!r} is no {field} that Kubernetes allows",
                ("metadata", field),
                "use small letters, digits, dashes and dots",
            )
            return  # a name makes the other one superfluous


@table
def labels(context: Context) -> Iterator[tuple[str, Json, Address]]:
    """Give every label that the document, its pods or its workflows will have: key, value, address."""
    if not _is_argo(context):
        return
    spec = context.spec_address
    places = [("metadata", "labels"), (*spec, "podMetadata", "labels"), (*spec, "workflowMetadata", "labels")]
    places += [one.at("metadata", "labels") for one in (*templates(context), *defaults(context))]
    for place in places:
        found = at(context.manifest.data, place)
        for key, value in found.items() if isinstance(found, dict) else ():
            yield key, value, (*place, key)


_LABEL = r"(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)"


@rule(Severity.ERROR, over=labels)
def label_invalid(one: tuple[str, Json, Address], context: Context) -> Iterator[Problem]:
    """A label has a key or a value that Kubernetes does not allow.

    Letters, digits, `-`, `_` and `.`, at most 63 of them, beginning and ending with a letter or digit. Of the document
    itself, the cluster refuses it; of a template, it refuses the pod, and the node ends in Error. What is longer or has
    blanks belongs into an annotation.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata:
          generateName: build-
          labels:
            purpose: builds and tests  # here
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata:
          generateName: build-
          labels:
            purpose: build
          annotations:
            about: builds and tests
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
    """
    key, value, address = one
    name = key.rpartition("/")[2]
    if "{{" not in key and not re.fullmatch(_LABEL, name):
        yield Problem(f"{key!r} is no key that a label may have", address, part="key")
    if isinstance(value, str) and value and "{{" not in value and not re.fullmatch(_LABEL, value):
        yield Problem(f"{value!r} is no value that a label may have", address, "make it an annotation")
