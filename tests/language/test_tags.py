import pytest
from hypothesis import given
from hypothesis import strategies as st

from argosy.errors import LanguageError
from argosy.language.tags import Tag, Text, parse, tags, unparse

PIECES = st.lists(st.sampled_from(["{{", "}}", "{", "}", "=", "a", " ", "é", "{{a}}", "{{=1 + 1}}", "\\u003c"]))


def test_tags_carry_their_offsets() -> None:
    assert parse("a {{b}}{{=c}}") == (Text("a ", 0, 2), Tag("b", 2, 7), Tag("=c", 7, 13))


def test_a_tag_ends_at_the_first_closing_braces() -> None:
    assert parse("{{{a}}}") == (Tag("{a", 0, 6), Text("}", 6, 7))


def test_an_expression_starts_with_an_equals_sign_at_once() -> None:
    expression, name = parse("{{=a}}{{ =a}}")
    assert isinstance(expression, Tag)
    assert isinstance(name, Tag)
    assert (expression.is_expression, expression.expression, expression.expression_start) == (True, "a", 3)
    assert (name.is_expression, name.name) == (False, "=a")


def test_escapes_of_html_are_undone_in_expressions() -> None:
    (tag,) = parse("{{=1 \\u003c 2}}")
    assert isinstance(tag, Tag)
    assert tag.expression == "1 < 2"


def test_a_nested_tag_shows_its_innermost_name() -> None:
    (tag, _) = parse("{{a.{{b}}}}")
    assert isinstance(tag, Tag)
    assert tag.inner == "b"


def test_validation_passes_over_expressions() -> None:
    assert tags("{{ a }}{{=b}}{{c}}") == [" a ", "c"]


@pytest.mark.parametrize(("text", "position"), [("{{", 0), ("ab {{c", 3), ("{{a}} {{b }", 6)])
def test_a_tag_that_is_not_closed_is_an_error_where_it_starts(text: str, position: int) -> None:
    with pytest.raises(LanguageError) as raised:
        parse(text)
    assert raised.value.position == position


@given(PIECES.map("".join))
def test_parsing_keeps_every_character(text: str) -> None:
    try:
        segments = parse(text)
    except LanguageError:
        return
    assert unparse(segments) == text
    assert [s.start for s in segments[1:]] == [s.end for s in segments[:-1]]
