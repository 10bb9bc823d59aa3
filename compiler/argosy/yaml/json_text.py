"""A file that is JSON, as Argo reads it: with Go's ``encoding/json``, which reports keys given twice."""

from __future__ import annotations

import json
import re
from typing import NoReturn

from argosy.source import Json, Span
from argosy.yaml.fold import MAX_DEPTH
from argosy.yaml.origin import Source
from argosy.yaml.problems import YamlProblem

_SURROGATE = re.compile("[\ud800-\udfff]")


class NotJsonError(Exception):
    """The text is no JSON to Go: Argo then reads it as YAML."""


def read_json(raw: bytes, source: Source) -> tuple[Json, list[YamlProblem]]:
    """Give the data of a JSON text and its problems. Raises NotJsonError."""
    text = raw.decode("utf-8", "replace")
    twice: list[str] = []

    def pairs(items: list[tuple[str, Json]]) -> dict[str, Json]:
        data = dict(items)
        if len(data) < len(items):
            keys = [key for key, _ in items]
            twice.extend(sorted({key for key in keys if keys.count(key) > 1}))
        return data

    try:
        data = json.loads(text, object_pairs_hook=pairs, parse_constant=_refuse)
    except RecursionError:
        return None, [YamlProblem("too-deep", f"nested deeper than {MAX_DEPTH} levels", source.span(0, 0))]
    except ValueError as error:
        raise NotJsonError from error
    if "\\u" in text:
        data = _without_surrogates(data)
    problems = [
        YamlProblem("json-duplicate-key", f'key "{key}" is given twice', _place(text, key, source)) for key in twice
    ]
    return data, problems


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)


def _place(text: str, key: str, source: Source) -> Span:
    """Give the last place where a key is written, or the whole text's beginning."""
    found = [m.span() for m in re.finditer(re.escape(json.dumps(key, ensure_ascii=False)) + r"(?=\s*:)", text)]
    start, end = found[-1] if found else (0, 0)
    return source.span(start, end)


def _without_surrogates(data: Json) -> Json:
    """Replace unpaired surrogates, which Go does not keep."""
    match data:
        case str():
            return _SURROGATE.sub("\ufffd", data)
        case list():
            return [_without_surrogates(item) for item in data]
        case dict():
            return {_SURROGATE.sub("\ufffd", key): _without_surrogates(value) for key, value in data.items()}
    return data
