"""A scenario as plain data again, in the form of its file: what is as it would be anyway is left out."""

from __future__ import annotations

import dataclasses
from typing import Any, get_args, get_type_hints

from argosy.simulate.scenario import Scenario
from argosy.simulate.shape import Seconds, slots
from argosy.source import Json


def scenario_data(scenario: Scenario) -> dict[str, Json]:
    """Give a scenario as its file has it; read again, it is the same scenario."""
    return _object(scenario)


def _object(value: Any) -> dict[str, Json]:
    defaults = {f.name: _default(f) for f in dataclasses.fields(value)}
    kind: Any = type(value)
    hints = get_type_hints(kind)
    out: dict[str, Json] = {}
    for slot in slots(kind):
        found = getattr(value, slot.name)
        if found == defaults[slot.name] and not slot.required:
            continue
        hint = hints[slot.name]
        out[slot.key] = duration(found) if hint is Seconds or Seconds in get_args(hint) else _plain(found)
    return out


def _default(field: dataclasses.Field[Any]) -> Any:
    return field.default_factory() if field.default_factory is not dataclasses.MISSING else field.default


def _plain(value: Any) -> Json:
    if dataclasses.is_dataclass(value):
        return _object(value)
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


def duration(value: float | None) -> Json:
    """Give a length of time as people write it.

    >>> duration(0.5), duration(90.0), duration(3600.0)
    ('500ms', '90s', '1h')
    """
    if value is None:
        return None
    if value and value % 3600 == 0:
        return f"{int(value // 3600)}h"
    if value and value % 60 == 0:
        return f"{int(value // 60)}m"
    return f"{int(value)}s" if value == int(value) else f"{round(value * 1000)}ms"
