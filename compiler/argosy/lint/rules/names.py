"""Names of templates, steps, tasks, parameters, artifacts and containers: missing, malformed, not unique."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Literal

from msgspec import Struct

from argosy.lint.context import Context, Where, table
from argosy.lint.finding import Related, Severity
from argosy.lint.rule import Problem, rule
from argosy.model.parameter import Arguments, Inputs, Outputs
from argosy.scope import Place
from argosy.source import Address
from argosy.versions import ArgoVersion

Style = Literal["plain", "parameter", "step"]
"""``plain``: letters, digits and dashes, not first a dash. ``parameter``: underscores too. ``step``: plain, or made
of tags."""


class NameList(Struct, eq=False):
    """The names in one list, which must differ."""

    noun: str
    """What is named, for messages."""
    style: Style
    names: Sequence[tuple[str, Address]]
    place: Place
    """What the addresses are below."""

    def where(self, context: Context, address: Address) -> Where:
        """Give the place of one name."""
        return context.place(self.place, *address)


@table
def name_lists(context: Context) -> Iterator[NameList]:
    """Give every list of names that Argo's linter checks."""
    if not context.is_argo:
        return
    base = Place(context.workspace.owner(context.manifest), context.spec_address)
    yield NameList(
        "template", "plain", [(t.name, ("templates", n)) for n, t in enumerate(context.spec.templates)], base
    )
    yield from _two(context.walk.arguments, base.at("arguments"))
    for arrival in context.walk.arrivals:
        yield from _two(arrival.template.inputs, arrival.place.at("inputs"))
    for visit in context.walk.visits:
        template, place = visit.template, visit.place
        yield from _two(template.outputs, place.at("outputs"))
        steps = [(step.name, ("steps", i, j)) for i, group in enumerate(template.steps) for j, step in enumerate(group)]
        yield NameList("step", "step", steps, place)
        for i, group in enumerate(template.steps):
            for j, step in enumerate(group):
                yield from _two(step.arguments, place.at("steps", i, j, "arguments"))
        if template.dag is not None:
            tasks = template.dag.tasks
            yield NameList("task", "plain", [(t.name, ("dag", "tasks", n)) for n, t in enumerate(tasks)], place)
            for n, task in enumerate(tasks):
                yield from _two(task.arguments, place.at("dag", "tasks", n, "arguments"))
        if template.container_set is not None:
            found = enumerate(template.container_set.containers)
            yield NameList("container", "plain", [(c.name, ("containerSet", "containers", n)) for n, c in found], place)


def _two(lists: Arguments | Inputs | Outputs, place: Place) -> Iterable[NameList]:
    if lists.parameters:
        parameters = [(one.name, ("parameters", n)) for n, one in enumerate(lists.parameters)]
        yield NameList("parameter", "parameter", parameters, place)
    if lists.artifacts:
        artifacts = [(one.name, ("artifacts", n)) for n, one in enumerate(lists.artifacts)]
        yield NameList("artifact", "parameter", artifacts, place)


@rule(Severity.ERROR, over=name_lists, verdict=True)
def name_missing(names: NameList, context: Context) -> Iterator[Problem]:
    """Something that needs a name has none.

    Templates, steps, tasks, parameters, artifacts and the containers of a set are spoken of by name. Argo refuses the
    manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - template: build  # here
            - name: build
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - name: build
                    template: build
            - name: build
              container: {image: "alpine:3.20", command: [make]}
    """
    for name, address in names.names:
        if not name:
            yield Problem(f"this {names.noun} has no name", **names.where(context, address), rejected=True)


@cache
def _pattern(style: Style) -> re.Pattern[str]:
    return re.compile(r"[-a-zA-Z0-9_]+\Z" if style == "parameter" else r"[a-zA-Z0-9][-a-zA-Z0-9]*\Z")


LONGEST = 128
"""The most characters of a name, except of a parameter or artifact (``workflowFieldMaxLength``)."""


@rule(Severity.ERROR, over=name_lists, verdict=True)
def name_invalid(names: NameList, context: Context) -> Iterator[Problem]:
    """A name has characters that Argo does not allow, or too many.

    Names of templates, steps, tasks and containers have letters, digits and dashes, and don't begin with a dash; at
    most 128 characters. Those of parameters and artifacts may have underscores, too. Argo refuses the manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: do_build
          templates:
            - name: do_build  # here
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: do-build
          templates:
            - name: do-build
              container: {image: "alpine:3.20", command: [make]}
    """
    allowed = "letters, digits and dashes" if names.style != "parameter" else "letters, digits, dashes and underscores"
    pattern = _pattern(names.style)
    loose = names.style == "step" and context.version >= ArgoVersion.V4_1
    prefix = context.walk.placeholders.prefix if loose else ""
    for said, address in names.names:
        name = re.sub(re.escape(prefix) + r"\d+", "x", said) if loose and prefix in said else said
        if name and not pattern.match(name):
            where = names.where(context, (*address, "name"))
            hint = f"use {allowed} only" + ("" if names.style == "parameter" else ", and begin with a letter or digit")
            yield Problem(f"{said!r} is not a valid name of a {names.noun}", **where, hint=hint, rejected=True)
        elif names.style != "parameter" and len(name.encode()) > LONGEST:
            where = names.where(context, (*address, "name"))
            message = f"the name of this {names.noun} has {len(name)} characters, more than {LONGEST}"
            yield Problem(message, **where, rejected=True)


@rule(Severity.ERROR, over=name_lists, verdict=True)
def name_duplicate(names: NameList, context: Context) -> Iterator[Problem]:
    """Two things in one list have the same name.

    Argo could not tell them apart, and refuses the manifest. Steps must differ across all groups of their template.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: build
          templates:
            - name: build
              container: {image: "alpine:3.20", command: [make]}
            - name: build  # here
              container: {image: "alpine:3.20", command: [make, install]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: build
          onExit: install
          templates:
            - name: build
              container: {image: "alpine:3.20", command: [make]}
            - name: install
              container: {image: "alpine:3.20", command: [make, install]}
    """
    seen: dict[str, Address] = {}
    for name, address in names.names:
        if name in seen and name:
            where = names.where(context, (*address, "name"))
            first = Related((*names.place.address, *seen[name], "name"), "the first one is here")
            related = () if "manifest" in where else (first,)
            yield Problem(f"there are two {names.noun}s named {name!r}", **where, related=related, rejected=True)
        seen.setdefault(name, address)
