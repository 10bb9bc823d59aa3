"""Expression trees as text, in the simplest form that is right: a plain tag, then a ``when``, then ``{{=...}}``.

The forms differ in what they do with a value. A tag and a ``when`` paste its text, so a ``when`` is right only where
that text cannot change the condition: numbers, truth values and words that the type lists. Free text could hold a
quotation mark, so it is compared within ``{{=...}}``, which knows values (Argo v4.1 ``util/template``,
``steps.go:shouldExecute``).
"""

from __future__ import annotations

import json
import re
from contextvars import ContextVar
from typing import Any, cast

from argosy.frontend import hints
from argosy.frontend.expressions import (
    REPR,
    Choice,
    Expression,
    Function,
    GlobalOutput,
    Member,
    Not,
    Operation,
    Raw,
    Shared,
    Slice,
    Variable,
)
from argosy.frontend.places import fail

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_RESERVED = {"true", "false", "in", "and", "or", "not", "nil", "null"}
_BINDING = {
    "||": 1,
    "&&": 2,
    "in": 3,
    "==": 3,
    "!=": 3,
    "<": 3,
    "<=": 3,
    ">": 3,
    ">=": 3,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "%": 6,
    "**": 7,
}
_COERCE = {int: "asInt({})", float: "asFloat({})", bool: "{} == 'true'", type(None): "{}", str: "{}"}
_NUMBERS = (int, float)


USED: ContextVar[dict[str, Any] | None] = ContextVar("used", default=None)
"""The workflow parameters that were written, by name: those that the workflow has to declare."""


def _note(value: Variable) -> None:
    used = USED.get() if isinstance(value, Shared) else None
    if used is not None:
        used.setdefault(value.path[2], value)


def tag(value: Expression) -> str:
    """Give the text that Argo replaces by the value: a plain tag where one will do."""
    if isinstance(value, Variable):
        _note(value)
        plain = ".".join(value.path)
        return "{{=fromJSON(" + plain + ")}}" if value.doubly else "{{" + plain + "}}"
    if isinstance(value, Function) and _is_own_text(value.name, value.arguments[0]):
        return tag(cast(Expression, value.arguments[0]))
    if isinstance(value, Operation) and value.operator == "+" and value.hint is str:
        return "".join(tag(v) if isinstance(v, Expression) else hints.encode(v) for v in (value.left, value.right))
    return "{{=" + expression(value) + "}}"


def _is_own_text(function: str, value: object) -> bool:
    """Tell whether a value needs no conversion to text or JSON: it travels as that text."""
    if not isinstance(value, Variable) or value.doubly:
        return False
    kind = hints.base(value.hint)
    return (function == "string" and kind in (str, int, bool)) or (
        function == "toJson" and kind is not Any and (kind in (int, bool) or hints.is_json(value.hint))
    )


def text(value: object) -> str:
    """Give any value as the text that Argo passes: constants encoded, references as tags, lists as JSON."""
    if isinstance(value, str):
        if REPR in value:
            fail("a list of values of the run is no text", hint="write `json_of(...)` from argosy")
        return value
    if isinstance(value, Expression):
        return tag(value)
    if isinstance(value, (list, tuple, dict)) and _holds_expression(value):
        return _json_with_tags(value)
    return hints.encode(value)


def _holds_expression(value: object) -> bool:
    if isinstance(value, Expression):
        return True
    if isinstance(value, dict):
        return any(_holds_expression(v) for v in value.values())
    return isinstance(value, (list, tuple)) and any(_holds_expression(v) for v in value)


def _json_with_tags(value: object) -> str:
    """JSON of references: numbers can be pasted, text cannot (it may hold quotation marks)."""
    if _pastes(value):
        return _paste(value)
    return "{{=toJson(" + expression(value) + ")}}"


def _pastes(value: object) -> bool:
    if isinstance(value, Variable):
        return hints.base(value.hint) in (int, float, bool) or hints.is_json(value.hint)
    if isinstance(value, (list, tuple)):
        return all(_pastes(v) for v in value)
    if isinstance(value, dict):
        return all(_pastes(v) for v in value.values())
    return not isinstance(value, Expression)


def _paste(value: object) -> str:
    if isinstance(value, Variable):
        return tag(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)}: {_paste(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_paste(v) for v in value) + "]"
    return json.dumps(hints.plain(value))


def condition(value: object) -> str:
    """Give a condition as the ``when`` of a step or task."""
    if not isinstance(value, Expression):
        return "true" if value else "false"
    if isinstance(value, Variable):
        return f"{tag(value)} == true"
    written = _when(value)
    return written[0] if written else tag(value)


def _when(value: object) -> tuple[str, int] | None:
    """Write a condition in the language of ``when``, with how strongly it binds; None where pasted text is not safe."""
    if isinstance(value, Not):
        inner = _when(value.value)
        return (f"!({inner[0]})", 9) if inner else None
    if isinstance(value, Operation):
        sides = [_when(value.left), _when(value.right)]
        if any(side is None for side in sides) or value.operator in ("in", "**"):
            return None
        binding = _BINDING[value.operator]
        left, right = [s for s in sides if s is not None]
        return f"{_wrap(left, binding)} {value.operator} {_wrap(right, binding + 1)}", binding
    word = _when_word(value)
    return (word, 10) if word is not None else None


def _when_word(value: object) -> str | None:
    if isinstance(value, Variable):
        kind = hints.base(value.hint)
        pasted = kind in (int, float, bool) or (hints.is_text(value.hint) and _all_words(hints.literals(value.hint)))
        return tag(value) if pasted else None
    if isinstance(value, Expression):
        return None
    value = hints.plain(value)
    if isinstance(value, str):
        return value if _all_words((value,)) else None
    return json.dumps(value) if isinstance(value, (bool, int, float)) else None


def _all_words(values: tuple[object, ...]) -> bool:
    return bool(values) and all(isinstance(v, str) and _WORD.match(v) and v not in _RESERVED for v in values)


def _wrap(written: tuple[str, int], outer: int) -> str:
    return f"({written[0]})" if written[1] < outer else written[0]


def expression(value: object) -> str:
    """Give a value in Argo's expression language, without braces, as in a hook's ``expression``."""
    return _expression(value)[0]


def _expression(value: object) -> tuple[str, int]:
    match value:
        case Variable():
            return _variable(value)
        case GlobalOutput():
            return _global_output(value)
        case Raw(text=written):
            return written, 0
        case Operation(operator=operator, left=left, right=right):
            binding = _BINDING[operator]
            shortened = _truth(value)
            if shortened is not None:
                return shortened
            if operator == "-" and type(left) is int and not left:
                return f"-{_wrap(_expression(right), 8)}", 8
            one, other = _expression(left), _expression(right)
            return f"{_wrap(one, binding)} {operator} {_wrap(other, binding + 1)}", binding
        case Not(value=inner):
            return f"!({expression(inner)})", 9
        case Member(base=base, key=key):
            return _failure(base, key) or (_member(base, key), 10)
        case Slice(base=base, start=start, end=end):
            ends = ["" if e is None else expression(e) for e in (start, end)]
            return f"{_wrap(_expression(base), 10)}[{ends[0]}:{ends[1]}]", 10
        case Function(name=name, arguments=arguments):
            return f"{name}({', '.join(expression(a) for a in arguments)})", 10
        case Choice(condition=test, yes=yes, no=no):
            return f"{_wrap(_expression(test), 1)} ? {_wrap(_expression(yes), 1)} : {_wrap(_expression(no), 1)}", 0
        case list() | tuple():
            return f"[{', '.join(expression(v) for v in value)}]", 10
        case dict():
            inside = ", ".join(f"{_quote(str(k))}: {expression(v)}" for k, v in value.items())
            return "{" + inside + " }", 10
    return _constant(hints.plain(value)), 10


def _truth(value: Operation) -> tuple[str, int] | None:
    """``flag == True`` is the flag's text compared with ``true``; no need to compare twice."""
    if value.operator in ("==", "!=") and isinstance(value.left, Variable) and isinstance(value.right, bool):
        return f"{path(value.left)} {value.operator} '{str(value.right).lower()}'", 3
    return None


def _variable(value: Variable) -> tuple[str, int]:
    kind = hints.base(value.hint)
    if value.doubly:
        return f"fromJSON(fromJSON({path(value)})) ?? []", 0  # Argo has null for none
    if hints.is_artifact(value.hint):
        return path(value), 10
    return _COERCE.get(kind, "fromJSON({})").format(path(value)), 3 if kind is bool else 10


def _global_output(value: GlobalOutput) -> tuple[str, int]:
    used = USED.get()
    if used is not None:
        used.setdefault(f"outputs.{value.name}", value)
    plain = f"workflow.outputs?.parameters?.{value.name} ?? {_quote(hints.encode(value.default))}"
    kind = hints.base(value.hint)
    if kind is bool:
        return f"({plain}) == 'true'", 3
    return (plain, 0) if kind is str else (_COERCE.get(kind, "fromJSON({})").format(plain), 10)


def path(value: Variable) -> str:
    """Give a variable as an expression names it: ``steps['do-work'].outputs.result``."""
    _note(value)
    first, *rest = value.path
    return first + "".join(f".{part}" if _WORD.match(part) else f"[{_quote(part)}]" for part in rest)


def _failure(base: Expression, key: object) -> tuple[str, int] | None:
    """One of the failures, which is not there on success: Argo resolves it also where a condition does not hold."""
    if isinstance(base, Variable) and base.doubly and isinstance(key, int):
        return f"get({_expression(base)[0]}, {key})", 10
    if isinstance(base, Member) and isinstance(base.base, Variable) and base.base.doubly:
        return f"{_expression(base)[0]}?.{key} ?? ''", 0
    return None


def _member(base: Expression, key: object) -> str:
    written, binding = _expression(base)
    held = f"({written})" if binding < 10 else written
    if isinstance(key, str) and _WORD.match(key):
        return f"{held}.{key}"
    return f"{held}[{expression(key)}]"


def _constant(value: Any) -> str:
    if isinstance(value, str):
        return _quote(value)
    if value is None:
        return "nil"
    if isinstance(value, (list, dict)):
        return expression(value)
    return json.dumps(value)


def _quote(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("}}", "}\\x7d")
    return f"'{escaped}'"
