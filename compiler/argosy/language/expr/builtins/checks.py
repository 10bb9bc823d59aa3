"""How calls of built-in functions are checked: a check takes the arguments' natures and gives the result's."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from argosy.errors import LanguageError
from argosy.language.expr.natures import ANY, FLOAT, UNKNOWN, Nature, Signature, signature

Check = Callable[[Sequence[Nature]], Nature]

_ITEMS = frozenset(["slice", "any", "unknown"])
_NUMERIC = frozenset(["int", "int64", "uint8", "float"])


def check_signature(name: str, wanted: Signature, arguments: Sequence[Nature]) -> Nature:
    """Check arguments against one signature (``checkArguments``). Raises LanguageError."""
    if wanted.results > 2:
        raise LanguageError(f"func {name} returns more then two values")
    if len(arguments) != len(wanted.parameters):
        amount = "too many" if len(arguments) > len(wanted.parameters) else "not enough"
        raise LanguageError(f"{amount} arguments to call {name}")
    for argument, parameter in zip(arguments, wanted.parameters, strict=True):
        if parameter.is_integer and argument.is_integer:
            continue
        if argument.kind == "nil":
            if parameter.kind not in ("pointer", "any"):
                raise LanguageError(f"cannot use nil as argument (type {parameter}) to call {name}")
        elif not argument.is_unknown and not argument.assignable_to(parameter):
            raise LanguageError(f"cannot use {argument} as argument (type {parameter}) to call {name}")
    return wanted.result


def overloads(name: str, *texts: str) -> Check:
    """Give the check of a function with these signatures: the first that fits."""
    signatures = [signature(text) for text in texts]

    def check(arguments: Sequence[Nature]) -> Nature:
        failure: LanguageError | None = None
        for wanted in signatures:
            try:
                return check_signature(name, wanted, arguments)
            except LanguageError as error:
                failure = error
        raise failure or LanguageError(f"no matching overload for {name}")

    return check


def _kind(nature: Nature) -> str:
    return "any" if nature.kind == "unknown" else nature.kind


def counted(arguments: Sequence[Nature], count: int) -> None:
    """Raise LanguageError unless there are that many arguments."""
    if len(arguments) != count:
        raise LanguageError(f"invalid number of arguments (expected {count}, got {len(arguments)})")


def one(name: str, kinds: Sequence[str], result: Nature | None, message: str = "") -> Check:
    """Give the check of a function with one argument of these kinds; without ``result``, it gives what it takes."""
    allowed = frozenset([*kinds, "any"])

    def check(arguments: Sequence[Nature]) -> Nature:
        counted(arguments, 1)
        if _kind(arguments[0]) not in allowed:
            raise LanguageError(f"{message or f'invalid argument for {name}'} (type {arguments[0]})")
        return (ANY if arguments[0].is_unknown else arguments[0]) if result is None else result

    return check


def number(name: str, result: Nature | None = FLOAT, *, texts: bool = False) -> Check:
    """Give the check of a function of one number, or text if allowed."""
    return one(name, [*_NUMERIC, *(["string"] if texts else [])], result)


def end_item(name: str) -> Check:
    """Give the check of ``first`` and ``last``: the nature of an item."""

    def check(arguments: Sequence[Nature]) -> Nature:
        counted(arguments, 1)
        if _kind(arguments[0]) == "any":
            return ANY
        if arguments[0].kind != "slice":
            raise LanguageError(f"cannot get {name} element from {arguments[0]}")
        # the item of the type, not what is known of the items: []any gives any
        return ANY if arguments[0].name == "[]interface {}" else arguments[0].item or UNKNOWN

    return check


def aggregate(name: str) -> Check:
    """Give the check of ``max``, ``mean``, ...: numbers or lists; the nature of the first if all are numbers."""

    def check(arguments: Sequence[Nature]) -> Nature:
        if not arguments:
            raise LanguageError(f"not enough arguments to call {name}")
        for argument in arguments:
            if _kind(argument) in _ITEMS:
                return ANY
            if argument.kind not in _NUMERIC:
                raise LanguageError(f"invalid argument for {name} (type {argument})")
        return arguments[0]

    return check


def lists(verb: str, result: Nature, *, least: int = 1, most: int | None = 1) -> Check:
    """Give the check of a function of lists."""

    def check(arguments: Sequence[Nature]) -> Nature:
        if len(arguments) < least or (most is not None and len(arguments) > most):
            raise LanguageError(f"invalid number of arguments (expected {least}, got {len(arguments)})")
        for argument in arguments:
            if _kind(argument) not in _ITEMS:
                raise LanguageError(f"cannot {verb} {argument}")
        return result

    return check
