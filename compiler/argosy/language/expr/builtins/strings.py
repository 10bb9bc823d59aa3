"""Built-in functions of texts (expr v1.17.8 ``builtin/builtin.go``, on Go's ``strings``)."""

from __future__ import annotations

from typing import Any

from argosy.errors import LanguageError
from argosy.language.expr.builtins.checks import overloads
from argosy.language.expr.builtins.entry import entry, text
from argosy.language.expr.operations import MAX_TEXT, to_int
from argosy.language.gochars import to_lower, to_upper
from argosy.language.gotext import to_bytes, trim_space
from argosy.language.gotypes import NilList, NilStringList, StringList

MAX_REPEAT = 1_000_000


def upper(value: Any) -> str:
    """Give the text in upper case, character by character: ``ß`` stays."""
    return to_upper(text(value))


def lower(value: Any) -> str:
    """Give the text in lower case, character by character."""
    return to_lower(text(value))


def trim(value: Any, *cutset: Any) -> str:
    """Give the text without white space, or the characters given, at both ends."""
    return text(value).strip(text(cutset[0])) if cutset else trim_space(text(value))


def _split(value: Any, separator: Any, limit: tuple[Any, ...], *, keep: bool) -> list[str]:
    plain, mark = text(value), text(separator)
    count = to_int(limit[0]) if limit else -1
    if count == 0:
        return NilStringList()
    if not mark:
        if count < 0 or count >= len(plain):
            return StringList(plain)
        return StringList([*plain[: count - 1], plain[count - 1 :]])
    parts = plain.split(mark, count - 1 if count > 0 else -1)
    return StringList([part + mark for part in parts[:-1]] + parts[-1:] if keep else parts)


def split(value: Any, separator: Any, *limit: Any) -> list[str]:
    """Split a text at a separator, into at most ``limit`` parts."""
    return _split(value, separator, limit, keep=False)


def split_after(value: Any, separator: Any, *limit: Any) -> list[str]:
    """Split a text after each separator."""
    return _split(value, separator, limit, keep=True)


def replace(value: Any, old: Any, new: Any, *limit: Any) -> str:
    """Replace a text within a text, at most ``limit`` times."""
    plain, before, after = text(value), text(old), text(new)
    count = to_int(limit[0]) if limit else -1
    times = len(plain) + 1 if not before else plain.count(before)
    if times * len(after) > MAX_TEXT:
        raise LanguageError(f"the text would be longer than {MAX_TEXT} characters")
    return plain.replace(before, after, max(count, -1))


def repeat(value: Any, count: Any) -> str:
    """Give the text so many times, at most a million."""
    plain, times = text(value), to_int(count)
    if times < 0:
        raise LanguageError(f"invalid argument for repeat (expected positive integer, got {times})")
    if times > MAX_REPEAT or len(plain) * times > MAX_TEXT:
        raise LanguageError("memory budget exceeded")
    return plain * times


def join(items: Any, glue: Any = "") -> str:
    """Join the texts of a list."""
    between = text(glue)
    if type(items) not in (list, StringList, NilList, NilStringList, tuple):
        raise LanguageError("invalid argument for join: it takes a list of texts")
    parts = [text(item) for item in items]
    if sum(map(len, parts)) + len(between) * len(parts) > MAX_TEXT:
        raise LanguageError(f"the text would be longer than {MAX_TEXT} characters")
    return between.join(parts)


def _byte_index(plain: str, index: int) -> int:
    return index if index < 0 or plain.isascii() else len(to_bytes(plain[:index]))


def index_of(value: Any, part: Any) -> int:
    """Give where a part begins, in bytes of UTF-8; -1 if nowhere."""
    return _byte_index(text(value), text(value).find(text(part)))


def last_index_of(value: Any, part: Any) -> int:
    """Give where a part begins for the last time, in bytes of UTF-8; -1 if nowhere."""
    return _byte_index(text(value), text(value).rfind(text(part)))


def _e(
    signature: str, call: Any, types: list[str], summary: str, example: str, result: str, grows: bool = False
) -> Any:
    check = overloads(signature.partition("(")[0], *types)
    return entry("Texts", signature, call, check, summary, example, result, grows=grows)


_SPLIT = ["string, string -> strings", "string, string, int -> strings"]
_TEST = ["string, string -> bool"]
_FIX = ["string, string -> string", "string -> string"]

ENTRIES = (
    _e("trim(text, characters?) -> string", trim, ["string -> string", "string, string -> string"],
       "The text without white space, or the characters given, at both ends.", "trim('  a b ')", "'a b'"),
    _e("trimPrefix(text, prefix?) -> string", lambda s, p=" ": text(s).removeprefix(text(p)), _FIX,
       "The text without the prefix, if it has it.", "trimPrefix('v1.2', 'v')", "'1.2'"),
    _e("trimSuffix(text, suffix?) -> string", lambda s, p=" ": text(s).removesuffix(text(p)), _FIX,
       "The text without the suffix, if it has it.", "trimSuffix('a.tar.gz', '.gz')", "'a.tar'"),
    _e("upper(text) -> string", upper, ["string -> string"], "The text in upper case.", "upper('aé')", "'AÉ'"),
    _e("lower(text) -> string", lower, ["string -> string"], "The text in lower case.", "lower('AÉ')", "'aé'"),
    _e("split(text, separator, limit?) -> array", split, _SPLIT,
       "The parts between separators; with a limit, the last part holds the rest.",
       "split('a,b,c', ',', 2)", "['a', 'b,c']"),
    _e("splitAfter(text, separator, limit?) -> array", split_after, _SPLIT,
       "The parts, each with the separator that ends it.", "splitAfter('a,b', ',')", "['a,', 'b']"),
    _e("replace(text, old, new, limit?) -> string", replace,
       ["string, string, string, int -> string", "string, string, string -> string"],
       "The text with one part replaced by another, everywhere or the first times only.",
       "replace('a-b-c', '-', '_', 1)", "'a_b-c'"),
    _e("repeat(text, count) -> string", repeat, ["string, int -> string"],
       "The text several times over.", "repeat('ab', 3)", "'ababab'", grows=True),
    _e("join(texts, glue?) -> string", join,
       ["strings, string -> string", "array, string -> string", "array -> string", "strings -> string"],
       "The texts of a list as one; items that are no texts are an error.", "join(['a', 'b'], '-')", "'a-b'"),
    _e("indexOf(text, part) -> int", index_of, ["string, string -> int"],
       "Where the part begins, counted in bytes from 0; -1 if nowhere.", "indexOf('hello', 'l')", "2"),
    _e("lastIndexOf(text, part) -> int", last_index_of, ["string, string -> int"],
       "Where the part begins for the last time; -1 if nowhere.", "lastIndexOf('hello', 'l')", "3"),
    _e("hasPrefix(text, prefix) -> bool", lambda s, p: text(s).startswith(text(p)), _TEST,
       "Whether the text starts so.", "hasPrefix('main.py', 'main')", "true"),
    _e("hasSuffix(text, suffix) -> bool", lambda s, p: text(s).endswith(text(p)), _TEST,
       "Whether the text ends so.", "hasSuffix('main.py', '.py')", "true"),
)  # fmt: skip
