"""Expressions in the simplest form that is right: what they give is what Python would give."""

import json
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from argosy.frontend.blocks import negate
from argosy.frontend.expressions import Operation, Raw, Variable
from argosy.frontend.functions import choose, contains, json_of, length, to_float, to_int, to_text
from argosy.frontend.render import condition, expression, tag, text
from argosy.language import evaluate, is_true, substitute

N: Any = Variable(("inputs", "parameters", "n"), hint=int)
X: Any = Variable(("inputs", "parameters", "x"), hint=float)
S: Any = Variable(("inputs", "parameters", "s"), hint=str)
B: Any = Variable(("inputs", "parameters", "b"), hint=bool)
W: Any = Variable(("steps", "do-work", "outputs", "result"), hint=Literal["yes", "no"])
L: Any = Variable(("inputs", "parameters", "l"), hint=list[int])

TABLE = [
    (N, "{{inputs.parameters.n}}"),
    (N + 1, "{{=asInt(inputs.parameters.n) + 1}}"),
    ((N + 1) * 2, "{{=(asInt(inputs.parameters.n) + 1) * 2}}"),
    (N - (N - 1), "{{=asInt(inputs.parameters.n) - (asInt(inputs.parameters.n) - 1)}}"),
    ("a" + S, "a{{inputs.parameters.s}}"),
    (S.upper(), "{{=upper(inputs.parameters.s)}}"),
    (L[0], "{{=fromJSON(inputs.parameters.l)[0]}}"),
    (W == "yes", "{{=steps['do-work'].outputs.result == 'yes'}}"),
    (choose(N > 3, "many", S), "{{=asInt(inputs.parameters.n) > 3 ? 'many' : inputs.parameters.s}}"),
    ([N, 2], "[{{inputs.parameters.n}}, 2]"),
    ([S], "{{=toJson([inputs.parameters.s])}}"),
    ({"k": N}, '{"k": {{inputs.parameters.n}}}'),
    (Raw("now()"), "{{=now()}}"),
    (json_of(S), "{{=toJson(inputs.parameters.s)}}"),
    (to_text(N), "{{inputs.parameters.n}}"),
    (to_text(X), "{{=string(asFloat(inputs.parameters.x))}}"),
    (json_of(L), "{{inputs.parameters.l}}"),
    (-N, "{{=-asInt(inputs.parameters.n)}}"),
    (abs(N - 1), "{{=abs(asInt(inputs.parameters.n) - 1)}}"),
    (2**N, "{{=int(2 ** asInt(inputs.parameters.n))}}"),
    (7 // N, "{{=int(floor(7 / asInt(inputs.parameters.n)))}}"),
    (S[1:3], "{{=inputs.parameters.s[1:3]}}"),
    (L[-2:], "{{=fromJSON(inputs.parameters.l)[-2:]}}"),
]

CONDITIONS = [
    (N > 3, "{{inputs.parameters.n}} > 3"),
    (B, "{{inputs.parameters.b}} == true"),
    (W == "yes", "{{steps.do-work.outputs.result}} == yes"),
    (negate(W == "yes"), "{{steps.do-work.outputs.result}} != yes"),
    (
        (N > 1) & ((N < 5) | B),
        "{{inputs.parameters.n}} > 1 && ({{inputs.parameters.n}} < 5 || {{inputs.parameters.b}})",
    ),
    (S == "x", "{{=inputs.parameters.s == 'x'}}"),
    ((S == "x") & (N > 1), "{{=inputs.parameters.s == 'x' && asInt(inputs.parameters.n) > 1}}"),
    (contains(["a", "b"], S), "{{=inputs.parameters.s in ['a', 'b']}}"),
    (True, "true"),
]


@pytest.mark.parametrize(("value", "written"), TABLE, ids=[w for _, w in TABLE])
def test_values_are_written_in_the_simplest_form(value: object, written: str) -> None:
    assert text(value) == written


@pytest.mark.parametrize(("value", "written"), CONDITIONS, ids=[w for _, w in CONDITIONS])
def test_conditions_are_written_in_the_simplest_form(value: object, written: str) -> None:
    assert condition(value) == written


def environment(**values: Any) -> dict[str, Any]:
    shown = {k: v if isinstance(v, str) else json.dumps(v) for k, v in values.items()}
    return {"inputs": {"parameters": shown}}


numbers = st.integers(-1000, 1000)
OPERATORS = ["+", "-", "*", "<", "<=", "==", "!=", ">", ">="]


def trees(depth: int) -> st.SearchStrategy[tuple[Any, Any]]:
    """Pairs of an expression on ``n`` and the Python function that it stands for."""
    leaf = st.one_of(st.just((N, lambda n: n)), numbers.map(lambda c: (c, lambda n, c=c: c)))
    if depth == 0:
        return leaf
    below = trees(depth - 1)

    def join(parts: tuple[tuple[Any, Any], str, tuple[Any, Any]]) -> tuple[Any, Any]:
        (left, one), operator, (right, other) = parts
        calculate: Any = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b}[operator]
        tree = Operation(operator, left, right, hint=int)  # type: ignore[arg-type]  # one of the operators
        return tree, lambda n: calculate(one(n), other(n))

    return st.one_of(leaf, st.tuples(below, st.sampled_from(["+", "-", "*"]), below).map(join))


@given(trees(3), numbers)
def test_arithmetic_gives_what_python_gives(pair: tuple[Any, Any], n: int) -> None:
    tree, python = pair
    assert evaluate(expression(tree), environment(n=n)) == python(n)


@given(trees(2), trees(2), st.sampled_from(["<", "<=", "==", "!=", ">", ">="]), st.integers(0, 50))
def test_a_condition_holds_when_pythons_does(one: Any, other: Any, operator: str, n: int) -> None:
    made: Any = Operation(operator, one[0], other[0], hint=bool)  # type: ignore[arg-type]  # one of the operators
    compare = {
        "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, "==": lambda a, b: a == b,
        "!=": lambda a, b: a != b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
    }  # fmt: skip
    wanted = compare[operator](one[1](n), other[1](n))
    assert is_true(condition(made), {"inputs.parameters.n": str(n)}) == wanted
    assert evaluate(expression(made), environment(n=n)) == wanted


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])),
    st.text(st.characters(codec="ascii", exclude_categories=["Cc"])),
)
def test_comparing_any_text_is_right(value: str, other: str) -> None:
    written = expression(other == S)
    assert evaluate(written, environment(s=value)) == (value == other)
    assert evaluate(written, environment(s=other)) is True


@pytest.mark.parametrize(
    ("value", "given_", "gives"),
    [
        (S.upper(), {"s": "aB"}, "AB"),
        (S.strip(), {"s": " a "}, "a"),
        (S.startswith("a"), {"s": "abc"}, True),
        (S.replace("a", "b"), {"s": "aa"}, "bb"),
        (S.split(","), {"s": "a,b"}, ["a", "b"]),
        (length(L), {"l": [1, 2, 3]}, 3),
        (L[1], {"l": [1, 2, 3]}, 2),
        (contains(L, 2), {"l": [1, 2]}, True),
        (to_int(S) + 1, {"s": "41"}, 42),
        (to_float(S) / 2, {"s": "3"}, 1.5),
        (N // 2, {"n": 7}, 3),
        (X * 2, {"x": 1.5}, 3.0),
        (choose(B, 1, 2), {"b": False}, 2),
    ],
)
def test_functions_do_what_pythons_do(value: object, given_: dict[str, Any], gives: object) -> None:
    assert evaluate(expression(value), environment(**given_)) == gives


def test_a_tag_in_an_f_string_is_replaced_by_the_value() -> None:
    assert substitute(f"n is {N}, {N + 1} follows", {"inputs.parameters.n": "4"}) == "n is 4, 5 follows"


def test_an_f_string_holds_the_tag() -> None:
    assert f"{S}/{N}" == tag(S) + "/" + tag(N)
