"""Tags, conditions and depends give what Argo's own code gave."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from argosy import language

CASES = Path(__file__).parent / "cases"
PARAMS: dict[str, dict[str, Any]] = json.loads((CASES / "params.json").read_text("utf-8"))


def options(case: dict[str, Any]) -> dict[str, Any]:
    names = {"allowUnresolved": "allow_unresolved", "strictPrefixes": "strict_prefixes"}
    return {ours: case[theirs] for theirs, ours in names.items() if theirs in case}


def params(case: dict[str, Any]) -> dict[str, Any]:
    return PARAMS[case["params"]]


CALLS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "template": lambda c: language.substitute(c["text"], params(c), **options(c)),
    "template-json": lambda c: language.substitute_template(c["object"], params(c), **options(c)),
    "validate-tags": lambda c: language.tags(c["text"]),
    "when": lambda c: language.is_true(c["when"]),
    "when-full": lambda c: language.is_true(c["when"], params(c)),
    "depends": lambda c: language.resolve_depends(c["task"], c["tasks"]),
}


def cases() -> list[dict[str, Any]]:
    files = sorted(CASES.glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").split("\n") if line]


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["id"])
def test_gives_what_argo_gives(case: dict[str, Any]) -> None:
    call = CALLS[case["kind"]]
    if "error" in case:
        with pytest.raises(language.LanguageError):
            call(case)
    else:
        assert call(case) == case["want"]
