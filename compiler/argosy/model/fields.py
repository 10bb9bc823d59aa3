"""The fields of every type that a manifest can hold, per Argo version: ``schemas/fields-V.json``, by name."""

from __future__ import annotations

from functools import cache

import msgspec
from msgspec import Struct

from argosy.model.schema_files import schema_text
from argosy.versions import ArgoVersion

Fields = dict[str, str]
"""The fields of one type: name to code, which is the name of a type after ``[]`` for a list or ``{}`` for a map."""


class FieldTable(Struct, frozen=True):
    """All types of one version."""

    argo: str
    """The release that the table was taken from: ``v4.1.2``."""
    roots: dict[str, str]
    """The type of each kind of document."""
    types: dict[str, Fields]


@cache
def field_table(version: ArgoVersion) -> FieldTable:
    """Give the table of a version; read on first use."""
    return msgspec.json.decode(schema_text(f"fields-{version}.json"), type=FieldTable)
