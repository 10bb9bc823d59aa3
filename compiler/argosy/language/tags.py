"""Tags in text: ``{{name}}`` and ``{{=expression}}``, found as Argo's template library finds them.

Argo 4.1: ``util/template`` over fasttemplate 1.2.2. A tag runs from the first ``{{`` to the first ``}}`` after it,
whatever stands between; a ``{{`` with no ``}}`` after it is an error, a lone ``}}`` is text.
"""

from __future__ import annotations

from msgspec import Struct

from argosy.errors import LanguageError
from argosy.language.caching import remembered
from argosy.language.gotext import quote, trim_space

OPEN, CLOSE = "{{", "}}"


class Text(Struct, frozen=True):
    """Plain text between tags."""

    text: str
    start: int
    end: int


class Tag(Struct, frozen=True):
    """A tag; ``content`` is what stands between the braces, ``start`` and ``end`` include the braces."""

    content: str
    start: int
    end: int

    @property
    def is_expression(self) -> bool:
        """Whether it is ``{{=expression}}``; a space before the ``=`` makes it a plain name."""
        return self.content.startswith("=")

    @property
    def name(self) -> str:
        """The variable that a simple tag names, without spaces around it."""
        return trim_space(self.content)

    @property
    def expression(self) -> str:
        """The source of an expression tag, with the HTML escapes of Go's JSON undone."""
        return fix(self.content[1:])

    @property
    def expression_start(self) -> int:
        """Where the source of an expression tag starts in the text."""
        return self.start + len(OPEN) + 1

    @property
    def inner(self) -> str | None:
        """The innermost name of a nested tag: ``b`` in ``{{a.{{b}}}}``; None if nothing is nested."""
        index = self.content.rfind(OPEN)
        return self.content[index + len(OPEN) :] if index > 0 else None


Segment = Text | Tag


def fix(text: str) -> str:
    """Undo the escapes of ``<``, ``>`` and ``&`` that Go's JSON makes (Argo 4.1: ``util/json/fix.go``)."""
    if "\\u00" not in text:
        return text
    return text.replace("\\u003c", "<").replace("\\u003e", ">").replace("\\u0026", "&")


def parse(text: str) -> tuple[Segment, ...]:
    """Split a text into plain text and tags, in order; empty plain text is left out.

    Raises LanguageError for a ``{{`` that is never closed.
    """
    segments: list[Segment] = []
    at = 0
    while True:
        start = text.find(OPEN, at)
        if start < 0:
            break
        if start > at:
            segments.append(Text(text[at:start], at, start))
        end = text.find(CLOSE, start + len(OPEN))
        if end < 0:
            raise _unclosed(text, start)
        segments.append(Tag(text[start + len(OPEN) : end], start, end + len(CLOSE)))
        at = end + len(CLOSE)
    if at < len(text):
        segments.append(Text(text[at:], at, len(text)))
    return tuple(segments)


parse_cached = remembered(2048)(parse)
"""``parse``, remembering its latest results: for text that is looked at again and again."""


def _unclosed(text: str, start: int) -> LanguageError:
    rest = text[start + len(OPEN) :]
    return LanguageError(
        f'Cannot find end tag="}}}}" in the template={_shortened(text)} starting from {_shortened(rest)}',
        start,
        text=text,
        hint="close the tag with }}",
    )


def _shortened(text: str) -> str:
    return quote(text if len(text) <= 2000 else text[:2000] + "...")


def unparse(segments: tuple[Segment, ...]) -> str:
    """Give the text that parses to these segments."""
    return "".join(s.text if isinstance(s, Text) else f"{OPEN}{s.content}{CLOSE}" for s in segments)


def tags(text: str) -> list[str]:
    """Give the contents of the simple tags of a text, as Argo's validation sees them; expression tags are passed over.

    Argo 4.1: ``util/template/validate.go``. Raises LanguageError for a ``{{`` that is never closed.
    """
    return [s.content for s in parse(text) if isinstance(s, Tag) and not s.is_expression]
