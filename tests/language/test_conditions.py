from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from argosy.errors import LanguageError
from argosy.language.conditions import Binary, Group, Literal, Node, Unary, evaluate, is_true, parse, unparse, walk


@pytest.mark.parametrize(
    ("condition", "proceeds"),
    [
        ("", True),
        ("heads == heads", True),
        ("'heads' == heads", True),
        ("1 == 1.0", True),
        ("1 == '1'", False),
        ("2 ** 3 ** 2 == 64", True),
        ("10 - 4 - 3 == 3", True),
        ("2 + 3 * 4 == 14", True),
        ("-2 ** 2 == 4", True),
        ("6 & 3 == 2", True),
        ("1 << 3 == 8", True),
        ("'2024-02-01' > '2024-01-31T23:00:00Z'", True),
        ("a in (a, b)", True),
        ("'prod-1' =~ '^prod'", True),
        ("abc !~ 'b'", False),
        ("true || a", True),
        ("false ? true : true", True),
        ("(true) (false)", True),
        ("[a b] == 'a b'", True),
        ("0x1F == 31", True),
    ],
)
def test_values(condition: str, proceeds: bool) -> None:
    assert is_true(condition) is proceeds


@pytest.mark.parametrize(
    ("condition", "message", "position"),
    [
        ("a ==", "Unexpected end", 4),
        ("a == == b", "Cannot transition", 5),
        ("my-env == my-env", "cannot be used with the modifier", 0),
        ("a && true", "it is not a bool", 0),
        ("true && a", "it is not a bool", 8),
        ("x == {{y}}", "Invalid token", 5),
        ("(a", "Unbalanced", 0),
        ("a == 'b", "Unclosed string", 5),
        ("v1.2.3 == a", "No parameter 'v1'", 0),
        ("a.b == a", "unexported field", 0),
        ("1.2.3 == a", "Unable to parse numeric", 0),
        ("len(a) == 1", "Undefined function len", 0),
        ("a =~ '['", "error parsing regexp", 5),
        ("a", "Expected boolean", 0),
        ("(1, 2) in ((1, 2), (1, 2))", "Lists cannot", 0),
        ("a\\", "backslash", 1),
    ],
)
def test_errors_say_what_and_where(condition: str, message: str, position: int) -> None:
    with pytest.raises(LanguageError, match=message) as raised:
        is_true(condition)
    assert raised.value.position == position


def test_params_are_substituted_first() -> None:
    assert is_true("{{n}} > 2", {"n": "3"})
    with pytest.raises(LanguageError, match="failed to resolve"):
        is_true("{{steps.a.status}} == x", {})


def test_the_tree_has_offsets_and_tells_words_from_strings() -> None:
    tree = parse("!(a == 'b')")
    assert isinstance(tree, Unary)
    assert tree == Unary("!", Group(Binary("==", Literal("word", "a", "a"), Literal("string", "b", "b"))))
    assert [(node.start, node.end) for node in walk(tree)] == [(0, 11), (1, 11), (2, 10), (2, 3), (7, 10)]


NUMBERS = st.integers(0, 10**20).map(float) | st.floats(0, 1e15, allow_nan=False)
LITERALS = st.one_of(
    st.text(max_size=6).map(lambda text: Literal("word", text, text)),
    st.text(max_size=6).filter(lambda text: not text[:1].isdigit()).map(lambda text: Literal("string", text, text)),
    st.booleans().map(lambda value: Literal("boolean", value, str(value).lower())),
)


def compound(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    grouped = inner.map(Group)
    return st.one_of(
        grouped,
        st.builds(Unary, st.sampled_from("!-~"), grouped),
        st.builds(
            Binary, st.sampled_from(["==", "!=", "<", ">=", "in", "&&", "||", "+", "**", ",", "?"]), grouped, grouped
        ),
    )


@given(st.recursive(LITERALS, compound, max_leaves=12))
def test_printing_and_parsing_gives_the_same_tree(tree: Node) -> None:
    assert parse(unparse(tree)) == tree


@given(NUMBERS)
def test_numbers_survive_printing(number: float) -> None:
    tree = parse(unparse(Literal("number", number, "")))
    assert isinstance(tree, Literal)
    assert tree.value == pytest.approx(number, rel=1e-12, abs=1e-6)


TOKENS = st.sampled_from(
    [
        "a",
        "1",
        "'b'",
        "==",
        "&&",
        "||",
        "(",
        ")",
        "!",
        "-",
        "in",
        ",",
        "[c]",
        "?",
        ":",
        "??",
        "=~",
        "true",
        ".",
        "\\",
        '"',
        "x.Y",
        " ",
    ]
)


@given(st.text() | st.lists(TOKENS).map(" ".join) | st.lists(TOKENS).map("".join))
def test_any_text_gives_a_value_or_a_language_error(text: str) -> None:
    try:
        tree: Any = parse(text)
        assert parse(unparse(tree)) == tree
        evaluate(tree)
    except LanguageError as error:
        assert 0 <= error.position <= len(text)


def test_long_chains_are_no_problem() -> None:
    chain = " && ".join(["a == a"] * 3_000)
    assert is_true(chain)
    assert sum(1 for _ in walk(parse(chain))) == 11_999


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000 + "true" + ")" * 10_000,
        "!(" * 5000,
        "a" * 1_000_000,
        "'" * 99_999,
        "[" * 50_000,
        "a == a && " * 30_000 + "true",
    ],
)
def test_hostile_text_ends_in_an_error(text: str) -> None:
    with pytest.raises(LanguageError):
        is_true(text)
