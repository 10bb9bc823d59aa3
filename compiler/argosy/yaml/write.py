"""Writing YAML as people do: block style, quotes only where needed, texts of several lines as blocks.

What is written reads back the same under YAML 1.1 and 1.2, and as Argo reads it. Keys keep their order; ``in_order``
gives Argo's usual one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from argosy.source import Json
from argosy.yaml.scalars import resolve_key

_WIDEST_FLOW = 60
"""A list of simple words is written on one line up to this length: ``command: [sh, -c]``."""
_LONGEST_KEY = 200
"""Longer keys are written after ``? ``: YAML looks for a colon only so far."""

_UNSAFE = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff"
"""Characters that YAML forbids, takes for line ends, or nobody can see; within quotes they are escaped."""
_PLAIN = re.compile(rf"(?:[A-Za-z_/]|--?[A-Za-z])(?:[^\s:#\xa0{_UNSAFE}]|:(?=[^\s])|(?<=[^\s])\#|[ ](?=[^\s\#]))*\Z")
_WORD = re.compile(r"(?:[A-Za-z_/]|--?[A-Za-z])[A-Za-z0-9_./-]*\Z")
_AMOUNT = re.compile(r"[1-9][0-9]*(?:ms|[smhdkMGT]i?)\Z")
_ODD = re.compile(rf"[{_UNSAFE}]")
_ESCAPED = re.compile(rf'[\\"\n\t{_UNSAFE}]')
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0", "\x1b": "\\e"}
_BLANK_LINE = re.compile(r"^[ \t]+$", re.MULTILINE)


def dump(data: Json) -> str:
    """Give the text of one document, with a line end at its end.

    >>> print(dump({"name": "x", "when": "{{a}} == yes", "command": ["sh", "-c"], "args": ["a\\nb\\n"]}), end="")
    name: x
    when: "{{a}} == yes"
    command: [sh, -c]
    args:
    - |
      a
      b
    """
    out: list[str] = []
    if isinstance(data, dict) and data:
        _map(data, "", out)
    elif isinstance(data, list) and data:
        _list(data, "", out)
    else:
        out.append(_leaf(data, ""))
    return "\n".join(out) + "\n"


def dump_all(documents: Iterable[Json]) -> str:
    """Give the text of several documents, ``---`` between them."""
    return "---\n".join(dump(document) for document in documents)


def _map(data: dict[str, Json], indent: str, out: list[str], first: str | None = None) -> None:
    """Write a map; ``first`` is what stands before its first key instead of the indentation: the dash of a list."""
    lead = indent if first is None else first
    for key, value in data.items():
        name = _key(key)
        if len(name) > _LONGEST_KEY:
            out.append(f"{lead}? {name}")
            lead, name = indent, ""
        if isinstance(value, dict) and value:
            out.append(f"{lead}{name}:")
            _map(value, indent + "  ", out)
        elif isinstance(value, list) and value:
            flow = _flow(value)
            if flow is None:
                out.append(f"{lead}{name}:")
                _list(value, indent, out)
            else:
                out.append(f"{lead}{name}: {flow}")
        else:
            out.append(f"{lead}{name}: {_leaf(value, indent)}")
        lead = indent


def _list(data: list[Json], indent: str, out: list[str], first: str | None = None) -> None:
    lead = indent if first is None else first
    for item in data:
        if isinstance(item, dict) and item:
            _map(item, indent + "  ", out, lead + "- ")
        elif isinstance(item, list) and item:
            _list(item, indent + "  ", out, lead + "- ")
        else:
            out.append(f"{lead}- {_leaf(item, indent)}")
        lead = indent


def _flow(items: list[Json]) -> str | None:
    """Give a list on one line, if all its entries are simple words or numbers and few."""
    words = []
    for item in items:
        if isinstance(item, str):
            if not _WORD.match(item) or resolve_key(item) is not item:
                return None
            words.append(item)
        elif isinstance(item, (int, float)):
            words.append(_leaf(item, ""))
        else:
            return None
    line = f"[{', '.join(words)}]"
    return line if len(line) <= _WIDEST_FLOW else None


def _leaf(value: Json, indent: str) -> str:
    """Give a scalar, or an empty map or list, as it stands after ``key: `` or ``- `` at an indentation."""
    match value:
        case str():
            return _text(value, indent)
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return _float(value)
    return "{}" if isinstance(value, dict) else "[]"


def _float(value: float) -> str:
    if not math.isfinite(value):
        return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"
    digits, mark, exponent = repr(value).partition("e")
    if mark:  # YAML 1.1 wants a dot, and a sign in the exponent
        return f"{digits if '.' in digits else digits + '.0'}e{exponent if exponent[0] in '+-' else '+' + exponent}"
    return digits


def _key(key: str) -> str:
    return key if is_plain(key) else _quoted(key)


def _text(text: str, indent: str) -> str:
    if is_plain(text):
        return text
    if "\n" in text:
        return _block(text, indent) or _quoted(text)
    return _quoted(text)


def flow_text(value: Json) -> str:
    """Give a scalar on one line, as it may stand anywhere, within brackets too; an empty map or list as such."""
    if not isinstance(value, str):
        return _leaf(value, "")
    safe = is_plain(value) and not set(value) & set("[]{},?:")
    return value if safe else _quoted(value)


def is_plain(text: str) -> bool:
    """Say whether a text can stand without quotes, outside of brackets, for every reader."""
    if _AMOUNT.match(text):
        return True
    return _PLAIN.match(text) is not None and isinstance(resolve_key(text), str)


def _quoted(text: str) -> str:
    """Give a text in quotes: double ones, unless single ones save escapes."""
    if not _ESCAPED.search(text):
        return f'"{text}"'
    if not _ODD.search(text) and "\n" not in text and "\t" not in text:
        return "'" + text.replace("'", "''") + "'"
    return '"' + _ESCAPED.sub(_escape, text) + '"'


def _escape(found: re.Match[str]) -> str:
    char = found[0]
    if char in _ESCAPES:
        return _ESCAPES[char]
    code = ord(char)
    if 0xD800 <= code < 0xE000:
        return "\\uFFFD"  # an unpaired surrogate, which no text file can hold
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}"


def _block(text: str, indent: str) -> str | None:
    """Give a literal block; None where it would not read back the same everywhere."""
    body = text.rstrip("\n")
    if not body or _ODD.search(text) or _BLANK_LINE.search(text):
        return None
    ends = len(text) - len(body)
    hint = "2" if body[0] in " \t\n" else ""
    chomp = "" if ends == 1 else "-" if not ends else "+"
    inner = "  " + indent
    lines = [inner + line if line else "" for line in body.split("\n")]
    return "\n".join([f"|{hint}{chomp}", *lines, *[""] * (ends - 1)])


_WORKFLOW = ("workflowTemplateRef", "entrypoint", "onExit", "hooks", "arguments")
_TEMPLATE = ("name", "inputs", "outputs")
_FIRST = {
    (): ("apiVersion", "kind", "metadata", "spec", "status"),
    ("metadata",): ("name", "generateName", "namespace", "labels", "annotations"),
    ("spec",): (
        "schedules",
        "schedule",
        "timezone",
        "workflowTemplateRef",
        "entrypoint",
        "onExit",
        "hooks",
        "arguments",
    ),
    ("spec", "templates"): _TEMPLATE,
    ("spec", "workflowSpec"): _WORKFLOW,
    ("spec", "workflowSpec", "templates"): _TEMPLATE,
}
_LAST = {("spec",): ("templates",), ("spec", "workflowSpec"): ("templates",)}


def in_order(data: Json) -> Json:
    """Give a manifest with its keys in the order that Argo's own examples have them; unknown ones keep theirs.

    >>> list(in_order({"spec": {}, "kind": "Workflow", "apiVersion": "argoproj.io/v1alpha1"}))
    ['apiVersion', 'kind', 'spec']
    """
    return _ordered(data, ())


def _ordered(data: Json, place: tuple[str, ...]) -> Json:
    if isinstance(data, list):
        return [_ordered(item, place) for item in data] if place in _FIRST else data
    if not isinstance(data, dict) or place not in _FIRST:
        return data
    first, last = _FIRST[place], _LAST.get(place, ())
    middle = [key for key in data if key not in first and key not in last]
    keys = [*(key for key in first if key in data), *middle, *(key for key in last if key in data)]
    return {key: _ordered(data[key], (*place, key)) for key in keys}
