"""Evaluating expressions, with Argo's messages where that fails (v4.1 util/expr/argoexpr, and expr's file.Error)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from argosy.errors import LanguageError
from argosy.simulate.controller.operation import Refused

_FAILED = "failed to evaluate expression: "
_BAD_NUMBER = re.compile(r'bad number syntax: "(.*)"', re.DOTALL)
_OPERATION = re.compile(r"invalid operation: (\S+) \(mismatched")
_WITHOUT_PLACE = ("unable to cast expression result", "the expression makes too large", "the expression, or a value")


def holds(expression: str, variables: Mapping[str, Any]) -> bool:
    """Give the truth of an expression (argoexpr.EvalBool). Raises Refused."""
    from argosy.language import evaluate_bool

    try:
        return evaluate_bool(expression, variables)
    except LanguageError as error:
        raise Refused(_of_bool(error, expression, variables)) from None


def value(expression: str, variables: Mapping[str, Any]) -> Any:
    """Give the value of an expression. Raises Refused."""
    from argosy.language import evaluate

    try:
        return evaluate(expression, variables)
    except LanguageError as error:
        raise Refused(located(error, expression)) from None


def _of_bool(error: LanguageError, expression: str, variables: Mapping[str, Any]) -> str:
    from argosy.language.expr.environment import with_functions
    from argosy.language.expr.program import prepare

    if error.message.startswith(_WITHOUT_PLACE):
        return error.message
    try:
        prepare(expression, with_functions(variables, needs_sprig=True))
    except LanguageError:
        return located(error, expression)
    return f"unable to evaluate expression '{expression}': {located(error, expression)}"


def located(error: LanguageError, expression: str) -> str:
    """Give an error's message with its place and the line, as expr prints them."""
    if error.message.startswith(_WITHOUT_PLACE):
        return error.message
    before = expression[: _place(error, expression)]
    line = before.count("\n")
    column = len(before) - (before.rfind("\n") + 1)
    shown = expression.split("\n")[line].replace("\t", " ")
    snippet = f"\n | {shown}"
    if shown[: column + 1].isascii():
        snippet += "\n | " + "." * min(column, len(shown)) + "^"
    return f"{error.message} ({line + 1}:{column + 1}){snippet}"


def _place(error: LanguageError, expression: str) -> int:
    """Give the place that expr names: of an operation its operator, of a bad number its last character."""
    number = _BAD_NUMBER.match(error.message)
    if number:
        return error.position + len(number[1]) - 1
    operation = _OPERATION.match(error.message)
    if operation:
        from argosy.language.expr import nodes, parse

        for node in nodes.walk(parse(expression)):
            if isinstance(node, nodes.Binary) and node.start == error.position and node.operator == operation[1]:
                return max(expression.find(node.operator, node.left.end), error.position)
    return error.position


def of_tag(error: LanguageError) -> str:
    """Give the message of a substitution's error; of an expression that failed, with its place."""
    if not error.message.startswith(_FAILED) or error.message.endswith(" is missing") or error.text is None:
        return error.message
    from argosy.language.tags import Tag, parse

    try:
        segments = parse(error.text)
    except LanguageError:
        return error.message
    for segment in segments:
        if isinstance(segment, Tag) and segment.is_expression and segment.start <= error.position <= segment.end:
            return _FAILED + located(_relative(error, segment.expression_start), _unescaped(segment.expression))
    return error.message


def _relative(error: LanguageError, start: int) -> LanguageError:
    return LanguageError(error.message.removeprefix(_FAILED), max(0, error.position - start))


def _unescaped(source: str) -> str:
    try:
        return str(json.loads(f'"{source}"'))
    except ValueError:
        return source
