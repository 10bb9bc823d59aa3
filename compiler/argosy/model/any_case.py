"""Names below a step in the case that Argo's types have: there, and only there, Argo matches them without regard to it.

Source: ``ParallelSteps.UnmarshalJSON`` in ``pkg/apis/workflow/v1alpha1/workflow_types.go`` of Argo v4.1.2, decoding
with Go's ``encoding/json``; everything else is decoded by sigs.k8s.io/json, which heeds the case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from argosy.model.fields import Fields, field_table
from argosy.source import Json
from argosy.versions import NEWEST

Change = Callable[[Json], Json]

_STEPS, _STEP = "argo.ParallelSteps", "argo.WorkflowStep"


def with_steps_put_right(spec: Json) -> Json:
    """Give a workflow spec with the names below its steps as Argo takes them; the same object if they are right."""
    return _changed(spec, {"templates": lambda value: _each(value, template_put_right)} | _DEFAULTS)


def template_put_right(data: Json) -> Json:
    """Give a template with the names below its steps as Argo takes them; the same object if they are right."""
    if not isinstance(data, dict) or not ("steps" in data or "dag" in data):
        return data
    return _changed(data, {"steps": _steps_put_right, "dag": lambda dag: _changed(dag, _TASKS)})


def document_put_right(data: Json) -> Json:
    """Give a document of any of Argo's kinds with the names below its steps as Argo takes them."""
    return _changed(data, {"spec": lambda spec: _changed(with_steps_put_right(spec), _CRON)})


_DEFAULTS: dict[str, Change] = {"templateDefaults": template_put_right}
_CRON: dict[str, Change] = {"workflowSpec": with_steps_put_right}
_INLINE: dict[str, Change] = {"inline": template_put_right}
_TASKS: dict[str, Change] = {"tasks": lambda tasks: _each(tasks, lambda task: _changed(task, _INLINE))}


def _steps_put_right(steps: Json) -> Json:
    code = "[]" + _STEPS
    return steps if _is_right(steps, code) else _right(steps, code)


def _changed(data: Json, changes: Mapping[str, Change]) -> Json:
    """Give a map with some of its values changed; the map itself if that changes nothing."""
    if not isinstance(data, dict):
        return data
    new = {key: change(data[key]) for key, change in changes.items() if key in data}
    return {**data, **new} if any(new[key] is not data[key] for key in new) else data


def _each(data: Json, change: Change) -> Json:
    if not isinstance(data, list):
        return data
    new = [change(item) for item in data]
    return new if any(one is not other for one, other in zip(new, data, strict=True)) else data


@cache
def _type(code: str) -> tuple[Fields, dict[str, str]] | None:
    """Give the fields of a type, and their names by what they are without case; a step's own must be exact."""
    fields = field_table(NEWEST).types.get(code)
    if fields is None:
        return None
    return fields, {} if code == _STEP else {name.casefold(): name for name in fields}


def _inner(code: str) -> str:
    return _STEP if code == _STEPS else code[2:]


def _is_right(data: Json, code: str) -> bool:
    if data.__class__ is list:
        inner = _inner(code)
        return all(_is_right(item, inner) for item in data if item.__class__ in (dict, list))
    if data.__class__ is not dict:
        return True
    if code.startswith("{}"):
        return all(_is_right(item, code[2:]) for item in data.values())
    known = _type(code)
    if known is None:
        return True
    fields, by_case = known
    for key, value in data.items():
        below = fields.get(key)
        if below is None:
            if key.casefold() in by_case:
                return False
        elif value.__class__ in (dict, list) and not _is_right(value, below):
            return False
    return True


def _right(data: Json, code: str) -> Json:
    if isinstance(data, list):
        return [_right(item, _inner(code)) for item in data]
    known = _type(code)
    if not isinstance(data, dict) or (known is None and not code.startswith("{}")):
        return data
    if known is None:
        return {key: _right(item, code[2:]) for key, item in data.items()}
    fields, by_case = known
    out: dict[str, Json] = {}
    for key, value in data.items():
        name = key if key in fields else by_case.get(key.casefold()) or key
        if name == key or name not in data:
            out[name] = _right(value, fields[name]) if name in fields else value
    return out
