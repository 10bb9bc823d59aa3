"""Outputs of templates: where their values come from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from argosy.lint.context import Context, table
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule
from argosy.model.parameter import Parameter
from argosy.scope import Place
from argosy.scope.names import has_tag
from argosy.variables import TemplateKind


class OutputAt(Struct, eq=False):
    """An output parameter of a template."""

    parameter: Parameter
    place: Place
    kind: TemplateKind | None

    @property
    def what(self) -> str:
        """The output, for messages."""
        return f"the output parameter {self.parameter.name!r}"


@table
def outputs(context: Context) -> Iterator[OutputAt]:
    """Give every output parameter of every template that Argo's linter looks into."""
    for visit in context.walk.visits:
        if visit.template.outputs.parameters:
            for n, one in enumerate(visit.template.outputs.parameters):
                yield OutputAt(one, visit.place.at("outputs", "parameters", n), visit.kind)


_SOURCES = (
    ("path", "path"), ("jq_filter", "jqFilter"), ("json_path", "jsonPath"), ("parameter", "parameter"),
    ("expression", "expression"), ("supplied", "supplied"),
)  # fmt: skip


def _sources(parameter: Parameter) -> list[str]:
    source = parameter.value_from
    if source is None:
        return []
    return [name for attribute, name in _SOURCES if getattr(source, attribute) not in ("", None)]


@rule(Severity.ERROR, over=outputs, verdict=True)
def output_without_source(found: OutputAt, context: Context) -> Iterator[Problem]:
    """An output parameter does not say where its value comes from.

    It takes a `value`, or a `valueFrom` with one source; a `default` alone is none. Argo refuses the manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
              outputs:
                parameters:
                  - name: version
                    valueFrom: {default: unknown}  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
              outputs:
                parameters:
                  - name: version
                    valueFrom: {path: /tmp/version, default: unknown}
    """
    one = found.parameter
    if one.value is not None:
        return
    if one.value_from is None:
        yield Problem(f"{found.what} has neither value nor valueFrom", **context.place(found.place), rejected=True)
    elif not _sources(one):
        where = context.place(found.place, "valueFrom")
        yield Problem(f"the valueFrom of {found.what} names no source", **where, rejected=True)


@rule(Severity.ERROR, over=outputs, verdict=True)
def output_with_several_sources(found: OutputAt, context: Context) -> Iterator[Problem]:
    """An output parameter says more than once where its value comes from.

    `value` and `valueFrom` exclude each other, and `valueFrom` takes one of `path`, `jqFilter`, `jsonPath`,
    `parameter`, `expression` and `supplied`. Argo refuses the manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
              outputs:
                parameters:
                  - name: version
                    valueFrom: {path: /tmp/version, expression: "'1'"}  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
              outputs:
                parameters:
                  - name: version
                    valueFrom: {path: /tmp/version}
    """
    one, sources = found.parameter, _sources(found.parameter)
    where = context.place(found.place, "valueFrom")
    if one.value is not None and one.value_from is not None:
        yield Problem(f"{found.what} has both value and valueFrom", **where, rejected=True)
    elif len(sources) > 1:
        yield Problem(f"the valueFrom of {found.what} names {' and '.join(sources)}", **where, rejected=True)


_WANTED: dict[TemplateKind, tuple[str, ...]] = {
    "container": ("path",), "containerSet": ("path",), "script": ("path",), "resource": ("jqFilter", "jsonPath"),
    "dag": ("parameter", "expression"), "steps": ("parameter", "expression"),
}  # fmt: skip


@rule(Severity.ERROR, over=outputs, verdict=True)
def output_source_unfit(found: OutputAt, context: Context) -> Iterator[Problem]:
    """An output parameter takes its value from a source that its kind of template does not have.

    Containers and scripts write files: `path`. Resources are looked into: `jqFilter` or `jsonPath`. Steps and DAGs
    pass on what their steps and tasks give: `parameter` or `expression`. Argo refuses the manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
              outputs:
                parameters:
                  - name: version
                    valueFrom: {expression: "'1'"}  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
              outputs:
                parameters:
                  - name: version
                    valueFrom: {path: /tmp/version}
    """
    wanted, sources = _WANTED.get(found.kind or "suspend"), _sources(found.parameter)
    if wanted and found.parameter.value_from is not None and len(sources) == 1 and sources[0] not in wanted:
        where = context.place(found.place, "valueFrom", sources[0])
        message = f"{found.what} of a {found.kind} template cannot take its value from a {sources[0]}"
        yield Problem(message, **where, hint=f"use {' or '.join(wanted)}", part="key", rejected=True)


class GlobalName(Struct, eq=False):
    """The name under which an output becomes the workflow's."""

    name: str
    place: Place


@table
def global_names(context: Context) -> Iterator[GlobalName]:
    """Give every ``globalName`` that Argo's linter sees."""
    for visit in context.walk.visits:
        for n, parameter in enumerate(visit.template.outputs.parameters):
            if parameter.global_name:
                yield GlobalName(parameter.global_name, visit.place.at("outputs", "parameters", n, "globalName"))
        for n, artifact in enumerate(visit.template.outputs.artifacts):
            if artifact.global_name:
                yield GlobalName(artifact.global_name, visit.place.at("outputs", "artifacts", n, "globalName"))


@rule(Severity.ERROR, over=global_names, verdict=True)
def global_name_invalid(found: GlobalName, context: Context) -> Iterator[Problem]:
    """A `globalName` has characters that a name of a parameter or artifact may not have.

    Letters, digits, dashes and underscores are allowed, or a tag. Argo refuses the manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
              outputs:
                parameters:
                  - name: version
                    globalName: the.version  # here
                    valueFrom: {path: /tmp/version}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
              outputs:
                parameters:
                  - name: version
                    globalName: the-version
                    valueFrom: {path: /tmp/version}
    """
    if not has_tag(found.name) and not re.fullmatch(r"[-a-zA-Z0-9_]+", found.name):
        message = f"{found.name!r} is not a valid global name"
        hint = "use letters, digits, dashes and underscores only"
        yield Problem(message, **context.place(found.place), hint=hint, rejected=True)
