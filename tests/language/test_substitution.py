import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from argosy.errors import LanguageError
from argosy.language import is_missing_variable, substitute, substitute_json, substitute_template
from argosy.language.expression_tag import needed

PARAMS = {"a": "1", "b.c": "two words", "quote": 'say "hi"', "which": "c", "gone": None, "item.k": "v"}


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("{{a}}-{{ b.c }}", "1-two words"),
        ("{{quote}}", 'say \\"hi\\"'),
        ("{{b.{{which}}}}", "{{b.c}}"),
        ("{{nope}}", "{{nope}}"),
        ("{{=asInt(a) + 1}}", "2"),
        ("{{=nope}}", "{{=nope}}"),
        ("{{=nope ?? 'd'}}", "{{=nope ?? 'd'}}"),
        ("{{=b.nope ?? 'd'}}", "d"),
        ("{{=item}}", '{\\"k\\":\\"v\\"}'),
        ("{{=gone ?? 'd'}}", "d"),
        ("{{=1/0}}", "{{=1/0}}"),
    ],
)
def test_what_can_be_resolved_is(text: str, result: str) -> None:
    assert substitute(text, PARAMS, allow_unresolved=True) == result


@pytest.mark.parametrize(
    ("text", "message", "position"),
    [
        ("x {{nope}}", "failed to resolve {{nope}}", 2),
        ("{{gone}}", "absent optional", 0),
        ("{{=nope}}", "nope is missing", 3),
        ("{{=a +}}", "failed to evaluate", 3),
        ('{{="a"}}', "failed to unmarshall JSON", 3),
        ("{{=nil}}", "failed to evaluate", 3),
    ],
)
def test_everything_must_resolve_otherwise(text: str, message: str, position: int) -> None:
    with pytest.raises(LanguageError, match=message.replace("{", "\\{")) as raised:
        substitute(text, PARAMS)
    assert raised.value.position >= position


def test_only_strict_prefixes_must_resolve() -> None:
    assert substitute("{{nope}} {{stepsX.a}}", {}, strict_prefixes=["steps"]) == "{{nope}} {{stepsX.a}}"
    with pytest.raises(LanguageError) as raised:
        substitute("{{steps.a.status}}", {}, strict_prefixes=["steps"])
    assert is_missing_variable(raised.value)


def test_artifacts_of_steps_may_wait() -> None:
    text = "{{steps.a.outputs.artifacts.f}}"
    assert substitute(text, {}, strict_prefixes=["steps"]) == text


def test_an_absent_optional_is_not_a_variable_that_may_still_come() -> None:
    with pytest.raises(LanguageError) as raised:
        substitute("{{gone}}", PARAMS, allow_unresolved=True)
    assert not is_missing_variable(raised.value)


def test_values_in_objects_come_out_whole() -> None:
    value = 'line one\n"two" \\ <three> é 😀'
    assert substitute_template({"v": "{{x}}", "e": "{{=x}}"}, {"x": value}) == {"v": value, "e": value}


def test_a_value_that_breaks_the_json_is_an_error() -> None:
    with pytest.raises(LanguageError, match="invalid JSON"):
        substitute_template({"v": "{{x}}"}, {"x": "\x01"})


def test_keys_are_substituted_too() -> None:
    assert substitute_template({"{{a}}": 1}, PARAMS) == {"1": 1}


def test_a_tag_may_reach_into_the_next_value() -> None:
    with pytest.raises(LanguageError, match="failed to resolve"):
        substitute_template({"a": "{{", "b": "a}}"}, PARAMS)


def test_an_object_without_tags_is_given_back() -> None:
    obj = {"a": ["b", {"c": 1}]}
    assert substitute_template(obj, PARAMS) is obj


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("a.b.c + d", {"a", "a.b", "a.b.c", "d"}),
        ("a['b'].c", {"a", "a.b", "a.b.c"}),
        ("a.b ?? 'x'", {"a"}),
        ("a?.b", {"a"}),
        ("a.b?.c", {"a"}),
        ("len(a)", {"a"}),
    ],
)
def test_what_an_expression_needs(expression: str, names: set[str]) -> None:
    assert set(needed(expression)) == names


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@given(JSON)
def test_substituting_nothing_changes_nothing(obj: Any) -> None:
    try:
        result = substitute_template(obj, {}, allow_unresolved=True)
    except LanguageError:
        assert "{{" in json.dumps(obj)
    else:
        assert result == obj


@given(st.text(), st.dictionaries(st.sampled_from(["a", "b.c", "b"]), st.text() | st.none()), st.booleans())
def test_any_text_gives_text_or_a_language_error(text: str, params: dict[str, Any], allow: bool) -> None:
    for pattern in (text, f"{{{{{text}}}}}", f"{{{{={text}}}}}", "{{a}}{{b.c}}" + text):
        for call in (substitute, substitute_json):
            try:
                assert isinstance(call(pattern, params, allow), str)
            except LanguageError as error:
                assert 0 <= error.position <= len(pattern) + 10
