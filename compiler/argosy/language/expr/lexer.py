"""Text to tokens, one at a time, as expr v1.17.8 ``parser/lexer`` reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from argosy.errors import LanguageError
from argosy.language.expr.tokens import WORD_OPERATORS, Token
from argosy.language.gochars import SPACE
from argosy.later import regex

_HEX = "[0-9a-fA-F]"
_TOKEN = re.compile(
    rf"""
      (?P<space> [{re.escape(SPACE)}]+ )
    | (?P<comment> //[^\n]* | /\*[\s\S]*?\*/ )
    | (?P<unclosed> /\* )
    | (?P<string> "[^"\\\n]*(?:\\.[^"\\\n]*)*" | '[^'\\\n]*(?:\\.[^'\\\n]*)*' )
    | (?P<bytes> [bB](?: "[^"\\\n]*(?:\\.[^"\\\n]*)*" | '[^'\\\n]*(?:\\.[^'\\\n]*)*' ) )
    | (?P<raw> `[^`]*(?:``[^`]*)*` )
    | (?P<open> [bB]?["'] | ` )
    | (?P<word> [A-Za-z_$][A-Za-z0-9_$]* )
    | (?P<number> (?=\.?[0-9]) (?:
          0[xX]{_HEX[:-1]}_]*(?:\.(?!\.){_HEX[:-1]}_]*)?
        | 0[oO][0-7_]*(?:\.(?!\.)[0-7_]*)?(?:[eE][+-]?[0-7_]*)?
        | 0[bB][01_]*(?:\.(?!\.)[01_]*)?(?:[eE][+-]?[01_]*)?
        | [0-9_]*(?:\.(?!\.)[0-9_]*)?(?:[eE][+-]?[0-9_]*)?
      ) )
    | (?P<bracket> [()\[\]{{}}] )
    | (?P<pointer> \#\#? )
    | (?P<operator> \?[.?]? | \|\|? | ::? | \.\.? | [&!=*<>][&=*]? | [,;%+\-^/] )
    """,
    re.VERBOSE,
)
_ESCAPE = regex(
    rf"""\\(?: (?P<plain>[abfnrtv\\"']) | (?P<octal>[0-3][0-7]{{2}}) | x(?P<x>{_HEX}{{2}})
    | u\{{(?P<braced>{_HEX}{{1,6}})\}} | u(?P<u>{_HEX}{{4}}) | U(?P<U>{_HEX}{{8}}) )""",
    re.VERBOSE,
)
_PLAIN = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def is_alphanumeric(char: str) -> bool:
    """Whether a character may stand in a name: letters, decimal digits, ``_`` and ``$``."""
    return char.isalpha() or char.isdecimal() or char in ("_", "$")


def is_name(text: str) -> bool:
    """Whether a text is a name."""
    return bool(text) and not text[0].isdecimal() and all(map(is_alphanumeric, text))


def tokens(text: str) -> Iterator[Token]:
    """Give the tokens of a text up to and including its end (of kind EOF), reading no further than asked.

    Raises LanguageError at a character that starts no token, an open string or comment, a bad number or escape.
    """
    at, size = 0, len(text)
    while at < size:
        match = _TOKEN.match(text, at)
        group = match.lastgroup if match else None
        end = match.end() if match else at
        if group in ("space", "comment"):
            pass
        elif group in ("operator", "bracket"):
            yield Token("Operator" if group == "operator" else "Bracket", text[at:end], at, end)
        elif group == "word" or (group is None and is_alphanumeric(text[at])):
            end = _end_of_word(text, end)
            word = text[at:end]
            yield Token("Operator" if word in WORD_OPERATORS else "Identifier", word, at, end)
        elif group == "number":
            if end < size and is_alphanumeric(text[end]):
                raise LanguageError(f'bad number syntax: "{text[at : end + 1]}"', at, text=text)
            yield Token("Number", text[at:end], at, end)
        elif group == "pointer":
            yield Token("Operator", text[at:end], at, end)
            start, end = end, _end_of_word(text, end)
            if end > start:
                yield Token("Identifier", text[start:end], start, end)
        elif group == "string":
            yield Token("String", _unescape(text, at, end), at, end)
        elif group == "raw":
            yield Token("String", text[at + 1 : end - 1].replace("``", "`"), at, end)
        elif group == "bytes":
            yield Token("Bytes", _unescape(text, at + 1, end, as_bytes=True), at, end)
        else:
            raise _failure(text, at, group)
        at = end
    yield Token("EOF", "", max(size - 1, 0), size)


def _end_of_word(text: str, at: int) -> int:
    while at < len(text) and is_alphanumeric(text[at]):
        at += 1
    return at


def _failure(text: str, at: int, group: str | None) -> LanguageError:
    if group == "unclosed":
        return LanguageError("unclosed comment", at, text=text)
    if group == "open":
        return LanguageError("literal not terminated", at, text=text, hint="close it with the quote that opens it")
    return LanguageError(f"unrecognized character: U+{ord(text[at]):04X} {text[at]!r}", at, text=text)


def _unescape(text: str, start: int, end: int, *, as_bytes: bool = False) -> str:
    """Give what a quoted text means; for bytes, text whose characters are the bytes (Latin-1)."""
    quote, body = text[start], text[start + 1 : end - 1]
    if "\r" in body:
        body = body.replace("\r\n", "\n").replace("\r", "\n")
    if "\\" not in body and (not as_bytes or body.isascii()):
        return body
    out: list[str] = []
    at = 0
    while at < len(body):
        back = body.find("\\", at)
        piece = body[at:] if back < 0 else body[at:back]
        out.append(piece.encode("utf-8", "replace").decode("latin-1") if as_bytes else piece)
        if back < 0:
            break
        char, at = _escaped(body, back, quote, as_bytes)
        if char is None:
            raise LanguageError("invalid char escape", start + 1 + back, text=text)
        out.append(char)
    return "".join(out)


def _escaped(body: str, at: int, quote: str, as_bytes: bool) -> tuple[str | None, int]:
    match = _ESCAPE.match(body, at)
    if not match or match["plain"] in ({"'", '"'} - {quote}):
        return None, at
    if match["plain"]:
        return _PLAIN.get(match["plain"], match["plain"]), match.end()
    if match["octal"]:
        return chr(int(match["octal"], 8)), match.end()
    code = int(match["x"] or match["braced"] or match["u"] or match["U"], 16)
    if code > 0x10FFFF or (as_bytes and not match["x"]):
        return None, at
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else chr(code), match.end()
