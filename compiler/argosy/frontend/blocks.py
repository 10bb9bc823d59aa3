"""The blocks of a body that is traced, which say how its steps run: ``when``, ``parallel``, ``after``, ``each``, ..."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from argosy.frontend import hints
from argosy.frontend.expressions import Expression, Not, Operation, Variable
from argosy.frontend.graph import Loop, Recorder, gather, recorder_for
from argosy.frontend.places import caller, fail

T = TypeVar("T")


@contextmanager
def when(condition: bool) -> Iterator[None]:
    """Run the steps of the block only if the condition holds: ``with when(run.status != "Succeeded"):``."""
    recorder = recorder_for("when(...)")
    check_condition(condition)
    recorder.conditions.append(condition)
    try:
        yield
    finally:
        recorder.conditions.pop()
        recorder.closed = condition


def check_condition(condition: object) -> None:
    """Refuse what is no condition. Raises CompileError."""
    hint = condition.hint if isinstance(condition, Expression) else type(condition)
    if hints.base(hint) in (bool, Any):
        return
    advice = "compare it: `when(rows > 3)`"
    if isinstance(condition, str):
        advice = "compare the values themselves, `when(a == b)`; Argo's own language is `expr(...)`"
    fail(f"a condition is true or false, and this is {hints.name_of(hint)}", hint=advice)


@contextmanager
def otherwise() -> Iterator[None]:
    """Run the steps of the block only if the condition of the ``when`` before it does not hold."""
    recorder = recorder_for("otherwise()")
    if recorder.closed is None:
        fail(
            "otherwise() follows a `with when(...):` block",
            hint="put it right after the block, at the same indentation",
        )
    with when(cast(bool, negate(recorder.closed))):
        yield


def negate(condition: object) -> object:
    """Turn a condition round; a comparison simply takes the opposite operator."""
    opposite = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
    if isinstance(condition, Operation) and condition.operator in opposite:
        return Operation(cast(Any, opposite[condition.operator]), condition.left, condition.right, hint=bool)
    return Not(condition, hint=bool) if isinstance(condition, Expression) else not condition


@contextmanager
def parallel() -> Iterator[None]:
    """Run the steps of the block side by side. In a DAG, tasks do so anyway."""
    recorder = recorder_for("parallel()")
    if recorder.parallel == 0:
        recorder.groups += 1
    recorder.parallel += 1
    try:
        yield
    finally:
        recorder.parallel -= 1


@contextmanager
def in_order() -> Iterator[None]:
    """Run the tasks of the block one after the other. In steps, they do so anyway."""
    recorder = recorder_for("in_order()")
    recorder.chain.append(None)
    try:
        yield
    finally:
        recorder.chain.pop()


@contextmanager
def after(*needed: object) -> Iterator[None]:
    """Run the tasks of the block after others: steps, their results, or outcomes as ``a.failed | b.failed``."""
    from argosy.frontend.depends import depends_on

    recorder = recorder_for("after(...)")
    if recorder.scope == "steps":
        fail("after(...) orders the tasks of a DAG; steps run in the order written", hint="make the function a @dag")
    recorder.after.append(tuple(depends_on(list(needed))))
    try:
        yield
    finally:
        recorder.after.pop()


def each(items: Iterable[T]) -> Iterator[T]:
    """Run the steps of the loop's body once per item: ``for size in each(sizes):``, or in a comprehension, to collect.

    The items can be a list, a ``range``, a ``sequence(...)``, or a list that another step gives.
    """
    recorder = recorder_for("each(...)")
    loop = _loop(items, recorder)
    recorder.loops.append(loop)
    try:
        yield loop.item
    finally:
        recorder.loops.remove(loop)


def _loop(items: object, recorder: Recorder) -> Loop:
    from argosy.frontend.context import Environment

    place = caller()
    if isinstance(items, Sequence):
        return Loop(None, Variable(("item",), hint=int if items.format is None else str), place, items.fields())
    if isinstance(items, range):
        return _loop(Sequence.of_range(items), recorder)
    if isinstance(items, Expression):
        return Loop(items, _item(hints.element_hint(items.hint)), place)
    if isinstance(items, Environment) or not isinstance(items, (list, tuple)):
        fail("each(...) takes a list, a range, a sequence(...), or a list that a step gives", place=place)
    gathered = gather(list(items), recorder)
    if gathered is not None:
        return Loop(gathered, _item(hints.element_hint(gathered.hint)), place)
    kinds = {type(v) for v in items}
    return Loop(list(items), _item(kinds.pop() if len(kinds) == 1 else Any, list(items)), place)


def _item(hint: Any, items: list[Any] | None = None) -> Any:
    if hints.is_named_tuple(hint):
        return hint(*(Variable(("item", name), hint=of) for name, of in hints.fields(hint).items()))
    if hint is tuple and items and len({len(v) for v in items}) == 1:
        return tuple(Variable(("item", str(i)), hint=type(v)) for i, v in enumerate(items[0]))
    return Variable(("item",), hint=hint)


@dataclass(frozen=True, slots=True)
class Sequence:
    """A run of numbers that Argo counts; see :func:`sequence`."""

    count: object = None
    start: object = None
    end: object = None
    format: str | None = None

    def __iter__(self) -> Iterator[Any]:
        fail("a sequence is for each(...)", hint="write `for i in each(sequence(...)):`")

    def fields(self) -> dict[str, object]:
        """Give Argo's ``withSequence``."""
        named = {"count": self.count, "start": self.start, "end": self.end, "format": self.format}
        return {k: v for k, v in named.items() if v is not None}

    @staticmethod
    def of_range(numbers: range) -> Sequence:
        """Give the sequence of a range. Raises CompileError for other steps than 1 and -1."""
        if abs(numbers.step) != 1 or not len(numbers):
            fail("Argo counts by ones, at least once", hint=f"pass a list: each(list({numbers}))")
        if numbers.start == 0 and numbers.step == 1:
            return Sequence(count=len(numbers))
        return Sequence(start=numbers.start, end=numbers[-1])


def sequence(
    *, count: int | None = None, start: int | None = None, end: int | None = None, format: str | None = None
) -> Iterable[int]:
    """Count: ``sequence(count=n)`` gives 0 to n-1, ``sequence(start=a, end=b)`` a to b. Steps may give the numbers."""
    if (count is None) == (end is None):
        fail("a sequence has either a count or an end")
    return cast(Iterable[int], Sequence(count, start, end, format))
