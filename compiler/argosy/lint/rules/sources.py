"""Files that other tools make manifests of. The findings come from ``lint/foreign.py``, once something is wrong."""

from __future__ import annotations

from collections.abc import Iterator

from argosy.lint.context import Context, table
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule


@table
def sources(context: Context) -> Iterator[None]:
    """Give nothing: files are looked at as a whole, and only where something is found in them."""
    yield from ()


@rule(Severity.INFO, over=sources)
def helm_source(_: None, context: Context) -> Iterator[Problem]:
    """A file is part of a Helm chart: what Helm makes of it is a manifest, not the file itself.

    Nothing else is said about it, as it is not what Argo will get. Lint what Helm makes of the chart:
    `helm template CHART | argosy lint -`. Quote tags of Argo there, such as `{{ "{{inputs.parameters.x}}" }}`.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata:
          name: {{ .Release.Name }}-build  # here
        spec:
          entrypoint: main
          {{- if .Values.exit }}
          onExit: bye
          {{- end }}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata:
          name: blue-build
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
    """
    yield from ()


@rule(Severity.INFO, over=sources)
def kustomize_source(_: None, context: Context) -> Iterator[Problem]:
    """A file is a patch for Kustomize, or tells it what to do: it is not a manifest by itself.

    Nothing else is said about it, as it is not what Argo will get. Lint what Kustomize makes of the folder:
    `kustomize build FOLDER | argosy lint -`. A patch is known by a `kustomization.yaml` near it that names it, or by
    `$patch`.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {name: build}
        spec:
          hooks:
            $patch: delete  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {name: build}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
    """
    yield from ()
