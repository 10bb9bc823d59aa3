"""Expressions in tags that fail with every value that their variables can have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from math import prod
from typing import TYPE_CHECKING

from argosy.errors import LanguageError
from argosy.lint.context import Context
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule
from argosy.lint.rules.expression_tags import TagAt, tags
from argosy.source import Address, at

if TYPE_CHECKING:
    from argosy.language.expr.nodes import Node

_PLAIN = frozenset(["==", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/", "%", "and", "or", "&&", "||"])
_FUNCTIONS = frozenset(["int", "float", "string", "asInt", "asFloat", "lower", "upper", "trim"])

_MOST = 2000


@rule(Severity.ERROR, over=tags)
def expression_always_fails(one: TagAt, context: Context) -> Iterator[Problem]:
    """An expression in a tag cannot be evaluated, whatever the values in it are, or with those of the parameters.

    Parameters, results and items are texts to an expression: `item * 10` or `inputs.parameters.jobs + 1` is an error,
    and `asInt(item) * 10` is not. In the arguments of a step it ends the step in Error; in a template the tag stays as
    it is, and the container gets it as text. Argo's linter does not look into expressions.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: deploy-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - name: deploy
                    template: deploy
                    withItems: [1, 2]
                    arguments:
                      parameters:
                        - name: port
                          value: "{{=item + 8000}}"  # here
            - name: deploy
              inputs: {parameters: [{name: port}]}
              container: {image: "alpine:3.20", command: [deploy, "{{inputs.parameters.port}}"]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: deploy-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps:
                - - name: deploy
                    template: deploy
                    withItems: [1, 2]
                    arguments:
                      parameters:
                        - name: port
                          value: "{{=asInt(item) + 8000}}"
            - name: deploy
              inputs: {parameters: [{name: port}]}
              container: {image: "alpine:3.20", command: [deploy, "{{inputs.parameters.port}}"]}
    """
    if not one.tag.is_expression or "when" in one.address or "expression" in one.address or "hooks" in one.address:
        return
    from argosy.language.expr import parse

    try:
        tree = parse(one.tag.expression)
    except LanguageError:
        return
    values = _values(tree, one.address, context)
    if values is None or not values or not _is_plain(tree):
        return
    fault = _fault(one.tag.expression, values)
    if fault is not None:
        message, hint = fault
        known = [next(iter(found)) for found in values.values() if len(found) == 1]
        given = f" with {' and '.join(map(repr, known))}" if known else ""
        stays = "steps" not in one.address and "tasks" not in one.address
        yield Problem(
            f"the expression cannot be evaluated{given}: {message}" + (": the tag stays as it is" if stays else ""),
            one.address,
            hint or "texts are made numbers by asInt(...) or asFloat(...)",
            chars=(one.tag.start, one.tag.end),
            severity=Severity.WARNING if stays else None,
        )


def _values(tree: Node, address: Address, context: Context) -> dict[str, tuple[str, ...]] | None:
    """Give the values to try for each variable, all of them texts; None where one may be something else."""
    from argosy.lint.paths import paths
    from argosy.lint.trial import sample

    given = {one.name: one.value for one in context.spec.arguments.parameters if one.value_from is None}
    out: dict[str, tuple[str, ...]] = {}
    for path in paths(tree):
        parts = path.parts
        if path.optional or any("." in part for part in parts):
            return None
        if parts[0] in _FUNCTIONS and len(parts) == 1:
            continue
        some = tuple(text for text in sample("string", tree).values if text is not None)
        match parts:
            case ("workflow", "parameters", name) if name != "json":
                value = given.get(name)
                known = value not in (None, "") and "{{" not in str(value)
                out[path.name] = (str(value),) if known else some
            case ("inputs", "parameters", _) | ("steps" | "tasks", _, "outputs", "result"):
                out[path.name] = some
            case ("item",) if _loops(address, context):
                out[path.name] = some
            case _:
                return None
    return out


def _loops(address: Address, context: Context) -> bool:
    """Whether a place belongs to a step or task with a loop whose items are no maps or lists."""
    calls = [address[: n + width] for n, step in enumerate(address) for width in (3, 2) if step in ("steps", "tasks")]
    for call in reversed(calls):
        data = at(context.manifest.data, call)
        if isinstance(data, dict) and ("withItems" in data or "withSequence" in data):
            items = data.get("withItems")
            return not isinstance(items, list) or not any(isinstance(item, dict | list) for item in items)
    return False


def _fault(expression: str, values: Mapping[str, tuple[str, ...]]) -> tuple[str, str | None] | None:
    """Give the first error and its hint, if there is one with all values."""
    from argosy.language.expr import evaluate

    first: tuple[str, str | None] | None = None
    if prod(map(len, values.values())) > _MOST:
        return None
    for chosen in product(*values.values()):
        try:
            evaluate(expression, dict(zip(values, chosen, strict=True)))
            return None
        except LanguageError as error:
            first = first or (error.message, error.hint)  # the error itself would hold on to this frame
    return first


def _is_plain(tree: Node) -> bool:
    """Whether it asks no more of a text than that it be one, or a number."""
    from argosy.language.expr import nodes as n

    for node in n.walk(tree):
        match node:
            case n.Binary(operator=operator) if operator not in _PLAIN:
                return False
            case n.Builtin(name=name) if name not in _FUNCTIONS:
                return False
            case n.Call(callee=callee) if not (isinstance(callee, n.Identifier) and callee.name in _FUNCTIONS):
                return False
            case n.Slice() | n.Predicate() | n.Let() | n.Map() | n.Sequence() | n.Pointer():
                return False
            case _:
                pass
    return True
