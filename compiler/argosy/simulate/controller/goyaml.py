"""Writing YAML as Go's sigs.k8s.io/yaml does: keys in order, lists not indented, quotes where they are needed."""

from __future__ import annotations

import json
import re
from typing import Any

_PLAIN = re.compile(r"[A-Za-z0-9_./+(<$^-][^\x00-\x1f\x7f]*\Z")
_AMBIGUOUS = re.compile(
    r"(?:~|null|true|false|yes|no|on|off|y|n|[-+]?[0-9][0-9_]*|[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:e[-+]?[0-9]+)?"
    r"|0x[0-9a-f_]+|0o?[0-7_]+|0b[01_]+|[-+]?\.inf|\.nan|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*|[-+]?[0-9]+(?::[0-9]+)+)?\Z",
    re.IGNORECASE,
)
_WIDTH = 80


def dump(data: Any) -> str:
    """Give the text of a document."""
    lines: list[str] = []
    if isinstance(data, dict) and data:
        _map(data, 0, lines, "")
    elif isinstance(data, list) and data:
        _list(data, 0, lines)
    else:
        lines.append(_leaf(data, 0))
    return "\n".join(lines) + "\n"


def _map(data: dict[str, Any], indent: int, lines: list[str], first: str) -> None:
    for name in sorted(data):
        start = first or " " * indent
        first = ""
        _below(f"{start}{_leaf(name, indent)}:", data[name], indent, lines)


def _list(data: list[Any], indent: int, lines: list[str]) -> None:
    for item in data:
        start = " " * indent + "-"
        if isinstance(item, dict) and item:
            _map(item, indent + 2, lines, start + " ")
        elif isinstance(item, list) and item:
            below: list[str] = []
            _list(item, indent + 2, below)
            lines.append(f"{start} {below[0].lstrip()}")
            lines += below[1:]
        else:
            lines.append(f"{start} {_leaf(item, indent + 2)}")


def _below(start: str, value: Any, indent: int, lines: list[str]) -> None:
    if isinstance(value, dict) and value:
        lines.append(start)
        _map(value, indent + 2, lines, "")
    elif isinstance(value, list) and value:
        lines.append(start)
        _list(value, indent, lines)
    else:
        lines.append(f"{start} {_leaf(value, indent + 2, len(start) + 1)}")


def _leaf(value: Any, indent: int, column: int = 0) -> str:
    if isinstance(value, str):
        return _text(value, indent, column)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, separators=(",", ":"))


def _text(value: str, indent: int, column: int) -> str:
    if "\n" in value and not value.isspace() and not value.startswith((" ", "\n")):
        body = value.rstrip("\n")
        trailing = len(value) - len(body)
        mark = "|" if trailing == 1 else "|-" if not trailing else "|+"
        padded = [" " * indent + line if line else "" for line in body.split("\n")]
        return "\n".join([mark, *padded, *[""] * max(0, trailing - 1)])
    if _AMBIGUOUS.match(value):
        return json.dumps(value, ensure_ascii=False)
    plain = (
        _PLAIN.match(value)
        and not value.startswith(("- ", "---", "? ", ": "))
        and value != "-"
        and ": " not in value
        and " #" not in value
        and not value.endswith((":", " "))
    )
    if plain:
        return _fold(value, indent, column)
    if any(ord(char) < 32 or ord(char) == 127 for char in value):
        return json.dumps(value, ensure_ascii=False)
    return "'" + value.replace("'", "''") + "'"


def _fold(value: str, indent: int, column: int) -> str:
    """Break a long text at spaces, as the emitter does."""
    out: list[str] = []
    words = re.split(r"(?<! ) (?! )", value)
    line = words[0]
    at = column + len(line)
    for word in words[1:]:
        if at > _WIDTH:
            out.append(line)
            line, at = " " * indent + word, indent + len(word)
        else:
            line += " " + word
            at += 1 + len(word)
    return "\n".join([*out, line])
