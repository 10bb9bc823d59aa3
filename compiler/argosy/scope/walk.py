"""Argo's own walk over a document: from the entrypoint and the exit handler through every template.

It follows ``argo lint`` step by step, because what Argo has seen before decides what it knows next; but where Argo stops
at its first error, the walk notes it and goes on. Parity rules read what it notes: :class:`Arrival` (a template is reached),
:class:`Visit` (its inside is looked at, once), :class:`Call` (who calls it, with which arguments) and :class:`Unknown` (a tag
that Argo does not know there). Source: Argo v4.1 ``workflow/validate/validate.go``; differences between versions are said
where they stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeVar

import msgspec

from argosy import model
from argosy.model.artifact import Artifact
from argosy.model.parameter import Arguments, Parameter
from argosy.errors import LanguageError
from argosy.language.tags import tags
from argosy.scope.fill import Filled, Placeholders, fill, missing_inputs, text_of
from argosy.scope.graph import Graph, graph
from argosy.scope.names import ANY_ARTIFACT, Names, has_tag, own_names
from argosy.scope.shared import shared_names
from argosy.scope.facts import has_exit_hook, kind_of
from argosy.source import Address, Manifest, at
from argosy.variables import TemplateKind
from argosy.versions import ArgoVersion
from argosy.workspace import Owner, Workspace, namespace

Holder = model.WorkflowStep | model.DAGTask
Named = TypeVar("Named", Parameter, Artifact)
CallFault = Literal[
    "template-and-reference",
    "no-reference-name",
    "no-reference-template",
    "undefined-template",
    "no-workflow-template",
    "undefined-reference",
    "nothing-to-call",
    "no-kind",
    "cluster-scope-needed",
]
"""Why a call leads nowhere."""


@dataclass(slots=True)
class Place:
    """Where something stands: a document, an address in it, and the reference that led there from the linted one."""

    owner: Owner
    address: Address
    via: Address = ()
    """Empty in the linted document itself."""

    def at(self, *steps: str | int) -> Place:
        """Give a place below this one."""
        return Place(self.owner, (*self.address, *steps), self.via)


@dataclass(slots=True)
class Arrival:
    """A template is reached for the first time."""

    place: Place
    template: model.Template
    """As written."""
    kind: TemplateKind | None = None
    unreadable: str | None = None
    """Why nothing can be put into it, whatever the values."""


@dataclass(slots=True)
class Visit:
    """Argo looks into a template: once for each name of each document."""

    place: Place
    source: model.Template
    """As written."""
    template: model.Template
    """With arguments or placeholders put in; the same object where nothing was to be put in."""
    names: Names
    graph: Graph | None = None


@dataclass(slots=True)
class Call:
    """A template is called: by a step, a task, as the entrypoint, as the exit handler."""

    place: Place
    """The step or task, or the field that names the template."""
    by: Literal["workflow", "entrypoint", "exit handler", "step", "task"]
    name: str
    """The name of the step or task, or of the template that is called."""
    holder: Holder
    """The step or task as written; one made up for the other callers."""
    target: Arrival | None = None
    fault: CallFault | None = None
    filled: Filled | None = None
    """What came of its arguments; None where it was not looked at."""

    @property
    def callee(self) -> Address:
        """Where below ``place`` the template is named."""
        if self.by not in ("step", "task"):
            return ()
        return ("inline",) if self.holder.inline else ("templateRef",) if self.holder.template_ref else ("template",)

    @property
    def who(self) -> str:
        """The caller, for messages."""
        return f"the {self.by} {self.name!r}" if self.by in ("step", "task") else f"the {self.by}"


@dataclass(slots=True)
class Unknown:
    """A tag that Argo does not know at its place."""

    place: Place
    content: str
    """What stands between the braces; for an unclosed tag, what follows."""
    text: str = ""
    """The text that the tag is in, as written, where it was found."""
    chars: tuple[int, int] | None = None
    closed: bool = True
    names: Names | None = None
    """What Argo knows there."""


@dataclass(slots=True)
class Walk:
    """All that the walk notes, in its order."""

    arrivals: list[Arrival] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    arguments: Arguments = field(default_factory=Arguments)
    """The workflow's arguments, with those of the workflow template that it refers to."""
    reference: Owner | None = None
    """The workflow template that ``workflowTemplateRef`` names, if it was found."""
    placeholders: Placeholders = field(default_factory=lambda: Placeholders(ArgoVersion.V4_1))


def walk(manifest: Manifest, workspace: Workspace, version: ArgoVersion) -> Walk:
    """Walk over a document; over one of another kind there is nothing to note."""
    walker = _Walker(manifest, workspace, version)
    walker.run()
    return walker.notes


class _Walker:
    def __init__(self, manifest: Manifest, workspace: Workspace, version: ArgoVersion) -> None:
        self.manifest, self.workspace, self.version = manifest, workspace, version
        self.base = workspace.owner(manifest)
        self.namespace = namespace(manifest)
        self.placeholders = Placeholders(version)
        self.notes = Walk(placeholders=self.placeholders)
        self.is_template = manifest.kind in ("WorkflowTemplate", "ClusterWorkflowTemplate")
        self.shared: dict[str, str] = {}
        self.seen: set[tuple[str, str, str]] = set()
        self.arrived: dict[int, Arrival] = {}
        self.faked: dict[int, Filled] = {}
        self.stored: dict[str, model.Template] = {}

    def run(self) -> None:
        spec, notes = self.base.spec, self.notes
        reference = spec.workflow_template_ref
        if reference is not None:
            notes.reference = self.workspace.referenced(reference.name, bool(reference.cluster_scope), self.namespace)
            if notes.reference is None:
                place = Place(self.base, (*self.base.spec_address, "workflowTemplateRef"))
                holder = model.WorkflowStep(
                    template_ref=model.TemplateRef(name=reference.name, cluster_scope=reference.cluster_scope)
                )
                notes.calls.append(Call(place, "workflow", reference.name, holder, fault="no-workflow-template"))
                return
        notes.arguments = merged(spec.arguments, notes.reference.spec.arguments if notes.reference else None)
        self.shared.update(shared_names(self.manifest, spec, notes.reference, notes.arguments, self.placeholders))
        entrypoint = spec.entrypoint or (notes.reference.spec.entrypoint if notes.reference else "")
        if entrypoint and not (self.is_template and not spec.entrypoint):
            given = None if self.is_template else notes.arguments
            self.call_named(entrypoint, "entrypoint", given, ("entrypoint",))
        handler = spec.on_exit or (notes.reference.spec.on_exit if notes.reference else "")
        if handler:
            self.shared["workflow.failures"] = self.placeholders.next()
            if any(_names_an_artifact_by_tag(one) for one in (spec, notes.reference and notes.reference.spec) if one):
                self.shared[ANY_ARTIFACT] = "true"
            self.call_named(handler, "exit handler", spec.arguments, ("onExit",))
        templates = notes.reference.spec.templates if notes.reference else spec.templates
        for number, template in enumerate(templates):
            self.call_named(template.name, None, None, ("templates", number))

    def call_named(
        self,
        name: str,
        by: Literal["entrypoint", "exit handler"] | None,
        given: Arguments | None,
        field: Address,
    ) -> None:
        """Call a template of this document, or of the one that it takes its templates from."""
        reference = self.base.spec.workflow_template_ref
        owner = self.notes.reference or self.base
        place = Place(self.base, (*self.base.spec_address, *field))
        if reference is None:
            holder = model.WorkflowStep(template=name)
        else:
            if by is None or not getattr(self.base.spec, "entrypoint" if by == "entrypoint" else "on_exit"):
                place = Place(self.base, (*self.base.spec_address, "workflowTemplateRef"))
            holder = model.WorkflowStep(
                template_ref=model.TemplateRef(
                    name=reference.name, template=name, cluster_scope=reference.cluster_scope
                )
            )
        call = Call(place, by or "workflow", name, holder)
        found = self.resolve(holder, self.base, place, call)
        if by is not None or call.fault not in (None, "undefined-template"):
            self.notes.calls.append(call)
        if found is not None:
            call.filled = self.enter(found, given)
            if by is None and owner is self.base:
                call.filled = None

    # -- calls ---------------------------------------------------------------------------------------------------

    def resolve(self, holder: Holder, owner: Owner, place: Place, call: Call) -> Arrival | None:
        """Find the template that a step, task or field calls; note why, when there is none."""
        reference, name = holder.template_ref, holder.template
        if reference is not None:
            call.fault = (
                "template-and-reference" if name
                else "no-reference-name" if not reference.name
                else "no-reference-template" if not reference.template
                else None
            )  # fmt: skip
            if call.fault or _has_open_tag(reference):
                return None
        elif name and owner.index(name) is None and name not in self.stored:
            call.fault = "undefined-template"
            return None
        if holder.inline is not None:
            return self.arrive(Place(owner, (*place.address, "inline"), place.via), holder.inline, call)
        if reference is not None:
            return self.resolve_reference(reference, place, call)
        if not name:
            call.fault = "nothing-to-call"
            return None
        index = owner.index(name)
        if index is None:
            return self.arrive(place, self.stored[name], call)
        return self.arrive(Place(owner, owner.address(index), place.via), owner.spec.templates[index], call)

    def resolve_reference(self, reference: model.TemplateRef, place: Place, call: Call) -> Arrival | None:
        cluster = bool(reference.cluster_scope)
        if self.manifest.kind == "ClusterWorkflowTemplate" and not cluster:
            call.fault = "cluster-scope-needed"  # Argo crashes here: it has no way to look for the other kind
            return None
        owner = self.workspace.referenced(reference.name, cluster, self.namespace)
        if owner is None:
            call.fault = "no-workflow-template"
            return None
        index = owner.index(reference.template)
        if index is None:
            prefix = self.placeholders.prefix if self.version >= ArgoVersion.V4_1 else "placeholder"
            call.fault = None if prefix in reference.template else "undefined-reference"
            return None
        template = owner.spec.templates[index]
        self.stored.setdefault(template.name, template)
        return self.arrive(Place(owner, owner.address(index), place.via or place.address), template, call)

    def arrive(self, place: Place, template: model.Template, call: Call) -> Arrival | None:
        found = self.arrived.get(id(template))
        if found is None:
            found = self.arrived[id(template)] = Arrival(place, template)
            found.kind = kind_of(template, at(place.owner.manifest.data, place.address))
            self.notes.arrivals.append(found)
        call.target = found
        if found.kind is None:
            call.fault = "no-kind"
            return None
        return found

    def enter(self, arrival: Arrival, given: Arguments | None) -> Filled | None:
        """Put arguments into a template and look into it, unless that was done before."""
        template, owner = arrival.template, arrival.place.owner
        key = (owner.scope, owner.name, template.name)
        first = key not in self.seen
        if not first:
            return self.again(template, given)
        filled = fill(template, given, self.shared, self.placeholders)
        if given is None:
            self.faked[id(template)] = filled
        self.seen.add(key)
        if filled.unclosed:
            self.notes.unknown.append(_locate(_Found("", closed=False), arrival.place, template))
        elif filled.error is not None:
            arrival.unreadable = filled.error
        else:
            self.look_into(arrival, filled.template)
        return filled

    def again(self, template: model.Template, given: Arguments | None) -> Filled | None:
        """Put other arguments into a template that was looked into: only what they themselves break can be noted."""
        if given is None:
            found = self.faked.get(id(template))
            if found is None:
                found = self.faked[id(template)] = fill(template, None, self.shared, self.placeholders)
            return found
        if "{{" in template.timeout or any(_may_break(one.value) for one in given.parameters):
            return fill(template, given, self.shared, self.placeholders)
        return Filled(template, *missing_inputs(template, given))

    # -- the insides of templates --------------------------------------------------------------------------------

    def look_into(self, arrival: Arrival, template: model.Template) -> None:
        names = Names(own_names(template), self.shared, self.is_template)
        visit = Visit(arrival.place, arrival.template, template, names)
        self.notes.visits.append(visit)
        if arrival.kind == "steps":
            self.look_into_steps(visit)
        elif arrival.kind == "dag":
            self.look_into_dag(visit)
        else:
            self.check(template, names, arrival.place, arrival.template)
        self.check(template.outputs, names, arrival.place.at("outputs"), arrival.template.outputs)

    def look_into_steps(self, visit: Visit) -> None:
        names, steps, sources = visit.names, visit.template.steps, visit.source.steps
        for i, group in enumerate(steps):
            for j, step in enumerate(group):
                source = sources[i][j]
                place = visit.place.at("steps", i, j)
                names.known.add(f"steps.{step.name}.status")
                names.add_items(step, into=names.known)
                call = Call(place, "step", source.name, source)
                self.notes.calls.append(call)
                target = self.resolve(step, visit.place.owner, place, call)
                if target is not None:
                    self.enter(target, None)
                called = target.template if target else None
                if has_exit_hook(step):
                    names.add_outputs("steps", step.name, called, aggregate=False)
                inside = names.within()
                if step.inline is not None:
                    inside.extra = {f"inputs.parameters.{one.name}" for one in step.inline.inputs.parameters}
                self.check(step, inside, place, source)
                names.add_outputs("steps", step.name, called, aggregate=bool(step.with_items or step.with_param))
                if target is not None:
                    call.filled = self.enter(target, step.arguments)

    def look_into_dag(self, visit: Visit) -> None:
        assert visit.template.dag is not None and visit.source.dag is not None
        names, tasks, sources = visit.names, visit.template.dag.tasks, visit.source.dag.tasks
        visit.graph = order = graph(tasks)
        calls: dict[int, Call] = {}
        for number in order.order:
            task, place = tasks[number], visit.place.at("dag", "tasks", number)
            calls[number] = call = Call(place, "task", sources[number].name, sources[number])
            self.notes.calls.append(call)
            if self.resolve(task, visit.place.owner, place, call) is not None and call.target is not None:
                self.enter(call.target, None)
            names.add_outputs("tasks", task.name, _called(call), aggregate=bool(task.with_items or task.with_param))
        self.check_text(visit.template.dag.target, names, visit.place.at("dag", "target"))
        for number in order.order:
            task, place, call = tasks[number], visit.place.at("dag", "tasks", number), calls[number]
            if task.hooks:
                names.known.add(f"tasks.{task.name}.status")
            inside = names.within()
            if task.inline is not None:
                inside.extra = {f"inputs.parameters.{one.name}" for one in task.inline.inputs.parameters}
            inside.add_items(task, into=inside.extra)
            inside.ended = lambda name, at=number: order.is_before(name, at)  # type: ignore[misc]  # a default binds it
            self.check(task, inside, place, sources[number])
            if call.target is not None and call.fault is None:
                call.filled = self.enter(call.target, task.arguments)

    # -- tags ----------------------------------------------------------------------------------------------------

    def check(self, filled: msgspec.Struct, names: Names, place: Place, source: msgspec.Struct) -> None:
        """Note the tags in a struct that are not known; ``source`` is the same struct as written."""
        text = text_of(filled)
        for unknown in unknown_tags(text, names) if "{{" in text else ():
            found = _locate(unknown, place, source)
            found.names = names
            self.notes.unknown.append(found)

    def check_text(self, text: str, names: Names, place: Place) -> None:
        """Note the tags in a text that are not known."""
        if "{{" in text:
            self.notes.unknown += [
                Unknown(place, one.content, text, None, one.closed) for one in unknown_tags(text, names)
            ]


@dataclass(slots=True)
class _Found:
    content: str
    closed: bool = True


def unknown_tags(text: str, names: Names) -> Iterator[_Found]:
    """Give the simple tags of a text that Argo does not know, each once; of an unclosed tag, what follows."""
    try:
        contents = dict.fromkeys(tags(text))
    except LanguageError as error:
        yield _Found(text[error.position + 2 :], closed=False)
        return
    for content in contents:
        if not names.has(content):
            yield _Found(content)


def _locate(found: _Found, place: Place, source: msgspec.Struct) -> Unknown:
    """Find where a tag was written, in a struct as written."""
    wanted = "{{" + (found.content if found.closed else "")
    for address, text in texts(msgspec.to_builtins(source, enc_hook=str)):
        if (start := text.find(wanted)) < 0:
            continue
        end = text.find("}}", start)
        if found.closed != (end >= 0):
            continue
        chars = (start, end + 2 if end >= 0 else len(text))
        return Unknown(place.at(*address), found.content, text, chars, found.closed)
    return Unknown(place, found.content, closed=found.closed)


def texts(data: object, address: Address = ()) -> Iterator[tuple[Address, str]]:
    """Give every text value in some plain data, with its address."""
    if isinstance(data, str):
        yield address, data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from texts(value, (*address, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from texts(value, (*address, number))


def _called(call: Call) -> model.Template | None:
    return call.target.template if call.target is not None and call.fault is None else None


def _has_open_tag(reference: model.TemplateRef) -> bool:
    text = reference.name + "\n" + reference.template
    if "{{" not in text:
        return False
    try:
        return bool(tags(text))
    except LanguageError:
        return True


def _may_break(value: str | None) -> bool:
    return value is not None and ("{{" in value or not value.isprintable())


def _names_an_artifact_by_tag(spec: model.WorkflowSpec) -> bool:
    return any(has_tag(artifact.global_name) for template in spec.templates for artifact in template.outputs.artifacts)


def merged(own: Arguments, theirs: Arguments | None) -> Arguments:
    """Give a workflow's arguments with those of its workflow template that it does not name (``util.MergeParameters``)."""
    if theirs is None:
        return own
    return Arguments(
        parameters=_first_of_each_name(own.parameters, theirs.parameters),
        artifacts=_first_of_each_name(own.artifacts, theirs.artifacts),
    )


def _first_of_each_name(own: list[Named], theirs: list[Named]) -> list[Named]:
    found: dict[str, Named] = {}
    for one in (*own, *theirs):
        found.setdefault(one.name, one)
    return list(found.values())
