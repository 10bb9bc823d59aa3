"""The reference: its examples hold, every function has one, and the page is up to date."""

from pathlib import Path

import pytest

from argosy.errors import LanguageError
from argosy.language.expr import evaluate
from argosy.language.expr.operators import BUILTINS
from argosy.language.function import Function
from argosy.language.reference import functions, markdown

PAGE = Path(__file__).parents[3] / "docs" / "language.md"


@pytest.mark.parametrize("function", functions(), ids=lambda f: f.name)
def test_example_gives_its_result(function: Function) -> None:
    if function.result == "error":
        with pytest.raises(LanguageError):
            evaluate(function.example, {})
        return
    want = evaluate(function.result, {})
    got = evaluate(function.example, {})
    assert got == want and isinstance(got, type(want) if not isinstance(want, list) else list)


def test_every_built_in_function_is_described() -> None:
    assert {function.name for function in functions()} >= BUILTINS


def test_page_is_up_to_date() -> None:
    assert PAGE.read_text() == markdown(), "run: python -m argosy.language.reference > docs/language.md"
