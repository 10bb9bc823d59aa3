"""Compares a run with what the real controller did, on everything but times and ids."""

from __future__ import annotations

import re
from typing import Any

Json = Any

_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?( ?(Z|[+-]\d\d:?\d\d)( UTC)?)?( m=[+-][\d.]+)?")
_DURATION = re.compile(r"\b\d+\.\d{6}\b")
_PLAIN = ("type", "phase", "displayName", "templateName", "templateRef", "nodeFlag", "message", "inputs", "outputs",
          "memoizationStatus", "daemoned", "progress")  # fmt: skip
_LINKS = ("children", "outboundNodes")


def _stable(name: str, workflow: str) -> str:
    rest = name[len(workflow) :]
    return f"<wf>{rest}" if name.startswith(workflow) and rest[:1] in ("", "[", ".", "(") else name


def _without_empty(value: Json) -> Json:
    if isinstance(value, dict):
        kept = {k: _without_empty(v) for k, v in value.items()}
        return {k: v for k, v in kept.items() if v is not None and v != [] and v != {}}
    return [_without_empty(v) for v in value] if isinstance(value, list) else value


class _Names:
    """Stable names for the ids and pod names of one run."""

    def __init__(self, run: Json, recorded: str) -> None:
        self.workflow = run["metadata"]["name"]
        self.recorded = recorded
        self.by_id = {}
        pairs = {run["metadata"].get("uid", ""): "<uid>"}
        for node in (run["status"].get("nodes") or {}).values():
            key = self.by_id[node["id"]] = _stable(node["name"], self.workflow)
            if node["id"] == self.workflow:
                continue
            pairs[node["id"]] = f"<id:{key}>"
            template = node.get("templateName") or (node.get("templateRef") or {}).get("template")
            if template:
                number = node["id"][len(self.workflow) + 1 :]
                pairs[f"{self.workflow}-{template}-{number}"] = f"<pod:{key}>"
        self._pairs = sorted(((k, v) for k, v in pairs.items() if k), key=lambda p: -len(p[0]))

    def of(self, value: Json) -> Json:
        if isinstance(value, str):
            for old, new in self._pairs:
                value = value.replace(old, new)
            value = value.replace(self.workflow, self.recorded)
            return _DURATION.sub("<duration>", _TIME.sub("<time>", value))
        if isinstance(value, list):
            return [self.of(v) for v in value]
        return {k: self.of(v) for k, v in value.items()} if isinstance(value, dict) else value


def differences(record: Json, run: Json) -> list[str]:
    """Say in what a run differs from a record; nothing if they agree."""
    names = _Names(run, record["workflowName"])
    unstable = tuple(record.get("unstable") or ())
    out = []
    for field in ("phase", "message", "outputs"):
        want, got = record["workflow"].get(field), names.of(run["status"].get(field))
        if f"/workflow/{field}" not in unstable:
            out += _differs(f"workflow {field}", want, got)
    ours = {_stable(n["name"], names.workflow): n for n in (run["status"].get("nodes") or {}).values()}
    theirs = record.get("nodes") or {}
    out += [f"node missing: {name}" for name in theirs.keys() - ours.keys()]
    out += [f"node too many: {name}" for name in ours.keys() - theirs.keys()]
    for name in theirs.keys() & ours.keys():
        out += _node(name, theirs[name], ours[name], names, unstable)
    if not any(path.startswith("/pods") for path in unstable):
        out += _differs("templates as run", _pods(record.get("pods"), None), _pods(run["argosy"]["pods"], names))
    if not any(path.startswith("/events") for path in unstable):
        events = [(_stable(e["node"], names.workflow) if e["node"] else None, e["to"])
                  for e in run["argosy"]["events"] if e["from"] != e["to"]]  # fmt: skip
        out += _order(record.get("events") or [], events)
    return out


def _differs(what: str, want: Json, got: Json) -> list[str]:
    want, got = _without_empty(want), _without_empty(got)
    return [] if (want or None) == (got or None) else [f"{what}: recorded {want!r}, got {got!r}"]


def _node(name: str, want: Json, got: Json, names: _Names, unstable: tuple[str, ...]) -> list[str]:
    out = []
    for field in (*_PLAIN, *_LINKS, "boundary"):
        if any(path.startswith(f"/nodes/{name}/{field}") for path in unstable):
            continue
        wanted = want.get(field)
        found: Json
        if field == "boundary":
            found = names.by_id.get(got.get("boundaryID", ""))
        elif field in _LINKS:
            found = [names.by_id.get(i, i) for i in got.get(field) or []]
            if want.get("childrenSorted"):
                wanted, found = sorted(wanted or []), sorted(found)
        elif field == "displayName" and name == "<wf>":
            continue
        else:
            found = names.of(got.get(field))
        out += _differs(f"{name} {field}", wanted, found)
    return out


def _pods(pods: Json, names: _Names | None) -> dict[str, list[Json]]:
    found: dict[str, list[Json]] = {}
    for pod in pods or []:
        if pod.get("node") and pod.get("template"):
            node = _stable(pod["node"], names.workflow) if names else pod["node"]
            template = names.of(pod["template"]) if names else pod["template"]
            found.setdefault(node, []).append(_without_empty(template))
    return found


def _order(recorded: list[Json], events: list[tuple[str | None, str]]) -> list[str]:
    """What was recorded in an earlier update of the workflow must not come later."""
    places: dict[tuple[str | None, str], list[int]] = {}
    for i, event in enumerate(events):
        places.setdefault(event, []).append(i)
    out = []
    last = latest = -1
    batch = 0
    for event in recorded:
        if event.get("from") == event["to"] or event["to"] == "<removed>":
            continue
        if event["batch"] != batch:
            batch, last = event["batch"], latest
        key = (event.get("node"), event["to"])
        if not places.get(key):
            out.append(f"event missing: {key}")
            continue
        at = places[key].pop(0)
        if at < last:
            out.append(f"event too early: {key}")
        latest = max(latest, at)
    return out
