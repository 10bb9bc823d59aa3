"""Which form a value must have where it is used: JSON for ``fromJSON``, a number for ``asInt``, a list for a loop.

A workflow whose step prints anything but what the next one reads ends in an error, so that a run "in which nothing
goes wrong" needs outputs of the right form.
"""

from __future__ import annotations

import json
import re
from typing import Any

LIST = '["a","b"]'
BAD = {"list": "not a list", "json": "not JSON", "number": "not a number"}
"""A value that breaks the form, for each form: it is worth a try, too."""
LONGEST = 10
"""So long are the longest lists that are made because a condition asks how long one is."""

_PARSED = re.compile(r"\bfrom(?:JSON|Json)\(\s*$")
_NUMBER_OF = re.compile(r"\b(?:asInt|asFloat|int|float|sprig\.(?:int|int64|float64|atoi))\(\s*$")
_JSONPATH = re.compile(r"\bjsonpath\(\s*$")
_PATH_ARGUMENT = re.compile(r"^\s*,\s*(['\"])(.*?)\1")
_STEP = re.compile(
    r"\s*(?:(?:\?\.|\.)\s*([A-Za-z_]\w*)\b(?!\s*\()|(?:\?\.)?\[\s*(?:'([^']*)'|\"([^\"]*)\"|(\d+))\s*\])"
)
_LENGTH = re.compile(r"\blen\(\s*$")
_NUMBER = re.compile(r"(?<![\w.'\"-])\d+(?![\w.])")
NUMERIC = frozenset({"count", "start", "end", "limit", "activeDeadlineSeconds", "factor", "parallelism", "weight"})
"""Fields that hold a number."""
DURATIONS = frozenset({"duration", "maxDuration", "timeout", "pendingTimeout", "cap"})
"""Fields that hold a length of time."""


def of_field(field: str) -> list[str]:
    """Give values for a field that holds nothing but a tag: a list for a loop, a number, a length of time."""
    if field == "withParam":
        return [LIST, "[]", BAD["list"]]
    if field in NUMERIC:
        return ["2", BAD["number"]]
    return ["1s"] if field in DURATIONS else []


def of_use(text: str, start: int, end: int, literals: list[str]) -> list[str]:
    """Give values that fit where a reference stands in an expression: between these two places of a text.

    ``literals`` are the values that the text compares with. Empty: any text does.

    >>> text = "{{=len(fromJSON(steps.a.outputs.result)) > 1}}"
    >>> of_use(text, 16, 38, [])
    ['["a","b"]', '[]', '["a"]', 'not JSON']
    >>> of_use("{{=fromJSON(x).env == 'prod'}}", 12, 13, ["prod", "other"])
    ['{"env":"prod"}', '{"env":"other"}', 'not JSON']
    """
    before, after = text[:start], text[end:]
    if _NUMBER_OF.search(before):
        return [*([v for v in literals if v.lstrip("-").isdigit()] or ["1"]), BAD["number"]]
    if _JSONPATH.search(before):
        found = _PATH_ARGUMENT.search(after)
        return [*_objects(_of_path(found[2] if found else ""), literals), BAD["json"]]
    parsed = _PARSED.search(before)
    if parsed is None:
        return []
    rest = after.lstrip().removeprefix(")")
    steps, rest = _steps(rest)
    if steps:
        return [*_objects(steps, literals), BAD["json"]]
    head = before[: parsed.start()]
    return [*(_lists(text) if _LENGTH.search(head) else [LIST, "[]"]), BAD["json"]]


def _lists(text: str) -> list[str]:
    """Give lists of two, of none, and of as many as the numbers of a text, and their neighbours, say."""
    numbers = [n for found in _NUMBER.findall(text) for n in (int(found), int(found) + 1, int(found) - 1)]
    lengths = dict.fromkeys([2, 0, *(n for n in numbers if 0 <= n <= LONGEST)])
    return [_dense(list("abcdefghij"[:length])) for length in lengths]


def _steps(text: str) -> tuple[list[str | int], str]:
    """Read ``.a['b'][0]`` from the start of a text; give what is left, too."""
    out: list[str | int] = []
    while found := _STEP.match(text):
        name = next((group for group in found.groups()[:3] if group is not None), None)
        out.append(int(found[4]) if name is None else name)
        text = text[found.end() :]
    return out, text


def _of_path(path: str) -> list[str | int]:
    return _steps(path.removeprefix("$"))[0]


def _objects(steps: list[str | int], literals: list[str]) -> list[str]:
    """Give objects that hold each of some values where the steps lead to."""
    return [_dense(_nested(steps, value)) for value in _values(literals)]


def _values(literals: list[str]) -> list[Any]:
    return [int(one) if one.lstrip("-").isdigit() else one for one in literals] or ["some-value"]


def _nested(steps: list[str | int], value: Any) -> Any:
    for step in reversed(steps):
        value = {step: value} if isinstance(step, str) else [value] * (step + 1)
    return value


def _dense(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
