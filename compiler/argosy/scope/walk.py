"""Argo's own walk over a document: from the entrypoint and the exit handler through every template.

It follows ``argo lint`` step by step, because what Argo has seen before decides what it knows next; but where Argo
stops at its first error, the walk notes it and goes on. Parity rules read what it notes: :class:`Arrival` (a
template is reached), :class:`Visit` (its inside is looked at, once), :class:`Call` (who calls it, with which
arguments) and :class:`Unknown` (a tag that Argo does not know there). Source: Argo v4.1
``workflow/validate/validate.go``; differences between versions are said where they stand.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Literal, TypeVar

import msgspec

from argosy import model
from argosy.errors import LanguageError
from argosy.language.tags import tags
from argosy.later import regex
from argosy.model.artifact import Artifact
from argosy.model.meta import Metadata
from argosy.model.parameter import Arguments, Parameter
from argosy.scope.facts import has_exit_hook, kind_of
from argosy.scope.fill import Filled, Placeholders, fill, missing_inputs, text_of
from argosy.scope.graph import graph
from argosy.scope.names import ANY_ARTIFACT, Names, has_tag, own_names
from argosy.scope.notes import Arrival, Call, Holder, Place, Unknown, Visit, Walk
from argosy.scope.shared import shared_names
from argosy.scope.unknown import Found, locate, unknown_tags
from argosy.source import Address, Manifest, at
from argosy.versions import ArgoVersion
from argosy.workspace import LINTED_KINDS, Owner, Workspace, namespace

Named = TypeVar("Named", bound=Parameter | Artifact)


def walk(manifest: Manifest, workspace: Workspace, version: ArgoVersion) -> Walk:
    """Walk over a document; over one of another kind there is nothing to note."""
    if manifest.kind not in LINTED_KINDS:
        return Walk()
    walker = _Walker(manifest, workspace, version)
    deepest = 5 * sum(len(one.spec.templates) for one in (walker.base, *workspace.owners()))
    before = sys.getrecursionlimit()
    try:
        sys.setrecursionlimit(before + deepest)  # each template may call the next: some calls of ours for each
        walker.run()
    finally:
        sys.setrecursionlimit(before)
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
            inline = Place(owner, (*place.address, "inline"), place.via)
            return self.arrive(inline, holder.inline, call, is_inline=True)
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

    def arrive(self, place: Place, template: model.Template, call: Call, *, is_inline: bool = False) -> Arrival | None:
        found = self.arrived.get(id(template))
        if found is None:
            metadata = None if is_inline or self.version < ArgoVersion.V3_7 else place.owner.spec.pod_metadata
            whole = with_pod_metadata(template, metadata, wins=self.version == ArgoVersion.V4_0)
            found = self.arrived[id(template)] = Arrival(place, template, whole)
            found.kind = kind_of(template, at(place.owner.manifest.data, place.address))
            self.notes.arrivals.append(found)
        call.target = found
        if found.kind is None:
            call.fault = "no-kind"
            return None
        return found

    def enter(self, arrival: Arrival, given: Arguments | None) -> Filled | None:
        """Put arguments into a template and look into it, unless that was done before."""
        template, owner = arrival.whole, arrival.place.owner
        key = (owner.scope, owner.name, template.name)
        first = key not in self.seen
        if not first:
            return self.again(template, given)
        filled = fill(template, given, self.shared, self.placeholders)
        self.seen.add(key)
        if filled.unclosed:
            self.notes.unknown.append(locate(Found("", closed=False), arrival.place, template))
        elif filled.error is not None:
            arrival.unreadable = filled.error
        else:
            self.look_into(arrival, filled)
        return filled

    def again(self, template: model.Template, given: Arguments | None) -> Filled | None:
        """Put other arguments into a template that was looked into: only what they themselves break can be noted."""
        if given is None:
            return None  # what the workflow itself breaks was noted the first time
        if "{{" in template.timeout or any(_may_break(one.value) for one in given.parameters):
            return fill(template, given, self.shared, self.placeholders)
        return Filled(template, *missing_inputs(template, given))

    # -- the insides of templates --------------------------------------------------------------------------------

    def look_into(self, arrival: Arrival, filled: Filled) -> None:
        template = filled.template
        names = Names(own_names(template), self.shared, self.is_template)
        visit = Visit(arrival.place, arrival.template, template, names, arrival.kind, filled.has_tags)
        self.notes.visits.append(visit)
        if arrival.kind == "steps":
            self.look_into_steps(visit)
        elif arrival.kind == "dag":
            self.look_into_dag(visit)
        elif visit.has_tags:
            self.check(template, names, arrival.place, arrival.whole)
        if visit.has_tags:
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
                if visit.has_tags:
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
            inside.ended = lambda name, at=number: order.is_before(name, at)
            if visit.has_tags:
                self.check(task, inside, place, sources[number])
            if call.target is not None and call.fault is None:
                call.filled = self.enter(call.target, task.arguments)

    # -- tags ----------------------------------------------------------------------------------------------------

    def check(self, filled: msgspec.Struct, names: Names, place: Place, source: msgspec.Struct) -> None:
        """Note the tags in a struct that are not known; ``source`` is the same struct as written."""
        text = text_of(filled)
        for unknown in unknown_tags(text, names) if "{{" in text else ():
            found = locate(unknown, place, source)
            found.place = _where_written(found.place)
            found.names = names
            self.notes.unknown.append(found)

    def check_text(self, text: str, names: Names, place: Place) -> None:
        """Note the tags in a text that are not known."""
        if "{{" in text:
            self.notes.unknown += [
                Unknown(place, one.content, text, None, one.closed) for one in unknown_tags(text, names)
            ]


def with_pod_metadata(template: model.Template, metadata: Metadata | None, *, wins: bool) -> model.Template:
    """Give a template with labels and annotations that it lacks; in 4.0.5 these win over its own
    (``templateresolution.addPodMetadata``, since 3.7)."""
    if metadata is None or not (metadata.annotations or metadata.labels):
        return template
    own = template.metadata or Metadata()
    first, then = (own, metadata) if wins else (metadata, own)
    both = Metadata(annotations=first.annotations | then.annotations, labels=first.labels | then.labels)
    return msgspec.structs.replace(template, metadata=both)


def _where_written(place: Place) -> Place:
    """Give the place of a label or annotation in ``podMetadata``, if the template itself does not have it."""
    owner = place.owner
    match place.address[-3:]:
        case ("metadata", "labels" | "annotations" as kind, key) if at(owner.manifest.data, place.address) is None:
            return Place(owner, (*owner.spec_address, "podMetadata", kind, key), place.via)
    return place


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
    if value is None:
        return False
    if "{{" in value and ("{{=" in value or value.count("{{") != value.count("}}")):
        return True
    return not (value.isascii() and value.isprintable()) and _BREAKING.search(value) is not None


_BREAKING = regex("[\x00-\x07\x0b\x0e-\x1f\x7f\U00010000-\U0010ffff]")
"""Characters that Go quotes in a way that is not JSON."""


def _names_an_artifact_by_tag(spec: model.WorkflowSpec) -> bool:
    return any(has_tag(artifact.global_name) for template in spec.templates for artifact in template.outputs.artifacts)


def merged(own: Arguments, theirs: Arguments | None) -> Arguments:
    """Give a workflow's arguments with those of its workflow template that it does not name
    (``util.MergeParameters``)."""
    if theirs is None:
        return own
    return Arguments(
        parameters=_first_of_each_name(own.parameters, theirs.parameters),
        artifacts=_first_of_each_name(own.artifacts, theirs.artifacts),
    )


def _first_of_each_name(own: Sequence[Named], theirs: Sequence[Named]) -> list[Named]:
    names: set[str] = set()
    found: list[Named] = []
    for one in (*own, *theirs):
        if one.name not in names:
            found.append(one)
        names.add(one.name)
    return found
