"""What changed in behaviour between two versions of a workflow, under all faults that both know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from argosy.explore.exploration import Exploration
from argosy.explore.observe import Observed


@dataclass(frozen=True, slots=True)
class Changed:
    """One change, and the faults after which it shows."""

    words: str
    worse: bool | None
    """Whether it is for the worse; None: neither."""
    faults: tuple[str, ...]


@dataclass(slots=True)
class Comparison:
    """What changed between two versions."""

    old: str
    new: str
    compared: int
    changes: list[Changed]
    gone: list[str]
    """Faults that only the old version knows."""
    added: list[str]
    """Faults that only the new version knows."""

    @property
    def worse(self) -> bool:
        """Some change is for the worse."""
        return any(change.worse for change in self.changes)

    def to_dict(self) -> dict[str, Any]:
        """Give it for tools."""
        changes = [{"change": c.words, "worse": c.worse, "faults": list(c.faults)} for c in self.changes]
        more = {"onlyOld": self.gone, "onlyNew": self.added}
        return {"version": 1, "old": self.old, "new": self.new, "compared": self.compared, "changes": changes, **more}


def compare(old: Exploration, new: Exploration) -> Comparison:
    """Compare two explorations, fault by fault."""
    before = {r.fault.name: r.observed for r in old.results}
    after = {r.fault.name: r.observed for r in new.results}
    both = [name for name in after if name in before]
    found: dict[tuple[str, bool | None], list[str]] = {}
    for name in both:
        for look in LOOKS:
            for key in look(before[name], after[name]):
                found.setdefault(key, []).append(name)
    changes = [Changed(words, worse, tuple(faults)) for (words, worse), faults in found.items()]
    changes.sort(key=lambda c: {True: 0, None: 1, False: 2}[c.worse])
    return Comparison(
        old.name,
        new.name,
        len(both),
        changes,
        [name for name in before if name not in after],
        [name for name in after if name not in before],
    )


Key = tuple[str, bool | None]


def _handler(old: Observed, new: Observed) -> list[Key]:
    if bool(old.handler) != bool(new.handler):
        return [("the handler runs now", False) if new.handler else ("the handler no longer runs", True)]
    if old.handler != new.handler:
        return [(f"the handler ends {new.handler}, not {old.handler}", _is_worse(old.handler, new.handler))]
    return []


def _steps(old: Observed, new: Observed) -> list[Key]:
    if not old.handler or not new.handler:
        return []
    return _named("the handler's ", {s.path: s.phase for s in old.steps}, {s.path: s.phase for s in new.steps})


def _hooks(old: Observed, new: Observed) -> list[Key]:
    return _named("the hook ", {s.path: s.phase for s in old.hooks}, {s.path: s.phase for s in new.hooks})


def _named(what: str, old: dict[str, str], new: dict[str, str]) -> list[Key]:
    out: list[Key] = []
    for name in {**old, **new}:
        one, other = old.get(name, ""), new.get(name, "")
        did, does = _runs(one), _runs(other)
        if did and not does:
            out.append((f"{what}{name} no longer runs", True))
        elif does and not did:
            out.append((f"{what}{name} runs now", None))
        elif did and one != other:
            out.append((f"{what}{name} ends {other}, not {one}", _is_worse(one, other)))
    return out


def _runs(phase: str) -> bool:
    return phase not in ("", "Skipped", "Omitted")


def _end(old: Observed, new: Observed) -> list[Key]:
    one, other = _ended(old), _ended(new)
    return [(f"the workflow ends {other}, not {one}", _is_worse(one, other))] if one != other else []


def _ended(seen: Observed) -> str:
    return seen.phase if seen.ended == "completed" else "never"


def _status(old: Observed, new: Observed) -> list[Key]:
    one, other = old.saw.get("workflow.status"), new.saw.get("workflow.status")
    return [(f"the handler sees {other}, not {one}", None)] if one and other and one != other else []


def _is_worse(old: str, new: str) -> bool | None:
    order = ("Succeeded", "Failed", "Error", "Running", "Pending", "never")
    if old not in order or new not in order:
        return None
    good = ("Succeeded",)
    if old in good or new in good or "never" in (old, new):
        return order.index(new) > order.index(old)
    return None


LOOKS: tuple[Callable[[Observed, Observed], list[Key]], ...] = (_handler, _steps, _hooks, _status, _end)
"""What is compared of each fault."""
