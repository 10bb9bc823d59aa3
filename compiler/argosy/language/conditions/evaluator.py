"""What a condition amounts to (govaluate's ``evaluationStage.go``), and whether it lets a step run."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

from argosy.errors import LanguageError
from argosy.language import gomath
from argosy.language.conditions.parser import parse_cached
from argosy.language.conditions.tree import Access, Binary, Group, Literal, Node, Unary
from argosy.language.gotext import format_value

Value = float | bool | str | list[Any] | None

_NOT_A = {
    "&&": ("logical operator", ", it is not a bool"),
    "||": ("logical operator", ", it is not a bool"),
    "?": ("ternary operator", ", it is not a bool"),
    **dict.fromkeys(["==", "!=", ">", ">=", "<", "<=", "=~", "!~", "in"], ("comparator", ", it is not a number")),
}
_MAX_TEXT = 1_000_000


def _wrong(value: Value, node: Binary | Unary, side: Node | None) -> LanguageError:
    sort, why = (
        ("prefix", "") if isinstance(node, Unary) else _NOT_A.get(node.operator, ("modifier", ", it is not a number"))
    )
    shown = format_value(value)
    shown = shown if len(shown) < 1000 else shown[:1000] + "..."
    hint = "put text in quotes" if sort == "modifier" and isinstance(value, str) else None
    return LanguageError(
        f"Value '{shown}' cannot be used with the {sort} '{node.operator}'{why}", (side or node).start, hint=hint
    )


def _is_number(value: Value) -> bool:
    return isinstance(value, float)


def _int64(number: float) -> int:
    """Go's conversion on amd64: what does not fit gives the smallest integer."""
    if math.isfinite(number) and -(2.0**63) <= number < 2.0**63:
        return int(number)
    return -(2**63)


def _uint64(number: float) -> int:
    """Go's conversion on amd64, where too large or negative numbers wrap or saturate."""
    if math.isfinite(number) and number < 2.0**63:
        return _int64(number) % 2**64
    if math.isfinite(number) and number < 2.0**64:
        return int(number)
    return 2**63


def _shift_left(a: float, b: float) -> float:
    by = _uint64(b)
    return float((_uint64(a) << by) % 2**64) if by < 64 else 0.0


def _shift_right(a: float, b: float) -> float:
    by = _uint64(b)
    return float(_uint64(a) >> by) if by < 64 else 0.0


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "-": operator.sub,
    "*": operator.mul,
    "/": gomath.divide,
    "%": gomath.modulo,
    "**": gomath.power,
    "&": lambda a, b: float(_int64(a) & _int64(b)),
    "|": lambda a, b: float(_int64(a) | _int64(b)),
    "^": lambda a, b: float(_int64(a) ^ _int64(b)),
    "<<": _shift_left,
    ">>": _shift_right,
}
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


def _same(a: Value, b: Value) -> bool:
    """Go's DeepEqual: of one type, and equal."""
    if type(a) is not type(b):
        return False
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(_same, a, b))
    return a == b


def _contains(node: Binary, left: Value, right: Value) -> bool:
    if not isinstance(right, list):
        raise _wrong(right, node, node.right)
    for item in right:
        if isinstance(left, list) and isinstance(item, list):
            raise LanguageError("Lists cannot be looked for in lists", node.start)
        if _same(left, item):
            return True
    return False


def _matches(node: Binary, left: Value, right: Value) -> bool:
    if not isinstance(left, str):
        raise _wrong(left, node, node.left)
    if not isinstance(right, str):
        raise _wrong(right, node, node.right)
    from argosy.language import regex  # RE2 takes 2 ms to import, and few conditions match

    try:
        return regex.matches(right, left)
    except LanguageError as error:
        at = node.right.start if node.right else node.start
        raise LanguageError(f"Unable to compile regexp pattern '{right}': {error.message}", at) from None


def _add(node: Binary, left: Value, right: Value) -> Value:
    if isinstance(left, float) and isinstance(right, float):
        return left + right
    if not isinstance(left, str) and not isinstance(right, str):
        raise _wrong(left, node, node.left)
    text = format_value(left) + format_value(right)
    if len(text) > _MAX_TEXT:
        raise LanguageError(f"The text grows longer than {_MAX_TEXT} characters", node.start)
    return text


def _binary(node: Binary, left: Value, right: Value) -> Value:
    """Apply an operator that needs both sides."""
    symbol = node.operator
    if symbol == "==":
        return _same(left, right)
    if symbol == "!=":
        return not _same(left, right)
    if symbol == "in":
        return _contains(node, left, right)
    if symbol in ("=~", "!~"):
        return _matches(node, left, right) == (symbol == "=~")
    if symbol in _COMPARE:
        if not (_is_number(left) and _is_number(right)) and not (isinstance(left, str) and isinstance(right, str)):
            raise _wrong(left, node, node.left)
        return _COMPARE[symbol](left, right)
    if symbol == "+":
        return _add(node, left, right)
    if symbol == ",":
        return [*left, right] if isinstance(left, list) else [left, right]
    if not isinstance(left, float):
        raise _wrong(left, node, node.left)
    if not isinstance(right, float):
        raise _wrong(right, node, node.right)
    return _ARITHMETIC[symbol](left, right)


def _commas(node: Binary) -> Value:
    """Join ``a, b, c`` without copying the list for each comma."""
    rights: list[Node | None] = []
    first: Node | None = node
    while isinstance(first, Binary) and first.operator == ",":
        rights.append(first.right)
        first = first.left
    left = _value(first)
    items: list[Any] = list(left) if isinstance(left, list) else [left]
    items.extend(_value(right) for right in reversed(rights))
    return items


def _logical(node: Binary, left: Value) -> Value:
    """Apply an operator that may not need its right side."""
    symbol = node.operator
    if (symbol == "&&" and left is False) or (symbol == "||" and left is True):
        return left
    if symbol in (":", "??"):
        return left if left is not None else _value(node.right)
    if symbol == "?":
        right = None if left is False else _value(node.right)
        if not isinstance(left, bool):
            raise _wrong(left, node, node.left)
        return right
    right = _value(node.right)
    if not isinstance(left, bool):
        raise _wrong(left, node, node.left)
    if not isinstance(right, bool):
        raise _wrong(right, node, node.right)
    return right


def _unary(node: Unary) -> Value:
    value = _value(node.operand)
    if node.operator == "!":
        if not isinstance(value, bool):
            raise _wrong(value, node, node.operand)
        return not value
    if not isinstance(value, float):
        raise _wrong(value, node, node.operand)
    return -value if node.operator == "-" else float(~_int64(value))


def _value(node: Node | None) -> Value:
    spine: list[Binary] = []
    while isinstance(node, Binary) and node.operator != ",":
        spine.append(node)
        node = node.left
    value: Value
    match node:
        case None:
            value = None
        case Literal():
            value = node.value
        case Group():
            value = _value(node.inner)
        case Unary():
            value = _unary(node)
        case Access():
            _value(node.arguments)
            raise LanguageError(
                f"No parameter '{node.path.partition('.')[0]}' found.", node.start, hint="put text with dots in quotes"
            )
        case _:
            value = _commas(node)
    for parent in reversed(spine):
        if parent.operator in ("&&", "||", "?", ":", "??"):
            value = _logical(parent, value)
        else:
            value = _binary(parent, value, _value(parent.right))
    return value


def evaluate(node: Node) -> Value:
    """Give the value of a condition's tree: a number (float), a text, a bool, a list or None.

    Raises LanguageError where an operator meets a type that it cannot take.
    """
    return _value(node)


def is_true(condition: str, params: Mapping[str, Any] | None = None) -> bool:
    """Tell whether a ``when`` lets its step run, after substituting params if given.

    An empty condition does. Substitution is that of a step: a tag that starts with ``steps`` or ``tasks`` must
    resolve. Raises LanguageError, with the place in the substituted condition, where Argo makes the node an error
    (Argo 4.1: ``shouldExecute``).
    """
    if params is not None:
        from argosy.language.substitution import STEP_PREFIXES, substitute_template

        condition = substitute_template({"when": condition}, params, strict_prefixes=STEP_PREFIXES)["when"]
    if condition == "":
        return True
    try:
        value = evaluate(parse_cached(condition))
    except LanguageError as error:
        raise LanguageError(error.message, error.position, text=condition, hint=error.hint) from None
    if not isinstance(value, bool):
        raise LanguageError(f"Expected boolean evaluation for '{condition}'. Got {format_value(value)}", text=condition)
    return value
