"""The fast way from libyaml's events to plain data: no positions, and no feature that few documents use."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from yaml._yaml import CParser
from yaml.events import (
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from argosy.source import Json
from argosy.yaml.scalars import HINTS, resolve

_SHORT = 40
_resolve = lru_cache(4096)(resolve)
"""Files are full of the same few words: ``name``, ``template``, ``true``."""

MAX_DEPTH = 200
"""Levels of nesting that are read; Argo's own documents have less than 20."""


class NotPlainError(Exception):
    """The text has an anchor, alias, tag, merge, duplicate or odd key, or is broken: read it the careful way."""


def fold(raw: bytes) -> Json:
    """Give the data of a document of one text that has plain content only.

    Raises NotPlainError where the careful way is needed, and yaml.YAMLError on broken text.
    """
    next_event: Callable[[], Any] = CParser(raw).get_event
    stack: list[tuple[Json, str | None]] = []
    holder: Json = None
    key: str | None = None
    in_map = False
    while True:
        event = next_event()
        kind = event.__class__
        if kind is ScalarEvent:
            if event.anchor is not None or event.tag is not None:
                raise NotPlainError
            value = event.value
            if "?" in value and not event.style:
                raise NotPlainError  # go-yaml refuses it within [...] and {...}
            if event.implicit[0] and (not value or value[0] in HINTS or value == "<<"):
                value = _resolve(value) if len(value) < _SHORT else resolve(value)
                if value.__class__ is float and value - value != 0.0:
                    raise NotPlainError  # NaN or infinity
                if in_map and key is None and (value.__class__ is not str or value == "<<"):
                    raise NotPlainError
            if in_map:
                if key is None:
                    if value in holder:
                        raise NotPlainError
                    key = value
                    continue
                holder[key] = value
                key = None
                continue
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            if event.anchor is not None or event.tag is not None or len(stack) > MAX_DEPTH or (in_map and key is None):
                raise NotPlainError
            stack.append((holder, key))
            holder, key, in_map = ({}, None, True) if kind is MappingStartEvent else ([], None, False)
            continue
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            value = holder
            holder, key = stack.pop()
            in_map = holder.__class__ is dict
            if in_map:
                holder[key] = value
                key = None
                continue
        elif kind is DocumentEndEvent:
            if event.explicit:
                raise NotPlainError
            return holder[0]
        elif kind is DocumentStartEvent:
            if event.version is not None or event.tags:
                raise NotPlainError
            holder = []
            continue
        elif kind is StreamStartEvent:
            continue
        elif kind is StreamEndEvent:
            return None
        else:
            raise NotPlainError
        holder.append(value)
