"""Tags that Argo's linter does not know, and where they were written."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from msgspec import Struct

from argosy.errors import LanguageError
from argosy.language.tags import tags
from argosy.scope.names import Names
from argosy.scope.notes import Place, Unknown
from argosy.source import Address


class Found(Struct, eq=False):
    """A tag, before it is known where it was written."""

    content: str
    closed: bool = True


def unknown_tags(text: str, names: Names) -> Iterator[Found]:
    """Give the simple tags of a text that Argo does not know, each once; of an unclosed tag, what follows."""
    try:
        contents = dict.fromkeys(tags(text))
    except LanguageError as error:
        yield Found(text[error.position + 2 :], closed=False)
        return
    for content in contents:
        if not names.has(content):
            yield Found(content)


def locate(found: Found, place: Place, source: msgspec.Struct) -> Unknown:
    """Find where a tag was written, in a struct as written."""
    wanted = "{{" + (found.content if found.closed else "")
    for address, text in texts(msgspec.to_builtins(source, enc_hook=str)):
        if (start := text.find(wanted)) < 0:
            continue
        end = text.find("}}", start)
        if found.closed != (end >= 0):
            continue
        chars = (start, end + 2 if end >= 0 else len(text))
        return Unknown(place.at(*address), found.content, text, chars, found.closed)
    return Unknown(place, found.content, closed=found.closed)


def texts(data: object, address: Address = ()) -> Iterator[tuple[Address, str]]:
    """Give every text value in some plain data, with its address."""
    if isinstance(data, str):
        yield address, data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from texts(value, (*address, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from texts(value, (*address, number))
