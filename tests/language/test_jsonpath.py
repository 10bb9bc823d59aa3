import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from argosy.errors import LanguageError
from argosy.language.jsonpath import jsonpath
from argosy.language.sprig.encoding import parse_json

BOOKS = parse_json(
    json.dumps(
        {
            "books": [
                {"title": "A", "price": 8.95, "tags": ["x"]},
                {"title": "B", "price": 12, "isbn": "1"},
                {"title": "C", "price": 22.5, "isbn": "2", "tags": ["x", "y"]},
            ],
            "a b": {"c.d": None},
            "limit": 10,
        }
    )
)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("$.books[0].title", "A"),
        ("$.books[-1].title", "C"),
        ("$.books[*].title", ["A", "B", "C"]),
        ("$.books[0,2].title", ["A", "C"]),
        ("$.books[1:].title", ["B", "C"]),
        ("$.books[::-1].title", ["C", "B", "A"]),
        ("$.books[:2][0].title", "A"),
        ("$.books.length", 3),
        ("$.books[(@.length-1)].title", "C"),
        ("$.books[?(@.price > $.limit)].title", ["B", "C"]),
        ("$.books[?(@.isbn)].title", ["B", "C"]),
        ("$.books[?(@.title == 'A' || @.price > 20)].title", ["A", "C"]),
        ("$.books[?(@.title == 'A' || @.isbn == '2')].title", ["C"]),  # what is missing fails the whole filter
        ("$.books[?(!(@.isbn == '2'))].title", ["B"]),
        ("$.books[?(@.title =~ '^[AB]$')].title", ["A", "B"]),
        ("$.books[?('y' in @.tags)].title", []),  # text in scripts keeps its quotes
        ("$.books[?(@.price in [12, 22.5])].title", ["B", "C"]),
        ("$..title", ["A", "B", "C"]),
        ("$['a b']['c.d']", None),
        ("$.books[*].isbn", ["1", "2"]),
    ],
)
def test_paths(path: str, found: Any) -> None:
    assert jsonpath(BOOKS, path) == found


@pytest.mark.parametrize(
    "path",
    [
        "",
        "books",
        "$books",
        "$.nope",
        "$.books[9]",
        "$.books[::0]",
        "$.books[",
        "$.books[]",
        "$.limit.x",
        "$.books.title",
    ],
)
def test_paths_that_lead_nowhere_are_errors(path: str) -> None:
    with pytest.raises(LanguageError):
        jsonpath(BOOKS, path)


@pytest.mark.parametrize(
    "path",
    [
        "$" + "..*" * 40,
        "$[?(" + "!-" * 400 + "x)]",
        "$" + "[0]" * 20_000,
        "$[?(" + "(" * 5000 + "1" + ")" * 5000 + ")]",
    ],
)
def test_hostile_paths_end_soon(path: str) -> None:
    nested = [[[[[[1.0] * 5] * 5] * 5] * 5] * 5] * 5
    with pytest.raises(LanguageError):
        jsonpath(nested, path)


PIECES = st.sampled_from(
    [
        "$",
        "@",
        ".",
        "..",
        "[",
        "]",
        "*",
        "'a'",
        "a",
        "0",
        ":",
        ",",
        "?(",
        "(",
        ")",
        "@.a",
        "==",
        "!",
        "in",
        "length",
        "-1",
        " ",
    ]
)


@given(
    st.lists(PIECES, max_size=12).map("".join), st.sampled_from([BOOKS, [1.0, "a", None], "text", {"a": {"a": [0.0]}}])
)
def test_any_path_gives_a_value_or_a_language_error(path: str, data: Any) -> None:
    for text in (path, "$" + path, "$[" + path + "]"):
        try:
            jsonpath(data, text)
        except LanguageError as error:
            assert error.message
