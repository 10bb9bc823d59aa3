"""Names of volumes and volume claims."""

from __future__ import annotations

from collections.abc import Iterator

from argosy.source import Json


def names_of(volumes: list[dict[str, Json]]) -> Iterator[str]:
    """Give the name of each volume, or of each claim, whose name is in its metadata; empty text where there is none."""
    for volume in volumes:
        metadata = volume.get("metadata")
        name = metadata.get("name") if isinstance(metadata, dict) else volume.get("name")
        yield name if isinstance(name, str) else ""
