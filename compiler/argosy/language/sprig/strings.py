"""Sprig's functions on text. Positions and lengths count bytes of UTF-8, as in Go."""

from __future__ import annotations

from typing import Any

from argosy.errors import LanguageError
from argosy.language.function import Function
from argosy.language.gochars import SPACE, is_lower, is_title, is_upper, to_lower, to_title, to_upper, valid
from argosy.language.gotext import format_value, from_bytes, quote, to_bytes, trim_space
from argosy.language.gotypes import NilStringList, StringList, StringMap
from argosy.language.sprig.cases import kebab_case, pascal_case, snake_case
from argosy.language.sprig.values import entry, is_list, text_of, too_long
from argosy.language.world import chance


def _cut(text: str, start: int, end: int) -> str:
    data = to_bytes(text)
    if not 0 <= start <= end <= len(data):
        raise LanguageError(f"runtime error: slice bounds out of range [{start}:{end}] with length {len(data)}")
    return from_bytes(data[start:end])


def _abbreviated(text: str, offset: int, width: int) -> str:
    data = to_bytes(text)
    if width < 4 or not data:
        return ""
    if len(data) <= width:
        return text
    offset = min(offset, len(data))
    if len(data) - offset < width - 3:
        offset = len(data) - (width - 3)
    if offset <= 4:
        return from_bytes(data[: width - 3] + b"...")
    if width < 7:
        return ""
    if offset + width - 3 < len(data):
        return "..." + _abbreviated(from_bytes(data[offset:]), 0, width - 3)
    return from_bytes(b"..." + data[len(data) - (width - 3) :])


def _abbrev(width: int, text: str) -> str:
    return text if width < 4 else _abbreviated(text, 0, width)


def _abbrevboth(left: int, right: int, text: str) -> str:
    return text if right < 4 or (left > 0 and right < 7) else _abbreviated(text, left, right)


def _trunc(length: int, text: str) -> str:
    data = to_bytes(text)
    if length < 0 and len(data) + length > 0:
        return from_bytes(data[length:])
    return from_bytes(data[:length]) if 0 <= length < len(data) else text


def _substr(start: int, end: int, text: str) -> str:
    size = len(to_bytes(text))
    if start < 0:
        return _cut(text, 0, end)
    return _cut(text, start, size if end < 0 or end > size else end)


def _repeat(count: int, text: str) -> str:
    if count < 0:
        raise LanguageError("strings: negative Repeat count")
    too_long(count * len(text))
    return text * count


def _title(text: str) -> str:
    out, previous = [], " "
    for char in valid(text):
        out.append(to_title(char) if _separates(previous) else char)
        previous = char
    return "".join(out)


def _separates(char: str) -> bool:
    if char.isascii():
        return not (char.isalnum() or char == "_")
    return not (char.isalpha() or char.isdecimal()) and char in SPACE


def _untitle(text: str) -> str:
    out, begins = [], True
    for char in valid(text):
        if char in SPACE:
            begins = True
        elif begins:
            char, begins = to_lower(char), False
        out.append(char)
    return "".join(out)


def _swapcase(text: str) -> str:
    out, after_space = [], True
    for char in valid(text):
        if is_upper(char) or is_title(char):
            out.append(to_lower(char))
            after_space = False
        elif is_lower(char):
            out.append(to_title(char) if after_space else to_upper(char))
            after_space = False
        else:
            out.append(char)
            after_space = char in SPACE
    return "".join(out)


def _byte_runes(text: str) -> list[str]:
    return [chr(byte) for byte in to_bytes(text)]


def _nospace(text: str) -> str:
    kept = [char for char in _byte_runes(text) if char not in SPACE]
    return text if len(kept) == len(to_bytes(text)) else "".join(kept)


def _initials(text: str) -> str:
    out, gap = [], True
    for char in _byte_runes(text):
        if char in SPACE:
            gap = True
        elif gap:
            out.append(char)
            gap = False
    return "".join(out)


def _shuffle(text: str) -> str:
    chars = list(text)
    chance().shuffle(chars)
    return "".join(chars)


def _wrapped(width: int, separator: str, text: str, break_words: bool) -> str:
    data, newline = to_bytes(text), to_bytes(separator or "\n")
    width = max(width, 1)
    too_long(len(data) + len(newline) * (len(data) / width + data.count(b" ")))
    out, at = bytearray(), 0
    while len(data) - at > width:
        if data[at] == 0x20:
            at += 1
            continue
        space = data.rfind(b" ", at, at + width + 1)
        if space < 0 and break_words:
            out += data[at : at + width] + newline
            at += width
            continue
        if space < 0:
            space = data.find(b" ", at + width)
            if space < 0:
                out += data[at:]
                at = len(data)
                continue
        out += data[at:space] + newline
        at = space + 1
    return from_bytes(bytes(out + data[at:]))


def _indent(spaces: int, text: str) -> str:
    if spaces < 0:
        raise LanguageError("strings: negative Repeat count")
    too_long(spaces * (text.count("\n") + 1) + len(text))
    pad = " " * spaces
    return pad + text.replace("\n", "\n" + pad)


def _replace(old: str, new: str, text: str) -> str:
    too_long(len(text) + len(new) * (text.count(old) if old else len(text) + 1))
    return text.replace(old, new)


def _quote(*values: Any) -> str:
    return " ".join(quote(text_of(value)) for value in values if value is not None)


def _squote(*values: Any) -> str:
    return " ".join(f"'{format_value(value)}'" for value in values if value is not None)


def _cat(*values: Any) -> str:
    return " ".join(format_value(value) for value in values if value is not None)


def split_text(separator: str, text: str, limit: int = -1) -> list[str]:
    """Split as Go's ``strings.SplitN``."""
    if limit == 0:
        return []
    if separator:
        return text.split(separator, limit - 1 if limit > 0 else -1)
    if 0 < limit < len(text):
        return [*text[: limit - 1], text[limit - 1 :]]
    return list(text)


def _numbered(parts: list[str]) -> StringMap:
    return StringMap({f"_{index}": part for index, part in enumerate(parts)})


def texts(value: Any) -> list[str]:
    """Give the items of a list as text, without the nils; anything else as a list of one (``strslice``)."""
    if value is None:
        return []
    return [text_of(item) for item in value if item is not None] if is_list(value) else [text_of(value)]


def _join(separator: str, value: Any) -> str:
    parts = texts(value)
    too_long(sum(map(len, parts)) + len(separator) * len(parts))
    return separator.join(parts)


def _sort_alpha(value: Any) -> list[Any]:
    if isinstance(value, NilStringList):
        return value
    return StringList(sorted(texts(value)) if is_list(value) else [text_of(value)])


_DIGITS = "0123456789"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_PRINTABLE = "".join(map(chr, range(32, 127)))


def _random(alphabet: str, count: int) -> str:
    if count < 0:
        return ""
    too_long(count)
    return "".join(chance().choices(alphabet, k=count))


_T = "strings"
# fmt: off
FUNCTIONS: list[Function] = [
    *entry(_T, lambda: "Hello!", "hello() string", "Gives a greeting.", "sprig.hello()", "'Hello!'"),
    *entry(_T, _abbrev, "abbrev(width int, text string) string", "Shortens a text to a width, ending it with dots.",
           "sprig.abbrev(8, 'hello world')", "'hello...'"),
    *entry(_T, _abbrevboth, "abbrevboth(left int, right int, text string) string", "Shortens a text on both sides.",
           "sprig.abbrevboth(5, 10, '1234 5678 9123')", "'...5678...'"),
    *entry(_T, _trunc, "trunc(length int, text string) string",
           "Keeps the first bytes of a text, or the last for a negative length.", "sprig.trunc(-3, 'hello')", "'llo'"),
    *entry(_T, trim_space, "trim(text string) string", "Removes white space from both ends.", "sprig.trim('  a ')",
           "'a'"),
    *entry(_T, to_upper, "upper(text string) string", "Changes to capital letters.", "sprig.upper('ab')", "'AB'"),
    *entry(_T, to_lower, "lower(text string) string", "Changes to small letters.", "sprig.lower('AB')", "'ab'"),
    *entry(_T, _title, "title(text string) string", "Starts each word with a capital letter.",
           "sprig.title('hello world')", "'Hello World'"),
    *entry(_T, _untitle, "untitle(text string) string", "Starts each word with a small letter.",
           "sprig.untitle('Hello World')", "'hello world'"),
    *entry(_T, _substr, "substr(start int, end int, text string) string", "Cuts out the bytes from start to end.",
           "sprig.substr(0, 3, 'hello')", "'hel'"),
    *entry(_T, _repeat, "repeat(count int, text string) string", "Repeats a text.", "sprig.repeat(3, 'ab')",
           "'ababab'"),
    *entry(_T, lambda cut, text: text.strip(cut), "trimAll(characters string, text string) string",
           "Removes the characters from both ends.", "sprig.trimAll('$', '$5$')", "'5'", "trimall"),
    *entry(_T, lambda end, text: text.removesuffix(end), "trimSuffix(end string, text string) string",
           "Removes an ending.", "sprig.trimSuffix('-', 'a-')", "'a'"),
    *entry(_T, lambda start, text: text.removeprefix(start), "trimPrefix(start string, text string) string",
           "Removes a beginning.", "sprig.trimPrefix('-', '-a')", "'a'"),
    *entry(_T, _nospace, "nospace(text string) string", "Removes all white space.", "sprig.nospace('a b c')", "'abc'"),
    *entry(_T, _initials, "initials(text string) string", "Gives the first letter of each word.",
           "sprig.initials('First Try')", "'FT'"),
    *entry(_T, _swapcase, "swapcase(text string) string", "Swaps capital and small letters.", "sprig.swapcase('aB')",
           "'Ab'"),
    *entry(_T, _shuffle, "shuffle(text string) string", "Puts the characters in a random order.",
           "sprig.shuffle('hello')", ""),
    *entry(_T, snake_case, "snakecase(text string) string", "Changes to snake_case.", "sprig.snakecase('FirstName')",
           "'first_name'"),
    *entry(_T, pascal_case, "camelcase(text string) string", "Changes to CamelCase.", "sprig.camelcase('http_server')",
           "'HttpServer'"),
    *entry(_T, kebab_case, "kebabcase(text string) string", "Changes to kebab-case.", "sprig.kebabcase('FirstName')",
           "'first-name'"),
    *entry(_T, lambda width, text: _wrapped(width, "", text, False), "wrap(width int, text string) string",
           "Breaks lines at a width.", "sprig.wrap(5, 'hello world')", "'hello\\nworld'"),
    *entry(_T, lambda width, sep, text: _wrapped(width, sep, text, True),
           "wrapWith(width int, separator string, text string) string",
           "Breaks lines, and long words, with a separator.", "sprig.wrapWith(5, '|', 'hello world')", "'hello|world'"),
    *entry(_T, lambda part, text: part in text, "contains(part string, text string) bool",
           "Tells whether a text has a part.", "sprig.contains('ell', 'hello')", "true"),
    *entry(_T, lambda start, text: text.startswith(start), "hasPrefix(start string, text string) bool",
           "Tells whether a text starts so.", "sprig.hasPrefix('he', 'hello')", "true"),
    *entry(_T, lambda end, text: text.endswith(end), "hasSuffix(end string, text string) bool",
           "Tells whether a text ends so.", "sprig.hasSuffix('lo', 'hello')", "true"),
    *entry(_T, _quote, "quote(values ...any) string", "Puts double quotes around values.", "sprig.quote('a\"b')",
           "'\"a\\\\\"b\"'"),
    *entry(_T, _squote, "squote(values ...any) string", "Puts single quotes around values.", "sprig.squote('ab')",
           "\"'ab'\""),
    *entry(_T, _cat, "cat(values ...any) string", "Joins values with spaces.", "sprig.cat('a', 1, nil, 'b')",
           "'a 1 b'"),
    *entry(_T, _indent, "indent(spaces int, text string) string", "Indents every line.", "sprig.indent(2, 'a\\nb')",
           "'  a\\n  b'"),
    *entry(_T, lambda spaces, text: "\n" + _indent(spaces, text), "nindent(spaces int, text string) string",
           "Indents every line after a new line.", "sprig.nindent(2, 'a')", "'\\n  a'"),
    *entry(_T, _replace, "replace(old string, new string, text string) string", "Replaces a part wherever it is.",
           "sprig.replace('a', 'b', 'banana')", "'bbnbnb'"),
    *entry(_T, lambda one, many, count: one if count == 1 else many,
           "plural(one string, many string, count int) string", "Chooses by number.", "sprig.plural('one', 'many', 2)",
           "'many'"),
    *entry(_T, text_of, "toString(value any) string", "Writes a value as text.", "sprig.toString(5.0)", "'5'"),
    *entry(_T, lambda value: StringList(texts(value)), "toStrings(list any) list", "Writes each item as text.",
           "sprig.toStrings([1, 'a'])", "['1', 'a']"),
    *entry(_T, lambda sep, text: _numbered(split_text(sep, text)), "split(separator string, text string) map",
           "Splits a text to a map with the keys _0, _1 and so on.", "sprig.split('-', 'a-b')._0", "'a'"),
    *entry(_T, lambda sep, n, text: _numbered(split_text(sep, text, n)),
           "splitn(separator string, limit int, text string) map", "Splits a text to a map of at most so many parts.",
           "sprig.splitn('-', 2, 'a-b-c')._1", "'b-c'"),
    *entry(_T, lambda sep, text: StringList(split_text(sep, text)), "splitList(separator string, text string) list",
           "Splits a text to a list.", "sprig.splitList('-', 'a-b')", "['a', 'b']"),
    *entry(_T, _join, "join(separator string, list any) string", "Joins items to a text.", "sprig.join('-', [1, 2])",
           "'1-2'"),
    *entry(_T, _sort_alpha, "sortAlpha(list any) list", "Sorts items as text.", "sprig.sortAlpha(['b', 'a'])",
           "['a', 'b']"),
    *entry(_T, lambda count: _random(_LETTERS + _DIGITS, count), "randAlphaNum(count int) string",
           "Gives random letters and digits.", "len(sprig.randAlphaNum(5))", "5"),
    *entry(_T, lambda count: _random(_LETTERS, count), "randAlpha(count int) string", "Gives random letters.",
           "len(sprig.randAlpha(5))", "5"),
    *entry(_T, lambda count: _random(_PRINTABLE, count), "randAscii(count int) string",
           "Gives random printable characters.", "len(sprig.randAscii(5))", "5"),
    *entry(_T, lambda count: _random(_DIGITS, count), "randNumeric(count int) string", "Gives random digits.",
           "len(sprig.randNumeric(5))", "5"),
]
# fmt: on
