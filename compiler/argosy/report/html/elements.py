"""HTML and SVG as elements: whatever a workflow holds stays text, as nothing here makes markup out of text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, tostring

Child = Element | str | None

_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def h(tag: str, /, *children: Child, **attributes: object) -> Element:
    """Make an element; children that are None are left out.

    Attributes that are None or False are left out, True is one without a value; ``class_`` is ``class``, and
    ``aria_label`` is ``aria-label``.

    >>> text(h("p", "1 < 2 ", h("b", "yes"), class_="x", hidden=True, id=None))
    '<p class="x" hidden="">1 &lt; 2 <b>yes</b></p>'
    """
    element = Element(tag)
    for name, value in attributes.items():
        if value is not None and value is not False:
            element.set(name.rstrip("_").replace("_", "-"), "" if value is True else clean(str(value)))
    return add(element, *children)


def add(element: Element, *children: Child) -> Element:
    """Put more into an element, and give it."""
    for child in children:
        if isinstance(child, str):
            words = clean(child)
            if len(element):
                element[-1].tail = (element[-1].tail or "") + words
            else:
                element.text = (element.text or "") + words
        elif child is not None:
            element.append(child)
    return element


def text(element: Element) -> str:
    """Give the markup of an element."""
    return tostring(element, encoding="unicode", method="html")


def clean(words: str) -> str:
    """Leave out what no page may hold, and the colours that programs write to terminals.

    >>> clean("\\x1b[31mred\\x1b[0m\\x00")
    'red\N{REPLACEMENT CHARACTER}'
    """
    return _NOT_TEXT.sub("\N{REPLACEMENT CHARACTER}", _ANSI.sub("", words))


def table(heads: Sequence[str], rows: Sequence[Sequence[Child]], **attributes: object) -> Element | None:
    """Make a table whose rows begin with what they are about; None if there are no rows."""
    if not rows:
        return None
    body = [h("tr", h("th", row[0], scope="row"), *(h("td", cell) for cell in row[1:])) for row in rows]
    head = h("thead", h("tr", *(h("th", title, scope="col") for title in heads))) if heads else None
    return h("table", head, h("tbody", *body), **attributes)


def facts(rows: Iterable[tuple[str, Child]]) -> Element:
    """Make a list of names with what they are; leave out those that are nothing."""
    known = [(name, value) for name, value in rows if value is not None and value != ""]
    return h("dl", *(part for name, value in known for part in (h("dt", name), h("dd", value))))


def code(words: str, **attributes: object) -> Element:
    """Make a block of code; people can move into it to scroll."""
    return h("pre", h("code", words), tabindex=0, **attributes)
