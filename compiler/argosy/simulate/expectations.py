"""Whether a run ended as its scenario expects; what doesn't hold, in words, and where the scenario says so."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from argosy.simulate.scenario import Expectation, NodeExpectation
from argosy.source import Address, Json

if TYPE_CHECKING:
    from argosy.simulate.run import Run

EXPECT: Address = ("expect",)


class Unmet(NamedTuple):
    """Something in a scenario that does not hold, or never came about."""

    text: str
    address: Address
    """Where the scenario says it."""


def unmet(expected: Expectation | None, run: Run) -> list[Unmet]:
    """Give the expectations that do not hold."""
    if expected is None:
        return []
    status = run.workflow["status"]
    out = [
        *_differs("the workflow's phase", expected.phase, run.phase, (*EXPECT, "phase")),
        *_differs("the run's end", expected.ended, run.ended, (*EXPECT, "ended")),
        *_lacks("the workflow's message", expected.message, run.message, (*EXPECT, "message")),
        *_values("global output", expected.outputs, status.get("outputs"), (*EXPECT, "outputs")),
    ]
    if expected.exit_handler is not None:
        handler = run.node("<wf>.onExit")
        phase = handler["phase"] if handler else "None"
        out += _differs("the exit handler's phase", expected.exit_handler, phase, (*EXPECT, "exitHandler"))
    for name, wanted in (expected.nodes or {}).items():
        out += _node(name, wanted, run, (*EXPECT, "nodes", name))
    out += _there(expected, run)
    if expected.requests is not None or expected.logs is not None:
        from argosy.simulate.expected_scripts import unmet as unmet_of_scripts

        out += unmet_of_scripts(expected, run)
    return out + _order(expected.order or [], run)


def _there(expected: Expectation, run: Run) -> list[Unmet]:
    """Look for nodes that should not be there, and for pods of templates."""
    started = {pod["templateName"] for pod in run.pods}
    looks: tuple[tuple[str, list[str] | None, Callable[[str], bool], str], ...] = (
        ("absent", expected.absent, lambda name: not run.node(name), "node {}: is there, expected none"),
        ("ran", expected.ran, lambda name: name in started, "template {}: no pod was started"),
        ("notRun", expected.not_run, lambda name: name not in started, "template {}: a pod was started, expected none"),
    )
    return [
        Unmet(text.format(name), (*EXPECT, field, i))
        for field, names, holds, text in looks
        for i, name in enumerate(names or ())
        if not holds(name)
    ]


def _differs(what: str, wanted: str | None, got: str, at: Address) -> list[Unmet]:
    return [] if wanted is None or wanted == got else [Unmet(f"{what}: expected {wanted}, got {got or 'none'}", at)]


def _lacks(what: str, wanted: str | None, got: str, at: Address) -> list[Unmet]:
    return [] if wanted is None or re.search(wanted, got) else [Unmet(f"{what}: expected {wanted!r} in {got!r}", at)]


def _values(what: str, wanted: dict[str, str] | None, got: Json, at: Address) -> list[Unmet]:
    values = {p["name"]: p.get("value") for p in (got or {}).get("parameters") or []}
    if got and "result" in got:
        values.setdefault("result", got["result"])
    return [
        Unmet(f"{what} {name}: expected {value!r}, got {values.get(name)!r}", (*at, name))
        for name, value in (wanted or {}).items()
        if values.get(name) != value
    ]


def _node(name: str, wanted: str | NodeExpectation, run: Run, at: Address) -> list[Unmet]:
    node = run.node(name)
    if node is None:
        never = isinstance(wanted, NodeExpectation) and (wanted.ran is False or wanted.runs == 0)
        return [] if never else [Unmet(f"node {name}: it never came up", at)]
    if not isinstance(wanted, NodeExpectation):
        return _differs(f"node {name}", wanted, node["phase"], at)
    runs = len(run.pods_of(node["name"]))
    out = [
        *_differs(f"node {name}", wanted.phase, node["phase"], (*at, "phase")),
        *_lacks(f"node {name}: message", wanted.message, node.get("message", ""), (*at, "message")),
        *_values(f"node {name}: input", wanted.inputs, node.get("inputs"), (*at, "inputs")),
        *_values(f"node {name}: output", wanted.outputs, node.get("outputs"), (*at, "outputs")),
    ]
    if wanted.ran is not None and wanted.ran != bool(runs):
        out.append(Unmet(f"node {name}: {'no' if wanted.ran else 'a'} pod was started", (*at, "ran")))
    if wanted.runs is not None and wanted.runs != runs:
        out.append(Unmet(f"node {name}: expected {wanted.runs} pods, got {runs}", (*at, "runs")))
    return out


def _order(wanted: list[str], run: Run) -> list[Unmet]:
    came: dict[str, int] = {}
    for i, event in enumerate(run.events):
        if event.node is not None:
            came.setdefault(event.node, i)
    out = []
    last = -1
    for i, name in enumerate(wanted):
        node = run.node(name)
        at = came.get(node["name"]) if node else None
        if at is None:
            out.append(Unmet(f"order: node {name} never came up", (*EXPECT, "order", i)))
        elif at < last:
            out.append(Unmet(f"order: node {name} came up too early", (*EXPECT, "order", i)))
        else:
            last = at
    return out
