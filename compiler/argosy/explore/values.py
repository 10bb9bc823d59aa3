"""Which values are worth a try: what conditions and loops ask of outputs, traced back to the templates that make them.

A condition compares with literals: ``{{steps.flip.outputs.result}} == heads`` says that ``flip`` is to be tried with
``heads``, and with something else. A number is tried with its neighbours. A loop over an output wants a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from argosy.explore.templates import Obj, Templates
from argosy.source import Json

RESULT = "result"
LIST = '["a","b"]'
OTHER = "something-else"
MOST = 8
"""So many values of one output are tried at most."""

_STRING = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_NUMBER = re.compile(r"(?<![\w.])-?\d+(?![\w.])")
_WORD = re.compile(r"[A-Za-z_][\w.-]*")
_TAG = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_NOT_VALUES = frozenset({"in", "not", "and", "or", "nil", "null", "true", "false", "matches", "contains"})
_NAME = r"(?:\.([\w-]+)|\[\s*['\"]([^'\"]+)['\"]\s*\])"
_OUTPUT = re.compile(rf"\b(?:steps|tasks){_NAME}\.outputs\.(?:(result)\b|parameters{_NAME})")
_CODE = re.compile(rf"\b(?:steps|tasks){_NAME}\.exitCode\b")
_INPUT = re.compile(rf"\binputs\.parameters{_NAME}")
_GLOBAL = re.compile(rf"\bworkflow\.outputs\.parameters{_NAME}")
_ARGUMENT = re.compile(rf"\bworkflow\.parameters{_NAME}")


class Source(NamedTuple):
    """Where a value comes from: an output of a template, its exit code, or an argument of the workflow."""

    template: str
    """Empty: an argument of the workflow."""
    output: str
    """The name of a parameter, or RESULT; ``exit code``."""


CODE = "exit code"


def wanted(templates: Templates) -> dict[Source, list[str]]:
    """Give the values to try, by source; the first is the one that a run without faults takes."""
    found: dict[Source, dict[str, None]] = {}
    for owner, template in [(n, p.data) for n, p in sorted(templates.by_name.items())]:
        for call, _ in templates.calls(template):
            for text in _conditions(call):
                _note(found, _sources(templates, owner, template, text, 0), literals(text))
            for field in ("withParam",):
                looped = call.get(field)
                if isinstance(looped, str):
                    _note(found, _sources(templates, owner, template, looped, 0), [LIST, "[]", "not a list"])
        retry = (template.get("retryStrategy") or {}).get("expression")
        if isinstance(retry, str) and "exitCode" in retry:
            _note(found, [Source(owner, CODE)], [v for v in literals(retry) if v.isdigit()])
    for hook in (templates.spec.data.get("hooks") or {}).values():
        expression = (hook or {}).get("expression")
        if isinstance(expression, str):
            _note(found, _sources(templates, "", {}, expression, 0), literals(expression))
    return {source: list(values)[:MOST] for source, values in found.items()}


def literals(condition: str) -> list[str]:
    """Give the values that a condition compares with, their neighbours if they are numbers, and another one.

    >>> literals("{{steps.flip.outputs.result}} == heads"), literals("{{inputs.parameters.n}} > 3")
    (['heads', 'something-else'], ['3', '2', '4'])
    """
    text = _TAG.sub(lambda tag: " " + _OUTPUT.sub(" ", tag[0][3:-2]) if tag[0].startswith("{{=") else " ", condition)
    strings = [a or b for a, b in _STRING.findall(text)]
    text = _STRING.sub(" ", text)
    numbers = [n for number in map(int, _NUMBER.findall(text)) for n in (str(number), str(number - 1), str(number + 1))]
    plain = [] if "{{=" in condition or "{{" not in condition else _WORD.findall(text)
    words = [word for word in plain if word not in _NOT_VALUES]
    booleans = ["true", "false"] if re.search(r"\b(true|false)\b", text) else []
    out = list(dict.fromkeys([*strings, *words, *numbers, *booleans]))
    return [*out, OTHER] if strings or words else out


def _conditions(call: Obj) -> Iterator[str]:
    if isinstance(call.get("when"), str):
        yield call["when"]
    for hook in (call.get("hooks") or {}).values():
        if isinstance(hook, dict) and isinstance(hook.get("expression"), str):
            yield hook["expression"]


def _note(found: dict[Source, dict[str, None]], sources: list[Source], values: list[str]) -> None:
    for source in sources:
        fitting = [v for v in values if v.isdigit()] if source.output == CODE else values
        if fitting:
            found.setdefault(source, {}).update(dict.fromkeys(fitting))


def _sources(templates: Templates, owner: str, template: Obj, text: str, depth: int) -> list[Source]:
    """Give where the values of the tags in a text of a template come from."""
    if depth > 8:
        return []
    out: list[Source] = []
    calls = {call.get("name"): call for call, _ in templates.calls(template)}
    for found in _OUTPUT.finditer(text):
        call = calls.get(found[1] or found[2])
        if call is not None:
            out += _made_by(templates, *templates.called(call), found[3] or found[4] or found[5], depth)
    for found in _CODE.finditer(text):
        call = calls.get(found[1] or found[2])
        if call is not None:
            out.append(Source(templates.called(call)[0], CODE))
    for found in _INPUT.finditer(text):
        out += _given_to(templates, owner, found[1] or found[2], depth)
    for found in _GLOBAL.finditer(text):
        out += _global(templates, found[1] or found[2])
    out += [Source("", found[1] or found[2]) for found in _ARGUMENT.finditer(text)]
    return list(dict.fromkeys(out))


def _made_by(templates: Templates, name: str, template: Obj, output: str, depth: int) -> list[Source]:
    """Follow an output of a template to the leaf that makes it."""
    if "steps" not in template and "dag" not in template:
        return [Source(name, output)] if name else []
    for parameter in (template.get("outputs") or {}).get("parameters") or []:
        source = parameter.get("valueFrom") or {}
        text = source.get("parameter") or source.get("expression")
        if parameter.get("name") == output and isinstance(text, str):
            return _sources(templates, name, template, text, depth + 1)
    return []


def _given_to(templates: Templates, owner: str, parameter: str, depth: int) -> list[Source]:
    """Follow an input of a template to those who give it."""
    out: list[Source] = []
    for name, placed in sorted(templates.by_name.items()):
        for call, _ in templates.calls(placed.data):
            if not owner or templates.called(call)[0] != owner:
                continue
            for argument in (call.get("arguments") or {}).get("parameters") or []:
                value = argument.get("value")
                if argument.get("name") == parameter and isinstance(value, str):
                    out += _sources(templates, name, placed.data, value, depth + 1)
    if owner and owner == templates.spec.data.get("entrypoint"):
        given = (templates.spec.data.get("arguments") or {}).get("parameters") or []
        out += [Source("", parameter) for argument in given if argument.get("name") == parameter]
    return out


def _global(templates: Templates, name: str) -> list[Source]:
    return [
        Source(owner, str(parameter.get("name")))
        for owner, placed in sorted(templates.by_name.items())
        for parameter in (placed.data.get("outputs") or {}).get("parameters") or []
        if parameter.get("globalName") == name
    ]


def outputs_of(template: Obj, values: dict[str, str]) -> Json:
    """Give what a leaf leaves behind if all goes well: its result and its parameters, by name."""
    declared = (template.get("outputs") or {}).get("parameters") or []
    files = [p["name"] for p in declared if isinstance(p.get("valueFrom"), dict) and _needs_a_value(p["valueFrom"])]
    out: dict[str, Json] = {}
    if RESULT in values:
        out["result"] = values[RESULT]
    parameters = {name: values.get(name, f"some-{name}") for name in files}
    if parameters:
        out["parameters"] = parameters
    return out


def _needs_a_value(source: Obj) -> bool:
    return any(key in source for key in ("path", "jsonPath", "jqFilter", "supplied"))
