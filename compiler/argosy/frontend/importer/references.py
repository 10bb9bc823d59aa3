"""What the steps of a body give to each other: which of their results tags name, and how Python names them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from argosy.source import Json

PROPERTIES = {
    "status": "status",
    "ip": "ip",
    "id": "id",
    "startedAt": "started_at",
    "finishedAt": "finished_at",
    "hostNodeName": "host_node_name",
}
"""What tags can name of a step besides its outputs, and what a Step calls it."""

_TAG = re.compile(r"\{\{\s*(?:steps|tasks)\.([\w-]+)\.([^\s}]+)\s*\}\}")
_PRINTING = ("container", "script", "http", "containerSet")


def named(value: Any) -> Iterator[tuple[str, str]]:
    """Give the steps that tags within a value name, and what of them."""
    if isinstance(value, str):
        yield from _TAG.findall(value)
    elif isinstance(value, dict):
        for one in value.values():
            yield from named(one)
    elif isinstance(value, list):
        for one in value:
            yield from named(one)


def of_call(call: dict[str, Json]) -> list[tuple[str, str]]:
    """Give what a step or task itself uses of others: in its arguments, its condition and its loop."""
    return list(named([call.get("arguments"), call.get("when"), call.get("withParam")]))


def used(calls: Sequence[dict[str, Json]], outputs: Json) -> dict[str, set[str]]:
    """Give what is used of each step or task of a body."""
    found: dict[str, set[str]] = {}
    for name, what in [*(pair for call in calls for pair in of_call(call)), *named(outputs)]:
        found.setdefault(name, set()).add(what)
    return found


def calls_of(template: dict[str, Json]) -> list[dict[str, Json]]:
    """Give the steps or tasks of a template."""
    steps = [s for g in template.get("steps") or [] for s in (g if isinstance(g, list) else [g])]
    tasks = (template.get("dag") or {}).get("tasks") or []
    return [s for s in [*steps, *tasks] if isinstance(s, dict)]


def printing(templates: Sequence[dict[str, Json]]) -> set[str]:
    """Give the templates of which what they print is used, and which have no other outputs."""
    plain = {t["name"] for t in templates if any(k in t for k in _PRINTING) and not t.get("outputs")}
    found: set[str] = set()
    for one in templates:
        calls = calls_of(one)
        asked = used(calls, one.get("outputs"))
        found |= {str(c["template"]) for c in calls if "template" in c and "outputs.result" in asked.get(c["name"], ())}
    return found & plain
