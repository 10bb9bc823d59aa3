"""Semantic versions and constraints on them (Masterminds semver 3.5.0, as Argo 4.1 has it)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import ClassVar

from msgspec import Struct

from argosy.errors import LanguageError
from argosy.language import regex
from argosy.language.expr.natures import Nature
from argosy.language.function import Function
from argosy.language.gotext import quote
from argosy.language.sprig.values import entry

_TAIL = r"(-([0-9A-Za-z\-]+(?:\.[0-9A-Za-z\-]+)*))?(\+([0-9A-Za-z\-]+(?:\.[0-9A-Za-z\-]+)*))?"
_VERSION = r"v?([0-9]+)(\.[0-9]+)?(\.[0-9]+)?" + _TAIL + r"\z"
_MAX_VERSION, _MAX_CONSTRAINT, _MAX_GROUPS = 256, 512, 32


def _by_precedence(part: str) -> tuple[int, int, str]:
    return (0, int(part), "") if part.isdecimal() else (1, 0, part)


class Version(Struct, frozen=True, eq=False):
    """A version; its methods are those that an expression can call, with Go's names."""

    nature: ClassVar[Nature] = Nature("*semver.Version", "pointer")
    go_methods: ClassVar[frozenset[str]] = frozenset(
        [
            "Major",
            "Minor",
            "Patch",
            "Prerelease",
            "Metadata",
            "Original",
            "String",
            "Compare",
            "Equal",
            "LessThan",
            "LessThanEqual",
            "GreaterThan",
            "GreaterThanEqual",
            "IncMajor",
            "IncMinor",
            "IncPatch",
        ]
    )

    major: int
    minor: int
    patch: int
    pre: str = ""
    metadata: str = ""
    original: str = ""

    def _key(self) -> tuple[int, int, int, bool, list[tuple[int, int, str]]]:
        parts = [_by_precedence(part) for part in self.pre.split(".")] if self.pre else []
        return self.major, self.minor, self.patch, not self.pre, parts

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Version) and self._key() == other._key()

    def __lt__(self, other: Version) -> bool:
        return self._key() < other._key()

    def __le__(self, other: Version) -> bool:
        return self._key() <= other._key()

    def __gt__(self, other: Version) -> bool:
        return self._key() > other._key()

    def __ge__(self, other: Version) -> bool:
        return self._key() >= other._key()

    def __hash__(self) -> int:
        return hash((self.major, self.minor, self.patch, self.pre))

    def __str__(self) -> str:
        pre, metadata = self.pre and f"-{self.pre}", self.metadata and f"+{self.metadata}"
        return f"{self.major}.{self.minor}.{self.patch}{pre}{metadata}"

    def go_json(self) -> str:
        """Give what JSON holds of it."""
        return str(self)

    def _next(self, major: int, minor: int, patch: int) -> Version:
        found = Version(major, minor, patch)
        return Version(major, minor, patch, original=("v" if self.original.startswith("v") else "") + str(found))

    def method(self, name: str) -> Callable[..., object]:
        """Give the Go method of that name. Raises LanguageError if there is none."""
        methods: dict[str, Callable[..., object]] = {
            "Major": lambda: self.major,
            "Minor": lambda: self.minor,
            "Patch": lambda: self.patch,
            "Prerelease": lambda: self.pre,
            "Metadata": lambda: self.metadata,
            "Original": lambda: self.original,
            "String": lambda: str(self),
            "Compare": lambda other: (self > other) - (self < other),
            "Equal": lambda other: self == other,
            "LessThan": lambda other: self < other,
            "LessThanEqual": lambda other: self <= other,
            "GreaterThan": lambda other: self > other,
            "GreaterThanEqual": lambda other: self >= other,
            "IncMajor": lambda: self._next(self.major + 1, 0, 0),
            "IncMinor": lambda: self._next(self.major, self.minor + 1, 0),
            "IncPatch": lambda: self._next(self.major, self.minor, self.patch + (not self.pre)),
        }
        if name not in methods:
            raise LanguageError(f"type *semver.Version has no method {name}")
        return methods[name]


def parse(text: str) -> Version:
    """Read a version; ``v1.2`` will do. Raises LanguageError if it is none."""
    if len(text.encode("utf-8", "replace")) > _MAX_VERSION:
        raise LanguageError(f"version string is too long (max {_MAX_VERSION} bytes)")
    match = regex.compile(_VERSION).match(text)
    if not match:
        raise LanguageError("invalid semantic version")
    major, minor, patch = (int((match[group] or "0").lstrip(".")) for group in (1, 2, 3))
    if max(major, minor, patch) >= 2**64:
        raise LanguageError("error parsing version segment: value out of range")
    for part in (match[5] or "").split("."):
        if part.isdecimal() and len(part) > 1 and part[0] == "0":
            raise LanguageError("version segment starts with 0")
    return Version(major, minor, patch, match[5] or "", match[7] or "", text)


# ---------------------------------------------------------------------- constraints

_PART = r"[0-9|xX*]+"
_CONSTRAINED = rf"v?({_PART})(\.{_PART})?(\.{_PART})?" + _TAIL
_PLAIN = re.sub(r"\((?!\?)", "(?:", _CONSTRAINED)
_OPERATOR = r"=||!=|>|<|>=|=>|<=|=<|~|~>|\^"
_LONGEST = r"!=|>=|=>|<=|=<|~>|=|>|<|~|\^|"
_ONE = rf"\s*({_LONGEST})\s*({_CONSTRAINED})\s*\z"
_EACH = rf"(?:{_LONGEST})\s*(?:{_PLAIN})"
_GROUP = rf"\s*(?:{_LONGEST})\s*(?:{_PLAIN})\s*(?:(?:\s+|,\s*)(?:{_LONGEST})\s*(?:{_PLAIN})\s*)*\z"
_RANGE = rf"\s*({_PLAIN})\s+-\s+({_PLAIN})\s*"


class _Constraint(Struct, frozen=True):
    operator: str
    version: Version
    any_part: bool = False
    any_minor: bool = False
    any_patch: bool = False


def _constraint(text: str) -> _Constraint:
    match = regex.compile(_ONE).match(text)
    if not match:
        raise LanguageError(f"improper constraint: {quote(text)}")
    major, minor, patch, tail = match[3], (match[4] or "").lstrip("."), (match[5] or "").lstrip("."), match[6] or ""
    loose = ("", "x", "X", "*")
    if major in loose:
        flags, version = (True, False, False), f"0.0.0{tail}"
    elif minor in loose:
        flags, version = (True, True, False), f"{major}.0.0{tail}"
    elif patch in loose:
        flags, version = (True, False, True), f"{major}.{minor}.0{tail}"
    else:
        flags, version = (False, False, False), match[2]
    try:
        return _Constraint(match[1], parse(version), *flags)
    except LanguageError:
        raise LanguageError("constraint parser error") from None


def _not_equal(v: Version, c: _Constraint) -> bool:
    if not c.any_part or v.major != c.version.major:
        return v != c.version if not c.any_part else True
    if v.minor != c.version.minor and not c.any_minor:
        return True
    if c.any_minor:
        return False
    if v.patch != c.version.patch and not c.any_patch:
        return True
    if c.any_patch:
        return bool(v.pre or c.version.pre) and v.pre != c.version.pre
    return v != c.version


def _greater(v: Version, c: _Constraint) -> bool:
    if not c.any_part or v.major != c.version.major:
        return v > c.version if not c.any_part else v.major > c.version.major
    if c.any_minor:
        return False
    return v.minor > c.version.minor if c.any_patch else v > c.version


def _less_equal(v: Version, c: _Constraint) -> bool:
    if not c.any_part:
        return v <= c.version
    if v.major > c.version.major:
        return False
    return not (v.major == c.version.major and v.minor > c.version.minor and not c.any_minor)


def _tilde(v: Version, c: _Constraint) -> bool:
    if v < c.version:
        return False
    if not (c.version.major or c.version.minor or c.version.patch or c.any_minor or c.any_patch):
        return True
    return v.major == c.version.major and (v.minor == c.version.minor or c.any_minor)


def _caret(v: Version, c: _Constraint) -> bool:
    if v < c.version:
        return False
    if c.version.major > 0 or c.any_minor:
        return v.major == c.version.major
    if v.major > 0:
        return False
    if c.version.minor > 0 or c.any_patch:
        return v.minor == c.version.minor
    return v.minor == 0 and v.patch == c.version.patch


def _equal(v: Version, c: _Constraint) -> bool:
    return _tilde(v, c) if c.any_part else v == c.version


_CHECKS: dict[str, Callable[[Version, _Constraint], bool]] = {
    "": _equal,
    "=": _equal,
    "!=": _not_equal,
    ">": _greater,
    "<": lambda v, c: v < c.version,
    ">=": lambda v, c: v >= c.version,
    "=>": lambda v, c: v >= c.version,
    "<=": _less_equal,
    "=<": _less_equal,
    "~": _tilde,
    "~>": _tilde,
    "^": _caret,
}


def _constraints(text: str) -> list[list[_Constraint]]:
    if len(text.encode("utf-8", "replace")) > _MAX_CONSTRAINT:
        raise LanguageError(f"constraint string is too long (max {_MAX_CONSTRAINT} bytes)")
    groups = regex.compile(_RANGE).sub(lambda m: f">= {m[1]}, <= {m[2]} ", text).split("||")
    if len(groups) > _MAX_GROUPS:
        raise LanguageError(f"too many constraint groups (max {_MAX_GROUPS})")
    for group in groups:
        if not regex.compile(_GROUP).match(group):
            raise LanguageError(f"improper constraint: {quote(group)}")
    return [[_constraint(part) for part in regex.compile(_EACH).findall(group)] for group in groups]


def _satisfies(version: Version, group: list[_Constraint]) -> bool:
    if version.pre and not any(c.version.pre for c in group):
        return False
    return all(_CHECKS[c.operator](version, c) for c in group)


def compare(constraint: str, version: str) -> bool:
    """Tell whether a version satisfies a constraint such as ``>=1.2, <2 || ^3``.

    Raises LanguageError if either does not parse.
    """
    groups = _constraints(constraint)
    parsed = parse(version)
    return any(_satisfies(parsed, group) for group in groups)


_T = "semver"
# fmt: off
FUNCTIONS: list[Function] = [
    *entry(_T, parse, "semver(version string) version", "Reads a semantic version.", "sprig.semver('v1.2.3').Minor()",
           "2"),
    *entry(_T, compare, "semverCompare(constraint string, version string) bool",
           "Tells whether a version satisfies a constraint.", "sprig.semverCompare('^1.2', '1.9.0')", "true"),
]
# fmt: on
