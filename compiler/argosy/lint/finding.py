"""What a rule says: a finding is a frozen value that knows where in a document it stands and nothing of output."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from msgspec import Struct

from argosy.source import Address, Json, Manifest, Part, Span


class Severity(StrEnum):
    """How bad it is. Whether Argo refuses the manifest is a separate fact: ``Finding.rejected``."""

    ERROR = "error"
    """It will not work: Argo refuses it, or it is certain to end in error, to hang, or never to run its handler."""
    WARNING = "warning"
    """It is likely to hurt."""
    INFO = "info"
    """Advice."""


class Related(Struct, frozen=True):
    """A second place that explains the finding."""

    address: Address
    note: str
    manifest: Manifest | None = None
    """The document it is in; None: the finding's own."""


class Edit(Struct, frozen=True):
    """One change of a document; ``value`` is the new value (set, insert) or the new key (rename)."""

    action: Literal["set", "delete", "rename", "insert"]
    address: Address
    value: Json = None


class Fix(Struct, frozen=True):
    """Edits that remove the cause. A safe fix never changes what the workflow does apart from removing the fault."""

    title: str
    edits: tuple[Edit, ...]
    safe: bool = True


class Finding(Struct, frozen=True):
    """One rule's word about one place of one document."""

    rule: str
    severity: Severity
    message: str
    address: Address = ()
    rejected: bool = False
    """Argo, at the selected version, refuses the document for this reason."""
    part: Part = "value"
    chars: tuple[int, int] | None = None
    """A range of characters of the text value at the address (0-based, end exclusive)."""
    hint: str | None = None
    """What to do about it, one sentence."""
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    span: Span | None = None
    """Where it stands in the file, for what has no address: text that is not YAML."""
