"""Faults with the same consequences, as one row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from argosy.explore.faults import Fault

if TYPE_CHECKING:
    from argosy.explore.exploration import Exploration
    from argosy.explore.observe import Observed


@dataclass(frozen=True, slots=True)
class Row:
    """Some faults, and what came of each of them."""

    faults: tuple[Fault, ...]
    observed: Observed
    """Of the first; the others differ from it in messages and times only."""
    steps: dict[str, str]
    """Phase of each step of the handler that came up."""
    hooks: dict[str, str]

    def labels(self) -> list[str]:
        """Give what to call the row: leaf by leaf, what goes wrong with it; leaves with the same faults together."""
        return labels(self.faults)


def labels(faults: Iterable[Fault]) -> list[str]:
    """Give what to call faults: leaf by leaf, what goes wrong with it; leaves with the same faults together."""
    of: dict[str, dict[str, None]] = {}
    for fault in faults:
        of.setdefault(fault.where, {})[fault.what] = None
    same: dict[tuple[str, ...], list[str]] = {}
    for where, what in of.items():
        same.setdefault(tuple(what), []).append(where)
    return [
        f"{', '.join(_together(places))}: {', '.join(what)}" if places != [""] else what[0]
        for what, places in same.items()
    ]


def labels_by_kind(faults: Iterable[Fault]) -> list[str]:
    """Give what to call faults: what goes wrong, and with which leaves; kinds with the same leaves together."""
    of: dict[str, dict[str, None]] = {}
    for fault in faults:
        of.setdefault(fault.what, {})[fault.where] = None
    same: dict[tuple[str, ...], list[str]] = {}
    for what, where in of.items():
        same.setdefault(tuple(where), []).append(what)
    return [
        f"{', '.join(what)}: {', '.join(_together(list(places)))}" if places != ("",) else what[0]
        for places, what in same.items()
    ]


def _together(places: list[str]) -> list[str]:
    """Give places with the attempts of each in one.

    >>> _together(["a(0)", "a(1)", "a(2)", "b(1)", "c"])
    ['a(0-2)', 'b(1)', 'c']
    """
    attempts: dict[str, list[str]] = {}
    for place in places:
        base, opened, number = place.partition("(")
        plain = not opened or not number[:-1].isdigit()
        attempts.setdefault(place if plain else base, []).extend([] if plain else [number[:-1]])
    return [
        f"{base}({numbers[0]}-{numbers[-1]})" if len(numbers) > 1 else f"{base}({numbers[0]})" if numbers else base
        for base, numbers in attempts.items()
    ]


def rows(exploration: Exploration) -> list[Row]:
    """Merge the faults whose consequences are the same, in the order of the first of each."""
    found: dict[tuple[object, ...], list[tuple[Fault, Observed]]] = {}
    for result in exploration.results:
        o = result.observed
        steps = tuple(sorted((s.path, s.phase) for s in o.steps))
        hooks = tuple(sorted((s.path, s.phase) for s in o.hooks))
        key = (o.phase, o.ended, o.handler, steps, hooks, o.saw.get("workflow.status"))
        found.setdefault(key, []).append((result.fault, o))
    return [
        Row(
            tuple(fault for fault, _ in same),
            same[0][1],
            {s.path: s.phase for s in same[0][1].steps},
            {s.path: s.phase for s in same[0][1].hooks},
        )
        for same in found.values()
    ]
