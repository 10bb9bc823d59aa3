"""Every rule's page: a first sentence, a bad manifest that gives exactly its finding, a good one that gives none."""

from collections.abc import Iterator
from typing import Any

import pytest

from argosy.lint.rule import Example, Rule, examples, prose, rules
from argosy.lint.run import lint_text


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.name)
def test_a_page_has_a_sentence_a_reason_and_both_examples(rule: Rule[Any]) -> None:
    assert rule.summary.endswith("."), "the first line is one sentence"
    assert len(prose(rule.doc).splitlines()) > 1, "the page says why it matters"
    goods = [example.good for example in examples(rule.doc)]
    assert True in goods and False in goods, "the page has a Bad and a Good manifest"


def cases() -> Iterator[Any]:
    for rule in rules():
        for number, example in enumerate(examples(rule.doc)):
            yield pytest.param(rule, example, id=f"{rule.name}-{'good' if example.good else 'bad'}-{number}")


@pytest.mark.parametrize(("rule", "example"), list(cases()))
def test_examples_give_what_the_page_says(rule: Rule[Any], example: Example) -> None:
    result = lint_text(example.text, "example.yaml", argo_version=example.version, also=[rule.name])
    said = [(one.finding.rule, one.finding.message) for one in result.findings]
    if example.good:
        assert not said
        assert result.accepted is not False and all(document.accepted for document in result.documents)
        return
    assert {name for name, _ in said} == {rule.name}, said
    if example.here:
        assert {one.span().line for one in result.findings} == set(example.here)
