"""What the scenarios of a test run exercised of their workflows: templates, branches, hooks, paths of the handler."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from argosy.explore.branches import branches, reached
from argosy.explore.cases import Cases
from argosy.explore.observe import Observed
from argosy.explore.templates import Templates, handler_name
from argosy.source import Span

Kind = Literal["template", "branch", "hook", "handler"]
KINDS: tuple[Kind, ...] = ("template", "branch", "hook", "handler")
STATUSES = ("Succeeded", "Failed", "Error")


@dataclass(slots=True)
class Item:
    """Something that can be exercised."""

    kind: Kind
    words: str
    span: Span
    times: int = 0
    """By how many scenarios it was."""


@dataclass(slots=True)
class Covered:
    """The coverage of one workflow."""

    path: str
    name: str
    scenarios: int = 0
    items: list[Item] = field(default_factory=list)

    def count(self, kind: Kind | None = None) -> tuple[int, int]:
        """Give how many things of a kind (default: of all) were exercised, and how many there are."""
        some = [item for item in self.items if kind in (None, item.kind)]
        return sum(1 for item in some if item.times), len(some)

    @property
    def missing(self) -> list[Item]:
        """What no scenario exercised."""
        return [item for item in self.items if not item.times]


@dataclass(slots=True)
class Coverage:
    """The coverage of several workflows."""

    workflows: list[Covered] = field(default_factory=list)

    @property
    def percent(self) -> float:
        """How much of all was exercised, in percent; 100 if there is nothing."""
        done = sum(one.count()[0] for one in self.workflows)
        there = sum(one.count()[1] for one in self.workflows)
        return 100.0 * done / there if there else 100.0

    def to_dict(self) -> dict[str, Any]:
        """Give the coverage for tools."""
        return {
            "version": 1,
            "percent": round(self.percent, 2),
            "workflows": [
                {
                    "path": one.path,
                    "name": one.name,
                    "scenarios": one.scenarios,
                    "items": [
                        {"kind": i.kind, "what": i.words, "path": i.span.path, "line": i.span.line, "times": i.times}
                        for i in one.items
                    ],
                }
                for one in self.workflows
            ],
        }


def coverage(cases: Cases) -> Coverage:
    """Give the coverage of the workflows of a test run; scenarios of the same workflow count together."""
    found: dict[tuple[str, str], tuple[Covered, Templates, list[Observed]]] = {}
    for case in cases.cases:
        if case.given is None or case.templates is None or case.observed is None:
            continue
        main = case.given.main
        path = main.origin.path if not main.origin.path.startswith("<") else case.path
        key = (path, main.name)
        covered, _, seen = found.setdefault(key, (Covered(path, main.name), case.templates, []))
        covered.scenarios += 1
        seen.append(case.observed)
    for covered, templates, seen in found.values():
        covered.items = list(_items(templates, seen))
    return Coverage([covered for covered, _, _ in found.values()])


def _items(templates: Templates, seen: list[Observed]) -> Iterator[Item]:
    for name in reached(templates):
        yield Item("template", name, templates.by_name[name].at("name"), _times(name in o.templates for o in seen))
    for one in branches(templates):
        kind: Kind = "hook" if ".hooks." in f".{one.branch.name}" or one.branch.name.endswith(".onExit") else "branch"
        if kind == "hook" or one.condition:
            yield Item(kind, one.words, one.span, _times(one.branch in o.branches for o in seen))
    handler = handler_name(templates.spec.data)
    if handler:
        spec = templates.spec
        span = spec.at("onExit") if "onExit" in spec.data else spec.at("hooks", "exit")
        for status in STATUSES:
            words = f"{handler} after {status}"
            yield Item("handler", words, span, _times(o.saw.get("workflow.status") == status for o in seen))


def _times(facts: Iterable[bool]) -> int:
    return sum(facts)
