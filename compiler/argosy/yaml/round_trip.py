"""The way of last resort to edit a YAML text: load it with ruamel.yaml, change that, write it; comments stay."""

from __future__ import annotations

import io
import re
import warnings
from typing import TYPE_CHECKING

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from argosy.source import Json, at

if TYPE_CHECKING:
    from argosy.yaml.edit import Edit

_LIST_UNDER_KEY = re.compile(r"^( *)[^\s#-][^\n]*:[ ]*\n(?:[ ]*\n)*( *)- ", re.MULTILINE)


def round_trip(text: str, edit: Edit) -> str | None:
    """Give the text after an edit; None where ruamel.yaml does not read it."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 100_000
    yaml.allow_duplicate_keys = True
    yaml.version = (1, 1)
    found = _LIST_UNDER_KEY.search(text)
    offset = len(found[2]) - len(found[1]) if found else 0
    yaml.indent(mapping=2, sequence=2 + offset, offset=offset)
    out = io.StringIO()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # ruamel.yaml warns of numbers that YAML 1.1 and 1.2 read differently
            data = yaml.load(text)
        _change(data, edit)
        yaml.version = None
        yaml.dump(data, out)
    except (YAMLError, TypeError, ValueError, AttributeError, KeyError, IndexError):
        return None
    return _ends(out.getvalue(), text)


def _change(data: Json, edit: Edit) -> None:
    holder, last = at(data, edit.address[:-1]), edit.address[-1]
    match edit.action:
        case "delete":
            del holder[last]
        case "rename":
            place = list(holder).index(last)
            holder.insert(place, edit.value, holder.pop(last))
        case "insert" if isinstance(last, int):
            holder.insert(last, edit.value)
        case _:
            holder[last] = edit.value


def _ends(made: str, text: str) -> str:
    """Give the new text the beginning and the end of the old one."""
    made = re.sub(r"\A%YAML 1\.1\n", "", made)
    if not text.startswith("---"):
        made = made.removeprefix("---\n")
    body = made.rstrip("\n")
    tail = text[len(text.rstrip("\n")) :]
    lead = text[: len(text) - len(text.lstrip("\n"))]
    return f"{lead}{body.lstrip(chr(10))}{tail}"
