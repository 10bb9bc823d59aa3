"""Variables of one scope over those of another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


class Layers(Mapping[str, Any]):
    """Variables over other variables, without copying either."""

    __slots__ = ("_above", "_below")

    def __init__(self, above: Mapping[str, Any], below: Mapping[str, Any]) -> None:
        self._above = above
        self._below = below

    def __getitem__(self, name: str) -> Any:
        return self._above[name] if name in self._above else self._below[name]

    def get(self, name: str, default: Any = None) -> Any:
        """Give a variable, or a default."""
        return self._above[name] if name in self._above else self._below.get(name, default)

    def __contains__(self, name: object) -> bool:
        return name in self._above or name in self._below

    def __iter__(self) -> Iterator[str]:
        return iter({**self._below, **self._above})

    def __len__(self) -> int:
        return len({**self._below, **self._above})
