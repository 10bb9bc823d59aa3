"""Values whose Go type Python's own types do not tell; each behaves as the Python type that it extends."""

from __future__ import annotations

from typing import Any


class Int64(int):
    """Go's ``int64``, which a few functions tell from ``int``."""


class StringList(list[Any]):
    """Go's ``[]string``."""


class IntList(list[Any]):
    """Go's ``[]int``."""


class ListList(list[Any]):
    """Go's ``[][]interface {}``."""


class PairList(list[Any]):
    """Go's ``[][2]interface {}``, of :class:`Pair`."""


class Pair(list[Any]):
    """Go's ``[2]interface {}``."""


class NilList(list[Any]):
    """Go's nil slice: no items, equal to nil, ``null`` in JSON."""


class StringMap(dict[str, Any]):
    """Go's ``map[string]string``, which functions that want a map of anything do not take."""


class AnyMap(dict[Any, Any]):
    """Go's ``map[interface {}]interface {}`` (or of lists), which JSON cannot hold."""


class GroupMap(AnyMap):
    """Go's ``map[interface {}][]interface {}``."""


class Byte(int):
    """Go's ``uint8``."""
