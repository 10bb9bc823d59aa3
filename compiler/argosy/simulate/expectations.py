"""Whether a run ended as its scenario expects; what doesn't hold, in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from argosy.simulate.scenario import Expectation, NodeExpectation
from argosy.source import Json

if TYPE_CHECKING:
    from argosy.simulate.run import Run


def unmet(expected: Expectation | None, run: Run) -> list[str]:
    """Give the expectations that do not hold."""
    if expected is None:
        return []
    out = [
        *_differs("the workflow's phase", expected.phase, run.phase),
        *_differs("the run's end", expected.ended, run.ended),
        *_lacks("the workflow's message", expected.message, run.message),
        *_values("global output", expected.outputs, run.workflow["status"].get("outputs")),
    ]
    if expected.exit_handler is not None:
        handler = run.node("<wf>.onExit")
        out += _differs("the exit handler's phase", expected.exit_handler, handler["phase"] if handler else "None")
    for name, wanted in (expected.nodes or {}).items():
        out += _node(name, wanted, run)
    out += [f"node {name}: is there, expected none" for name in expected.absent or () if run.node(name)]
    started = {pod["templateName"] for pod in run.pods}
    out += [f"template {name}: no pod was started" for name in expected.ran or () if name not in started]
    out += [f"template {name}: a pod was started, expected none" for name in expected.not_run or () if name in started]
    if expected.requests is not None or expected.logs is not None:
        from argosy.simulate.expected_scripts import unmet as unmet_of_scripts

        out += unmet_of_scripts(expected, run)
    return out + _order(expected.order or [], run)


def _differs(what: str, wanted: str | None, got: str) -> list[str]:
    return [] if wanted is None or wanted == got else [f"{what}: expected {wanted}, got {got or 'none'}"]


def _lacks(what: str, wanted: str | None, got: str) -> list[str]:
    return [] if wanted is None or re.search(wanted, got) else [f"{what}: expected {wanted!r} in {got!r}"]


def _values(what: str, wanted: dict[str, str] | None, got: Json) -> list[str]:
    values = {p["name"]: p.get("value") for p in (got or {}).get("parameters") or []}
    if got and "result" in got:
        values.setdefault("result", got["result"])
    return [
        f"{what} {name}: expected {value!r}, got {values.get(name)!r}"
        for name, value in (wanted or {}).items()
        if values.get(name) != value
    ]


def _node(name: str, wanted: str | NodeExpectation, run: Run) -> list[str]:
    node = run.node(name)
    if node is None:
        never = isinstance(wanted, NodeExpectation) and (wanted.ran is False or wanted.runs == 0)
        return [] if never else [f"node {name}: it never came up"]
    if not isinstance(wanted, NodeExpectation):
        return _differs(f"node {name}", wanted, node["phase"])
    runs = len(run.pods_of(node["name"]))
    out = [
        *_differs(f"node {name}", wanted.phase, node["phase"]),
        *_lacks(f"node {name}: message", wanted.message, node.get("message", "")),
        *_values(f"node {name}: input", wanted.inputs, node.get("inputs")),
        *_values(f"node {name}: output", wanted.outputs, node.get("outputs")),
    ]
    if wanted.ran is not None and wanted.ran != bool(runs):
        out.append(f"node {name}: {'no' if wanted.ran else 'a'} pod was started")
    if wanted.runs is not None and wanted.runs != runs:
        out.append(f"node {name}: expected {wanted.runs} pods, got {runs}")
    return out


def _order(wanted: list[str], run: Run) -> list[str]:
    came: dict[str, int] = {}
    for i, event in enumerate(run.events):
        if event.node is not None:
            came.setdefault(event.node, i)
    out = []
    last = -1
    for name in wanted:
        node = run.node(name)
        at = came.get(node["name"]) if node else None
        if at is None:
            out.append(f"order: node {name} never came up")
        elif at < last:
            out.append(f"order: node {name} came up too early")
        else:
            last = at
    return out
