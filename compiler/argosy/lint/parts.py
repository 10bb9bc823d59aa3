"""What a spec consists of: its maps, lists and texts, each with its address, found in one walk for all rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct, field

from argosy.lint.context import Context, table
from argosy.source import Address, Json


class _Parts(Struct):
    maps: list[tuple[dict[str, Json], Address]] = field(default_factory=list)
    lists: list[tuple[list[Json], Address]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    places: list[tuple[Address, str | int]] = field(default_factory=list)
    """Of each text, what holds it, and where in that: few texts need an address."""


@table
def _parts(context: Context) -> Iterator[_Parts]:
    found = _Parts()
    yield found
    if context.is_argo:
        _walk(context.manifest.data.get("spec"), found)


def _walk(spec: Json, found: _Parts) -> None:
    texts, places = found.texts, found.places
    todo: list[tuple[Json, Address]] = [({"spec": spec}, ())]
    for value, address in todo:
        if isinstance(value, dict):
            found.maps.append((value, address))
            below: Iterable[tuple[str | int, Json]] = value.items()
        else:
            found.lists.append((value, address))
            below = enumerate(value)
        for step, one in below:
            if isinstance(one, str):
                texts.append(one)
                places.append((address, step))
            elif isinstance(one, (dict, list)):
                todo.append((one, (*address, step)))
    del found.maps[0]  # what holds the spec is no part of it


def maps(context: Context) -> Sequence[tuple[dict[str, Json], Address]]:
    """Give every map of the spec, from the outside in."""
    return _parts(context)[0].maps


def lists(context: Context) -> Sequence[tuple[list[Json], Address]]:
    """Give every list of the spec."""
    return _parts(context)[0].lists


def texts(context: Context) -> Sequence[str]:
    """Give every text value of the spec."""
    return _parts(context)[0].texts


def texts_with(context: Context, words: Sequence[str]) -> Iterator[tuple[str, Address]]:
    """Give the texts of the spec that have one of some words, with their addresses."""
    found = _parts(context)[0]
    for text, (address, step) in zip(found.texts, found.places, strict=True):
        if any(word in text for word in words):
            yield text, (*address, step)


@table
def with_tags(context: Context) -> Iterator[tuple[str, Address]]:
    """Give the texts of the spec that have tags."""
    found = _parts(context)[0]
    for text, (address, step) in zip(found.texts, found.places, strict=True):
        if "{{" in text:
            yield text, (*address, step)


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
