"""Which values are worth a try: what conditions, loops and expressions ask of outputs, traced back to their makers.

A condition compares with literals: ``{{steps.flip.outputs.result}} == heads`` says that ``flip`` is to be tried with
``heads``, and with something else. A number is tried with its neighbours. A loop over an output wants a list, and an
expression that decodes one wants JSON (:mod:`argosy.explore.forms`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from argosy.explore.forms import of_field, of_use
from argosy.explore.templates import Obj, Templates
from argosy.source import Json

RESULT = ""
"""The output that is no parameter: what the main container prints."""
OTHER = "other"
ITEM = "1"
"""The result of one turn of a loop, where the results of all turns are used: Argo wants JSON."""
MOST = 8
"""So many values of one output are tried at most."""
DEEPEST = 8
"""So many calls are followed back to where a value comes from."""

_STRING = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_NUMBER = re.compile(r"(?<![\w.])-?\d+(?![\w.])")
_WORD = re.compile(r"[A-Za-z_][\w.-]*")
_TAG = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_NOT_VALUES = frozenset({"in", "not", "and", "or", "nil", "null", "true", "false", "matches", "contains"})
_NAME = r"(?:\.([\w-]+)|\[\s*['\"]([^'\"]+)['\"]\s*\])"
_REFERENCE = re.compile(
    rf"\b(?:(?:steps|tasks){_NAME}\.(?:outputs\.(?:(result)\b|parameters(?:{_NAME})?)|(exitCode)\b)"
    rf"|inputs\.parameters{_NAME}|workflow\.outputs\.parameters{_NAME}|workflow\.parameters{_NAME})"
)
"""Groups: step or task (1, 2), result (3), output parameter (4, 5), exitCode (6), input (7, 8), global (9, 10),
argument (11, 12)."""
_NO_VALUE = re.compile(r"\[\s*(?:'[^']*'|\"[^\"]*\")\s*\]|jsonpath\([^,]*,[^)]*\)")
"""Names of fields and paths look like values in an expression."""
_LOOPS = ("withItems", "withParam", "withSequence")
_DURATION = re.compile(r"workflow\.duration\b")


class Source(NamedTuple):
    """Where a value comes from: an output of a template, its exit code, or an argument of the workflow."""

    template: str
    """Empty: an argument of the workflow."""
    output: str
    """The name of a parameter, RESULT, or CODE."""

    @property
    def words(self) -> str:
        """What to call the output."""
        return self.output or "result"


CODE = "exit code"
Found = dict[Source, dict[str, None]]


class Use(NamedTuple):
    """A text in which values are used."""

    owner: str
    """The template that it stands in; empty: the spec itself."""
    template: Obj
    field: str
    text: str
    condition: bool


def wanted(templates: Templates) -> dict[Source, list[str]]:
    """Give the values to try, by source; the first is the one that a run without faults takes."""
    forms: Found = {}
    compared: Found = {}
    for use in _uses(templates):
        said = literals(use.text) if use.condition else []
        if "lastRetry.exitCode" in use.text:
            _note(compared, [Source(use.owner, CODE)], literals(use.text))
        for found in _REFERENCE.finditer(use.text):
            sources = _sources_of(templates, use.owner, use.template, found, 0)
            values = of_use(use.text, *found.span(), said)
            if not values and _TAG.fullmatch(use.text.strip()) and not use.text.startswith("{{="):
                values = of_field(use.field)
            if values:
                _note(forms, sources, values)
            else:
                _note(forms, [s for s in sources if s.output == RESULT and _is_loop(use.template, found)], [ITEM])
                _note(compared, sources, said)
    for source, choice in _choices(templates):
        _note(compared, [source], choice)
    return {
        source: list({**forms.get(source, {}), **compared.get(source, {})})[:MOST]
        for source in sorted({**forms, **compared})
    }


def _is_loop(template: Obj, found: re.Match[str]) -> bool:
    """Say whether a reference is to all turns of a loop."""
    name = found[1] or found[2]
    return bool(name) and any(
        call.get("name") == name and any(kind in call for kind in _LOOPS) for call, _ in Templates.calls(template)
    )


def durations(templates: Templates) -> list[int]:
    """Give how many seconds a workflow is to last so that conditions on ``workflow.duration`` come out either way."""
    texts = [use.text for use in _uses(templates) if use.condition and _DURATION.search(use.text)]
    return sorted({int(found) + 1 for text in texts for found in _NUMBER.findall(text) if int(found) >= 0})


def _uses(templates: Templates) -> Iterator[Use]:
    """Give every text of the templates, and of the workflow's own hooks."""
    for owner, placed in sorted(templates.by_name.items()):
        conditions = {id(text) for call, _ in templates.calls(placed.data) for text in _conditions(call)}
        for field, text in _texts(placed.data, ""):
            yield Use(owner, placed.data, field, text, id(text) in conditions)
    for hook in (templates.spec.data.get("hooks") or {}).values():
        for field, text in _texts(hook, ""):
            yield Use("", {}, field, text, field == "expression")


def _texts(data: Json, field: str) -> Iterator[tuple[str, str]]:
    if isinstance(data, str):
        yield field, data
    elif isinstance(data, dict):
        for key, value in data.items():
            if key not in ("script", "source", "manifest"):
                yield from _texts(value, key)
    elif isinstance(data, list):
        for item in data:
            yield from _texts(item, field)


def _choices(templates: Templates) -> Iterator[tuple[Source, list[str]]]:
    """Give the values that the manifest lists: of arguments, and of what a person is asked."""
    for parameter in (templates.spec.data.get("arguments") or {}).get("parameters") or []:
        if parameter.get("enum"):
            yield Source("", str(parameter.get("name"))), [str(value) for value in parameter["enum"]]
    for name, placed in sorted(templates.by_name.items()):
        if "suspend" in placed.data:
            for parameter in (placed.data.get("inputs") or {}).get("parameters") or []:
                if parameter.get("enum"):
                    yield Source(name, str(parameter.get("name"))), [str(value) for value in parameter["enum"]]


def literals(condition: str) -> list[str]:
    """Give the values that a condition compares with, their neighbours if they are numbers, and another one.

    >>> literals("{{steps.flip.outputs.result}} == heads"), literals("{{inputs.parameters.n}} > 3")
    (['heads', 'other'], ['3', '2', '4'])
    """
    text = _TAG.sub(lambda tag: f" {tag[0][3:-2]} " if tag[0].startswith("{{=") else " ", condition)
    text = _NO_VALUE.sub(" ", _REFERENCE.sub(" ", text))
    strings = [found for a, b in _STRING.findall(text) if (found := (a or b).strip())]
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


def _note(found: Found, sources: list[Source], values: list[str]) -> None:
    for source in sources:
        fitting = [v for v in values if v.isdigit()] if source.output == CODE else values
        if fitting:
            found.setdefault(source, {}).update(dict.fromkeys(fitting))


def _sources(templates: Templates, owner: str, template: Obj, text: str, depth: int) -> list[Source]:
    """Give where the values of the tags in a text of a template come from."""
    out = [s for f in _REFERENCE.finditer(text) for s in _sources_of(templates, owner, template, f, depth)]
    return list(dict.fromkeys(out))


def _sources_of(templates: Templates, owner: str, template: Obj, found: re.Match[str], depth: int) -> list[Source]:
    """Give where the value of one reference comes from."""
    if depth > DEEPEST:
        return []
    if found[7] or found[8]:
        return _given_to(templates, owner, found[7] or found[8], depth)
    if found[9] or found[10]:
        return _global(templates, found[9] or found[10])
    if found[11] or found[12]:
        return [Source("", found[11] or found[12])]
    call = next((c for c, _ in templates.calls(template) if c.get("name") == (found[1] or found[2])), None)
    if call is None:
        return []
    name, called = templates.called(call)
    if found[6]:
        return [Source(name, CODE)]
    if found[3]:
        return _made_by(templates, name, called, RESULT, depth)
    output = found[4] or found[5]
    return _made_by(templates, name, called, output, depth) if output else []


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
        for call in _all_calls(templates, placed.data):
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


def _all_calls(templates: Templates, template: Obj) -> Iterator[Obj]:
    """Give the steps and tasks of a template, and their hooks."""
    for call, _ in templates.calls(template):
        yield call
        yield from (hook for hook in (call.get("hooks") or {}).values() if isinstance(hook, dict))


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
