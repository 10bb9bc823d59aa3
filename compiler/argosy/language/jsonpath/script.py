"""The expressions in filters and scripts, ``[?(@.size > 5)]`` (``script/standard``).

The library looks for operators one after another in a fixed order and splits at the first place where one is found
outside quotes and brackets; whatever has no operator is text. Text values keep single quotes around them while they
are compared.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from argosy.errors import LanguageError
from argosy.language import gomath, regex
from argosy.language.gotext import format_value, parse_float, trim_space
from argosy.language.jsonpath.budget import Budget

Script = Callable[[Any, Any, Budget], Any]
PathCompiler = Callable[[str, Budget], Callable[[Any, Any, Budget], Any]]

_OPERATORS = (
    *("||", "&&", "==", "!=", "<=", ">=", "<", ">", "=~", "!", "+", "-"),
    *("**", "*", "/", "%", "not in", "in", "@", "$"),
)
_WITHOUT_RIGHT = ("$", "@")
_WITHOUT_LEFT = ("$", "@", "!")
_TRUE, _FALSE = {"1", "t", "T", "TRUE", "true", "True"}, {"0", "f", "F", "FALSE", "false", "False"}
_INTEGER = re.compile(r"[+-]?[0-9]{1,19}\Z")


class _Context(Struct, frozen=True):
    """What an expression is evaluated with."""

    root: Any
    current: Any
    budget: Budget

    def named(self, argument: Any) -> Any:
        """Replace a text that names something by what it names."""
        if not isinstance(argument, str):
            return argument
        return {"$": self.root, "@": self.current, "nil": None, "null": None}.get(argument, argument)


class _Operation(Struct, frozen=True):
    apply: Callable[[_Context], Any]


def _value(argument: Any, context: _Context) -> Any:
    context.budget.spend()
    return argument.apply(context) if isinstance(argument, _Operation) else argument


def _present(argument: Any) -> None:
    if argument is None:
        raise LanguageError("invalid argument. is nil")


def _number(argument: Any, context: _Context) -> float:
    _present(argument)
    number = parse_float(format_value(context.named(_value(argument, context))))
    if number is None:
        raise LanguageError("invalid argument. expected number")
    return number


def _integer(argument: Any, context: _Context) -> int:
    _present(argument)
    text = format_value(context.named(_value(argument, context)))
    if not _INTEGER.match(text) or not -(2**63) <= int(text) < 2**63:
        raise LanguageError("invalid argument. expected integer")
    return int(text)


def _boolean(argument: Any, context: _Context) -> bool:
    found = context.named(_value(argument, context))
    if found is None:
        return False
    text = format_value(found)
    if text not in _TRUE | _FALSE:
        raise LanguageError("invalid argument. expected boolean")
    return text in _TRUE


def _single_quoted(text: str) -> bool:
    return len(text) > 1 and text[0] == text[-1] == "'"


def _double_quoted(text: str) -> bool:
    return len(text) > 1 and text[0] == text[-1] == '"'


def _text(argument: Any, context: _Context) -> str:
    _present(argument)
    found = _value(argument, context)
    named = context.named(found)
    if not isinstance(named, str):
        return format_value(named)
    if _single_quoted(named):
        return named
    plain = named[1:-1] if _double_quoted(named) else named
    from_variable = isinstance(found, str) and found in ("$", "@")
    return f"'{plain}'" if from_variable or _double_quoted(named) else plain


def _equal(left: Any, right: Any, context: _Context) -> bool:
    numbers = _both_numbers(left, right, context)
    return numbers[0] == numbers[1] if numbers else _text(left, context) == _text(right, context)


def _both_numbers(left: Any, right: Any, context: _Context) -> tuple[float, float] | None:
    try:
        return _number(left, context), _number(right, context)
    except LanguageError:
        context.budget.spend()
        return None


def _matches(left: Any, right: Any, context: _Context) -> bool:
    text, pattern = _text(left, context), _text(right, context)
    text = text[1:-1] if _single_quoted(text) else text
    return regex.matches(pattern[1:-1] if _single_quoted(pattern) else pattern, text)


def _elements(argument: Any, context: _Context) -> list[Any]:
    _present(argument)
    found = context.named(_value(argument, context))
    if isinstance(found, dict):
        return list(found.values())
    if not isinstance(found, list):
        raise LanguageError("invalid argument. expected array, map, or slice")
    return found


def _in(left: Any, right: Any, context: _Context) -> bool:
    item: Any = left
    for convert in (_number, _text, _boolean):
        try:
            item = convert(left, context)
            break
        except LanguageError:
            context.budget.spend()
    elements = _elements(right, context)
    context.budget.spend(len(elements))
    return any(type(element) is type(item) and element == item for element in elements)


def _modulo(left: Any, right: Any, context: _Context) -> Any:
    from argosy.language.gotypes import Int64

    a, b = _integer(left, context), _integer(right, context)
    if b == 0:
        raise LanguageError("runtime error: integer divide by zero")
    return Int64(abs(a) % abs(b) * (-1 if a < 0 else 1))


def _numeric(operation: Callable[[float, float], Any]) -> Callable[[Any, Any, _Context], Any]:
    return lambda left, right, context: operation(_number(left, context), _number(right, context))


_BINARY: dict[str, Callable[[Any, Any, _Context], Any]] = {
    "||": lambda a, b, c: [_boolean(a, c), _boolean(b, c)] != [False, False],
    "&&": lambda a, b, c: [_boolean(a, c), _boolean(b, c)] == [True, True],
    "==": _equal,
    "!=": lambda a, b, c: not _equal(a, b, c),
    "<=": _numeric(lambda a, b: a <= b),
    ">=": _numeric(lambda a, b: a >= b),
    "<": _numeric(lambda a, b: a < b),
    ">": _numeric(lambda a, b: a > b),
    "=~": _matches,
    "+": _numeric(lambda a, b: a + b),
    "-": _numeric(lambda a, b: a - b),
    "**": _numeric(gomath.power),
    "*": _numeric(lambda a, b: a * b),
    "/": _numeric(gomath.divide),
    "%": _modulo,
    "not in": lambda a, b, c: not _in(a, b, c),
    "in": _in,
}


def _find(source: str, symbol: str) -> int:
    """Find an operator outside quotes and brackets; -1 if there is none (``findUnquotedOperators``)."""
    quote, square, round_ = "", 0, 0
    for index, char in enumerate(source):
        if char in "()" and not quote and square <= 0:
            round_ += 1 if char == "(" else -1
        elif char in "[]" and not quote and round_ <= 0:
            square += 1 if char == "[" else -1
        elif char in "'\"" and quote in ("", char) and square <= 0 and round_ <= 0:
            quote = "" if quote else char
        if quote or square > 0 or round_ > 0:
            continue
        start = index + 1 - len(symbol)
        if start >= 0 and source.startswith(symbol, start):
            return start
    return -1


class _Compiler:
    def __init__(self, compile_path: PathCompiler, budget: Budget) -> None:
        self.compile_path = compile_path
        self.budget = budget

    def operation(self, source: str, symbols: tuple[str, ...]) -> _Operation | None:
        """Give the operation that a text stands for, None if it is only text."""
        source = trim_space(source)
        while source and symbols:
            self.budget.spend(1 + len(source) // 8)
            symbol = symbols[0]
            if source.startswith("(") and source.endswith(")"):
                source = trim_space(source[1:-1])
                symbols = ("", *_OPERATORS)
            found = self.split(source, symbol, symbols)
            if found is not None:
                return found
            symbols = symbols[1:]
        return None

    def split(self, source: str, symbol: str, symbols: tuple[str, ...]) -> _Operation | None:
        index = _find(source, symbol)
        if index < 0:
            return None
        right_text, left_text = trim_space(source[index + len(symbol) :]), trim_space(source[:index])
        if not right_text and symbol not in _WITHOUT_RIGHT:
            return None
        right = self.argument(right_text, symbols)
        if not left_text and symbol not in _WITHOUT_LEFT:
            return None
        left = self.argument(left_text, symbols)
        if symbol in _WITHOUT_LEFT and left is not None:
            return None
        if symbol in _WITHOUT_RIGHT:
            return self.selector(source)
        if symbol == "!":
            return _Operation(lambda context: not _boolean(right, context))
        if not symbol:  # inside brackets the library looks for an empty operator first, and then cannot use it
            raise LanguageError("unsupported operator")
        apply = _BINARY[symbol]
        return _Operation(lambda context: apply(left, right, context))

    def selector(self, source: str) -> _Operation:
        path = self.compile_path(source, self.budget)

        def apply(context: _Context) -> Any:
            found = path(context.root, context.current, context.budget)
            return f"'{found}'" if isinstance(found, str) and not _single_quoted(found) else found

        return _Operation(apply)

    def argument(self, source: str, symbols: tuple[str, ...]) -> Any:
        found = self.operation(source, symbols)
        text = trim_space(source)
        if found is not None or not text:
            return found
        if (text[0] + text[-1]) in ("[]", "{}"):
            from argosy.language.sprig.encoding import parse_json

            try:
                return parse_json(text)
            except LanguageError:
                return text
        return text


def compile_script(source: str, compile_path: PathCompiler, budget: Budget) -> Script:
    """Give a function of the root, the current value and the budget. Raises LanguageError for a path that does not
    parse."""
    operation = _Compiler(compile_path, budget).operation(source, _OPERATORS)

    def run(root: Any, current: Any, left: Budget) -> Any:
        context = _Context(root, current, left)
        if not source:
            raise LanguageError("invalid expression. is empty")
        if operation is not None:
            return operation.apply(context)
        if context.named(source) is not source:
            return context.named(source)
        for convert in (_number, _boolean):
            try:
                return convert(source, context)
            except LanguageError:
                left.spend()
        return source

    return run
