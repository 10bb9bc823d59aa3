"""References as trees: values that exist only when the workflow runs, and what Python does with them.

While a template's body is traced, its inputs and the results of its steps are expressions that stand for the declared
types. Operators, indexing and attributes build larger trees; nothing here is text. ``render`` chooses the text.
"""

from __future__ import annotations

import typing
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NoReturn

from argosy.errors import Place
from argosy.frontend import hints
from argosy.frontend.places import caller, fail, source_line

if TYPE_CHECKING:
    from argosy.frontend.graph import Node

Operator = Literal["==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "**", "&&", "||", "in"]


@dataclass(eq=False, slots=True)
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
        return Operation("+", self, other, hint=_sum_hint(self, other))

    def __radd__(self, other: object) -> Any:
        return Operation("+", other, self, hint=_sum_hint(self, other))

    def __sub__(self, other: object) -> Any:
        return _arithmetic("-", self, other)

    def __rsub__(self, other: object) -> Any:
        return _arithmetic("-", other, self)

    def __mul__(self, other: object) -> Any:
        return _arithmetic("*", self, other)

    def __rmul__(self, other: object) -> Any:
        return _arithmetic("*", other, self)

    def __truediv__(self, other: object) -> Any:
        return Operation("/", self, other, hint=float)

    def __rtruediv__(self, other: object) -> Any:
        return Operation("/", other, self, hint=float)

    def __floordiv__(self, other: object) -> Any:
        return Function("int", (Operation("/", self, other, hint=float),), hint=int)

    def __mod__(self, other: object) -> Any:
        return _arithmetic("%", self, other)

    def __pow__(self, other: object) -> Any:
        return Operation("**", self, other, hint=float)

    def __and__(self, other: object) -> Any:
        return Operation("&&", self, other, hint=bool)

    def __rand__(self, other: object) -> Any:
        return Operation("&&", other, self, hint=bool)

    def __or__(self, other: object) -> Any:
        return Operation("||", self, other, hint=bool)

    def __ror__(self, other: object) -> Any:
        return Operation("||", other, self, hint=bool)

    def __invert__(self) -> Any:
        return Not(self, hint=bool)

    def __neg__(self) -> Any:
        return Operation("-", 0, self, hint=self.hint)

    def __getitem__(self, key: object) -> Any:
        return member(self, key)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        method = TEXT_METHODS.get(name) if hints.is_text(self.hint) else None
        if method:
            return Method(self, method)
        if name == "get" and not hints.has_field(self.hint, name):
            return lambda key: member(self, key)
        return member(self, name)

    def __hash__(self) -> int:
        return id(self)

    def __bool__(self) -> bool:
        line = source_line(caller())
        _refuse("bool", line)

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


@dataclass(eq=False, slots=True)
class Variable(Expression):
    """One of Argo's variables: ``("inputs", "parameters", "name")``, perhaps the output of a step."""

    path: tuple[str, ...]
    node: Node | None = None
    """The step or task that produces it."""
    doubly: bool = False
    """Its text is JSON within JSON (``workflow.failures``)."""


@dataclass(eq=False, slots=True)
class Shared(Variable):
    """A parameter of the workflow that any template may read; each workflow that uses it declares it."""

    default: Any = None
    description: str | None = None


@dataclass(eq=False, slots=True)
class Operation(Expression):
    """Two values and an operator between them."""

    operator: Operator
    left: object
    right: object


@dataclass(eq=False, slots=True)
class Not(Expression):
    """A condition turned round."""

    value: object


@dataclass(eq=False, slots=True)
class Member(Expression):
    """A field or an element of a structured value."""

    base: Expression
    key: object


@dataclass(eq=False, slots=True)
class Function(Expression):
    """A call of one of the functions that Argo's expressions know."""

    name: str
    arguments: tuple[object, ...]


@dataclass(eq=False, slots=True)
class Choice(Expression):
    """One of two values, by a condition."""

    condition: object
    yes: object
    no: object


@dataclass(eq=False, slots=True)
class GlobalOutput(Expression):
    """An output that a template gives to the whole workflow, or a default where no step gave it."""

    name: str
    default: object
    place: Place


@dataclass(eq=False, slots=True)
class Raw(Expression):
    """An expression written in Argo's own language."""

    text: str
    nodes: tuple[Node, ...] = ()


TEXT_METHODS: dict[str, tuple[str, Any]] = {
    "upper": ("upper", str),
    "lower": ("lower", str),
    "strip": ("trim", str),
    "split": ("split", list[str]),
    "replace": ("replace", str),
    "startswith": ("hasPrefix", bool),
    "endswith": ("hasSuffix", bool),
    "removeprefix": ("trimPrefix", str),
    "removesuffix": ("trimSuffix", str),
}
"""Methods of ``str`` that Argo's expressions have as functions, with what they give."""


@dataclass(frozen=True, slots=True)
class Method:
    """A method of text, about to be called."""

    value: Expression
    function: tuple[str, Any]

    def __call__(self, *arguments: object) -> Any:
        """Call the function of Argo's expressions that does the same."""
        name, hint = self.function
        return Function(name, (self.value, *arguments), hint=hint)


def compare(operator: Operator, left: Expression, right: object) -> Any:
    """Build a comparison; a literal that the left type can never be is an error (as it is for mypy)."""
    allowed = hints.literals(left.hint)
    if allowed and not isinstance(right, Expression) and operator in ("==", "!="):
        value = hints.plain(right)
        if value not in allowed:
            fail(f"{value!r} is never the value here", hint=hints.known_are(value, allowed))
    return Operation(operator, left, right, hint=bool)


def member(base: Expression, key: object) -> Any:
    """Build a field access or an index, with the hint that the structure declares."""
    hint = hints.member_hint(base.hint, key)
    if hint is None:
        shown = getattr(base.hint, "__name__", str(base.hint))
        fields = hints.field_names(base.hint)
        fail(f"{shown} has no {key!r}", hint=hints.known_are(key, fields) if fields else None)
    if isinstance(base, Variable) and base.path[0] == "item" and isinstance(key, str):
        return Variable((*base.path, key), base.node, hint=hint)
    if isinstance(base, Variable) and base.path[-2:] in (("workflow", "labels"), ("workflow", "annotations")):
        return Variable((*base.path, str(key)), hint=hint)
    return Member(base, key, hint=hint)


def nodes_of(value: object) -> list[Node]:
    """Give the steps or tasks whose outputs a value needs, in order of appearance, each once."""
    found: dict[int, Node] = {}
    _collect(value, found)
    return list(found.values())


def _collect(value: object, found: dict[int, Node]) -> None:
    match value:
        case Variable(node=node):
            if node is not None:
                found.setdefault(id(node), node)
        case Operation(left=left, right=right):
            _collect(left, found)
            _collect(right, found)
        case Not(value=inner):
            _collect(inner, found)
        case Member(base=base, key=key):
            _collect(base, found)
            _collect(key, found)
        case Function(arguments=arguments):
            for argument in arguments:
                _collect(argument, found)
        case Choice(condition=condition, yes=yes, no=no):
            for part in (condition, yes, no):
                _collect(part, found)
        case Raw(nodes=nodes):
            found.update({id(n): n for n in nodes})
        case list() | tuple():
            for part in value:
                _collect(part, found)
        case dict():
            for part in value.values():
                _collect(part, found)


def _arithmetic(operator: Operator, left: object, right: object) -> Any:
    kinds = [v.hint if isinstance(v, Expression) else type(v) for v in (left, right)]
    return Operation(operator, left, right, hint=int if all(k is int for k in kinds) else float)


def _sum_hint(one: Expression, other: object) -> Any:
    if hints.is_text(one.hint):
        return str
    both = {one.hint, other.hint if isinstance(other, Expression) else type(other)}
    if both == {int}:
        return int
    return float if both <= {int, float} else one.hint


_ADVICE = (
    ("if ", "write `with when(condition):` around the steps, or `choose(condition, yes, no)` for a value"),
    ("elif ", "write `with otherwise():` after `with when(condition):`"),
    ("while ", "let a template call itself under `with when(condition):`"),
    ("assert ", "check it in a script"),
    ("not ", "write `not_(condition)`"),
    (" and ", "write `(a) & (b)`"),
    (" or ", "write `(a) | (b)`"),
    (" in ", "write `contains(items, item)` from argosy"),
    (" if ", "write `choose(condition, yes, no)`"),
)


def _refuse(what: str, line: str) -> NoReturn:
    advice = next((say for word, say in _ADVICE if (line.startswith(word) if word[0] != " " else word in line)), None)
    if advice is None and "not " in line:
        advice = "write `not_(condition)`"
    fail(
        "Python cannot decide on this value: it is known only when the workflow runs",
        hint=advice or "write `with when(condition):` around the steps",
    )


def as_expression(value: object) -> Expression | None:
    """Give the value if it is an expression."""
    return value if isinstance(value, Expression) else None


def not_(condition: bool) -> bool:
    """Turn a condition round."""
    return typing.cast(bool, Not(condition, hint=bool))
