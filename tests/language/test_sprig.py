"""Sprig's functions: every example in the reference is run, and what Go does at the edges."""

import random
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from argosy.errors import LanguageError
from argosy.language import evaluate
from argosy.language.function import Function
from argosy.language.sprig import FUNCTIONS
from argosy.language.sprig import semver as semver_module
from argosy.language.world import world


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: str(function.name))
def test_each_example_gives_its_result(function: Function) -> None:
    assert function.summary.endswith(".")
    assert function.signature.startswith(f"{function.name}(")
    if function.result == "error":
        with pytest.raises(LanguageError):
            evaluate(function.example, {})
    else:
        value = evaluate(function.example, {})
        assert not function.result or value == evaluate(function.result, {})


def test_env_is_not_there() -> None:
    for name in ("env", "expandenv"):
        with pytest.raises(LanguageError, match="cannot call nil"):
            evaluate(f"sprig.{name}('HOME')", {})


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("sprig.upper(nil)", ""),
        ("sprig.toString(1234567.0)", "1.234567e+06"),
        ("sprig.int('0x1F') + sprig.int('010')", 39),
        ("sprig.int('1.9')", 1),
        ("sprig.add(9223372036854775807, 1)", -(2**63)),
        ("sprig.div(-7, 2)", -3),
        ("sprig.mod(-7, 3)", -1),
        ("sprig.addf(0.1, 0.2)", 0.3),
        ("sprig.divf(1, 3)", 0.3333333333333333),
        ("sprig.trunc(2, 'é')", "é"),
        ("sprig.duration(95)", "0s"),
        ("sprig.duration(sprig.int64(95))", "1m35s"),
        ("sprig.b64dec('a')", "illegal base64 data at input byte 0"),
        ("sprig.regexReplaceAll('(?P<x>a)', 'ba', '${x}${x}')", "baa"),
        ("sprig.splitn('-', 2, 'a-b-c')", {"_0": "a", "_1": "b-c"}),
        ("sprig.typeOf(sprig.add(1))", "int64"),
        ("sprig.typeOf(sprig.splitList(',', 'a'))", "[]string"),
        ("sprig.deepEqual(sprig.int64(1), 1)", False),
        ("sprig.default('d', false)", "d"),
        ("sprig.merge({a: {b: 1}}, {a: {c: 2}})", {"a": {"b": 1, "c": 2}}),
        ("sprig.semverCompare('>=1.2.3-0', '1.2.3-beta')", True),
        ("sprig.semverCompare('>=1.2.3', '1.3.0-beta')", False),
        ("sprig.semverCompare('1.2 - 2 || ^4', '4.9.9')", True),
        ("sprig.derivePassword(nil, 'long', 'password', 'user', 'example.com')", "KezpWado2+Fazo"),
        ("sprig.date('Monday, _2 January 2006 15:04 MST', date('2024-03-05'))", "Tuesday,  5 March 2024 00:00 UTC"),
        ("sprig.dateInZone('15:04 -0700', date('2024-07-01'), 'Europe/Berlin')", "02:00 +0200"),
    ],
)
def test_values_at_the_edges(expression: str, result: Any) -> None:
    assert evaluate(expression, {}) == result


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("sprig.trim()", "invalid number of arguments"),
        ("sprig.trim(1)", "Call using int as type string"),
        ("sprig.repeat(sprig.add(1), 'a')", "Call using int64 as type int"),
        ("sprig.hasKey(sprig.split('-', 'a'), 'a')", "as type map"),
        ("sprig.div(1, 0)", "divide by zero"),
        ("sprig.first('abc')", "Cannot find first"),
        ("sprig.mustToDate('2006', 'x')", "parsing time"),
        ("sprig.semver('x')", "invalid semantic version"),
        ("sprig.genCA('a', 1)", "cannot be known"),
        ("sprig.regexFind('(', 'a')", "error parsing regexp"),
    ],
)
def test_failures(expression: str, message: str) -> None:
    with pytest.raises(LanguageError, match=message):
        evaluate(expression, {})


@pytest.mark.parametrize(
    "expression",
    [
        "sprig.repeat(1000000000, 'aaaaaaaaaa')",
        "sprig.until(2000000000)",
        "sprig.seq(1000000000)",
        "sprig.indent(1000000000, 'a')",
        "sprig.randAlphaNum(1000000000)",
        "sprig.randBytes(1000000000)",
        "sprig.replace('', sprig.repeat(1000000, 'a'), sprig.repeat(1000000, 'b'))",
        "sprig.join(sprig.repeat(1000000, 'a'), sprig.until(1000))",
        "sprig.mustFromJson(sprig.repeat(100000, '['))",
    ],
)
def test_what_would_grow_too_large_is_an_error(expression: str) -> None:
    with pytest.raises(LanguageError):
        evaluate(expression, {})


def test_chance_and_clock_come_from_the_world() -> None:
    def draw() -> list[Any]:
        with world(lambda: datetime(2024, 3, 5, tzinfo=UTC), random.Random(7)):
            calls = (
                "sprig.uuidv4()",
                "sprig.randAlpha(9)",
                "sprig.shuffle('abcdef')",
                "sprig.date('2006', sprig.now())",
            )
            return [evaluate(call, {}) for call in calls]

    assert draw() == draw()
    assert draw()[-1] == "2024"


def test_versions_are_ordered_as_semver_says() -> None:
    texts = ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0"]
    versions = [semver_module.parse(text) for text in texts]
    assert sorted([versions[3], *versions[:3], *versions[4:]]) == versions


def test_aes_is_the_standard_one() -> None:
    from argosy.language.sprig import aes

    key = bytes.fromhex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4")
    start, plain = bytes(range(16)), bytes.fromhex("6bc1bee22e409f96e93d7e117393172a")
    secret = bytes.fromhex("f58c4c04d6e5f1ba779eabfb5f7bfbd6")
    assert aes.encrypt(key, start, plain) == secret
    assert aes.decrypt(key, start, secret) == plain


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 100) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(set(FUNCTIONS) - {"derivePassword"})), st.lists(VALUES, max_size=4))
def test_any_call_gives_a_value_or_a_language_error(name: str, arguments: list[Any]) -> None:
    try:
        FUNCTIONS[name].call(*arguments)
    except LanguageError as error:
        assert error.message
