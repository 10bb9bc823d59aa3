"""A document in the making, and how a template and all that it calls get into it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from argosy.errors import ArgosyError, CompileError, Place
from argosy.frontend.advice import hint_for
from argosy.frontend.expressions import GlobalOutput, Shared
from argosy.frontend.places import authored, fail, raised_at
from argosy.frontend.templates import Template, Written
from argosy.frontend.workflows import Workflow
from argosy.source import Address, Json


@dataclass(slots=True)
class Lowering:
    """A document in the making."""

    workflow: Workflow[..., Any]
    options: dict[str, Any]
    metadata: dict[str, Json] = field(default_factory=dict)
    spec: dict[str, Json] = field(default_factory=dict)
    templates: dict[str, tuple[Template[..., Any], Written]] = field(default_factory=dict)
    handlers: dict[str, Json] = field(default_factory=dict)
    used: dict[str, Shared | GlobalOutput] = field(default_factory=dict)
    marks: dict[Address, Place] = field(default_factory=dict)
    functions: dict[Address, tuple[Callable[..., Any], dict[str, Json]]] = field(default_factory=dict)


def reach(state: Lowering, first: Any) -> None:
    """Write a template and all that it calls, each once, in the order in which they are first called."""
    waiting = [first]
    while waiting:
        one = waiting.pop(0)
        root = getattr(one, "root", one)
        known = state.templates.get(root.name)
        if known is not None:
            if known[0] is not root:
                _two_of_a_name(root, known[0])
            continue
        written = write(root)
        state.templates[root.name] = (root, written)
        waiting = [*written.reached, *waiting]


def write(template: Template[..., Any]) -> Written:
    """Write one template; what its body raises is an error at the line that raised it."""
    try:
        with authored(template.place):
            return template.kind.write(template)
    except ArgosyError:
        raise
    except RecursionError:
        raise
    except Exception as error:
        place = raised_at(error, template.place)
        raise CompileError(
            f"{template.name}: {type(error).__name__}: {error}", place=place, hint=hint_for(error)
        ) from error


def _two_of_a_name(one: Template[..., Any], other: Template[..., Any]) -> None:
    fail(
        f"two templates are named {one.name!r}: here and at {other.place}",
        hint="give one another name: `name=...` in its decorator",
        place=one.place,
    )
