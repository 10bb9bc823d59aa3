"""What can be wrong with a YAML text, as values with a place, and what Argo does about each."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from argosy.source import Span

ProblemKind = Literal[
    "syntax",
    "encoding",
    "too-large",
    "yaml-version",
    "unknown-anchor",
    "alias-cycle",
    "alias-bomb",
    "too-deep",
    "duplicate-key",
    "merge-override",
    "merge-value",
    "bad-tag",
    "bad-key",
    "key-collision",
    "not-a-number",
    "ignored-text",
    "json-duplicate-key",
]
"""``syntax``: not YAML. ``encoding``: bytes or control characters that YAML forbids. ``yaml-version``: ``%YAML`` other
than 1.1. ``alias-bomb``: more comes from aliases than go-yaml allows. ``merge-override``: a key given by ``<<`` and
again. ``merge-value``: ``<<`` with something that is no map. ``bad-tag``: ``!!int x``. ``bad-key``: no key in JSON.
``key-collision``: two keys that become one text (``1`` and ``"1"``): Argo keeps either. ``not-a-number``: NaN or
infinity. ``ignored-text``: text after the end of the document that nothing reads."""

Dropping = Literal["never", "when strict", "always"]

DROPPED: dict[ProblemKind, Dropping] = {
    "syntax": "always",
    "encoding": "always",
    "too-large": "always",
    "yaml-version": "always",
    "unknown-anchor": "always",
    "alias-cycle": "always",
    "alias-bomb": "always",
    "too-deep": "always",
    "duplicate-key": "when strict",
    "merge-override": "when strict",
    "merge-value": "always",
    "bad-tag": "always",
    "bad-key": "always",
    "key-collision": "never",
    "not-a-number": "always",
    "ignored-text": "never",
    "json-duplicate-key": "never",
}
"""When ``argo lint`` drops a document with such a problem without a word; other documents of the file go on.

It reads every file twice: leniently to collect templates, where keys given twice pass, then strictly. Source:
``ParseObjects`` and ``newOfflineClient`` of Argo v4.1.2. ``json-duplicate-key`` is an error that Argo reports."""


class YamlProblem(Struct, frozen=True):
    """One thing that is wrong with a document's text."""

    kind: ProblemKind
    message: str
    span: Span
    hint: str | None = None
    first: Span | None = None
    """Where a key that is given twice was given first."""

    @property
    def dropped(self) -> Dropping:
        """When Argo drops the document without a word for this reason."""
        return DROPPED[self.kind]
