"""What Python's own syntax cannot say about a value of the run: functions that build expressions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar, cast

from argosy.frontend import hints
from argosy.frontend.expressions import Choice, Expression, Function, GlobalOutput, Operation, Raw
from argosy.frontend.graph import whole
from argosy.frontend.places import caller, fail
from argosy.frontend.uses import nodes_of

T = TypeVar("T")


def choose(condition: bool, yes: T, no: T) -> T:
    """Give one of two values, by a condition: Python's ``yes if condition else no``."""
    yes, no = whole(yes), whole(no)
    hint = next((v.hint for v in (yes, no) if isinstance(v, Expression)), type(yes))
    return cast(T, Choice(condition, yes, no, hint=hint))


def contains(items: Sequence[T], item: T) -> bool:
    """Tell whether a list holds an item: Python's ``item in items``."""
    return cast(bool, Operation("in", item, whole(items), hint=bool))


def length(value: Sequence[Any] | dict[str, Any]) -> int:
    """Give the length of a list or text: Python's ``len``."""
    return cast(int, Function("len", (whole(value),), hint=int))


def to_int(value: object) -> int:
    """Read a number: Python's ``int``."""
    return cast(int, Function("asInt", (value,), hint=int))


def to_float(value: object) -> float:
    """Read a number: Python's ``float``."""
    return cast(float, Function("asFloat", (value,), hint=float))


def to_text(value: object) -> str:
    """Give a value as text: Python's ``str``. Raises CompileError for lists and structures: see :func:`json_of`."""
    value = whole(value)
    if isinstance(value, Expression) and value.hint is not Any and hints.is_json(value.hint):
        fail("a list or a structure is no text", hint="write `json_of(...)` from argosy")
    return cast(str, Function("string", (value,), hint=str))


def json_of(value: object) -> str:
    """Give a value as JSON: Python's ``json.dumps``."""
    return cast(str, Function("toJson", (whole(value),), hint=str))


def global_output(name: str, default: T) -> T:
    """Give what a template gave to the whole workflow with ``Parameter(global_name=name)``; else the default.

    For exit handlers: the step that gives it may have failed, or never have run. (Argo 4.0 and newer.)
    """
    if not name.isidentifier():
        fail(f"{name!r} cannot be named in an expression", hint="choose a global name of letters, digits and _")
    return cast(T, GlobalOutput(name, default, caller(), hint=type(default)))


def expr(text: str, *uses: object) -> Any:
    """Write an expression in Argo's own language, for what nothing here says. ``uses`` names results that it needs."""
    return Raw(text, tuple(nodes_of(list(uses))), hint=Any)
