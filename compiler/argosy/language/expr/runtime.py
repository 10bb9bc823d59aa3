"""What an evaluation carries along: environment, variables, the item at hand, and the budgets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from argosy.errors import LanguageError
from argosy.language.expr import nodes as n
from argosy.language.expr.places import place

MEMORY_BUDGET = 1_000_000
"""How many items an expression may make (expr's ``DefaultMemoryBudget``)."""

WORK_BUDGET = 40_000_000
"""How much the functions of an expression may read and write: built-in ones 1 a character, others, which are slower,
8 a character or item, however deep. expr has no such limit."""

_SLOW = 8

STEP_BUDGET = 2_000_000
"""How often predicates may be evaluated. expr has no such limit and would run for hours."""


class Runtime:
    """One evaluation."""

    __slots__ = ("environment", "index", "item", "litter", "memory", "steps", "text", "total", "variables", "work")

    def __init__(self, environment: Mapping[str, Any], variables: int, text: str) -> None:
        self.environment = environment
        self.variables: list[Any] = [None] * variables
        self.text = text
        self.item: Any = None
        self.index = 0
        self.total: Any = None
        self.litter: list[Any] = []
        """What findLast leaves on the stack of expr's machine, where operands are then mistaken for it."""
        self.memory = 0
        self.steps = 0
        self.work = 0

    def grow(self, size: int, node: n.Node) -> None:
        """Count items that were made. Raises LanguageError when there are too many."""
        self.memory += size
        if self.memory >= MEMORY_BUDGET:
            raise LanguageError(
                "memory budget exceeded", node.start, text=self.text, hint="an expression may make a million items"
            )

    def gather(self, values: Iterable[Any]) -> list[Any]:
        """Give what expr's machine takes for these values: as many as there are, from the top of its stack."""
        start, count, stack = len(self.litter), 0, list[Any]()
        for value in values:
            stack += self.litter[start:]
            del self.litter[start:]
            stack.append(value)
            count += 1
        stack += self.litter[start:]
        self.litter[start:] = stack[: len(stack) - count]
        return stack[len(stack) - count :]

    def spend(self, steps: int, node: n.Node) -> None:
        """Count evaluations of a predicate. Raises LanguageError when there are too many."""
        self.steps += steps
        if self.steps > STEP_BUDGET:
            raise LanguageError("the expression takes too many steps", node.start, text=self.text)

    def counted(self, found: Any, values: Iterable[Any], node: n.Node) -> Any:
        """Give what a built-in function made of values. Raises LanguageError when that is too much."""
        size = len(found) if type(found) is str else len(found) * _SLOW if isinstance(found, list) else 0
        for value in values:
            if type(value) is str:
                size += len(value)
        self._add_work(size, node)
        return found

    def weigh(self, values: Iterable[Any], node: n.Node) -> None:
        """Count what a slow function reads or writes. Raises LanguageError when that is too much."""
        size = 0
        for value in values:
            if type(value) is str:
                size += len(value)
            elif isinstance(value, (list, dict)):
                size += _size(value, {}, 0)
        self._add_work(size * _SLOW, node)

    def _add_work(self, size: int, node: n.Node) -> None:
        self.work += size
        if self.work > WORK_BUDGET:
            raise LanguageError("the expression is too much work", node.start, text=self.text)

    def pay(self, values: Iterable[Any], node: n.Node) -> None:
        """Count what an operation within a predicate looks at, where that is much."""
        for value in values:
            if isinstance(value, (list, dict)):
                self.spend(len(value), node)
            elif isinstance(value, str):
                self.spend(len(value) >> 6, node)


Code = Callable[[Runtime], Any]


def located(error: LanguageError, node: n.Node, rt: Runtime) -> LanguageError:
    """Give the error the place of a node, unless it has one."""
    if error.text is None:
        error.position, error.text = place(node, rt.text), rt.text
    return error


MAX_DEPTH = 200
"""How deep the lists and maps that an expression makes may nest."""


def bounded(value: Any) -> Any:
    """Give the value back. Raises LanguageError if it would be huge when written: a list may hold a list, or a text,
    many times over."""
    if isinstance(value, (list, dict)) and _size(value, {}, 0) > 5 * MEMORY_BUDGET:
        raise LanguageError("memory budget exceeded", hint="a list holds the same value many times over")
    return value


def _size(value: Any, known: dict[int, int], depth: int) -> int:
    if not isinstance(value, (list, dict)):
        return 1 + len(value) if isinstance(value, str) else 1
    if id(value) not in known:
        if depth > MAX_DEPTH:
            raise LanguageError("the value is nested too deeply")
        items = value.values() if isinstance(value, dict) else value
        known[id(value)] = 1 + sum(_size(item, known, depth + 1) for item in items)
    return known[id(value)]


def may_share(tree: n.Node) -> bool:
    """Whether an expression can put one list several times into another, again and again."""
    return any(
        isinstance(node, n.Let) or (isinstance(node, n.Builtin) and node.name == "reduce") for node in n.walk(tree)
    )
