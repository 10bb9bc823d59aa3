"""The case styles of xstrings 1.5.0: ``snake_case``, ``kebab-case``, ``PascalCase``."""

from __future__ import annotations

import unicodedata

from argosy.language.gochars import SPACE, is_upper, to_lower, to_upper


def _is_connector(char: str) -> bool:
    return char in "-_" or char in SPACE


def pascal_case(text: str) -> str:
    """``some_words`` to ``SomeWords`` (``ToPascalCase``)."""
    start = next((i for i, char in enumerate(text) if not _is_connector(char)), len(text))
    out, rest = list(text[:start]), text[start + 1 :]
    if start == len(text):
        return text + text[-1:]  # xstrings repeats the last one
    upper, current = is_upper(text[start]), to_upper(text[start])
    if not rest:
        return "".join([*out, current])
    for char in rest:
        previous, current = current, char
        if _is_connector(current) and _is_connector(previous):
            out.append(previous)
            continue
        if _is_connector(previous):
            upper, current = is_upper(current), to_upper(current)
            continue
        if upper:
            upper = is_upper(current)
            current = to_lower(current) if upper else current
        out.append(previous)
    return "".join([*out, current])


def _is_alphabet(char: str) -> bool:
    if not char.isalpha():
        return False
    return not ("\u4e00" <= char <= "\u9fcc" or "\u3400" <= char <= "\u4d85" or "\U00020000" <= char <= "\U0002b81d")


def _is_small(char: str) -> bool:
    return _is_alphabet(char) and not is_upper(char)


def _is_punctuation(char: str) -> bool:
    return unicodedata.category(char).startswith("P")


def _is_number(char: str) -> bool:
    return unicodedata.category(char).startswith("N")


def _is_other(char: str) -> bool:
    return not (_is_connector(char) or _is_alphabet(char) or _is_number(char) or _is_punctuation(char))


_SORTS = (
    ("connector", _is_connector),
    ("punctuation", _is_punctuation),
    ("upper", is_upper),
    ("alphabet", _is_alphabet),
    ("number", _is_number),
)
_GO_ON = {
    "connector": _is_connector,
    "punctuation": _is_punctuation,
    "alphabet": _is_small,
    "number": _is_number,
    "other": _is_other,
}


def _run(text: str, at: int, sort: str) -> int:
    going_on = _GO_ON[sort]
    while at < len(text) and going_on(text[at]):
        at += 1
    return at


def _words(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while at < len(text):
        sort = next((sort for sort, fits in _SORTS if fits(text[at])), "other")
        end = at + 1
        if sort != "upper":
            end = _run(text, end, sort)
        elif end < len(text) and is_upper(text[end]):
            while end < len(text) and is_upper(text[end]):
                end += 1
            if end < len(text) and _is_alphabet(text[end]):
                end -= 1
        elif end < len(text) and _is_alphabet(text[end]):
            end = _run(text, end, "alphabet")
        found.append((sort, text[at:end]))
        at = end
    return found


class _Words:
    """The words of a text, taken one by one; an absent word is ``("none", "")``."""

    def __init__(self, text: str, connector: str) -> None:
        self.words = _words(text)
        self.connector = connector
        self.at = 0
        self.out: list[str] = []

    @property
    def more(self) -> bool:
        return self.at < len(self.words)

    def take(self) -> tuple[str, str]:
        self.at += 1
        return self.words[self.at - 1] if self.at <= len(self.words) else ("none", "")

    def write(self, sort: str, word: str) -> None:
        if sort in ("upper", "connector"):
            word = "".join(self.connector if _is_connector(c) else to_lower(c) if is_upper(c) else c for c in word)
        self.out.append(word)

    def write_run(self, sort: str, word: str) -> tuple[str, str]:
        while sort in ("alphabet", "number"):
            self.write(sort, word)
            sort, word = self.take()
        return sort, word

    def join_before(self, sort: str, *none: str) -> None:
        if sort not in ("connector", "punctuation", *none):
            self.out.append(self.connector)


def _lowered(text: str, connector: str) -> str:
    words = _Words(text, connector)
    sort, word = words.take()
    while words.more:
        if sort != "connector":
            words.write(sort, word)
        before, last = sort, word
        sort, word = words.take()
        if before == "number":
            sort, word = words.write_run(sort, word)
            words.join_before(sort, "none")
        elif before == "connector":
            words.write(before, last)
        elif before != "punctuation":
            sort, word = _after_letters(words, sort, word)
    words.write(sort, word)
    return "".join(words.out)


def _after_letters(words: _Words, sort: str, word: str) -> tuple[str, str]:
    if sort != "number":
        words.join_before(sort)
        return sort, word
    if not words.more:
        return sort, word
    digits = word
    sort, word = words.take()
    if sort != "alphabet":
        words.write("number", digits)
        words.join_before(sort)
        return sort, word
    words.out.append(words.connector)
    words.write("number", digits)
    sort, word = words.write_run(sort, word)
    words.join_before(sort, "none")
    return sort, word


def snake_case(text: str) -> str:
    """``FirstName`` to ``first_name`` (``ToSnakeCase``)."""
    return _lowered(text, "_")


def kebab_case(text: str) -> str:
    """``FirstName`` to ``first-name`` (``ToKebabCase``)."""
    return _lowered(text, "-")
