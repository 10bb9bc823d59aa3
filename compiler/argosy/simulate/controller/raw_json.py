"""JSON that keeps how it was written, as Go's ``json.RawMessage`` does: numbers and texts come out as they went in."""

from __future__ import annotations

import json
from json.decoder import scanstring  # type: ignore[attr-defined]  # it is there, but not in typeshed
from json.scanner import py_make_scanner  # type: ignore[attr-defined]  # likewise
from typing import Any


class Number(float):
    """A number that keeps the text it was written as."""

    text: str


class Text(str):
    """A text that keeps the JSON that it was written as."""

    text: str


class _Decoder(json.JSONDecoder):
    """Reads JSON whose texts keep how they were written; slower than the usual way."""

    def __init__(self) -> None:
        super().__init__(parse_float=_number)
        self.parse_string = _string
        self.scan_once = py_make_scanner(self)


def read(text: str) -> Any:
    """Read JSON. Raises ValueError for what is none."""
    if "\\u" in text or "\\/" in text:
        return _Decoder().decode(text)
    return json.loads(text, parse_float=_number)


def _string(text: str, start: int, strict: bool = True) -> tuple[str, int]:
    value, end = scanstring(text, start, strict)
    found = Text(value)
    found.text = text[start - 1 : end]
    return found, end


def _number(text: str) -> Number:
    value = Number(text)
    value.text = text
    return value
