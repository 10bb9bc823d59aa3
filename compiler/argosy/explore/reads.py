"""What an exit handler reads: whether the failures matter to it."""

from __future__ import annotations

from argosy.explore.branches import reached_from
from argosy.explore.templates import Templates, handler_name
from argosy.source import Json

FAILURES = "workflow.failures"


def reads_failures(templates: Templates) -> bool:
    """Say whether the exit handler, or anything that it calls, reads ``workflow.failures``."""
    spec = templates.spec.data
    names = reached_from(templates, [handler_name(spec)])
    hook = (spec.get("hooks") or {}).get("exit")
    return _mentions(hook) or any(_mentions(templates.by_name[name].data) for name in names)


def _mentions(data: Json) -> bool:
    if isinstance(data, str):
        return FAILURES in data
    if isinstance(data, dict):
        return any(map(_mentions, data.values()))
    return isinstance(data, list) and any(map(_mentions, data))
