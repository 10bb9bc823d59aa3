"""Values as Python source: short ones on a line, long ones over several, texts of several lines as such."""

from __future__ import annotations

import inspect
import re
from typing import Any

WIDTH = 100
_INPUT = re.compile(r"\{\{\s*inputs\.parameters\.([^}\s]+?)\s*\}\}")
_TEXT, _INNER = re.compile(r"^str\((.*)\)$"), r"\1"
_TAG = re.compile(r"\{\{.*?\}\}", re.DOTALL)


def literal(value: Any, indent: int = 0) -> str:
    """Give any plain data as Python source.

    >>> literal({"a": [1, "x"], "b": None})
    '{"a": [1, "x"], "b": None}'
    """
    short = _short(value)
    if len(short) + indent <= WIDTH or not isinstance(value, (dict, list)) or not value:
        return short
    pad = " " * (indent + 4)
    if isinstance(value, dict):
        inside = "".join(f"{pad}{_short(k)}: {literal(v, indent + 4)},\n" for k, v in value.items())
        return "{\n" + inside + " " * indent + "}"
    return "[\n" + "".join(f"{pad}{literal(v, indent + 4)},\n" for v in value) + " " * indent + "]"


def _short(value: Any) -> str:
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_short(k)}: {_short(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_short, value)) + "]"
    return repr(value)


def quoted(text: str) -> str:
    """Give a text in quotation marks, double ones where that needs no more escapes."""
    shown = repr(text)
    if shown.startswith("'") and '"' not in text and "\\'" not in shown:
        return f'"{shown[1:-1]}"'
    return shown


def block(text: str, end: str = "") -> str:
    """Give a text of several lines for ``sh``, ``code`` and ``manifest``, which dedent what begins with a new line."""
    body = text.removesuffix(end)
    candidate = "\n" + body + "\n"
    awkward = '"""' in text or "\\" in text or text.endswith('"') or (not text.isprintable() and _has_controls(text))
    if "\n" in body and not awkward and inspect.cleandoc(candidate) + end == text:
        lines = "\n".join(f"    {line}" if line else "" for line in body.split("\n"))
        return f'"""\n{lines}\n    """'
    return quoted(text)


def _has_controls(text: str) -> bool:
    return any(ord(c) < 32 and c != "\n" for c in text)


def value(text: str, scope: dict[str, str]) -> str:
    """Give a text with tags as an expression: a variable, an f-string, or the text as it is.

    ``scope`` gives the Python variable of each tag that has one. Where any tag has none, the text stays a plain one.
    """
    tags = _TAG.findall(text)
    known = [scope.get(_bare(t)) for t in tags]
    if not tags or None in known:
        return quoted(text)
    if len(tags) == 1 and text == tags[0]:
        return str(known[0]).replace("'", '"')
    parts = _TAG.split(text)
    if "\\" in text or '"' in text or "\n" in text:
        return quoted(text)
    shown = "".join(
        _braced(part) + (f"{{{_TEXT.sub(_INNER, str(known[i]))}}}" if i < len(tags) else "")
        for i, part in enumerate(parts)
    )
    return f'f"{shown}"'


def _bare(tag: str) -> str:
    return tag[2:-2].strip()


def _braced(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
