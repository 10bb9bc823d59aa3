"""What a rule gets to see: the document, its decoded model, the Argo version, the workspace, and tables made on
demand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Required, TypedDict, TypeVar

from msgspec import Struct, field

from argosy import model, scope
from argosy.source import Address, Manifest
from argosy.spelling import did_you_mean
from argosy.versions import NEWEST, ArgoVersion
from argosy.workspace import LINTED_KINDS, Owner, Workspace, namespace

if TYPE_CHECKING:
    from argosy.yaml.problems import YamlProblem
    from argosy.yaml.read import Document

T = TypeVar("T")

KINDS = LINTED_KINDS


Caller = model.WorkflowStep | model.DAGTask | model.LifecycleHook


class Target(Struct, eq=False):
    """A template that is called."""

    template: model.Template
    address: Address
    """In the owner's document; empty for an inline template."""
    owner: Owner


class Where(TypedDict, total=False):
    """Where a problem is, as arguments of :class:`argosy.lint.rule.Problem`."""

    address: Required[Address]
    manifest: Manifest
    via: Address


class Context(Struct, eq=False, dict=True):
    """One document being linted. Everything on it is read-only to rules."""

    manifest: Manifest
    version: ArgoVersion = NEWEST
    workspace: Workspace = field(default_factory=Workspace)
    """All manifests given, to resolve references in."""
    document: Document | None = None
    """The document as it was read; None for one that is no text."""
    beside_argo: bool = False
    """Argo's linter looks into another document of its file: then it passes over this one, if it cannot read it."""
    tables: dict[Callable[..., Any], Any] = field(default_factory=dict)
    """Tables that were made already, by their function."""

    @property
    def problems(self) -> Sequence[YamlProblem]:
        """What is wrong with the document's text; it may have been left out of ``manifest.data`` for that."""
        return self.document.problems if self.document is not None else ()

    @property
    def kind(self) -> str:
        """The document's kind."""
        return self.manifest.kind

    @property
    def is_argo(self) -> bool:
        """Whether it is of a kind that Argo's linter looks into."""
        return self.manifest.kind in KINDS

    @cached_property
    def spec(self) -> model.WorkflowSpec:
        """The workflow spec, wherever this kind keeps it; an empty one for other kinds."""
        return self.workspace.spec(self.manifest)

    @property
    def namespace(self) -> str:
        """The namespace that the document names, or empty text."""
        return namespace(self.manifest)

    @cached_property
    def base(self) -> Owner:
        """Where this document's own calls find their templates: the document, or the workflow template it refers to."""
        reference = self.spec.workflow_template_ref
        if reference is not None:
            found = self.workspace.referenced(reference.name, reference.cluster_scope, self.namespace)
            if found is not None:
                return found
        return self.workspace.owner(self.manifest)

    def resolve(self, call: Caller, base: Owner | None = None) -> Target | Literal["undefined"] | None:
        """Give the template that a step, task or hook calls, across documents.

        ``undefined`` is a template that is certainly not there; None cannot be known: a name with a tag, a reference
        to a document that was not given, or no name at all. ``base`` is the document of the caller, if it is not
        this one.
        """
        base = base or self.base
        inline = getattr(call, "inline", None)
        if inline is not None:
            return Target(inline, (), base)
        reference = call.template_ref
        if reference is not None:
            if "{{" in reference.name + reference.template:
                return None
            base = self.workspace.referenced(reference.name, reference.cluster_scope, self.namespace)
            if base is None:
                return None
        name = reference.template if reference is not None else call.template
        if not name or "{{" in name:
            return None
        index = base.index(name)
        return "undefined" if index is None else Target(base.spec.templates[index], base.address(index), base)

    def place(self, place: scope.Place, *steps: str | int) -> Where:
        """Give the arguments of a Problem that is at a place of Argo's walk: in this document, or in one it refers
        to."""
        address = (*place.address, *steps)
        if place.owner.manifest is self.manifest:
            return {"address": address}
        return {"address": address, "manifest": place.owner.manifest, "via": place.via}

    @staticmethod
    def did_you_mean(name: str, known: Iterable[str]) -> str | None:
        """Give a hint with the known names nearest to one that is not known, or None if none is near."""
        return did_you_mean(name, known, count=2)

    @property
    def spec_address(self) -> Address:
        """Where the workflow spec stands: ``spec``, or ``spec.workflowSpec`` of a CronWorkflow."""
        return scope.spec_address(self.manifest)

    @cached_property
    def walk(self) -> scope.Walk:
        """Argo's own walk over the document: every template as it validates it, with what is in scope where."""
        return scope.walk(self.manifest, self.workspace, self.version)


def table(build: Callable[[Context], Iterable[T]]) -> Callable[[Context], Sequence[T]]:
    """Make a table of a function: it is computed once for each document, when a rule first needs it."""

    def entries(context: Context) -> Sequence[T]:
        made = context.tables.get(entries)
        if made is None:
            made = context.tables[entries] = tuple(build(context))
        return made

    entries.__name__ = build.__name__
    entries.__doc__ = build.__doc__
    entries.__module__ = build.__module__
    return entries
