"""One built-in function: what it does, how its calls are checked, and what people read about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from argosy.errors import LanguageError
from argosy.language.expr.builtins.checks import Check
from argosy.language.expr.operations import type_name
from argosy.language.function import Function


class Entry(Struct, frozen=True):
    """A built-in function. ``least`` and ``most`` count its arguments; ``grows``: its result counts as memory."""

    function: Function
    check: Check
    least: int
    most: int
    grows: bool = False


def arguments_of(signature: str) -> tuple[int, int]:
    """Count the arguments that a signature allows: ``split(text, separator, limit?) -> array`` takes 2 or 3."""
    inside = signature[signature.index("(") + 1 : signature.index(")")]
    names = [name.strip() for name in inside.split(",") if name.strip()]
    least = sum(not name.endswith(("?", "...")) for name in names)
    return least, 1_000_000 if any(name.endswith("...") for name in names) else len(names)


def entry(
    theme: str,
    signature: str,
    call: Callable[..., Any],
    check: Check,
    summary: str,
    example: str,
    result: str,
    *,
    grows: bool = False,
) -> Entry:
    """Describe a built-in function; its name and the number of its arguments follow from the signature."""
    name = signature.partition("(")[0]
    least, most = arguments_of(signature)
    return Entry(Function(name, call, signature, summary, example, result, theme), check, least, most, grows)


def text(value: Any) -> str:
    """Give an argument that must be a text. Raises LanguageError."""
    if type(value) is str:
        return value
    raise LanguageError(f"interface conversion: interface {{}} is {type_name(value).strip('<>')}, not string")
