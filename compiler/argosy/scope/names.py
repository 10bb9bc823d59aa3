"""Which names Argo's linter takes for known: its own lax view, which decides its verdict.

What really has a value when the workflow runs is another question: :mod:`argosy.scope.places`.
Source: Argo v4.1 ``validate.resolveAllVariables``, ``addOutputsToScope``, ``addItemsToScope``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct, field

from argosy import model
from argosy.language.gotext import trim_space
from argosy.later import regex
from argosy.scope.facts import has_result, kind_of
from argosy.variables import CHECKED_PREFIXES, LEAF_KINDS, POD_KINDS, UNCHECKED_PREFIXES

_PARAMETER = regex(r"{{[-a-zA-Z0-9]+(\.[-a-zA-Z0-9_]+)*}}")


def has_tag(text: str) -> bool:
    """Whether a text holds a plain tag (``validate.isParameter``): then Argo leaves its check to run time."""
    return "{{" in text and _PARAMETER.search(text) is not None


class Names(Struct, eq=False):
    """The names known at one place. The sets grow while the walk goes on, as Argo's do."""

    known: set[str]
    shared: dict[str, str]
    """The workflow's own, with their values or placeholders (``globalParams``)."""
    lenient: bool = False
    """A (cluster) workflow template: its caller may give further ``workflow.parameters``."""
    any_item: bool = False
    any_parameter: bool = False
    """Some global output parameter has a name that only running tells; so, below, some artifact."""
    any_artifact: bool = False
    extra: set[str] = field(default_factory=set)
    ended: Callable[[str], bool] | None = None
    """Whether a task of that name ends before this one starts: then its status is known."""

    def has(self, content: str) -> bool:
        """Whether Argo lets a tag with that content pass."""
        name = trim_space(content)
        if not name.startswith(CHECKED_PREFIXES):
            return True
        if name in self.known or name in self.shared or name in self.extra:
            return True
        if name.startswith(UNCHECKED_PREFIXES):
            return True
        if name.startswith("tasks.") and name.endswith(".status") and self.ended and self.ended(name[6:-7]):
            return True
        return (
            (self.any_item and name.startswith("item."))
            or (self.any_parameter and name.startswith("workflow.outputs.parameters."))
            or ((self.any_artifact or ANY_ARTIFACT in self.shared) and name.startswith("workflow.outputs.artifacts."))
            or (self.lenient and name.startswith("workflow.parameters"))
        )

    def all(self) -> Iterator[str]:
        """Give all names known."""
        yield from sorted(self.known | self.extra)
        yield from self.shared

    def within(self) -> Names:
        """Give the names of one step or task: those here, and room for its own."""
        return Names(
            self.known, self.shared, self.lenient, self.any_item, self.any_parameter, self.any_artifact, set(), None
        )

    def add_outputs(self, root: str, name: str, template: model.Template | None, *, aggregate: bool) -> None:
        """Add what a step or task of that template leaves behind."""
        known, at = self.known, f"{root}.{name}"
        known.update((f"{at}.id", f"{at}.startedAt", f"{at}.finishedAt", f"{at}.hostNodeName"))
        if template is None:
            return
        if template.daemon:
            known.add(f"{at}.ip")
        if has_result(template):
            known.update((f"{at}.outputs.result", f"{at}.exitCode"))
        for parameter in template.outputs.parameters:
            known.add(f"{at}.outputs.parameters.{parameter.name}")
            if parameter.global_name:
                self.any_parameter |= self._add_global("parameters", parameter.global_name)
        for artifact in template.outputs.artifacts:
            known.add(f"{at}.outputs.artifacts.{artifact.name}")
            if artifact.global_name:
                self.any_artifact |= self._add_global("artifacts", artifact.global_name)
        if aggregate:
            known.add(f"{at}.outputs.parameters")
            if kind_of(template) in ("script", "containerSet"):
                known.update((f"{at}.outputs.result", f"{at}.exitCode"))

    def _add_global(self, what: str, name: str) -> bool:
        if has_tag(name):
            return True
        self.shared.setdefault(f"workflow.outputs.{what}.{name}", PLACEHOLDER)
        return False

    def add_items(self, loop: model.WorkflowStep | model.DAGTask, *, into: set[str]) -> None:
        """Add what the turns of a step's or task's loop are called."""
        if loop.with_items:
            for item in loop.with_items:
                if isinstance(item, dict):
                    into.update(f"item.{key}" for key in item)
                elif isinstance(item, list):
                    into.update(f"item.[{number}]" for number in range(len(item)))
                else:
                    into.add("item")
        elif loop.with_param:
            into.add("item")
            self.any_item = True
        elif loop.with_sequence is not None:
            into.add("item")


PLACEHOLDER = "__argo__internal__placeholder-0"
"""What Argo's linter puts for a value that only running tells."""
ANY_ARTIFACT = "workflow.outputs.artifacts.*"
"""Known when a template makes an artifact global under a name with a tag: then exit handlers may name any."""


def own_names(template: model.Template) -> set[str]:
    """Give the names that a template's own inputs and outputs make (``validateInputs``, ``validateTemplate``)."""
    known = {f"inputs.parameters.{parameter.name}" for parameter in template.inputs.parameters}
    if known:
        known.add("inputs.parameters")
    kind = kind_of(template)
    leaf = kind in LEAF_KINDS
    for artifact in template.inputs.artifacts:
        known.add(f"inputs.artifacts.{artifact.name}")
        if leaf:
            known.add(f"inputs.artifacts.{artifact.name}.path")
    if kind in POD_KINDS:
        known.add("pod.name")
    return known
