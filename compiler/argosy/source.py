"""Where things stand: addresses within a manifest, and origins that turn them into file, line and column.

Rules and the simulator speak of addresses only; a report asks the origin for a span: one rule serves YAML and Python.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal, Protocol

from msgspec import Struct, field

from argosy.later import regex

Address = tuple[str | int, ...]
"""Keys and indexes from the root of a document: ``("spec", "templates", 2, "name")``."""

Json = Any
"""Plain data in JSON's terms: dict with text keys, list, str, int, float, bool, None."""

Part = Literal["key", "value"]

_PLAIN_KEY = regex(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
_STEP = regex(r"""\.?([A-Za-z_][A-Za-z0-9_-]*)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]""")


def format_address(address: Sequence[str | int]) -> str:
    """Write an address as text: ``spec.templates[2].name``; odd keys are quoted: ``metadata.labels["a/b"]``.

    >>> format_address(("spec", "templates", 2, "container", "args", 0))
    'spec.templates[2].container.args[0]'
    """
    out: list[str] = []
    for step in address:
        if isinstance(step, int):
            out.append(f"[{step}]")
        elif _PLAIN_KEY.match(step):
            out.append(f".{step}" if out else step)
        else:
            escaped = step.replace("\\", "\\\\").replace('"', '\\"')
            out.append(f'["{escaped}"]')
    return "".join(out)


def parse_address(text: str) -> Address:
    """Read what :func:`format_address` wrote.

    >>> parse_address('metadata.labels["a/b"]')
    ('metadata', 'labels', 'a/b')

    Raises ValueError on anything else.
    """
    steps: list[str | int] = []
    at = 0
    while at < len(text):
        found = _STEP.match(text, at)
        if not found:
            raise ValueError(f"not an address: {text!r} (at character {at + 1})")
        name, index, quoted = found.groups()
        steps.append(int(index) if index else name if name else re.sub(r"\\(.)", r"\1", quoted))
        at = found.end()
    return tuple(steps)


def at(data: Json, address: Sequence[str | int]) -> Json:
    """Give the value at an address, or None where the document has nothing there."""
    for step in address:
        if isinstance(data, dict) and isinstance(step, str):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and -len(data) <= step < len(data):
            data = data[step]
        else:
            return None
    return data


class Span(Struct, frozen=True, order=True):
    """A stretch of a file. Lines and columns count from 1, the end column is the first after it; line 0: not known."""

    path: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0


class Origin(Protocol):
    """Turns an address of one document into a span of a file."""

    @property
    def path(self) -> str:
        """The file, as the user named it; ``<stdin>`` or ``<memory>`` where there is none."""

    def locate(self, address: Address, part: Part = "value", chars: tuple[int, int] | None = None) -> Span:
        """Give the span of a key or a value; of the nearest parent that has one, if it has none itself.

        ``chars`` narrows the span to a range of characters of a text value (0-based, end exclusive).
        """

    def lines(self) -> Sequence[str] | None:
        """Give the text of the file, line by line, for code frames; None where there is no text."""


class NoOrigin(Struct, frozen=True):
    """The origin of a document made in memory: it names a path at most."""

    path: str = "<memory>"

    def locate(self, address: Address, part: Part = "value", chars: tuple[int, int] | None = None) -> Span:
        """Give the file alone."""
        return Span(self.path)

    def lines(self) -> Sequence[str] | None:
        """Give None: there is no text."""
        return None


class Manifest(Struct):
    """One Kubernetes document: plain data plus its origin."""

    data: dict[str, Json]
    origin: Origin = field(default_factory=NoOrigin)
    index: int = 0
    """Which document of its file this is, from 0."""
    beside: list[Manifest] = field(default_factory=list)
    """Documents of other files that it needs: a workflow in Python brings the workflow templates that it calls."""

    @property
    def kind(self) -> str:
        """The ``kind``, or empty text."""
        kind = self.data.get("kind")
        return kind if isinstance(kind, str) else ""

    @property
    def name(self) -> str:
        """The ``metadata.name``, or else ``generateName``, or empty text."""
        metadata = self.data.get("metadata")
        if not isinstance(metadata, dict):
            return ""
        name = metadata.get("name") or metadata.get("generateName")
        return name if isinstance(name, str) else ""
