"""What a rule gets to see: the document, its decoded model, the Argo version, the workspace, and tables made on demand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from argosy import model, scope
from argosy.source import Address, Manifest
from argosy.versions import NEWEST, ArgoVersion
from argosy.workspace import Owner, Workspace, namespace

if TYPE_CHECKING:
    from argosy.yaml.problems import YamlProblem

T = TypeVar("T")

KINDS = ("Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate", "CronWorkflow")
"""The kinds that Argo's linter looks into."""


@dataclass(slots=False)
class Context:
    """One document being linted. Everything on it is read-only to rules."""

    manifest: Manifest
    version: ArgoVersion = NEWEST
    workspace: Workspace = field(default_factory=Workspace)
    """All manifests given, to resolve references in."""
    problems: Sequence[YamlProblem] = ()
    """What is wrong with the document's text; it may have been left out of ``manifest.data`` for that."""
    tables: dict[Callable[..., Any], Any] = field(default_factory=dict)
    """Tables that were made already, by their function."""

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

    @cached_property
    def base(self) -> Owner:
        """Where this document's own calls find their templates: the document, or the workflow template it refers to."""
        reference = self.spec.workflow_template_ref
        if reference is not None:
            found = self.workspace.referenced(
                reference.name, reference.cluster_scope, namespace(self.manifest)
            )
            if found is not None:
                return found
        return self.workspace.owner(self.manifest)

    @staticmethod
    def did_you_mean(name: str, known: Iterable[str]) -> str | None:
        """Give a hint with the known names nearest to one that is not known, or None if none is near."""
        import difflib

        near = difflib.get_close_matches(name, [one for one in known if one], n=2, cutoff=0.6)
        return f"did you mean {' or '.join(repr(one) for one in near)}?" if near else None

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
        return made  # type: ignore[no-any-return]  # the dict holds tables of many types

    entries.__name__ = build.__name__
    entries.__doc__ = build.__doc__
    entries.__module__ = build.__module__
    return entries
