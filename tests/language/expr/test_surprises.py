"""Behaviour of expr v1.17.8 that follows from its checker, optimizer or machine; each was asked of expr itself."""

from typing import Any

import pytest

from argosy.errors import LanguageError
from argosy.language.expr import evaluate

ENV = {"m": {"a": 1, "s": "text", "n": None}, "l": [1, 2, 3], "s": "text", "b": {"c": {"k": 1}}}
FAILS = object()


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("findIndex(l, # > 9) == 1", FAILS),
        ("findIndex(l, # > 9) == nil", True),
        ("m.a in ['x']", FAILS),
        ("m.n in ['']", True),
        ("false && 1 % 0 == 1", FAILS),
        ("m.s and true", "text"),
        ("sum([s, 'b'])", "textb"),
        ("1 + findLast(l, # > 1)", FAILS),
        ("findLast(l, # > 1) + 1", 4),
        ("[5, findLast(l, # > 1)]", [True, 3]),
        ("'x' + last(filter(['a'], true))", FAILS),
        ("none(b.c, true)", False),
        ("sprig.upper(unknown)", ""),
        ("upper(unknown)", FAILS),
        ("m.s[unknown ?? 1:]", "ext"),
        ("len", None),
        ("let len = 1; len", FAILS),
        ("groupBy([1], 'a').b == nil", True),
        ("toJson(groupBy([1], 'a'))", FAILS),
        ("toPairs({a: 1}) == [['a', 1]]", False),
        ("split('a', ',', 0) ?? 'none'", "none"),
        ("duration('1h') * 1.5", 5.4e12),
        ("date('2024-03-05').Month() == 3", FAILS),
        ("+m.s", "text"),
        ("len(filter(l, # > 1)) > 0", True),
        ("{a: 1} == {a: 1.0}", False),
        ("[1] == [1.0]", True),
        ("'日本'[0:3]", "日"),
        ("'é'[0:1] + 'é'[1:]", "é"),
    ],
)
def test_behaves_as_expr_does(text: str, want: Any) -> None:
    if want is FAILS:
        with pytest.raises(LanguageError):
            evaluate(text, ENV)
    else:
        assert evaluate(text, ENV) == want


def test_error_points_at_the_property_that_is_not_there() -> None:
    with pytest.raises(LanguageError) as failure:
        evaluate("1 + 2 == m.a.b", ENV)
    assert failure.value.position == len("1 + 2 == m.a.")


def test_variables_that_begin_others_are_left_out() -> None:
    assert evaluate("a.b.c", {"a": 1, "a.b": 2, "a.b.c": 3}) == 3


def test_a_variable_hides_a_built_in_function_of_its_name() -> None:
    assert evaluate("split == 'x'", {"split": "x"}) is True
    with pytest.raises(LanguageError):
        evaluate("split('a', 'b')", {"split": "x"})
    assert evaluate("::split('a', 'b')", {"split": "x"}) == ["a"]
