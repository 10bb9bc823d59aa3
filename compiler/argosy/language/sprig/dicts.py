"""Sprig's functions on maps. As in Go, ``set``, ``unset`` and ``merge`` change the map that they are given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from argosy.errors import LanguageError
from argosy.language.function import Function
from argosy.language.gotypes import AnyMap, NilMap, StringList, StringMap
from argosy.language.sprig.values import entry, is_empty, text_of, type_of

Map = dict[str, Any] | None


def _dict(*pairs: Any) -> dict[str, Any]:
    return {text_of(pairs[i]): pairs[i + 1] if i + 1 < len(pairs) else "" for i in range(0, len(pairs), 2)}


def _set(values: Map, key: str, value: Any) -> Map:
    if values is None:
        raise LanguageError("assignment to entry in nil map")
    values[key] = value
    return values


def _unset(values: Map, key: str) -> Map:
    if values is None:
        return NilMap()
    values.pop(key, None)
    return values


def _keys(*maps: Map) -> StringList:
    return StringList(key for values in maps for key in sorted(values or {}))


def _values(values: Map) -> list[Any]:
    return [(values or {})[key] for key in sorted(values or {})]


def _copied(value: Any) -> Any:
    if value is None:
        raise LanguageError("reflect: call of reflect.Value.Type on zero Value")
    from copy import deepcopy  # only here

    return deepcopy(value)


def _dig(*path: Any) -> Any:
    if len(path) < 3:
        raise LanguageError("dig needs at least three arguments")
    *keys, default, found = path
    for key in keys:
        if not isinstance(key, str):
            raise LanguageError(f"interface conversion: interface {{}} is {type_of(key)}, not string")
    for key in keys:
        if not isinstance(found, Mapping) or isinstance(found, (StringMap, AnyMap)):
            raise LanguageError(
                f"interface conversion: interface {{}} is {type_of(found)}, not map[string]interface {{}}"
            )
        if key not in found:
            return default
        found = found[key]
    return found


def _merged(target: Map, sources: tuple[Map, ...], overwrite: bool) -> Map:
    if target is None:
        target = NilMap() if all(source is None for source in sources) else {}
    for source in sources:
        _merge_into(target, source or {}, overwrite)
    return target


def _merge_into(target: dict[str, Any], source: Mapping[str, Any], overwrite: bool) -> None:
    """Merge as mergo 1.0.2 does (``deepMerge``)."""
    for key, value in source.items():
        present = target.get(key)
        if value is None:
            if overwrite:
                target[key] = None
        elif isinstance(value, dict) and isinstance(present, dict):
            _merge_into(present, value, overwrite)
        elif overwrite or is_empty(present):
            target[key] = value


_T = "dicts"
# fmt: off
FUNCTIONS: list[Function] = [
    *entry(_T, _dict, "dict(pairs ...any) map", "Makes a map of keys and values in turn.", "sprig.dict('a', 1)",
           "{a: 1}"),
    *entry(_T, lambda d, key: (d or {}).get(key, ""), "get(map map, key string) any",
           "Gives a value, or an empty text.", "sprig.get({a: 1}, 'a')", "1"),
    *entry(_T, _set, "set(map map, key string, value any) map", "Gives the map with a value set.",
           "sprig.set({a: 1}, 'b', 2)", "{a: 1, b: 2}"),
    *entry(_T, _unset, "unset(map map, key string) map",
           "Gives the map without a key.", "sprig.unset({a: 1, b: 2}, 'b')", "{a: 1}"),
    *entry(_T, lambda d, key: key in (d or {}), "hasKey(map map, key string) bool", "Tells whether a map has a key.",
           "sprig.hasKey({a: 1}, 'a')", "true"),
    *entry(_T, lambda key, *maps: [d[key] for d in maps if d and key in d], "pluck(key string, maps ...map) list",
           "Gives the values of a key in many maps.", "sprig.pluck('a', {a: 1}, {a: 2})", "[1, 2]"),
    *entry(_T, _keys, "keys(maps ...map) list", "Gives the keys; Go gives them in any order.", "sprig.keys({a: 1})",
           "['a']"),
    *entry(_T, lambda d, *keys: {k: d[k] for k in keys if d and k in d}, "pick(map map, keys ...string) map",
           "Keeps some keys.", "sprig.pick({a: 1, b: 2}, 'a')", "{a: 1}"),
    *entry(_T, lambda d, *keys: {k: v for k, v in (d or {}).items() if k not in keys},
           "omit(map map, keys ...string) map", "Leaves out some keys.", "sprig.omit({a: 1, b: 2}, 'a')", "{b: 2}"),
    *entry(_T, lambda d, *rest: _merged(d, rest, False), "merge(target map, sources ...map) map",
           "Adds what the target lacks.", "sprig.merge({a: 1}, {a: 3, b: 2})", "{a: 1, b: 2}", "mustMerge"),
    *entry(_T, lambda d, *rest: _merged(d, rest, True), "mergeOverwrite(target map, sources ...map) map",
           "Adds and replaces.", "sprig.mergeOverwrite({a: 1}, {a: 3})", "{a: 3}", "mustMergeOverwrite"),
    *entry(_T, _values, "values(map map) list", "Gives the values; Go gives them in any order.", "sprig.values({a: 1})",
           "[1]"),
    *entry(_T, _copied, "deepCopy(value any) any", "Copies a value.", "sprig.deepCopy([1])", "[1]",
           "mustDeepCopy"),
    *entry(_T, _dig, "dig(path ...any) any",
           "Follows keys into maps; before the map comes what to give if there is nothing.",
           "sprig.dig('a', 'b', 'no', {a: {b: 1}})", "1"),
]
# fmt: on
