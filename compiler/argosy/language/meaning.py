"""What the nodes of all syntax trees have in common: they are equal when they mean the same, wherever they stand."""

from __future__ import annotations

from msgspec import Struct


class Meaning(Struct, frozen=True, eq=False):
    """A node that is equal to one of the same kind with the same fields, but for where it stands."""

    def _meant(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__struct_fields__ if name not in ("start", "end"))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Meaning) and type(self) is type(other) and self._meant() == other._meant()

    def __hash__(self) -> int:
        return hash((type(self).__name__, self._meant()))
