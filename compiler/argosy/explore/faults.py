"""The faults: everything that can go wrong with one leaf, and with the workflow as a whole.

A fault is data: outcomes of pods, actions from outside, or a change of the manifest. ``OF_POD`` and its like are the
tables of what there is; adding a fault is adding a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from argosy.explore.observe import Place, path
from argosy.explore.templates import Templates
from argosy.explore.values import CODE, RESULT, Source, durations, outputs_of, wanted
from argosy.simulate.scenario import (
    Action,
    ContainerOutcome,
    Match,
    NodePhase,
    Outcome,
    Outputs,
    Response,
    Scenario,
    When,
)
from argosy.simulate.shape import Regex, Seconds
from argosy.source import Json

EVICTED = "The node was low on resource: memory."


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the manifest before it is submitted."""

    kind: str
    """A key of ``changes.CHANGES``."""
    name: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong, and what has to go wrong before so that it can."""

    where: str
    """What it happens to: the path of a leaf, ``workflow``, ``controller``, ``arguments``."""
    what: str
    """How: ``exit 1``, ``evicted``, ``stop while it runs``."""
    kind: str = ""
    """The row of a table that it is of; for reasons."""
    outcomes: tuple[Outcome, ...] = ()
    actions: tuple[Action, ...] = ()
    change: Change | None = None
    without: tuple[str, ...] = ()
    """Nodes that wait for a person, and nobody comes."""
    late: tuple[str, ...] = ()
    """Nodes at which a person answers only after the fault."""
    after: tuple[Fault, ...] = ()
    """Faults that happen before; without them it could not happen."""
    place: Place | None = field(default=None, compare=False)

    @property
    def own(self) -> str:
        """What it is, without the faults before it."""
        return f"{self.where}: {self.what}" if self.where else self.what

    @property
    def name(self) -> str:
        """What it is called: unique in an exploration."""
        before = [fault.own for fault in self.after]
        return f"{self.own}, after {' and '.join(before)}" if before else self.own

    @property
    def parts(self) -> tuple[int, int]:
        """How many outcomes and actions it is made of, with the faults before it."""
        everything = self.all()
        return sum(len(one.outcomes) for one in everything), sum(len(one.actions) for one in everything)

    def all(self) -> tuple[Fault, ...]:
        """Give it with the faults before it, the latest first."""
        return (replace(self, after=()), *self.after)


NOTHING = Fault("", "nothing goes wrong", "none")

OF_POD: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("exit", "exit 1", {"exit_code": 1}),
    ("error", "error", {"phase": "Error", "message": "the wait container failed"}),
    ("oom", "OOM", {"reason": "OOMKilled"}),
    ("evicted", "evicted", {"reason": "Evicted", "pod_message": EVICTED}),
    ("hang", "hangs", {"run_forever": True}),
    ("image", "no image", {"image_pull_back_off": True}),
)
"""Of pods: kind, words, fields of the outcome."""
OF_HTTP: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("exit", "answers 500", {"http": Response(status_code=500, body="error")}),
    ("error", "no answer", {"phase": "Error", "message": "connection refused"}),
    ("hang", "hangs", {"run_forever": True}),
)
OF_PLUGIN: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("exit", "fails", {"phase": "Failed", "message": "the plugin failed"}),
    ("error", "error", {"phase": "Error", "message": "the plugin did not answer"}),
    ("hang", "hangs", {"run_forever": True}),
)
OF_TYPE = {"Pod": OF_POD, "HTTP": OF_HTTP, "Plugin": OF_PLUGIN}

FROM_OUTSIDE: tuple[tuple[str, str, tuple[dict[str, Any], ...]], ...] = (
    ("stop", "stopped", ({"do": "stop"},)),
    ("terminate", "terminated", ({"do": "terminate"},)),
    ("deadline", "deadline", ({"do": "patch", "patch": {"spec": {"activeDeadlineSeconds": 0}}},)),
    ("suspend", "suspend+resume", ({"do": "suspend"}, {"do": "resume"})),
    ("restart", "controller restart", ({"do": "restart-controller"},)),
    ("down", "controller gone", ({"do": "controller-down"},)),
    ("lost", "lost", ({"do": "lose"},)),
)
"""Of the workflow and its controller, while a leaf runs (the first attempt): kind, words, what is done in order."""
RUNS = Seconds(5.0)
"""How long the leaf runs that something is done to from outside: long enough to be caught in it."""
LATER = Seconds(10.0)
"""How long after the first action the next one comes."""
LONG = Seconds(24 * 3600.0)
"""How long a leaf runs that a deadline is to end."""
DEADLINE = 3
"""Seconds from the start of such a leaf until the deadline: within two, Argo would not even make its pod."""
MOST_ATTEMPTS = 5
MOST_ITEMS = 10
"""Of a loop with more items, only the first ones are faulted."""
MOST_BEFORE = 7
"""A leaf that comes up only after so many faults is left alone: templates may call themselves."""


@dataclass(slots=True)
class Setup:
    """What a run without faults needs: values for outputs, people who answer."""

    templates: Templates
    values: dict[Source, list[str]]
    outputs: dict[str, Outputs]
    """What each template leaves behind."""
    referred: bool = False
    """The workflow refers to a template that has its spec."""
    durations: list[int] = field(default_factory=list)
    """Seconds that some condition asks whether the workflow lasted so long."""
    answers: dict[str, str] = field(default_factory=dict)
    """Nodes that wait for a person, by stable name, with the template of each."""

    def outcomes(self) -> tuple[Outcome, ...]:
        """Give the outcomes of a run without faults."""
        return tuple(Outcome(match=Match(template=name), outputs=outputs) for name, outputs in self.outputs.items())

    def actions(self, without: tuple[str, ...] = ()) -> Iterator[Action]:
        """Give what people do in a run without faults."""
        return (self.answer(node) for node in self.answers if node not in without)

    def answer(self, node: str, after: Seconds | None = None) -> Action:
        """Give what somebody does, so long after a node began to wait for it."""
        when = When(node=node)
        supplied = (self.outputs.get(self.answers[node]) or Outputs()).parameters
        if not supplied:
            return Action(do="resume", when=when, after=after)
        values = {name: str(value) for name, value in supplied.items()}
        return Action(do="set", when=when, after=after, selector=_selector(node), phase="Succeeded", outputs=values)

    def scenario(self, fault: Fault) -> Scenario:
        """Give the scenario of a fault; what the fault itself is of comes first in it."""
        everything = fault.all()
        late = {node: None for one in everything for node in one.late if node in self.answers}
        without = (*late, *(node for one in everything for node in one.without))
        return Scenario(
            name=fault.name,
            outcomes=[*(o for one in everything for o in one.outcomes), *self.outcomes()] or None,
            actions=[
                *(a for one in everything for a in one.actions),
                *self.actions(without),
                *(self.answer(node, RUNS) for node in late),
            ]
            or None,
        )


def setup(templates: Templates, *, referred: bool = False) -> Setup:
    """Find what a run without faults needs."""
    values = wanted(templates)
    outputs = {}
    for name, placed in templates.by_name.items():
        first = {s.output: v[0] for s, v in values.items() if s.template == name and s.output != CODE}
        made = outputs_of(placed.data, first)
        if made:
            outputs[name] = Outputs(result=made.get("result"), parameters=made.get("parameters"))
    return Setup(templates, values, outputs, referred, durations(templates))


def of_workflow(setup: Setup) -> list[Fault]:
    """Give the faults that happen before anything runs: of the manifest, and other arguments."""
    entrypoint = str(setup.templates.spec.data.get("entrypoint") or "")
    out = [
        Fault("entrypoint", "error in itself", "entrypoint", change=Change("expression", entrypoint)),
        Fault("workflow", "invalid spec", "invalid", change=Change("entrypoint", "not-there")),
    ]
    for source, values in setup.values.items():
        if not source.template:
            out += [
                Fault(
                    "arguments", f"{source.output}={value}", "argument", change=Change("argument", source.output, value)
                )
                for value in values
            ]
    return out


def is_left_alone(place: Place, after: tuple[Fault, ...]) -> bool:
    """Say whether a leaf is not faulted: it is one of many alike, or comes up only after many faults."""
    many = place.attempt >= MOST_ATTEMPTS or _number_of_item(place.node) >= MOST_ITEMS
    return many or len(after) >= MOST_BEFORE


def of_place(setup: Setup, place: Place, after: tuple[Fault, ...]) -> list[Fault]:
    """Give the faults of a leaf that was started."""
    where = path(place.node) if path(place.node) != "<entrypoint>" else place.template or "entrypoint"
    base = where
    if place.retried:
        where = f"{where}({place.attempt})"
    out: list[Fault] = []
    if place.type == "Suspend":
        out += _of_suspend(setup, place, where)
    else:
        out += _of_pod(setup, place, where, base)
    if place.attempt == 0:
        out += list(_from_outside(setup, place, where))
    return [replace(fault, after=after, place=place) for fault in out]


def _of_pod(setup: Setup, place: Place, where: str, base: str) -> Iterator[Fault]:
    outputs = setup.outputs.get(place.template)
    match = _match(place)

    def fault(kind: str, words: str, **fields: Any) -> Fault:
        return Fault(where, words, kind, outcomes=(Outcome(match=match, **({"outputs": outputs} | fields)),))

    for kind, words, fields in OF_TYPE[place.type]:
        yield fault(kind, words, **fields)
    for member in place.members:
        if member != "main":
            yield fault("exit", f"{member} exits 1", containers={member: ContainerOutcome(exit_code=1)})
    if place.retried and place.attempt == 0:
        every = replace(match, attempt=None)
        yield Fault(base, "exit 1 at every attempt", "exit", (Outcome(match=every, exit_code=1),))
    if outputs is not None and place.type == "Pod":
        if outputs.parameters:
            yield fault("outputs", "outputs missing", outputs=Outputs(result=outputs.result))
        yield from _other_values(setup, place, outputs, fault)
    for code in setup.values.get(Source(place.template, CODE), ()):
        if code not in ("0", "1"):
            yield fault("exit", f"exit {code}", exit_code=int(code))
    for seconds in setup.durations if not place.hook and not place.attempt else ():
        yield fault("slow", f"takes {seconds}s", duration=Seconds(float(seconds)))
    if place.hook and place.type == "Pod":
        yield fault("twice", "delivered twice", delivered_twice=True)


def _other_values(setup: Setup, place: Place, outputs: Outputs, fault: Any) -> Iterator[Fault]:
    for source, values in setup.values.items():
        if source.template != place.template or source.output == CODE:
            continue
        for value in values[1:]:
            if source.output == RESULT:
                changed = replace(outputs, result=value)
            else:
                changed = replace(outputs, parameters={**(outputs.parameters or {}), source.output: value})
            yield fault("value", f"{source.words}={value}", outputs=changed)


def _of_suspend(setup: Setup, place: Place, where: str) -> Iterator[Fault]:
    when = When(node=place.node)
    selector = _selector(place.node)
    without = (place.node,)
    if place.node in setup.answers:
        yield Fault(where, "nobody answers", "unanswered", without=without)
    refuse = Action(do="stop", when=when, selector=selector, message="refused")
    yield Fault(where, "refused", "refused", actions=(refuse,), without=without)
    supplied = (setup.outputs.get(place.template) or Outputs()).parameters or {}
    for source, values in setup.values.items():
        if source.template == place.template and source.output in supplied:
            for value in values[1:]:
                answers = {**{k: str(v) for k, v in supplied.items()}, source.output: value}
                answer = Action(do="set", when=when, selector=selector, phase="Succeeded", outputs=answers)
                yield Fault(where, f"{source.output}={value}", "value", actions=(answer,), without=without)


def _from_outside(setup: Setup, place: Place, where: str) -> Iterator[Fault]:
    runs = Outcome(match=_match(place), duration=RUNS, outputs=setup.outputs.get(place.template))
    outcomes = (runs,) if place.type != "Suspend" else ()
    late = (place.node,) if place.type == "Suspend" else ()
    node = f"{place.node}({place.attempt})" if place.retried else place.node
    by_agent = place.type not in ("Pod", "Suspend")  # its tasks are Pending until they are done, and it starts first
    runs_in: NodePhase = "Pending" if by_agent else "Running"
    at_first = Seconds(1.0) if by_agent else None
    for kind, words, steps in FROM_OUTSIDE:
        if kind == "deadline" and setup.referred:
            # a workflow that refers to a template keeps the deadline that it had when it began
            change = Change("deadline", value=str(int(place.at) + DEADLINE))
            endless = tuple(replace(outcome, duration=LONG) for outcome in outcomes)
            yield Fault(where, words, kind, endless, change=change, without=late)
            continue
        actions = tuple(
            Action(when=When(node=node, phase=runs_in), after=LATER if i else at_first, **fields)
            for i, fields in enumerate(steps)
        )
        yield Fault(where, words, kind, outcomes, actions, late=late)


def _selector(node: str) -> str:
    return f"displayName={path(node).rpartition('.')[2]}"


def _match(place: Place) -> Match:
    attempt = rf"\({place.attempt}\)" if place.retried else ""
    return Match(
        template=place.template or None,
        node=Regex(f"^{re.escape(place.node)}{attempt}$"),
        attempt=place.attempt if place.retried else None,
    )


def _number_of_item(node: str) -> int:
    numbers = re.findall(r"\((\d+):", node)
    return max(map(int, numbers), default=0)


def as_json(fault: Fault) -> dict[str, Json]:
    """Give a fault for tools: what and where, and after what."""
    out: dict[str, Json] = {"name": fault.name, "where": fault.where, "what": fault.what, "kind": fault.kind}
    if fault.after:
        out["after"] = [one.own for one in fault.after]
    return out
