"""Hostile text ends in LanguageError, soon: never in a crash, a hang, or memory without bounds."""

import pytest

from argosy.errors import LanguageError
from argosy.language.expr import evaluate

FAILS = {
    "nested parentheses": "(" * 10_000 + "1" + ")" * 10_000,
    "nested arrays": "[" * 10_000 + "]" * 10_000,
    "nested maps": "{a:" * 10_000 + "1" + "}" * 10_000,
    "many signs": "-" * 10_000 + "1",
    "a megabyte of sums": "1+" * 500_000 + "1",
    "a megabyte of digits": "1" * 1_000_000,
    "an open megabyte": "'" + "a" * 1_000_000,
    "a long chain": "m" + ".a" * 4_000,
    "many ternaries": "true ? 1 : " * 5_000 + "2",
    "many pipes": "1" + " | string()" * 3_000,
    "a huge range": "1..1000000000",
    "a huge repeat": "repeat('a', 1000001)",
    "repeats of repeats": "repeat(repeat('a', 999999), 999999)",
    "nested loops": "let x = 1..9999; all(x, all(x, all(x, true)))",
    "a search in a loop": "let x = 1..9999; all(1..99999, # in x)",
    "doubling text": "reduce(1..100, #acc + #acc, 'aaaaaaaa')",
    "doubling lists": "toJson(reduce(1..60, [#acc, #acc], 1))",
    "deep lists": "string(reduce(1..9999, [#acc], 1))",
    "deep json": "fromJSON(repeat('[', 100000))",
    "a bad expression of RE2": "'a' matches '((a{1000}){1000}){1000}'",
    "lone surrogate": "\ud800",
}
GIVES = {
    "a catastrophic regular expression": ("repeat('a', 30) + 'b' matches '^(a+)+$'", False),
    "a sum over a huge range": ("sum(1..1000000000)", 500000000500000000),
    "a test of a huge range": ("5 in 1..1000000000", True),
    "a long row of operators": (" + ".join(["m.a"] * 1_500), 1_500),
    "many coalescings": ("nil ?? " * 3_000 + "1", 1),
}


@pytest.mark.parametrize("text", FAILS.values(), ids=FAILS.keys())
def test_ends_in_an_error(text: str) -> None:
    with pytest.raises(LanguageError):
        evaluate(text, {"m": {"a": 1}})


@pytest.mark.parametrize(("text", "value"), GIVES.values(), ids=GIVES.keys())
def test_is_no_trouble(text: str, value: object) -> None:
    assert evaluate(text, {"m": {"a": 1}}) == value
