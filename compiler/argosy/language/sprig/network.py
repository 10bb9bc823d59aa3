"""Sprig's one function that asks the network."""

from __future__ import annotations

from argosy.errors import LanguageError
from argosy.language.function import Function
from argosy.language.sprig.values import entry


def _host(name: str) -> str:
    raise LanguageError(f"sprig.getHostByName asks the cluster's network for {name!r}: its result cannot be known here")


FUNCTIONS: list[Function] = entry(
    "network",
    _host,
    "getHostByName(name string) string",
    "Gives an address of a host; not known before Argo runs it.",
    "sprig.getHostByName('localhost')",
    "error",
)
