"""References as trees: values that exist only when the workflow runs, and what Python does with them.

While a template's body is traced, its inputs and the results of its steps are expressions that stand for the declared
types. Operators, indexing and attributes build larger trees; nothing here is text. ``render`` chooses the text.
"""

from __future__ import annotations

import typing
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from argosy.errors import Place
from argosy.frontend import hints
from argosy.frontend.advice import refuse_decision
from argosy.frontend.places import caller, fail, source_line

if TYPE_CHECKING:
    from argosy.frontend.graph import Node

REPR = "<a value of the run: "
"""How the ``repr`` of an expression begins."""

Operator = Literal["==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "**", "&&", "||", "in"]


@dataclass(eq=False, slots=True, repr=False)
class Expression:
    """A value of a run. ``hint`` is the Python type that it stands for."""

    hint: Any = field(default=str, kw_only=True)

    def __eq__(self, other: object) -> Any:
        """Compare in the workflow, not in Python."""
        return compare("==", self, other)

    def __ne__(self, other: object) -> Any:
        """Compare in the workflow, not in Python."""
        return compare("!=", self, other)

    def __lt__(self, other: object) -> Any:
        return compare("<", self, other)

    def __le__(self, other: object) -> Any:
        return compare("<=", self, other)

    def __gt__(self, other: object) -> Any:
        return compare(">", self, other)

    def __ge__(self, other: object) -> Any:
        return compare(">=", self, other)

    def __add__(self, other: object) -> Any:
        return add(self, other)

    def __radd__(self, other: object) -> Any:
        return add(other, self)

    def __sub__(self, other: object) -> Any:
        return arithmetic("-", self, other)

    def __rsub__(self, other: object) -> Any:
        return arithmetic("-", other, self)

    def __mul__(self, other: object) -> Any:
        return arithmetic("*", self, other)

    def __rmul__(self, other: object) -> Any:
        return arithmetic("*", other, self)

    def __truediv__(self, other: object) -> Any:
        return arithmetic("/", self, other)

    def __rtruediv__(self, other: object) -> Any:
        return arithmetic("/", other, self)

    def __floordiv__(self, other: object) -> Any:
        return rounded_down(arithmetic("/", self, other))

    def __rfloordiv__(self, other: object) -> Any:
        return rounded_down(arithmetic("/", other, self))

    def __mod__(self, other: object) -> Any:
        return arithmetic("%", self, other)

    def __rmod__(self, other: object) -> Any:
        return arithmetic("%", other, self)

    def __pow__(self, other: object) -> Any:
        return arithmetic("**", self, other)

    def __rpow__(self, other: object) -> Any:
        return arithmetic("**", other, self)

    def __and__(self, other: object) -> Any:
        return combine("&&", self, other)

    def __rand__(self, other: object) -> Any:
        return combine("&&", other, self)

    def __or__(self, other: object) -> Any:
        return combine("||", self, other)

    def __ror__(self, other: object) -> Any:
        return combine("||", other, self)

    def __invert__(self) -> Any:
        combine("&&", self, self)
        return Not(self, hint=bool)

    def __neg__(self) -> Any:
        return arithmetic("-", 0, self)

    def __pos__(self) -> Any:
        return arithmetic("+", 0, self).right

    def __abs__(self) -> Any:
        return Function("abs", (arithmetic("+", 0, self).right,), hint=self.hint)

    def __round__(self, digits: int = 0) -> Any:
        fail("Argo's language rounds otherwise than Python", hint="round it in the script that uses it")

    def __getitem__(self, key: object) -> Any:
        return member(self, key)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if hints.is_text(self.hint):
            return text_method(self, name)
        if name == "get" and not hints.has_field(self.hint, name):
            return lambda key: member(self, key)
        return member(self, name)

    def __hash__(self) -> int:
        return id(self)

    def __bool__(self) -> bool:
        refuse_decision(source_line(caller()))

    def __iter__(self) -> Iterator[Any]:
        fail(
            "a value of the run cannot be looped over in Python: it is not known yet", hint="write `for x in each(...)`"
        )

    def __len__(self) -> int:
        fail("the length of a value of the run is not known yet", hint="write `length(...)` from argosy")

    def __int__(self) -> int:
        fail("a value of the run is not a number yet", hint="write `to_int(...)` from argosy")

    def __float__(self) -> float:
        fail("a value of the run is not a number yet", hint="write `to_float(...)` from argosy")

    def __index__(self) -> int:
        fail("a value of the run cannot be an index or a count in Python", hint="use `sequence(count=...)` for a loop")

    def __contains__(self, item: object) -> bool:
        fail("`in` asks Python, which does not know the value yet", hint="write `contains(items, item)` from argosy")

    def __fspath__(self) -> str:
        return str(self)

    def __repr__(self) -> str:
        """Give a text that nothing may hold: ``f"{[x]}"`` is no value of the run."""
        return f"{REPR}{hints.name_of(self.hint)}>"

    def __str__(self) -> str:
        """Give the tag that Argo replaces: what an f-string holds."""
        from argosy.frontend.render import tag

        return tag(self)

    def __format__(self, spec: str) -> str:
        if spec:
            fail(
                f"the format {spec!r} needs the value, which is not known yet",
                hint="format it in the script that uses it",
            )
        return str(self)


@dataclass(eq=False, slots=True, repr=False)
class Variable(Expression):
    """One of Argo's variables: ``("inputs", "parameters", "name")``, perhaps the output of a step."""

    path: tuple[str, ...]
    node: Node | None = None
    """The step or task that produces it."""
    doubly: bool = False
    """Its text is JSON within JSON (``workflow.failures``)."""


@dataclass(eq=False, slots=True, repr=False)
class Shared(Variable):
    """A parameter of the workflow that any template may read; each workflow that uses it declares it."""

    default: Any = None
    description: str | None = None


@dataclass(eq=False, slots=True, repr=False)
class Operation(Expression):
    """Two values and an operator between them."""

    operator: Operator
    left: object
    right: object


@dataclass(eq=False, slots=True, repr=False)
class Not(Expression):
    """A condition turned round."""

    value: object


@dataclass(eq=False, slots=True, repr=False)
class Member(Expression):
    """A field or an element of a structured value."""

    base: Expression
    key: object


@dataclass(eq=False, slots=True, repr=False)
class Slice(Expression):
    """A part of a list or a text."""

    base: Expression
    start: object
    end: object


@dataclass(eq=False, slots=True, repr=False)
class Function(Expression):
    """A call of one of the functions that Argo's expressions know."""

    name: str
    arguments: tuple[object, ...]


@dataclass(eq=False, slots=True, repr=False)
class Choice(Expression):
    """One of two values, by a condition."""

    condition: object
    yes: object
    no: object


@dataclass(eq=False, slots=True, repr=False)
class GlobalOutput(Expression):
    """An output that a template gives to the whole workflow, or a default where no step gave it."""

    name: str
    default: object
    place: Place


@dataclass(eq=False, slots=True, repr=False)
class Raw(Expression):
    """An expression written in Argo's own language."""

    text: str
    nodes: tuple[Node, ...] = ()


TEXT_METHODS: dict[str, tuple[str, Any, int]] = {
    "upper": ("upper", str, 0),
    "lower": ("lower", str, 0),
    "strip": ("trim", str, 0),
    "split": ("split", list[str], 1),
    "replace": ("replace", str, 2),
    "startswith": ("hasPrefix", bool, 1),
    "endswith": ("hasSuffix", bool, 1),
    "removeprefix": ("trimPrefix", str, 1),
    "removesuffix": ("trimSuffix", str, 1),
}
"""Methods of ``str`` that Argo's expressions have as functions, what they give, and how many arguments they take."""


def text_method(value: Expression, name: str) -> Any:
    """Give a method of text, about to be called. Raises CompileError for one that Argo's language lacks."""
    if name not in TEXT_METHODS:
        fail(f"Argo's language has no {name!r} of text", hint=f"{hints.known_are(name, TEXT_METHODS)}; or a script")
    function, hint, count = TEXT_METHODS[name]

    def call(*arguments: object) -> Any:
        if len(arguments) != count or any(isinstance(a, tuple) for a in arguments):
            fail(f"{name!r} takes {count} texts in Argo's language, not {arguments!r}", hint="do this in a script")
        return Function(function, (value, *arguments), hint=hint)

    return call


def compare(operator: Operator, left: Expression, right: object) -> Any:
    """Build a comparison; with what the left type can never be it is an error (as it is for mypy)."""
    allowed = hints.literals(left.hint)
    if allowed and not isinstance(right, Expression) and operator in ("==", "!="):
        value = hints.plain(right)
        if value not in allowed:
            fail(f"{value!r} is never the value here", hint=hints.known_are(value, allowed))
    hint = _hint_of(right)
    if not hints.comparable(left.hint, hint):
        what = right if not isinstance(right, Expression) else "what it is compared with"
        names = hints.name_of(left.hint), hints.name_of(hint)
        fail(f"{what!r} is never the value here: {names[1]} is compared with {names[0]}", hint="convert one of them")
    return Operation(operator, left, right, hint=bool)


def add(left: object, right: object) -> Any:
    """Build a sum of numbers, or join texts."""
    texts = [hints.is_text(_hint_of(v)) for v in (left, right)]
    if all(texts):
        return Operation("+", left, right, hint=str)
    return arithmetic("+", left, right)


def arithmetic(operator: Operator, left: object, right: object) -> Any:
    """Build an operation on numbers; of whole numbers it is whole, but for division."""
    kinds = [hints.base(_hint_of(v)) for v in (left, right)]
    for kind in kinds:
        if kind not in (int, float, Any):
            names = " and ".join(hints.name_of(_hint_of(v)) for v in (left, right))
            fail(
                f"{operator!r} is for numbers here, not for {names}",
                hint="convert with to_int or to_float, join text with an f-string, or do it in a script",
            )
    whole = all(kind is int for kind in kinds) and operator != "/"
    made = Operation(operator, left, right, hint=int if whole else float)
    return Function("int", (made,), hint=int) if whole and operator == "**" else made


def rounded_down(value: Expression) -> Any:
    """Build Python's ``//``: Argo's language has division with a rest, and ``floor``."""
    return Function("int", (Function("floor", (value,), hint=float),), hint=int)


def combine(operator: Operator, left: object, right: object) -> Any:
    """Combine conditions. Raises CompileError for other values: ``&`` binds more closely than ``>``."""
    for value in (left, right):
        if hints.base(_hint_of(value)) not in (bool, Any):
            fail(
                f"& | ~ combine conditions, and this is {hints.name_of(_hint_of(value))}",
                hint="put each comparison in parentheses: `(a > 1) & (b > 1)`",
            )
    return Operation(operator, left, right, hint=bool)


def _hint_of(value: object) -> Any:
    return value.hint if isinstance(value, Expression) else type(value)


def member(base: Expression, key: object) -> Any:
    """Build a field access, an index or a slice, with the hint that the structure declares."""
    if isinstance(key, slice):
        if key.step is not None:
            fail("Argo's language has no steps in slices", hint="do this in a script")
        return Slice(base, key.start, key.stop, hint=base.hint)
    hint = hints.member_hint(base.hint, key)
    if hint is None:
        shown = hints.name_of(base.hint)
        fields = hints.field_names(base.hint)
        if hints.is_text(base.hint):
            fail(f"Argo's language has no single letters: {key!r} of a text", hint="write a slice: `text[0:1]`")
        fail(f"{shown} has no {key!r}", hint=hints.known_are(key, fields) if fields else None)
    key = hints.json_name(base.hint, key)
    if isinstance(base, Variable) and base.path[0] == "item" and isinstance(key, str):
        return Variable((*base.path, key), base.node, hint=hint)
    if isinstance(base, Variable) and base.path[-2:] in (("workflow", "labels"), ("workflow", "annotations")):
        return Variable((*base.path, str(key)), hint=hint)
    return Member(base, key, hint=hint)


def not_(condition: bool) -> bool:
    """Turn a condition round."""
    return typing.cast(bool, Not(condition, hint=bool))
