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


CALL_FIELDS = frozenset(["arguments", "when", "withItems", "withParam"])
"""Fields of steps and tasks that have tags."""


@table
def _by_field(context: Context) -> Iterator[dict[Address, list[tuple[str, Address]]]]:
    found: dict[Address, list[tuple[str, Address]]] = {}
    for one in with_tags(context):
        for number, step in enumerate(one[1], 1):
            if step in CALL_FIELDS:
                found.setdefault(one[1][:number], []).append(one)
    yield found


def with_tags_in(context: Context, field: Address) -> Sequence[tuple[str, Address]]:
    """Give the texts with tags at the address of one of ``CALL_FIELDS``, and below it."""
    return _by_field(context)[0].get(field, ())
