"""What can be wrong with a YAML text, as values with a place, and what Argo does about each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

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
"""``syntax``: not YAML. ``encoding``: bytes or control characters that YAML forbids. ``yaml-version``: ``%YAML`` other than
1.1. ``alias-bomb``: more comes from aliases than go-yaml allows. ``merge-override``: a key given both by ``<<`` and otherwise.
``merge-value``: ``<<`` with something that is no map. ``bad-tag``: ``!!int x``. ``bad-key``: a key that JSON cannot have.
``key-collision``: two keys that become one text (``1`` and ``"1"``): Argo keeps either. ``not-a-number``: NaN or infinity.
``ignored-text``: text after the end of the document that nothing reads."""

DROPPED: dict[ProblemKind, bool] = {
    "syntax": True,
    "encoding": True,
    "too-large": True,
    "yaml-version": True,
    "unknown-anchor": True,
    "alias-cycle": True,
    "alias-bomb": True,
    "too-deep": True,
    "duplicate-key": True,
    "merge-override": True,
    "merge-value": True,
    "bad-tag": True,
    "bad-key": True,
    "key-collision": False,
    "not-a-number": True,
    "ignored-text": False,
    "json-duplicate-key": False,
}
"""Whether ``argo lint`` drops a document with such a problem without a word (other documents of the file go on).

Source: ``ParseObjects`` of Argo v4.1.2: an error before a kind is known is logged, one in the strict reading gives nil.
``json-duplicate-key`` alone is an error that Argo reports for the document."""


@dataclass(frozen=True, slots=True)
class YamlProblem:
    """One thing that is wrong with a document's text."""

    kind: ProblemKind
    message: str
    span: Span
    hint: str | None = None
    first: Span | None = None
    """Where a key that is given twice was given first."""

    @property
    def dropped(self) -> bool:
        """Argo drops the document without a word for this reason."""
        return DROPPED[self.kind]
