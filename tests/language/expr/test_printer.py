"""Trees survive being written and read; any text gives a value or LanguageError."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from argosy.errors import LanguageError
from argosy.language.expr import evaluate, nodes, parse, to_text, walk

RECORDS = Path(__file__).parent / "records.jsonl"
CASES = [json.loads(line)["expression"] for line in RECORDS.read_text().splitlines()]
PIECES = sorted({piece for case in CASES for piece in case.replace("(", " ( ").replace(")", " ) ").split()})[:600]

leaves = st.sampled_from(
    [
        "1",
        "2.5",
        "'a'",
        '"q\\"\\n"',
        "`r``w`",
        "b'x'",
        "true",
        "nil",
        "x",
        "m.a",
        "m?.b?.c",
        "m?.b['c']",
        "[]",
        "{}",
        "$env.x",
    ]
)


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = ["+", "-", "*", "**", "==", "<", "&&", "or", "in", "not in", "contains", "..", "??"]
    return st.one_of(
        st.tuples(inner, st.sampled_from(operators), inner).map(lambda t: f"({t[0]}) {t[1]} ({t[2]})"),
        st.tuples(inner, inner, inner).map(lambda t: f"{t[0]} ? {t[1]} : {t[2]}"),
        st.tuples(inner, inner).map(lambda t: f"if {t[0]} {{ {t[1]} }} else {{ 1 }}"),
        st.tuples(inner, inner).map(lambda t: f"(let y = ({t[0]}); {t[1]})"),
        st.tuples(inner, inner).map(lambda t: f"({t[0]})[{t[1]}:]"),
        st.tuples(inner, inner).map(lambda t: f"({t[0]})?.[{t[1]}].z"),
        st.tuples(inner, inner).map(lambda t: f"filter([{t[0]}], {{ # == ({t[1]}) }}) | map({{k: #}}.k)"),
        st.tuples(inner, inner).map(lambda t: f"[{t[0]}, -({t[1]}), not ({t[0]})]"),
        st.tuples(inner, inner).map(lambda t: f"{{a: {t[0]}, ({t[1]}): 1}}"),
        st.tuples(inner, inner).map(lambda t: f"({t[0]}; {t[1]})"),
        inner.map(lambda t: f"reduce([1], #acc + .q + #index + ({t}), 0).f(1)"),
    )


expressions = st.recursive(leaves, _grown, max_leaves=12)


def _round_trip(text: str) -> None:
    tree = parse(text)
    written = to_text(tree)
    assert parse(written) == tree, written


@pytest.mark.parametrize("text", sorted(set(CASES)))
def test_recorded_expressions_survive(text: str) -> None:
    try:
        parse(text)
    except LanguageError:
        return
    _round_trip(text)


@settings(max_examples=300, deadline=None)
@given(expressions)
def test_trees_survive(text: str) -> None:
    try:
        parse(text)
    except LanguageError:
        return
    _round_trip(text)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join), expressions))
def test_any_text_gives_a_value_or_an_error(text: str) -> None:
    try:
        evaluate(text, {"x": 1, "m": {"a": "b"}, "l": [1, 2]})
    except LanguageError as error:
        assert 0 <= error.position <= len(text)


def test_offsets_give_back_the_text_of_each_node() -> None:
    text = "steps['a'].status == 'x' && len(l | filter(.n > 1)) > 2"
    names = [text[node.start : node.end] for node in walk(parse(text)) if isinstance(node, nodes.Member)]
    assert names == ["steps['a'].status", "steps['a']", ".n"]
