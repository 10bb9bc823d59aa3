"""A checked tree to a function of the environment: each node becomes a Python closure over those of its children.

It does what the bytecode of expr v1.17.8 does (``compiler/compiler.go``, ``vm/vm.go``), including its memory budget.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from argosy.errors import LanguageError
from argosy.language import regex
from argosy.language.expr import nodes as n
from argosy.language.expr import operations as do
from argosy.language.expr.builtins import ENTRIES
from argosy.language.expr.check import Natures
from argosy.language.expr.operators import PREDICATES
from argosy.language.expr.predicates import LOOPS, item
from argosy.language.expr.runtime import Code, Runtime, bounded, located, may_share
from argosy.language.expr.steps import called, deciding, littered, no_bool, ranging
from argosy.language.gotext import to_bytes

_BROKEN = object()
"""What the parts of a chain give once ``?.`` met nil."""

_PAYING = frozenset(["in", "==", "!=", "contains", "startsWith", "endsWith", "matches"])
_WRITING = frozenset(["string", "toJSON", "join"])
_SHORT = 16
"""Up to so many operators in a row are nested closures, which is fastest; longer rows run in a loop."""


def compile_tree(tree: n.Node, natures: Natures, text: str) -> Callable[[Mapping[str, Any]], Any]:
    """Give the function that evaluates a tree in an environment (with functions, see ``environment``)."""
    compiler = _Compiler(natures, littered(tree), may_share(tree))
    code = compiler.compile(tree)
    variables = compiler.variables

    def run(environment: Mapping[str, Any]) -> Any:
        return code(Runtime(environment, variables, text))

    def run_bounded(environment: Mapping[str, Any]) -> Any:
        return bounded(run(environment))

    return run_bounded if compiler.guarded else run


class _Compiler:
    def __init__(self, natures: Natures, littered: frozenset[int], guarded: bool) -> None:
        self.natures = natures
        self.guarded = guarded
        self.loops = 0
        self.littered = littered
        self.variables = 0
        self.names: list[tuple[str, int]] = []

    def compile(self, node: n.Node) -> Code:
        return _COMPILERS[type(node)](self, node)

    def all(self, nodes: tuple[n.Node, ...]) -> list[Code]:
        return [self.compile(node) for node in nodes]

    def operands(self, nodes: tuple[n.Node, ...]) -> Callable[[Runtime], list[Any]]:
        """Give what evaluates nodes whose values are needed at once."""
        codes = self.all(nodes)
        if self.littered and any(id(node) in self.littered for node in nodes[1:]):
            return lambda rt: rt.gather(code(rt) for code in codes)
        return lambda rt: [code(rt) for code in codes]

    def guard(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Give the function, with its arguments looked at if they may be huge."""
        if not self.guarded:
            return function
        return lambda *values: function(*map(bounded, values))

    # ------------------------------------------------------------------ literals and names

    def literal(self, node: Any) -> Code:
        value = node.value
        return lambda rt: value

    def nil(self, node: n.Nil) -> Code:
        return lambda rt: None

    def identifier(self, node: n.Identifier) -> Code:
        name = node.name
        for known, index in reversed(self.names):
            if known == name:
                return lambda rt: rt.variables[index]
        if name == "$env":
            return lambda rt: rt.environment
        return lambda rt: rt.environment.get(name)

    def pointer(self, node: n.Pointer) -> Code:
        match node.name:
            case "":
                return item
            case "index":
                return lambda rt: rt.index
            case "acc":
                return lambda rt: rt.total
        raise LanguageError(f"unknown pointer {node.name}", node.start)

    def let(self, node: n.Let) -> Code:
        value = self.compile(node.value)
        index = self.variables
        self.variables += 1
        self.names.append((node.name, index))
        body = self.compile(node.body)
        self.names.pop()

        def run(rt: Runtime) -> Any:
            rt.variables[index] = value(rt)
            return body(rt)

        return run

    def sequence(self, node: n.Sequence) -> Code:
        *first, last = self.all(node.nodes)

        def run(rt: Runtime) -> Any:
            for code in first:
                code(rt)
            return last(rt)

        return run

    def conditional(self, node: n.Conditional) -> Code:
        test, then, otherwise = self.all((node.test, node.then, node.otherwise))

        def run(rt: Runtime) -> Any:
            answer = test(rt)
            if answer is True:
                return then(rt)
            if answer is False:
                return otherwise(rt)
            raise located(no_bool(answer), node, rt)

        return run

    def array(self, node: n.Array) -> Code:
        items = self.operands(node.nodes)
        size = len(node.nodes)

        def run(rt: Runtime) -> Any:
            found = items(rt)
            rt.grow(size, node)
            return found

        return run

    def constant(self, node: n.Constant) -> Code:
        value = node.value
        return lambda rt: value

    def map(self, node: n.Map) -> Code:
        parts = self.operands(tuple(part for pair in node.pairs for part in pair))

        def run(rt: Runtime) -> Any:
            values = parts(rt)
            made = list(zip(values[::2], values[1::2], strict=True))
            rt.grow(len(made), node)
            found: dict[str, Any] = {}
            for key, value in reversed(made):  # as Go fills it: of equal keys, the first wins
                if type(key) is not str:
                    message = f"interface conversion: interface {{}} is {do.type_name(key)}, not string"
                    raise located(LanguageError(message), node, rt)
                found[key] = value
            return dict(reversed(found.items()))

        return run

    # ------------------------------------------------------------------ operators

    def unary(self, node: n.Unary) -> Code:
        operand = self.compile(node.operand)
        if node.operator == "+":
            return operand
        function = do.negate if node.operator == "-" else do.invert

        def run(rt: Runtime) -> Any:
            value = operand(rt)
            try:
                return function(value)
            except LanguageError as error:
                raise located(error, node, rt) from None

        return run

    def binary(self, node: n.Binary) -> Code:
        waiting: list[n.Binary] = []
        left: n.Node = node
        while isinstance(left, n.Binary):
            waiting.append(left)
            left = left.left
        code = self.compile(left)
        if len(waiting) <= _SHORT:
            for binary in reversed(waiting):
                code = self.single(binary, code)
            return code
        steps = [self.step(binary) for binary in reversed(waiting)]

        def run(rt: Runtime) -> Any:
            value = code(rt)
            for step in steps:
                value = step(value, rt)
            return value

        return run

    def single(self, node: n.Binary, left: Code) -> Code:
        function = self.function(node)
        if function is None or id(node.right) in self.littered:
            step = self.step(node)
            return lambda rt: step(left(rt), rt)
        right = self.compile(node.right)
        paying = self.loops and node.operator in _PAYING

        def run(rt: Runtime) -> Any:
            a, b = left(rt), right(rt)
            if paying:
                rt.pay((a, b), node)
            try:
                return function(a, b)
            except LanguageError as error:
                raise located(error, node, rt) from None

        return run

    def function(self, node: n.Binary) -> Callable[[Any, Any], Any] | None:
        """Give the function of an operator that needs both sides; None for the others."""
        operator = node.operator
        if operator in ("==", "!="):
            return self.equality(node)
        if operator == "in" and isinstance(node.right, n.Constant) and isinstance(node.right.value, frozenset):
            kind = type(next(iter(node.right.value)))
            return lambda a, b: do.within_constants(a, b, kind)
        if operator == "matches" and isinstance(node.right, n.String):
            try:
                regex.compile(node.right.value)
            except LanguageError as error:
                raise LanguageError(error.message, node.right.start) from None
        return self.guard(do.within) if operator == "in" else do.BINARY.get(operator)

    def equality(self, node: n.Binary) -> Callable[[Any, Any], bool]:
        """Where both sides are known to be integers or texts, expr insists on it, though its knowledge can be wrong."""
        left, right = self.natures[node.left], self.natures[node.right]
        wanted = left.name if left.name == right.name and left.kind in ("int", "string") else ""
        kind = {"int": int, "string": str}.get(wanted)
        positive = node.operator == "=="
        if kind is None:
            test = self.guard(do.equal)
            return test if positive else lambda a, b: not test(a, b)

        def equal(a: Any, b: Any) -> bool:
            for value in (a, b):
                if type(value) is not kind:
                    raise LanguageError(f"interface conversion: interface {{}} is {do.type_name(value)}, not {wanted}")
            return (a == b) is positive

        return equal

    def step(self, node: n.Binary) -> Callable[[Any, Runtime], Any]:
        """Give what an operator makes of its left value."""
        right = self.compile(node.right)
        match node.operator:
            case "and" | "&&":
                return deciding(False, right, node)
            case "or" | "||":
                return deciding(True, right, node)
            case "??":
                return lambda a, rt: right(rt) if do.is_nil(a) else a
            case "..":
                return ranging(right, node)
        function = self.function(node)
        if function is None:
            raise LanguageError(f"unknown operator ({node.operator})", node.start)
        littered = id(node.right) in self.littered

        def run(a: Any, rt: Runtime) -> Any:
            if littered:
                a, b = rt.gather(part(rt) for part in (lambda _: a, right))
            else:
                b = right(rt)
            try:
                return function(a, b)
            except LanguageError as error:
                raise located(error, node, rt) from None

        return run

    # ------------------------------------------------------------------ access

    def chain(self, node: n.Chain) -> Code:
        inner = self.compile(node.node)

        def run(rt: Runtime) -> Any:
            value = inner(rt)
            return None if value is _BROKEN or do.is_nil(value) else value

        return run

    def member(self, node: n.Member) -> Code:
        base, optional = self.compile(node.object), node.optional
        fetch = do.fetch
        if isinstance(node.property, n.String):
            name = node.property.value

            def named(rt: Runtime) -> Any:
                value = base(rt)
                if type(value) is dict:
                    return value.get(name)
                if value is _BROKEN or (optional and do.is_nil(value)):
                    return _BROKEN
                try:
                    return fetch(value, name)
                except LanguageError as error:
                    raise located(error, node, rt) from None

            return named
        key = self.compile(node.property)
        if id(node.property) in self.littered and not optional:
            return self.messy_member(node)

        def run(rt: Runtime) -> Any:
            value = base(rt)
            if value is _BROKEN or (optional and do.is_nil(value)):
                return _BROKEN
            found = key(rt)
            try:
                return fetch(value, found)
            except LanguageError as error:
                raise located(error, node, rt) from None

        return run

    def messy_member(self, node: n.Member) -> Code:
        parts = self.operands((node.object, node.property))

        def run(rt: Runtime) -> Any:
            try:
                return do.fetch(*parts(rt))
            except LanguageError as error:
                raise located(error, node, rt) from None

        return run

    def slice(self, node: n.Slice) -> Code:
        parts = self.operands((node.object, node.high or n.Nil(), node.low or n.Nil()))
        has_low, has_high = node.low is not None, node.high is not None
        looping = self.loops > 0

        def run(rt: Runtime) -> Any:
            value, end, start = parts(rt)
            if looping:
                rt.pay((value,), node)
            try:
                if (has_low and start is None) or (has_high and end is None):
                    do.to_int(None)
                return do.cut(value, start, end)
            except LanguageError as error:
                raise located(error, node, rt) from None

        return run

    # ------------------------------------------------------------------ calls

    def call(self, node: n.Call) -> Code:
        parts = self.operands((*node.arguments, node.callee))

        def run(rt: Runtime) -> Any:
            *values, function = parts(rt)
            if function is _BROKEN:
                return _BROKEN
            try:
                return called(function, values, rt, node)
            except LanguageError as error:
                raise located(error, node, rt) from None

        return run

    def builtin(self, node: n.Builtin) -> Code:
        if node.name in PREDICATES:
            return LOOPS[node.name](self, node)
        entry = ENTRIES[node.name]
        function, grows = self.guard(entry.function.call), entry.grows
        if not entry.least <= len(node.arguments) <= entry.most:
            count = len(node.arguments)
            raise LanguageError(f"invalid number of arguments for {node.name} (got {count})", node.start)
        arguments = self.operands(node.arguments)
        looping, writes = self.loops > 0, node.name in _WRITING

        def run(rt: Runtime) -> Any:
            values = arguments(rt)
            if looping:
                rt.pay(values, node)
            if writes:
                rt.weigh(values, node)
            try:
                found = rt.counted(function(*values), values, node)
            except LanguageError as error:
                raise located(error, node, rt) from None
            if grows:
                rt.grow(len(to_bytes(found)) if isinstance(found, str) else len(found), node)
            return found

        if len(node.arguments) == 1 and not grows and not looping and not writes:
            argument = self.compile(node.arguments[0])

            def run_one(rt: Runtime) -> Any:
                value = argument(rt)
                try:
                    return rt.counted(function(value), (value,), node)
                except LanguageError as error:
                    raise located(error, node, rt) from None

            return run_one
        return run

    def predicate(self, node: n.Predicate) -> Code:
        self.loops += 1
        code = self.compile(node.body)
        self.loops -= 1
        return code


_COMPILERS: dict[type, Callable[[_Compiler, Any], Code]] = {
    n.Nil: _Compiler.nil,
    n.Identifier: _Compiler.identifier,
    n.Integer: _Compiler.literal,
    n.Float: _Compiler.literal,
    n.Bool: _Compiler.literal,
    n.String: _Compiler.literal,
    n.Bytes: _Compiler.literal,
    n.Constant: _Compiler.constant,
    n.Unary: _Compiler.unary,
    n.Binary: _Compiler.binary,
    n.Chain: _Compiler.chain,
    n.Member: _Compiler.member,
    n.Slice: _Compiler.slice,
    n.Call: _Compiler.call,
    n.Builtin: _Compiler.builtin,
    n.Predicate: _Compiler.predicate,
    n.Pointer: _Compiler.pointer,
    n.Let: _Compiler.let,
    n.Sequence: _Compiler.sequence,
    n.Conditional: _Compiler.conditional,
    n.Array: _Compiler.array,
    n.Map: _Compiler.map,
}
