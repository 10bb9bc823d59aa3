"""The configuration: ``argosy.toml``, or ``[tool.argosy]`` in ``pyproject.toml``, in the folder of a file or above it.

The nearest one counts. ``FIELDS`` is the one table of what it may hold; the JSON Schema and the reader come from it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from msgspec import Struct, field

from argosy.errors import Place, UsageError
from argosy.source import Json
from argosy.spelling import did_you_mean

SHARED = "pyproject.toml"

Shape = Literal["text", "texts", "rules", "severities", "paths"]


class Field(NamedTuple):
    """One key: its shape, whether it may stand in a table below ``per-path``, and what it is for."""

    shape: Shape
    per_path: bool
    doc: str


FIELDS: dict[str, Field] = {
    "argo-version": Field("text", False, "The version of Argo Workflows to go by, such as `4.1`."),
    "select": Field("rules", True, "The rules to run, by name or theme; `all` is every rule."),
    "ignore": Field("rules", True, "The rules not to run, by name or theme."),
    "severity": Field("severities", True, "Other severities, by rule: error, warning, info or off."),
    "with": Field("texts", False, "Files and folders to look up workflow templates in, as seen from this file."),
    "exclude": Field("texts", False, "Files and folders to pass over, as patterns of .gitignore."),
    "per-path": Field("paths", False, "Settings for some files, by a pattern of .gitignore."),
}

LEVELS = ("error", "warning", "info", "off")


class Rules(Struct, frozen=True):
    """What a table says about rules."""

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, str] = field(default_factory=dict)


class Config(Struct, frozen=True, eq=False):
    """A configuration file, read and checked."""

    path: Path
    argo_version: str | None = None
    rules: Rules = Rules()
    with_: tuple[Path, ...] = ()
    exclude: tuple[str, ...] = ()
    per_path: tuple[tuple[str, Rules], ...] = ()


def read(path: Path) -> Config | None:
    """Read a configuration file; None for a ``pyproject.toml`` that says nothing of Argosy.

    Raises UsageError, with the line, for what is off.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the configuration cannot be read: {error}", place=Place(str(path))) from None
    if path.name == SHARED and "tool.argosy" not in text:
        return None
    import tomllib

    try:
        data: Json = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message, _, where = str(error).partition(" (at ")
        line, column = (int(one) for one in [*re.findall(r"\d+", where), 0, 0][:2])
        raise UsageError(f"this is not TOML: {message}", place=Place(str(path), line, column)) from None
    above: tuple[str, ...] = ()
    if path.name == SHARED:
        above = ("tool", "argosy")
        tool = data.get("tool")
        data = tool.get("argosy") if isinstance(tool, dict) else None
        if data is None:
            return None
    return _Reader(path, text, above).config(data)


class _Reader:
    """Reads one file, and knows where in its text things are."""

    def __init__(self, path: Path, text: str, above: tuple[str, ...]) -> None:
        self.path, self.lines, self.above = path, text.splitlines(), above

    def config(self, data: Json) -> Config:
        table = self.table(data, (), FIELDS)
        version = table.get("argo-version")
        if version is not None:
            self.version(version)
        folder = self.path.parent
        each = [
            (pattern, self.rules(self.table(rest, ("per-path", pattern), _below()), ("per-path", pattern)))
            for pattern, rest in self.a_table(table.get("per-path", {}), ("per-path",)).items()
        ]
        return Config(
            self.path,
            version,
            self.rules(table, ()),
            tuple(folder / one for one in self.texts(table, "with", ())),
            tuple(self.texts(table, "exclude", ())),
            tuple(each),
        )

    def rules(self, table: dict[str, Json], keys: tuple[str, ...]) -> Rules:
        select = tuple(self.named(table, "select", keys)) if "select" in table else None
        severity = self.a_table(table.get("severity", {}), (*keys, "severity"))
        for rule, level in severity.items():
            self.known(rule, (*keys, "severity"), themes=False)
            if level not in LEVELS:
                raise self.error(f"{level!r} is no severity", (*keys, "severity", rule), f"one of {', '.join(LEVELS)}")
        return Rules(select, tuple(self.named(table, "ignore", keys)), severity)

    def named(self, table: dict[str, Json], key: str, keys: tuple[str, ...]) -> list[str]:
        found = self.texts(table, key, keys)
        for one in found:
            self.known(one, (*keys, key))
        return found

    def known(self, name: str, keys: tuple[str, ...], themes: bool = True) -> None:
        from argosy.lint.rule import rules

        known = {rule.name for rule in rules()}
        if themes:
            known |= {"all", *(rule.theme for rule in rules())}
        if name not in known:
            raise self.error(f"there is no rule {name!r}", keys, near(name, known), name)

    def version(self, version: Json) -> None:
        from argosy.versions import argo_version

        if not isinstance(version, str):
            raise self.error("the Argo version is no text", ("argo-version",), f'write it in quotes: "{version}"')
        try:
            argo_version(version)
        except UsageError as error:
            raise self.error(error.message, ("argo-version",), error.hint) from None

    def texts(self, table: dict[str, Json], key: str, keys: tuple[str, ...]) -> list[str]:
        found = table.get(key, [])
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            raise self.error(f"{key!r} is no list of texts", (*keys, key), f'write {key} = ["..."]')
        return found

    def table(self, data: Json, keys: tuple[str, ...], known: Mapping[str, Field]) -> dict[str, Json]:
        table = self.a_table(data, keys)
        for key in table:
            if key not in known:
                hint = near(key, known) or f"there are: {', '.join(known)}"
                raise self.error(f"there is no setting {key!r} here", (*keys, key), hint)
        return table

    def a_table(self, data: Json, keys: tuple[str, ...]) -> dict[str, Json]:
        if not isinstance(data, dict):
            raise self.error(f"{'.'.join((*self.above, *keys))!r} is no table", keys)
        return data

    def error(self, message: str, keys: Sequence[str], hint: str | None = None, value: str = "") -> UsageError:
        line = line_of(self.lines, (*self.above, *keys), value)
        return UsageError(message, place=Place(str(self.path), line), hint=hint)


def _below() -> dict[str, Field]:
    return {key: one for key, one in FIELDS.items() if one.per_path}


def near(name: str, known: Mapping[str, object] | set[str]) -> str | None:
    """Give a hint with the names nearest to one that is not known."""
    return did_you_mean(name, known, count=2)


_KEY = re.compile(r"""\s*("(?:[^"\\]|\\.)*"|'[^']*'|[\w-]+)\s*""")


def line_of(lines: Sequence[str], keys: Sequence[str], value: str = "") -> int:
    """Give the line, from 1, where a key stands in a TOML text (or a text in its value); 0 where it is not found."""
    table: list[str] = []
    best = (0, 0)
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if text.startswith("["):
            here = table = _keys(text.lstrip("["))
        else:
            here = [*table, *_keys(text)] if "=" in text else table
        same = 0
        while same < min(len(here), len(keys)) and here[same] == keys[same]:
            same += 1
        if same == len(here) or same == len(keys):
            best = max(best, (same, -number))
    found = -best[1]
    if value and found:
        return next((number for number in range(found, len(lines) + 1) if value in lines[number - 1]), found)
    return found


def _keys(text: str) -> list[str]:
    """Take a dotted key apart; what follows it is left alone."""
    out: list[str] = []
    at = 0
    while found := _KEY.match(text, at):
        out.append(found[1].strip("\"'"))
        at = found.end() + 1
        if text[found.end() : at] != ".":
            break
    return out


def schema() -> dict[str, Json]:
    """Give the JSON Schema of ``argosy.toml``, but for its ``$id``."""
    texts = {"type": "array", "items": {"type": "string"}}
    rule = {"type": "string", "pattern": "^[a-z][a-z0-9_-]*$"}
    shapes: dict[Shape, Json] = {
        "text": {"type": "string"},
        "texts": texts,
        "rules": {"type": "array", "items": rule},
        "severities": {"type": "object", "propertyNames": rule, "additionalProperties": {"enum": list(LEVELS)}},
    }

    def described(key: str, one: Field) -> Json:
        return {"description": one.doc, **shapes[one.shape]}

    inside = {key: described(key, one) for key, one in _below().items()}
    shapes["paths"] = {
        "type": "object",
        "additionalProperties": {"type": "object", "properties": inside, "additionalProperties": False},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Configuration of Argosy",
        "type": "object",
        "properties": {key: described(key, one) for key, one in FIELDS.items()},
        "additionalProperties": False,
    }
