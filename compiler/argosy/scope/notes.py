"""What Argo's walk over a document notes, for rules to read.

:class:`Arrival`: a template is reached. :class:`Visit`: its inside is looked at, once. :class:`Call`: who calls it,
with which arguments. :class:`Unknown`: a tag that Argo does not know where it stands.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

from argosy import model
from argosy.model.parameter import Arguments
from argosy.scope.fill import Filled, Placeholders
from argosy.scope.graph import Graph
from argosy.scope.names import Names
from argosy.source import Address
from argosy.variables import TemplateKind
from argosy.versions import ArgoVersion
from argosy.workspace import Owner

Holder = model.WorkflowStep | model.DAGTask
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


class Place(Struct, eq=False):
    """Where something stands: a document, an address in it, and the reference that led there from the linted one."""

    owner: Owner
    address: Address
    via: Address = ()
    """Empty in the linted document itself."""

    def at(self, *steps: str | int) -> Place:
        """Give a place below this one."""
        return Place(self.owner, (*self.address, *steps), self.via)


class Arrival(Struct, eq=False):
    """A template is reached for the first time."""

    place: Place
    template: model.Template
    """As written."""
    whole: model.Template
    """With the ``podMetadata`` of its document, which Argo puts into a template that it finds by its name."""
    kind: TemplateKind | None = None
    unreadable: str | None = None
    """Why nothing can be put into it, whatever the values."""


class Visit(Struct, eq=False):
    """Argo looks into a template: once for each name of each document."""

    place: Place
    source: model.Template
    """As written."""
    template: model.Template
    """With arguments or placeholders put in; the same object where nothing was to be put in."""
    names: Names
    kind: TemplateKind | None = None
    has_tags: bool = True
    """Whether ``template`` may have tags."""
    graph: Graph | None = None


class Call(Struct, eq=False):
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


class Unknown(Struct, eq=False):
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


class Walk(Struct, eq=False):
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
