"""Hostile text ends in LanguageError, soon: never in a crash, a hang, or memory without bounds."""

import math

import pytest

from argosy.errors import LanguageError
from argosy.language.expr import evaluate
from argosy.language.substitution import substitute

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
    "one text in many places": "string(map(1..999999, m.long))",
    "quotes of quotes": "reduce(1..60, sprig.quote(#acc), '\"')",
    "doubling by a function": "reduce(1..60, sprig.cat(#acc, #acc), 'a')",
    "references in a replacement": "sprig.regexReplaceAll('a', sprig.repeat(999, 'a'), sprig.repeat(9999, '$0'))",
    "huge indentation": "sprig.indent(1000000000, 'a')",
    "a huge sequence": "sprig.seq(9223372036854775807)",
    "a huge key": "sprig.encryptAES('k', sprig.repeat(4999999, 'a'))",
    "a map in itself": "let a = {x: 1}; let b = sprig.set(a, 'y', a); a",
    "a map in itself, as JSON": "let a = {x: 1}; let b = sprig.set(a, 'y', a); toJSON(a)",
    "a map in itself, compared": "let a = {x: 1}; let b = sprig.set(a, 'y', a); a == sprig.set({x: 1}, 'y', a)",
    "groups in a regular expression": "'a' matches '" + "(" * 5_000 + "a" + ")" * 5_000 + "'",
    "the year 20000": "date('9999-12-31').AddDate(9999, 0, 0)",
    "a date past the end": "date('9999-12-31') + duration('2000000h')",
    "a long duration": "duration(repeat('1h', 10000))",
}
GIVES = {
    "a catastrophic regular expression": ("repeat('a', 30) + 'b' matches '^(a+)+$'", False),
    "a sum over a huge range": ("sum(1..1000000000)", 500000000500000000),
    "a test of a huge range": ("5 in 1..1000000000", True),
    "a long row of operators": (" + ".join(["m.a"] * 1_500), 1_500),
    "many coalescings": ("nil ?? " * 3_000 + "1", 1),
    "powers of powers": ("2 ** 100000 ** 100000", math.inf),
    "a shift beyond": ("bitshl(1, 9223372036854775807)", 0),
    "digits": ("sprig.int(repeat('9', 100000))", 0),
}


@pytest.mark.parametrize("text", FAILS.values(), ids=FAILS.keys())
def test_ends_in_an_error(text: str) -> None:
    with pytest.raises(LanguageError):
        evaluate(text, {"m": {"a": 1, "long": "x" * 100_000}})


@pytest.mark.parametrize(("text", "value"), GIVES.values(), ids=GIVES.keys())
def test_is_no_trouble(text: str, value: object) -> None:
    assert evaluate(text, {"m": {"a": 1}}) == value


def test_what_is_nested_deeply_is_no_trouble_for_json_either() -> None:
    path = {"s": '{"a":' * 150 + "1" + "}" * 150}
    assert substitute("{{=len(jsonpath(s, '$..a'))}}", path) == "150"
    with pytest.raises(LanguageError):
        substitute("{{=jsonpath(s, '$..*')}}", {"s": "[" * 500 + "]" * 500})
