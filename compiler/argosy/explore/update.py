"""Rewrites the expectations of scenario files so that they say what happens now; comments and layout stay."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from argosy.explore.cases import Case, Cases
from argosy.simulate.run import Run
from argosy.source import Address, Json
from argosy.yaml import edit
from argosy.yaml.read import read

HANDLER = "<wf>.onExit"


class Change(NamedTuple):
    """One edit of a scenario file."""

    action: Literal["set", "delete", "rename", "insert"]
    address: Address
    value: Json = None


def update(cases: Cases) -> list[str]:
    """Rewrite the files of cases that do not meet their expectations; give the paths that changed."""
    changes: dict[str, dict[int, list[Change]]] = {}
    for case in cases.cases:
        found = list(_changes(case))
        if found:
            changes.setdefault(case.path, {})[case.index] = found
    for path, by_document in changes.items():
        text = Path(path).read_text(encoding="utf-8")
        Path(path).write_text(edit.apply(text, _by_place(text, by_document)), encoding="utf-8")
    return list(changes)


def _by_place(text: str, by_document: dict[int, list[Change]]) -> dict[int, list[Change]]:
    """Give changes by the document of the file; scenarios are counted without empty documents."""
    real = [i for i, document in enumerate(read(text)) if document.data is not None]
    return {real[i]: changes for i, changes in by_document.items()}


def _changes(case: Case) -> Iterator[Change]:
    if case.run is None or not (case.run.failures or _expected(case) is None):
        return
    expected = _expected(case)
    if expected is None:
        yield Change("set", ("expect",), first(case.run))
        return
    for key, value in expected.items():
        yield from _field(key, value, case.run)


def _expected(case: Case) -> dict[str, Json] | None:
    documents = [d for d in read(Path(case.path).read_bytes()) if d.data is not None]
    expected = documents[case.index].data.get("expect")
    return expected if isinstance(expected, dict) else None


def first(run: Run) -> dict[str, Json]:
    """Give the expectation of a scenario that has none: how it ends, and its exit handler."""
    out: dict[str, Json] = {"phase": run.phase}
    if run.ended != "completed":
        out["ended"] = run.ended
    handler = run.node(HANDLER)
    return out | ({"exitHandler": handler["phase"]} if handler else {})


def _literal(text: str) -> str:
    """Give a regular expression for a text that reads like it.

    >>> _literal("main: Error (exit code 2)")
    'main: Error \\\\(exit code 2\\\\)'
    """
    return re.sub(r"([.^$*+?{}\[\]\\|()])", r"\\\1", text)


def _field(key: str, value: Json, run: Run) -> Iterator[Change]:
    at: Address = ("expect", key)
    handler = run.node(HANDLER)
    now = {"phase": run.phase, "ended": run.ended, "exitHandler": handler["phase"] if handler else "None"}
    started = {pod["templateName"] for pod in run.pods}
    if key in now and now[key] != value:
        yield Change("set", at, now[key])
    elif key == "message" and not re.search(str(value), run.message):
        yield Change("set", at, _literal(run.message))
    elif key == "nodes":
        for name, wanted in value.items():
            yield from _node((*at, name), name, wanted, run)
    elif key in ("ran", "notRun", "absent"):
        holds = {"ran": lambda name: name in started, "notRun": lambda name: name not in started}
        keep: Callable[[str], bool] = holds.get(key, lambda name: run.node(name) is None)
        gone = [i for i, name in enumerate(value) if not keep(name)]
        if gone and len(gone) == len(value):
            yield Change("delete", at)
            return
        yield from (Change("delete", (*at, i)) for i in reversed(gone))
    elif key == "order":
        yield from _order(at, value, run)
    elif key == "outputs":
        yield from _values(at, value, run.workflow["status"].get("outputs"))


def _node(at: Address, name: str, wanted: Json, run: Run) -> Iterator[Change]:
    node = run.node(name)
    if node is None:
        yield Change("delete", at)
    elif not isinstance(wanted, dict):
        if wanted != node["phase"]:
            yield Change("set", at, node["phase"])
    else:
        runs = len(run.pods_of(node["name"]))
        now = {"phase": node["phase"], "ran": bool(runs), "runs": runs}
        for key, value in wanted.items():
            if key in now and now[key] != value:
                yield Change("set", (*at, key), now[key])
            elif key == "message" and not re.search(str(value), node.get("message", "")):
                yield Change("set", (*at, key), _literal(node.get("message", "")))
            elif key in ("inputs", "outputs"):
                yield from _values((*at, key), value, node.get(key))


def _values(at: Address, wanted: dict[str, Json], got: Json) -> Iterator[Change]:
    values = {p["name"]: p.get("value") for p in (got or {}).get("parameters") or []}
    if got and "result" in got:
        values.setdefault("result", got["result"])
    for name, value in wanted.items():
        if name not in values:
            yield Change("delete", (*at, name))
        elif str(value) != values[name]:
            yield Change("set", (*at, name), values[name])


def _order(at: Address, wanted: list[str], run: Run) -> Iterator[Change]:
    came: dict[str, int] = {}
    for i, event in enumerate(run.events):
        came.setdefault(event.node or "", i)
    there = [(came[node["name"]], name) for name in wanted if (node := run.node(name)) and node["name"] in came]
    names = [name for _, name in sorted(there)]
    if names != wanted:
        yield Change("set", at, names)
