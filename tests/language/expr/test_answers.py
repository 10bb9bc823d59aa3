"""What Argo answered to expressions that show how Go's values behave: a table, a line for each."""

from pathlib import Path
from typing import Any

import pytest

from argosy.errors import LanguageError
from argosy.language import evaluate
from argosy.language.gotext import marshal

TABLE = Path(__file__).with_name("answers.txt").read_text(encoding="utf-8").splitlines()
ROWS = [[part.strip() for part in line.split("  =>  ")] for line in TABLE if "  =>  " in line]


def variables() -> dict[str, Any]:
    return {
        "s": "some text",
        "n": "42",
        "nothing": None,
        "m": {"k": 1, "o": {"p": [1]}},
        "w.name": "wf",
        "cut": "日本",
    }


@pytest.mark.parametrize(("expression", "answer"), ROWS, ids=[row[0] for row in ROWS])
def test_gives_the_json_that_argo_gives(expression: str, answer: str) -> None:
    env = variables()
    if answer == "error":
        with pytest.raises(LanguageError):
            evaluate(expression, env)
    else:
        assert marshal(evaluate(expression, env, raw=True)) == answer
    assert env == variables(), "an expression changes its own maps only"
