"""Sprig's regular expressions (RE2). Those named ``must...`` fail like the others: an expression stops in both
cases."""

from __future__ import annotations

import re
from typing import Any

from argosy.errors import LanguageError
from argosy.language import regex
from argosy.language.function import Function
from argosy.language.gochars import valid
from argosy.language.gotypes import NilStringList, StringList
from argosy.language.sprig.values import entry, too_long

_MAX_MATCHES = 250_000


def _found(pattern: str, text: str, limit: int = -1) -> list[Any]:
    """Give the matches as Go's ``FindAll``: no empty match just behind another one."""
    found: list[Any] = []
    end = -1
    compiled = regex.compile(pattern)
    if limit == 0:
        return found
    for match in compiled.finditer(valid(text)):
        if match.end() == match.start() == end:
            continue
        found.append(match)
        if len(found) > _MAX_MATCHES:
            raise LanguageError(f"there are more than {_MAX_MATCHES} matches")
        end = match.end()
        if len(found) == limit:
            break
    return found


def _match(pattern: str, text: str) -> bool:
    try:
        return regex.matches(pattern, text)
    except LanguageError:
        return False


def _find(pattern: str, text: str) -> str:
    match = regex.compile(pattern).search(valid(text))
    return text[match.start() : match.end()] if match else ""


def _find_all(pattern: str, text: str, limit: int) -> list[Any]:
    return StringList(text[match.start() : match.end()] for match in _found(pattern, text, limit)) or NilStringList()


_REFERENCE = re.compile(r"\$(?:(\$)|\{(\w+)\}|(\w+))")


def _pieces(template: str) -> list[str | tuple[str]]:
    """Split a replacement into plain text and references to groups (their number or name, in a tuple)."""
    pieces: list[str | tuple[str]] = []
    at = 0
    for found in _REFERENCE.finditer(template):
        pieces += [template[at : found.start()], "$" if found[1] else (found[2] or found[3],)]
        at = found.end()
    return [*pieces, template[at:]]


def _group(match: Any, name: str) -> str:
    if name.isascii() and name.isdecimal():
        number = int(name[:9])
        return (match[number] or "") if number <= match.re.groups else ""
    return (match[name] or "") if name in match.re.groupindex else ""


def _expanded(match: Any, pieces: list[str | tuple[str]]) -> str:
    groups = {piece[0]: _group(match, piece[0]) for piece in set(pieces) if isinstance(piece, tuple)}
    return "".join(piece if isinstance(piece, str) else groups[piece[0]] for piece in pieces)


def _replaced(pattern: str, text: str, replacement: str, literal: bool) -> str:
    pieces: list[str | tuple[str]] = [replacement] if literal else _pieces(replacement)
    out, at, size = [], 0, 0
    for match in _found(pattern, text):
        new = _expanded(match, pieces)
        out += [text[at : match.start()], new]
        at = match.end()
        size += len(new)
        too_long(size + len(text))
    return "".join([*out, text[at:]])


def _split(pattern: str, text: str, limit: int) -> list[Any]:
    regex.compile(pattern)
    if limit == 0:
        return NilStringList()
    if pattern and not text:
        return StringList([""])
    parts, begin, end = StringList(), 0, 0
    for match in _found(pattern, text, limit):
        if limit > 0 and len(parts) == limit - 1:
            break
        end = match.start()
        if match.end() != 0:
            parts.append(text[begin:end])
        begin = match.end()
    if end != len(text):
        parts.append(text[begin:])
    return parts


_T = "regex"
# fmt: off
FUNCTIONS: list[Function] = [
    *entry(_T, _match, "regexMatch(pattern string, text string) bool",
           "Tells whether a pattern is found; false for a bad pattern.", "sprig.regexMatch('[0-9]+', 'a1')", "true"),
    *entry(_T, regex.matches, "mustRegexMatch(pattern string, text string) bool", "Tells whether a pattern is found.",
           "sprig.mustRegexMatch('^a', 'ba')", "false"),
    *entry(_T, _find, "regexFind(pattern string, text string) string", "Gives the first match.",
           "sprig.regexFind('[0-9]+', 'a12b3')", "'12'", "mustRegexFind"),
    *entry(_T, _find_all, "regexFindAll(pattern string, text string, limit int) list",
           "Gives the matches, all of them for a limit of -1.", "sprig.regexFindAll('[0-9]', 'a1b2', -1)", "['1', '2']",
           "mustRegexFindAll"),
    *entry(_T, lambda p, text, new: _replaced(p, text, new, False),
           "regexReplaceAll(pattern string, text string, replacement string) string",
           "Replaces matches; $1 is a group.", "sprig.regexReplaceAll('a(x*)b', '-axxb-', '${1}W')", "'-xxW-'",
           "mustRegexReplaceAll"),
    *entry(_T, lambda p, text, new: _replaced(p, text, new, True),
           "regexReplaceAllLiteral(pattern string, text string, replacement string) string",
           "Replaces matches by plain text.", "sprig.regexReplaceAllLiteral('a', 'aba', '$1')", "'$1b$1'",
           "mustRegexReplaceAllLiteral"),
    *entry(_T, _split, "regexSplit(pattern string, text string, limit int) list", "Splits a text at matches.",
           "sprig.regexSplit('z', 'pizza', -1)", "['pi', '', 'a']", "mustRegexSplit"),
    *entry(_T, lambda text: re.sub(r"([\\.+*?()|\[\]{}^$])", r"\\\1", text), "regexQuoteMeta(text string) string",
           "Escapes what a pattern would take for more than text.", "sprig.regexQuoteMeta('1.2')", "'1\\\\.2'"),
]
# fmt: on
