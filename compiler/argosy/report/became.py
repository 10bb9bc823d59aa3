"""What the variables of a manifest became in a run, found by laying its texts beside those of the run.

It needs nothing but the two texts, so it works on recorded runs too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from argosy.report.run_view import Item
from argosy.source import Json

_TAG = re.compile(r"\{\{\s*([^={}\s][^{}]*?)\s*\}\}")
_WHEN = re.compile(r"when '(.*)' evaluated (?:true|false)\Z", re.DOTALL)


def values(item: Item) -> dict[str, str]:
    """Give the values of the variables that stand in an item and all below it, by name, as far as they show.

    >>> recover("it is {{workflow.status}}!", "it is Failed!")
    {'workflow.status': 'Failed'}
    """
    out: dict[str, str] = {}
    for one in item.walk():
        for pattern, text in _texts(one):
            for name, value in recover(pattern, text).items():
                if not name.startswith("inputs."):
                    out.setdefault(name, value)
    return out


def condition(item: Item, known: dict[str, str]) -> str:
    """Give the condition of an item's step with the variables replaced that are known; empty if it has none."""
    when = (item.step or {}).get("when") or ""
    return _TAG.sub(lambda tag: known.get(tag[1], tag[0]), when)


def skipped_on(message: str) -> str | None:
    """Give the condition for which Argo skipped a node, as substituted, or None if that is not why."""
    found = _WHEN.match(message)
    return found[1] if found else None


def recover(pattern: Json, text: Json) -> dict[str, str]:
    """Give the values that turn a pattern with tags into the text; nothing where that cannot be told."""
    if not isinstance(pattern, str) or not isinstance(text, str) or "{{" not in pattern or "}}{{" in pattern:
        return {}
    groups: dict[str, str] = {}
    expression, end = "", 0
    for tag in _TAG.finditer(pattern):
        expression += re.escape(pattern[end : tag.start()])
        if tag[1] in groups:
            expression += f"(?P={groups[tag[1]]})"
        else:
            groups[tag[1]] = f"g{len(groups)}"
            expression += f"(?P<{groups[tag[1]]}>.*?)"
        end = tag.end()
    found = re.fullmatch(expression + re.escape(pattern[end:]), text, re.DOTALL)
    return {name: found[group] for name, group in groups.items()} if found else {}


def _texts(item: Item) -> Iterator[tuple[Json, Json]]:
    """Give what the manifest says of an item beside what it was in the run."""
    step = item.step or {}
    if condition_text := skipped_on(item.message):
        yield step.get("when") or "", condition_text
    given = {p.get("name"): p.get("value") for p in (item.node.get("inputs") or {}).get("parameters") or []}
    for parameter in (step.get("arguments") or {}).get("parameters") or []:
        if isinstance(parameter, dict):
            yield parameter["value"], given.get(parameter.get("name"))
    if item.pod and item.template:
        yield from _pairs(item.template, item.pod)


def _pairs(left: Json, right: Json) -> Iterator[tuple[str, str]]:
    if isinstance(left, str) and isinstance(right, str):
        yield left, right
    elif isinstance(left, dict) and isinstance(right, dict):
        for key in (key for key in left if key in right):
            yield from _pairs(left[key], right[key])
    elif isinstance(left, list) and isinstance(right, list):
        for one, other in zip(left, right, strict=False):
            yield from _pairs(one, other)
