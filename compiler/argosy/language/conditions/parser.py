"""From tokens to the tree: which token may follow which (``lexerState.go``), and the precedence of
``stagePlanner.go``."""

from __future__ import annotations

from argosy.errors import LanguageError
from argosy.language.caching import remembered
from argosy.language.conditions.lexer import Kind, Token, tokens
from argosy.language.conditions.tree import Access, Binary, Group, Literal, LiteralKind, Node, Unary
from argosy.language.gotext import format_value

MAX_NESTING = 100
"""How deep brackets may nest."""

_VALUES = frozenset([Kind.NUMERIC, Kind.BOOLEAN, Kind.STRING, Kind.PATTERN, Kind.TIME, Kind.VARIABLE])
_AFTER_VALUE = frozenset([Kind.MODIFIER, Kind.COMPARATOR, Kind.LOGICALOP, Kind.CLAUSE_CLOSE, Kind.SEPARATOR])
_OPERAND = frozenset([Kind.PREFIX, *_VALUES, Kind.ACCESSOR, Kind.CLAUSE])

NEXT: dict[Kind | None, frozenset[Kind]] = {
    None: _OPERAND,
    Kind.CLAUSE: _OPERAND | {Kind.CLAUSE_CLOSE},
    Kind.CLAUSE_CLOSE: _AFTER_VALUE | _VALUES | {Kind.CLAUSE, Kind.TERNARY},
    Kind.NUMERIC: _AFTER_VALUE | {Kind.TERNARY},
    Kind.BOOLEAN: _AFTER_VALUE | {Kind.TERNARY},
    Kind.STRING: _AFTER_VALUE | {Kind.TERNARY},
    Kind.VARIABLE: _AFTER_VALUE | {Kind.TERNARY},
    Kind.TIME: _AFTER_VALUE,
    Kind.PATTERN: _AFTER_VALUE,
    Kind.ACCESSOR: _AFTER_VALUE | {Kind.TERNARY, Kind.CLAUSE},
    Kind.MODIFIER: _OPERAND - {Kind.PATTERN, Kind.TIME} | {Kind.CLAUSE_CLOSE},
    Kind.COMPARATOR: _OPERAND | {Kind.CLAUSE_CLOSE},
    Kind.LOGICALOP: _OPERAND - {Kind.PATTERN} | {Kind.CLAUSE_CLOSE},
    Kind.PREFIX: frozenset([Kind.NUMERIC, Kind.BOOLEAN, Kind.VARIABLE, Kind.ACCESSOR, Kind.CLAUSE, Kind.CLAUSE_CLOSE]),
    Kind.TERNARY: _OPERAND - {Kind.PATTERN} | {Kind.SEPARATOR},
    Kind.SEPARATOR: _OPERAND - {Kind.PATTERN},
}
"""What may follow a token; None stands for the start."""

_MAY_END = _VALUES | {Kind.CLAUSE_CLOSE, Kind.ACCESSOR}

LEVELS: tuple[tuple[Kind, frozenset[str]], ...] = (
    (Kind.SEPARATOR, frozenset([","])),
    (Kind.TERNARY, frozenset(["?", ":", "??"])),
    (Kind.LOGICALOP, frozenset(["||"])),
    (Kind.LOGICALOP, frozenset(["&&"])),
    (Kind.COMPARATOR, frozenset(["==", "!=", ">", ">=", "<", "<=", "=~", "!~", "in"])),
    (Kind.MODIFIER, frozenset(["&", "|", "^"])),
    (Kind.MODIFIER, frozenset([">>", "<<"])),
    (Kind.MODIFIER, frozenset(["+", "-"])),
    (Kind.MODIFIER, frozenset(["*", "/", "%"])),
    (Kind.MODIFIER, frozenset(["**"])),
)
"""The binary operators, from those that bind least; all of them group to the left."""

_LEVEL_OF = {(kind, symbol): level for level, (kind, symbols) in enumerate(LEVELS) for symbol in symbols}
_LITERALS: dict[Kind, LiteralKind] = {
    Kind.NUMERIC: "number",
    Kind.BOOLEAN: "boolean",
    Kind.STRING: "string",
    Kind.PATTERN: "string",
    Kind.TIME: "time",
    Kind.VARIABLE: "word",
}


def parse(text: str) -> Node:
    """Give the syntax tree of a condition, as Argo understands it: a bare word is a string.

    Raises LanguageError, with the place, for what Argo calls an invalid ``when``. What govaluate silently leaves out
    (``(a) b``) is not in the tree. Argo 4.1: ``shouldExecute`` in ``workflow/controller/steps.go``.
    """
    found = tokens(text)
    _check_balance(text, found)
    _check_order(text, found)
    found = _precompiled(text, found, (Kind.STRING,))
    as_strings = [_word_as_string(token) for token in found]
    _check_order(text, as_strings)
    _precompiled(text, as_strings, (Kind.STRING,))
    return _Parser(text, found).whole()


parse_cached = remembered(2048)(parse)
"""``parse``, remembering its latest results."""


def _word_as_string(token: Token) -> Token:
    return Token(Kind.STRING, token.value, token.start, token.end) if token.kind is Kind.VARIABLE else token


def _check_balance(text: str, found: list[Token]) -> None:
    opened: list[Token] = []
    surplus: Token | None = None
    for token in found:
        if token.kind is Kind.CLAUSE:
            opened.append(token)
            if len(opened) > MAX_NESTING:
                raise LanguageError(f"Brackets are nested deeper than {MAX_NESTING}", token.start, text=text)
        elif token.kind is Kind.CLAUSE_CLOSE:
            if opened:
                opened.pop()
            else:
                surplus = surplus or token
    kinds = [token.kind for token in found]
    if kinds.count(Kind.CLAUSE) != kinds.count(Kind.CLAUSE_CLOSE):
        raise LanguageError("Unbalanced parenthesis", (surplus or opened[-1]).start, text=text)


def _shown(token: Token | None) -> str:
    if token is None:
        return "UNKNOWN [<nil>]"
    value = str(ord(str(token.value))) if token.kind in (Kind.CLAUSE, Kind.CLAUSE_CLOSE) else format_value(token.value)
    return f"{token.kind.value} [{value}]"


def _check_order(text: str, found: list[Token]) -> None:
    last: Token | None = None
    for token in found:
        if token.kind not in NEXT[last.kind if last else None]:
            if last and last.kind is Kind.VARIABLE and token.kind is Kind.CLAUSE:
                raise LanguageError(f"Undefined function {last.value}", last.start, text=text)
            raise LanguageError(
                f"Cannot transition token types from {_shown(last)} to {_shown(token)}", token.start, text=text
            )
        last = token
    if last is None or last.kind not in _MAY_END:
        raise LanguageError("Unexpected end of expression", len(text), text=text)


def _precompiled(text: str, found: list[Token], kinds: tuple[Kind, ...]) -> list[Token]:
    """Check each pattern that stands ready after ``=~`` or ``!~``, and mark it."""
    marked = list(found)
    for index, token in enumerate(found[:-1]):
        pattern = found[index + 1]
        if token.kind is Kind.COMPARATOR and token.value in ("=~", "!~") and pattern.kind in kinds:
            from argosy.language import regex  # RE2 takes 2 ms to import, and few conditions match

            try:
                regex.compile(str(pattern.value))
            except LanguageError as error:
                raise LanguageError(error.message, pattern.start, text=text) from None
            marked[index + 1] = Token(Kind.PATTERN, pattern.value, pattern.start, pattern.end)
    return marked


class _Parser:
    """A cursor over tokens; precedence climbing, with operands that may be missing."""

    def __init__(self, text: str, found: list[Token]) -> None:
        self.text = text
        self.tokens = found
        self.at = 0

    def whole(self) -> Node:
        node = self.level(0)
        if node is None:
            raise LanguageError("Unexpected end of expression", 0, text=self.text)
        return node

    def peek(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def advance(self) -> Token:
        if self.at >= len(self.tokens):
            raise LanguageError("Unexpected end of expression", len(self.text), text=self.text)
        self.at += 1
        return self.tokens[self.at - 1]

    def level(self, lowest: int) -> Node | None:
        """Read operands joined by operators that bind at least as tightly as the level."""
        left = self.value()
        ceiling = len(LEVELS)
        while (token := self.peek()) is not None:
            level = _LEVEL_OF.get((token.kind, str(token.value)))
            if level is None or not lowest <= level <= ceiling:
                break
            self.at += 1
            right = self.level(level + 1)
            left = Binary(str(token.value), left, right, _start(left, token), _end(right, token))
            ceiling = level
        return left

    def value(self) -> Node | None:
        token = self.peek()
        if token is None:
            return None
        if token.kind is Kind.CLAUSE_CLOSE:
            return None
        self.at += 1
        if token.kind is Kind.ACCESSOR:
            return self.access(token)
        if token.kind is Kind.CLAUSE:
            inner = self.level(0)
            return Group(inner, token.start, self.advance().end)
        if token.kind is Kind.PREFIX:
            operand = self.value()
            return Unary(str(token.value), operand, token.start, _end(operand, token))
        if token.kind in _LITERALS:
            return self.literal(token)
        raise LanguageError(
            f"Unable to plan token kind: '{token.kind.value}', value: '{token.value}'", token.start, text=self.text
        )

    def access(self, token: Token) -> Access:
        following = self.peek()
        if following is None or following.kind is not Kind.CLAUSE:
            return Access(str(token.value), None, token.start, token.end)
        arguments = self.level(0)
        return Access(str(token.value), arguments, token.start, _end(arguments, token))

    def literal(self, token: Token) -> Literal:
        kind = _LITERALS[token.kind]
        if kind == "time":
            source = _unescape(self.text[token.start + 1 : token.end - 1])
        else:
            source = format_value(token.value)
        return Literal(kind, token.value, source, token.start, token.end)


def _unescape(source: str) -> str:
    out, at = [], 0
    while at < len(source):
        at += source[at] == "\\"
        out.append(source[at])
        at += 1
    return "".join(out)


def _start(node: Node | None, token: Token) -> int:
    return node.start if node else token.start


def _end(node: Node | None, token: Token) -> int:
    return node.end if node else token.end
