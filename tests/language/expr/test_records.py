"""Argo's own answers: every recorded expression, its value or that it fails."""

import json
import math
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from argosy.language import LanguageError, evaluate, evaluate_bool

RECORDS = Path(__file__).parent / "records.jsonl"
CASES = [json.loads(line) for line in RECORDS.read_text().splitlines()]


def plain(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "+Inf" if value > 0 else "-Inf"
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, timedelta):
        return value // timedelta(microseconds=1) * 1000
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_gives_what_argo_gives(case: dict[str, Any]) -> None:
    call = evaluate_bool if case["kind"] == "expr-bool" else evaluate
    want, env = case["result"], case.get("env") or {}
    if want.get("error"):
        with pytest.raises(LanguageError):
            call(case["expression"], env)
        return
    got = plain(call(case["expression"], env))
    expected = want["bool"] if case["kind"] == "expr-bool" else want["value"]
    if want.get("type") == "duration":
        expected = int(want["json"])
    if isinstance(expected, float):
        assert got == pytest.approx(expected, rel=1e-9) and isinstance(got, float)
    else:
        assert got == expected
