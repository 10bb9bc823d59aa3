"""Tokens to a syntax tree, as expr v1.17.8 ``parser/parser.go`` builds it, with its limit of 10,000 nodes."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from argosy.errors import LanguageError
from argosy.language.expr import nodes as n
from argosy.language.expr.lexer import is_name
from argosy.language.expr.operators import (
    BINARY,
    COMPARISONS,
    FUNCTIONS,
    NEGATABLE,
    PREDICATES,
    RIGHT_ASSOCIATIVE,
    UNARY,
)
from argosy.language.expr.reader import MAX_DEPTH, Reader
from argosy.language.expr.tokens import Token
from argosy.language.gochars import valid

_WORDS: dict[str, n.Node] = {"true": n.Bool(True), "false": n.Bool(False), "nil": n.Nil()}


def parse(text: str, overridden: Collection[str] = ()) -> n.Node:
    """Give the syntax tree of an expression, from a cache where it was parsed before.

    ``overridden`` are names of the environment that hide a built-in function of the same name. Raises LanguageError,
    with the position, if the text is no expression.
    """
    return _parse(valid(text), frozenset(overridden))


@lru_cache(maxsize=2048)
def _parse(text: str, overridden: frozenset[str]) -> n.Node:
    try:
        return _Parser(text, overridden).parse()
    except RecursionError:
        raise LanguageError("the expression is nested too deeply", text=text) from None


class _Parser(Reader):
    # ------------------------------------------------------------------ expressions

    def parse(self) -> n.Node:
        node = self.sequence()
        if self.current.kind != "EOF":
            raise self.unexpected()
        return node

    def sequence(self) -> n.Node:
        start = self.current.start
        nodes = [self.expression(0)]
        while self.operator(";"):
            self.next()
            if self.current.kind == "EOF":
                break
            nodes.append(self.expression(0))
        if len(nodes) == 1:
            return nodes[0]
        self.grow()
        return n.Sequence(tuple(nodes), start, self.last_end)

    def expression(self, precedence: int) -> n.Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fail(f"the expression is nested too deeply (more than {MAX_DEPTH} levels)")
        try:
            if precedence == 0 and self.current.kind == "Operator":
                if self.current.value == "let":
                    return self.let()
                if self.current.value == "if":
                    return self.condition()
            start = self.current.start
            left = self.binary(start, precedence)
            return self.ternary(left, start) if precedence == 0 and self.operator("?") else left
        finally:
            self.depth -= 1

    def binary(self, start: int, precedence: int) -> n.Node:
        left = self.primary()
        previous = ""
        while self.current.kind == "Operator":
            token, negated = self.current, False
            if token.value == "not":
                self.next()
                if self.current.value not in NEGATABLE:
                    raise self.unexpected()
                if BINARY[self.current.value] < precedence:
                    self.stashed, self.current = self.current, token
                    break
                token, negated = self.current, True
            strength = BINARY.get(token.value)
            if strength is None or strength < precedence:
                break
            self.next()
            if token.value == "|":
                name = self.current
                self.expect("Identifier")
                left = self.call(name, (left,), start=start)
            elif previous == "??" and token.value != "??":
                raise self.fail(
                    f"Operator ({token.value}) and coalesce expressions (??) cannot be mixed."
                    " Wrap either by parentheses.",
                    token.start,
                )
            elif token.value in COMPARISONS:
                left = self.comparison(left, token.value, strength, start)
            else:
                right = self.expression(strength if token.value in RIGHT_ASSOCIATIVE else strength + 1)
                self.grow()
                left = n.Binary(token.value, left, right, start, self.last_end)
                if negated:
                    self.grow()
                    left = n.Unary("not", left, start, self.last_end)
            previous = token.value
        return left

    def comparison(self, left: n.Node, operator: str, precedence: int, start: int) -> n.Node:
        """Read ``a < b < c``, which means ``a < b && b < c``."""
        root: n.Node | None = None
        while True:
            right = self.expression(precedence + 1)
            self.grow()
            compared = n.Binary(operator, left, right, left.start if root else start, self.last_end)
            if root is None:
                root = compared
            else:
                self.grow()
                root = n.Binary("&&", root, compared, start, self.last_end)
            if self.current.kind != "Operator" or self.current.value not in COMPARISONS:
                return root
            left, operator = right, self.current.value
            self.next()

    def let(self) -> n.Node:
        start = self.current.start
        self.next()
        name = self.current.value
        self.expect("Identifier")
        self.expect("Operator", "=")
        value = self.expression(0)
        self.expect("Operator", ";")
        body = self.sequence()
        self.grow()
        return n.Let(name, value, body, start, self.last_end)

    def condition(self) -> n.Node:
        start = self.current.start
        self.next()
        test = self.expression(0)
        then = self.block()
        self.expect("Operator", "else")
        if self.operator("if"):
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise self.fail(f"the expression is nested too deeply (more than {MAX_DEPTH} levels)")
            otherwise = self.condition()
            self.depth -= 1
        else:
            otherwise = self.block()
        return n.Conditional(test, then, otherwise, False, start, self.last_end)

    def block(self) -> n.Node:
        self.expect("Bracket", "{")
        node = self.sequence()
        self.expect("Bracket", "}")
        return node

    def ternary(self, node: n.Node, start: int) -> n.Node:
        while self.operator("?"):
            self.next()
            if self.operator(":"):
                self.next()
                then = node
            else:
                then = self.expression(0)
                self.expect("Operator", ":")
            otherwise = self.expression(0)
            self.grow()
            node = n.Conditional(node, then, otherwise, True, start, self.last_end)
        return node

    # ------------------------------------------------------------------ operands

    def primary(self) -> n.Node:
        token = self.current
        if token.kind == "Operator":
            if token.value in UNARY:
                self.next()
                operand = self.expression(UNARY[token.value])
                self.grow()
                return self.postfix(n.Unary(token.value, operand, token.start, self.last_end), token.start)
            if self.predicates and token.value in ("#", "."):
                return self.pointer()
            if token.value == "::":
                self.next()
                name = self.current
                self.expect("Identifier")
                return self.postfix(self.call(name, (), builtin=True, start=token.start), token.start)
        elif token.kind == "Bracket" and token.value == "(":
            self.next()
            inner = self.sequence()
            self.expect("Bracket", ")")
            return self.postfix(inner, token.start)
        return self.operand()

    def pointer(self) -> n.Node:
        start = self.current.start
        name = ""
        if self.current.value == "#":
            self.next()
            if self.current.kind == "Identifier":
                name = self.current.value
                self.next()
        self.grow()
        return self.postfix(n.Pointer(name, start, max(self.last_end, start)), start)

    def operand(self) -> n.Node:
        token = self.current
        node: n.Node
        if token.kind == "Identifier":
            self.next()
            if token.value in _WORDS:
                self.grow()
                return _word(token)
            if self.bracket("("):
                node = self.call(token, (), start=token.start)
            else:
                self.grow()
                node = n.Identifier(token.value, token.start, token.end)
        elif token.kind == "Number":
            self.next()
            self.grow()
            return self.number(token)
        elif token.kind == "String":
            self.next()
            self.grow()
            node = n.String(token.value, token.start, token.end)
        elif token.kind == "Bytes":
            self.next()
            self.grow()
            node = n.Bytes(token.value.encode("latin-1"), token.start, token.end)
        elif self.bracket("["):
            node = self.array()
        elif self.bracket("{"):
            node = self.map()
        else:
            raise self.unexpected()
        return self.postfix(node, token.start)

    def call(self, name: Token, arguments: tuple[n.Node, ...], *, builtin: bool = False, start: int) -> n.Node:
        hidden = name.value in self.overridden and not builtin
        if name.value in PREDICATES and not hidden:
            arguments = self.predicate_arguments(PREDICATES[name.value], arguments)
            self.grow()
            return n.Builtin(name.value, arguments, start=start, end=self.last_end)
        if name.value in FUNCTIONS and not hidden:
            arguments = self.arguments(arguments)
            self.grow()
            return n.Builtin(name.value, arguments, start=start, end=self.last_end)
        self.grow()
        callee = n.Identifier(name.value, name.start, name.end)
        arguments = self.arguments(arguments)
        self.grow()
        return n.Call(callee, arguments, start, self.last_end)

    def predicate_arguments(self, kinds: tuple[str, ...], given: tuple[n.Node, ...]) -> tuple[n.Node, ...]:
        self.expect("Bracket", "(")
        arguments = list(given)
        wanted = kinds[len(given) :]
        for index, kind in enumerate(wanted):
            if self.bracket(")"):
                if kind.endswith("?"):
                    break
                raise self.fail(f"expected at least {len(wanted)} arguments")
            if index:
                self.expect("Operator", ",")
            arguments.append(self.expression(0) if kind.startswith("expression") else self.predicate())
        if self.operator(","):
            self.next()
        self.expect("Bracket", ")")
        return tuple(arguments)

    def predicate(self) -> n.Node:
        start = self.current.start
        self.predicates += 1
        if self.bracket("{"):
            self.next()
            body = self.sequence()
            self.predicates -= 1
            self.expect("Bracket", "}")
        else:
            body = self.expression(0)
            if self.operator(";"):
                raise self.fail("wrap predicate with brackets { and }")
            self.predicates -= 1
        self.grow()
        return n.Predicate(body, start, self.last_end)

    def arguments(self, given: tuple[n.Node, ...]) -> tuple[n.Node, ...]:
        return (*given, *self.listed("(", ")"))

    def listed(self, opening: str, closing: str) -> list[n.Node]:
        self.expect("Bracket", opening)
        found: list[n.Node] = []
        while not self.bracket(closing):
            if found:
                self.expect("Operator", ",")
                if self.bracket(closing):
                    break
            found.append(self.expression(0))
        self.expect("Bracket", closing)
        return found

    def array(self) -> n.Node:
        start = self.current.start
        found = self.listed("[", "]")
        self.grow()
        return n.Array(tuple(found), start, self.last_end)

    def map(self) -> n.Node:
        start = self.current.start
        self.expect("Bracket", "{")
        pairs: list[tuple[n.Node, n.Node]] = []
        while not self.bracket("}"):
            if pairs:
                self.expect("Operator", ",")
                if self.bracket("}"):
                    break
            key = self.key()
            self.expect("Operator", ":")
            value = self.expression(0)
            self.grow()
            pairs.append((key, value))
        self.expect("Bracket", "}")
        self.grow()
        return n.Map(tuple(pairs), start, self.last_end)

    def key(self) -> n.Node:
        token = self.current
        if token.kind in ("Number", "String", "Identifier"):
            self.grow()
            self.next()
            return n.String(token.value, token.start, token.end)
        if self.bracket("("):
            return self.expression(0)
        raise self.fail(
            "a map key must be a quoted string, a number, a identifier, or an expression enclosed in parentheses"
            f" (unexpected token {token})"
        )

    # ------------------------------------------------------------------ what follows an operand

    def postfix(self, node: n.Node, start: int) -> n.Node:
        while self.current.kind in ("Operator", "Bracket"):
            value = self.current.value
            if value in (".", "?."):
                optional = value == "?."
                self.next()
                if optional and self.bracket("["):
                    node = self.index(node, start, optional=True)
                else:
                    node = self.member(node, start, optional)
            elif value == "[":
                node = self.index(node, start, optional=False)
            else:
                break
        return node

    def member(self, node: n.Node, start: int, optional: bool) -> n.Node:
        token = self.current
        if token.kind != "Identifier" and not (token.kind == "Operator" and is_name(token.value)):
            raise self.fail("expected name")
        self.next()
        chained = isinstance(node, n.Chain)
        inner = node.node if isinstance(node, n.Chain) else node
        self.grow(2)
        name = n.String(token.value, token.start, token.end)
        found: n.Node = n.Member(inner, name, optional, start, token.end)
        if self.bracket("("):
            arguments = self.arguments(())
            self.grow()
            found = n.Call(found, arguments, start, self.last_end)
        if chained or optional:
            self.grow()
            found = n.Chain(found, start, self.last_end)
        return found

    def index(self, node: n.Node, start: int, *, optional: bool) -> n.Node:
        self.next()
        low: n.Node | None = None
        if not self.operator(":"):
            low = self.expression(0)
        if self.operator(":"):
            self.next()
            high = None if self.bracket("]") else self.expression(0)
            self.grow()
            self.expect("Bracket", "]")
            return n.Slice(node, low, high, start, self.last_end)
        if low is None:
            raise self.unexpected()
        self.grow()
        self.expect("Bracket", "]")
        found: n.Node = n.Member(node, low, optional, start, self.last_end)
        if optional:
            self.grow()
            found = n.Chain(found, start, self.last_end)
        return found


def _word(token: Token) -> n.Node:
    if token.value == "nil":
        return n.Nil(token.start, token.end)
    return n.Bool(token.value == "true", token.start, token.end)
