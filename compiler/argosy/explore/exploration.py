"""The exploration itself: every fault is run, those too that only another fault makes possible.

It goes level by level, so that the order of faults depends on nothing but the manifest: first a run in which all goes
well, then every fault of each leaf that it started; a leaf that comes up only under some fault (a step of the
handler, another attempt) is faulted after the first fault that brought it up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import structs

from argosy.explore.branches import Written, branches
from argosy.explore.faults import NOTHING, Fault, Setup, is_left_alone, of_place, of_workflow, setup
from argosy.explore.observe import ENTRY, Observed, Place
from argosy.explore.runner import Runner
from argosy.explore.templates import Templates, handler_name, templates_of
from argosy.explore.values import wanted
from argosy.simulate.given import Given, collect
from argosy.simulate.scenario import Scenario
from argosy.versions import ArgoVersion
from argosy.versions import argo_version as version_of

if TYPE_CHECKING:
    from argosy.explore.invariants import Broken, Invariant

Progress = Callable[[int, int], None]
"""Told how many faults have been run, and of how many that are known so far."""
MOST_ANSWERS = 200
"""So many nodes that wait for a person get an answer."""
ITEM = re.compile(r"\((\d+):.*?\)(?=[.\[(]|$)", re.DOTALL)
DEPTHS = (1, 2)


@dataclass(frozen=True, slots=True)
class Result:
    """One fault, and what came of it."""

    fault: Fault
    observed: Observed


@dataclass(slots=True)
class Exploration:
    """Every fault of one workflow, and what its exit handler did."""

    given: Given
    templates: Templates
    setup: Setup
    version: ArgoVersion
    seed: int
    results: list[Result] = field(default_factory=list)
    """The first is the run in which nothing goes wrong."""
    supplied: bool = False
    """Arguments of the workflow that had no value were given one."""
    others: int = 0
    """How many faults are left to other shards."""
    left_alone: int = 0
    """How many leaves were not faulted: later turns of long loops, late attempts, what only many faults bring up."""

    invariants: list[Invariant] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    """Where invariants do not hold; :func:`argosy.explore.invariants.check` finds out."""

    @property
    def name(self) -> str:
        """The workflow's name, as its manifest has it."""
        return self.given.main.name

    @property
    def handler(self) -> str:
        """The template of the exit handler; empty: the workflow has none."""
        return handler_name(self.templates.spec.data)

    @property
    def baseline(self) -> Observed:
        """The run in which nothing goes wrong."""
        return self.results[0].observed

    def columns(self) -> list[str]:
        """Give the steps of the handler, by path, in the order in which they first came up."""
        return list(dict.fromkeys(step.path for r in self.results for step in r.observed.steps))

    def hooks(self) -> list[str]:
        """Give the other hooks that ran in some run."""
        return list(dict.fromkeys(step.path for r in self.results for step in r.observed.hooks))

    def untaken(self) -> list[Written]:
        """Give the branches that no fault ever took."""
        seen = {branch for r in self.results for branch in r.observed.branches}
        return [one for one in branches(self.templates) if one.branch not in seen]

    def never(self) -> list[Never]:
        """Give the reasons for which the handler did not run, each with its faults."""
        from argosy.explore.reasons import reasons

        return reasons(self) if self.handler else []

    def scenario(self, fault: Fault) -> Scenario:
        """Give the scenario that plays a fault."""
        return self.setup.scenario(fault)

    def to_dict(self) -> dict[str, Any]:
        """Give the exploration for tools; its shape is ``schemas/explore.schema.json``."""
        from argosy.explore.as_json import exploration

        return exploration(self)


@dataclass(frozen=True, slots=True)
class Never:
    """Why the handler did not run after some faults."""

    reason: str
    path: str
    line: int
    those: tuple[Fault, ...] = ()
    """The faults."""
    hint: str = ""
    """What would help."""
    survivable: bool = False
    """The workflow could be written so that its handler runs; False: no handler survives this."""

    @property
    def faults(self) -> tuple[str, ...]:
        """The names of the faults."""
        return tuple(fault.name for fault in self.those)


def explore(
    manifest: Any,
    *,
    depth: int = 1,
    jobs: int = 1,
    shard: tuple[int, int] | None = None,
    argo_version: str | ArgoVersion | None = None,
    seed: int = 0,
    workflow: str | None = None,
    with_: Sequence[str | Path] = (),
    known: dict[str, Observed] | None = None,
    progress: Progress | None = None,
) -> Exploration:
    """Run a workflow under every single fault, and with ``depth`` 2 under every pair of them.

    ``manifest`` is what :func:`argosy.simulate` takes; ``with_`` are files and folders with what it refers to.
    ``shard`` is (i, n), i from 1: every n-th of the faults, from the i-th. ``known`` are results of shards, by the name
    of their fault: they are not run again. Same arguments, same results in the same order, whatever ``jobs`` is.

    Raises ArgosyError: UsageError, ReadError, CompileError.
    """
    given = _first(collect(manifest, Scenario(), workflow, with_))
    version = version_of(argo_version)
    templates = templates_of(given)
    supplied = supply(given, templates)
    referred = "workflowTemplateRef" in (given.main.data.get("spec") or {})
    out = Exploration(given, templates, setup(templates, referred=referred), version, seed, supplied=supplied)
    with Runner(given, version, seed, jobs, known or {}, progress) as runner:
        baseline = _baseline(out, runner)
        out.results.append(Result(NOTHING, baseline))
        level = _explore(out, runner, shard)
        if depth > 1:
            _pairs(out, runner, level)
    return out


def _first(given: Given) -> Given:
    if given.main.kind == "CronWorkflow":
        from argosy.simulate.cron import first_workflow

        given.main = first_workflow(given.main)
    return given


def supply(given: Given, templates: Templates) -> bool:
    """Give the workflow's arguments that have no value one, as whoever submits it would; say whether any had none."""
    values = {source.output: tried[0] for source, tried in wanted(templates).items() if not source.template}
    spec = given.main.data.get("spec") or {}
    own = spec.get("arguments") or {}
    given_ones = {p.get("name") for p in own.get("parameters") or [] if "value" in p or "valueFrom" in p}
    missing = [
        {"name": p["name"], "value": (p.get("enum") or [values.get(p["name"], f"some-{p['name']}")])[0]}
        for p in (templates.spec.data.get("arguments") or {}).get("parameters") or []
        if "value" not in p and "valueFrom" not in p and p.get("name") not in given_ones
    ]
    if missing:
        names = {p["name"] for p in missing}
        kept = [p for p in own.get("parameters") or [] if p.get("name") not in names]
        data = {**given.main.data, "spec": {**spec, "arguments": {**own, "parameters": [*kept, *missing]}}}
        given.main = structs.replace(given.main, data=data)
    return bool(missing)


def _baseline(out: Exploration, runner: Runner) -> Observed:
    """Run without faults; wherever it waits for a person, one comes."""
    while True:
        observed = runner.one(out.setup, NOTHING)
        if not _note_asked(out.setup, observed, ()):
            return observed


def _note_asked(setup: Setup, observed: Observed, without: tuple[str, ...]) -> bool:
    """Let a person come where a run waits for one, but for those nodes; say whether that is new anywhere."""
    asked = [p for p in observed.places if p.type == "Suspend" and p.node not in (*setup.answers, *without)]
    if observed.ended == "completed":  # a deadline answers for them, if it need not say what
        asked = [p for p in asked if p.template in setup.outputs]
    room = MOST_ANSWERS - len(setup.answers)
    setup.answers.update({place.node: place.template for place in asked[:room]})
    return bool(asked[:room])


def _run(out: Exploration, runner: Runner, faults: list[Fault]) -> list[Result]:
    """Run faults, and give those that came about; people answer where it takes a fault to be asked, too."""
    observed = runner.all(out.setup, faults)
    again = True
    while again:
        asked = [
            i
            for i, (fault, seen) in enumerate(zip(faults, observed, strict=True))
            if _note_asked(out.setup, seen, tuple(node for one in fault.all() for node in one.without))
        ]
        for i, seen in zip(asked, runner.all(out.setup, [faults[i] for i in asked]), strict=True):
            observed[i] = seen
        again = bool(asked)
    # a fault that never came about says nothing
    return [Result(f, o) for f, o in zip(faults, observed, strict=True) if not o.unused]


def _explore(out: Exploration, runner: Runner, shard: tuple[int, int] | None) -> list[Fault]:
    """Run every single fault, level by level; give the faults of the first level, those of other shards, too."""
    seen: set[Place] = set()
    first = [*of_workflow(out.setup), *_new(out, seen, out.baseline.places, ())]
    level = first if shard is None else first[shard[0] - 1 :: shard[1]]
    out.others = len(first) - len(level)
    while level:
        found = _run(out, runner, level)
        out.results += found
        level = [fault for r in found for fault in _new(out, seen, r.observed.places, r.fault.all())]
    return first


def _new(out: Exploration, seen: set[Place], places: Iterable[Place], after: tuple[Fault, ...]) -> list[Fault]:
    """Give the faults of leaves that were not seen before."""
    found: list[Fault] = []
    for place in places:
        key = identity(place)
        if key in seen:
            continue
        seen.add(key)
        if is_left_alone(place, after):
            out.left_alone += 1
        else:
            found += of_place(out.setup, place, after)
    return found


def identity(place: Place) -> Place:
    """Give what tells one leaf from another: of a loop's items the number, not what they hold."""
    return Place(ITEM.sub(r"(\1)", place.node), place.template, place.type, place.attempt, place.retried)


def _pairs(out: Exploration, runner: Runner, level: list[Fault]) -> None:
    """Run every two faults of different leaves that can happen in one run: the second one is of the first level.

    Of two of the first level, the one that comes first is the first: the other way round is the same run.
    """
    numbers = {fault.name: i for i, fault in enumerate(level)}
    pairs = []
    for first in out.results[1:]:
        if first.fault.change is not None:
            continue
        there = {identity(place) for place in first.observed.places}
        for second in level[numbers.get(first.fault.name, -1) + 1 :]:
            place = second.place
            if place is not None and identity(place) in there and not _same_leaf(first.fault, second):
                pairs.append(replace(second, after=first.fault.all()))
    out.results += _run(out, runner, pairs)


def _same_leaf(one: Fault, other: Fault) -> bool:
    return any(fault.place and other.place and fault.place.node == other.place.node for fault in one.all())


__all__ = ["ENTRY", "Exploration", "Never", "Result", "explore"]
