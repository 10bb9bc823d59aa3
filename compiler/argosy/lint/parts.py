"""What a spec consists of: its maps, lists and texts, each with its address, found in one walk for all rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct, field

from argosy.lint.context import Context, table
from argosy.source import Address, Json


class _Parts(Struct):
    maps: list[tuple[dict[str, Json], Address]] = field(default_factory=list)
    lists: list[tuple[list[Json], Address]] = field(default_factory=list)
    texts: list[tuple[str, Address]] = field(default_factory=list)


@table
def _parts(context: Context) -> Iterator[_Parts]:
    found = _Parts()
    yield found
    if not context.is_argo:
        return
    todo: list[tuple[Json, Address]] = [(context.manifest.data.get("spec"), ("spec",))]
    for value, address in todo:
        if isinstance(value, str):
            found.texts.append((value, address))
        elif isinstance(value, dict):
            found.maps.append((value, address))
            todo += [(below, (*address, key)) for key, below in value.items() if isinstance(below, (str, dict, list))]
        elif isinstance(value, list):
            found.lists.append((value, address))
            todo += [(below, (*address, n)) for n, below in enumerate(value) if isinstance(below, (str, dict, list))]


def maps(context: Context) -> Sequence[tuple[dict[str, Json], Address]]:
    """Give every map of the spec, from the outside in."""
    return _parts(context)[0].maps


def lists(context: Context) -> Sequence[tuple[list[Json], Address]]:
    """Give every list of the spec."""
    return _parts(context)[0].lists


def texts(context: Context) -> Sequence[tuple[str, Address]]:
    """Give every text value of the spec."""
    return _parts(context)[0].texts


@table
def with_tags(context: Context) -> Iterator[tuple[str, Address]]:
    """Give the texts of the spec that have tags."""
    yield from (one for one in texts(context) if "{{" in one[0])


@table
def _below(context: Context) -> Iterator[dict[Address, list[tuple[str, Address]]]]:
    found: dict[Address, list[tuple[str, Address]]] = {}
    for one in with_tags(context):
        for end in range(1, len(one[1]) + 1):
            found.setdefault(one[1][:end], []).append(one)
    yield found


def with_tags_below(context: Context, address: Address) -> Sequence[tuple[str, Address]]:
    """Give the texts with tags at an address of the spec and below it."""
    return _below(context)[0].get(address, ())
