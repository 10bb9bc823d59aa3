"""Types before evaluation, as expr v1.17.8 ``checker/checker.go`` checks them when Argo compiles with its environment.

Where nothing is known (members of maps, results of sprig) expr does not look at all, not even for unknown names among
the arguments of such a call; so neither do we.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from argosy.errors import LanguageError
from argosy.language import regex
from argosy.language.expr import natures as t
from argosy.language.expr import nodes as n
from argosy.language.expr.builtins import ENTRIES
from argosy.language.expr.builtins.checks import check_signature
from argosy.language.expr.methods import METHODS
from argosy.language.expr.natures import Nature
from argosy.language.expr.operators import BUILTINS, PREDICATES
from argosy.language.expr.places import place
from argosy.language.expr.rules import INTEGERS, RULES, TEXTS, coalesced, kind_of, maybe, without_items


class Natures:
    """What is known of each node; nodes are told apart by identity."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[n.Node, Nature]] = {}

    def __getitem__(self, node: n.Node) -> Nature:
        """Give a node's nature; that of a node that was never looked at is unknown."""
        found = self._known.get(id(node))
        return found[1] if found else t.UNKNOWN

    def __setitem__(self, node: n.Node, nature: Nature) -> None:
        """Note a node's nature, and keep the node alive as long as that."""
        self._known[id(node)] = (node, nature)


class _Scope(Struct):
    collection: Nature
    pointers: Mapping[str, Nature] = field(default_factory=dict)


def check(tree: n.Node, environment: Mapping[str, Nature], text: str) -> Natures:
    """Give the natures of all nodes. Raises LanguageError for type errors and unknown names, as Argo's compiler."""
    checker = _Checker(environment, text)
    checker.visit(tree)
    return checker.natures


class _Checker:
    def __init__(self, environment: Mapping[str, Nature], text: str) -> None:
        self.environment = environment
        self.text = text
        self.natures = Natures()
        self.scopes: list[_Scope] = []
        self.variables: list[tuple[str, Nature]] = []

    def fail(self, node: n.Node, message: str, hint: str | None = None) -> LanguageError:
        return LanguageError(message, place(node, self.text), text=self.text, hint=hint)

    def visit(self, node: n.Node) -> Nature:
        nature = self._visit(node)
        self.natures[node] = nature
        return nature

    def _visit(self, node: n.Node) -> Nature:
        match node:
            case n.Identifier():
                return self.identifier(node)
            case n.Unary():
                return self.unary(node)
            case n.Binary():
                return self.spine(node)
            case n.Chain(node=inner):
                return self.visit(inner)
            case n.Member():
                return self.member(node)
            case n.Slice():
                return self.slice(node)
            case n.Call():
                return self.call(node)
            case n.Builtin():
                return self.builtin(node)
            case n.Predicate(body=body):
                return self.visit(body)
            case n.Pointer():
                return self.pointer(node)
            case n.Let():
                return self.let(node)
            case n.Sequence(nodes=nodes):
                return [self.visit(part) for part in nodes][-1]
            case n.Conditional():
                return self.conditional(node)
            case n.Array():
                return self.array(node)
            case n.Map(pairs=pairs):
                for key, value in pairs:
                    self.visit(key)
                    self.visit(value)
                return t.MAP
        return _LITERALS[type(node)]

    # ------------------------------------------------------------------ names

    def identifier(self, node: n.Identifier) -> Nature:
        for name, nature in reversed(self.variables):
            if name == node.name:
                return nature
        if node.name == "$env":
            return t.UNKNOWN
        return self.ident(node, node.name, strict=True, builtins=True)

    def ident(self, node: n.Node, name: str, *, strict: bool, builtins: bool) -> Nature:
        if name in self.environment:
            return self.environment[name]
        if builtins and name in BUILTINS:
            return _builtin_nature(name)
        if strict:
            raise self.fail(node, f"unknown name {name}", _hint_for(name))
        return t.UNKNOWN

    def let(self, node: n.Let) -> Nature:
        if node.name in self.environment:
            raise self.fail(node, f"cannot redeclare {node.name}")
        if node.name in BUILTINS:
            raise self.fail(node, f"cannot redeclare builtin {node.name}")
        if any(name == node.name for name, _ in self.variables):
            raise self.fail(node, f"cannot redeclare variable {node.name}")
        self.variables.append((node.name, self.visit(node.value)))
        nature = self.visit(node.body)
        self.variables.pop()
        return nature

    def pointer(self, node: n.Pointer) -> Nature:
        if not self.scopes:
            raise self.fail(node, "cannot use pointer accessor outside predicate")
        scope = self.scopes[-1]
        if not node.name:
            if scope.collection.is_unknown:
                return t.UNKNOWN
            return scope.collection.item or t.UNKNOWN
        if node.name not in scope.pointers:
            raise self.fail(node, f"unknown pointer #{node.name}")
        return scope.pointers[node.name]

    # ------------------------------------------------------------------ operators

    def unary(self, node: n.Unary) -> Nature:
        nature = self.visit(node.operand)
        if node.operator in ("!", "not"):
            if nature.kind == "bool" or nature.is_unknown:
                return t.BOOL
        elif nature.is_number:
            return nature
        elif nature.is_unknown:
            return t.UNKNOWN
        raise self.fail(node, f"invalid operation: {node.operator} (mismatched type {nature})")

    def spine(self, node: n.Binary) -> Nature:
        """Check ``a + b + c + ...`` from the left, without nesting as deep as it is long."""
        waiting: list[n.Binary] = []
        left: n.Node = node
        while isinstance(left, n.Binary):
            waiting.append(left)
            left = left.left
        nature = self.visit(left)
        for binary in reversed(waiting):
            nature = self.binary(binary, nature, self.visit(binary.right))
            self.natures[binary] = nature
        return nature

    def binary(self, node: n.Binary, left: Nature, right: Nature) -> Nature:
        operator = node.operator
        result: Nature | None = None
        if operator in ("==", "!="):
            result = t.BOOL if left.comparable_to(right) else None
        elif operator == "??":
            return coalesced(left, right)
        elif operator == "in":
            result = self.within(node, left, right)
        elif operator == "..":
            if (left.is_integer and right.is_integer) or maybe(left, right, INTEGERS):
                result = t.array_of(t.INT)
        elif operator == "matches":
            if isinstance(node.right, n.String):
                try:
                    regex.compile(node.right.value)
                except LanguageError as error:
                    raise self.fail(node.right, error.message) from None
            if ((left.kind == "string" or left is t.BYTES) and right.kind == "string") or maybe(left, right, TEXTS):
                result = t.BOOL
        else:
            result = RULES[operator](left, right)
        if result is None:
            raise self.fail(
                node,
                f"invalid operation: {operator} (mismatched types {left} and {right})",
                "convert one side: int(...), float(...) or string(...)"
                if "string" in (left.kind, right.kind)
                else None,
            )
        return result

    def within(self, node: n.Binary, left: Nature, right: Nature) -> Nature | None:
        if right.kind == "struct" or right.kind == "pointer":
            return t.BOOL if left.kind == "string" or left.is_unknown else None
        if right.kind == "map":
            key = right.key or t.ANY
            if not left.is_unknown and not left.assignable_to(key):
                raise self.fail(node, f"cannot use {left} as type {key} in map key")
            return t.BOOL
        if right.kind == "slice":
            item = right.item or t.UNKNOWN
            if not left.comparable_to(item):
                raise self.fail(node, f"cannot use {left} as type {item} in array")
            return t.BOOL
        if (left.is_unknown and right.kind == "string") or right.is_unknown:
            return t.BOOL
        return None

    def conditional(self, node: n.Conditional) -> Nature:
        test = self.visit(node.test)
        if test.kind != "bool" and not test.is_unknown:
            raise self.fail(node.test, f"non-bool expression (type {test}) used as condition")
        then, otherwise = self.visit(node.then), self.visit(node.otherwise)
        if then.kind == "nil" or otherwise.kind == "nil":
            return otherwise if then.kind == "nil" else then
        if not then.assignable_to(otherwise):
            return t.UNKNOWN
        if then.kind == otherwise.kind == "slice":
            one, other = then.item or t.UNKNOWN, otherwise.item or t.UNKNOWN
            if not one.assignable_to(other) or not other.assignable_to(one):
                return t.ARRAY
        return then

    # ------------------------------------------------------------------ access

    def member(self, node: n.Member) -> Nature:
        if isinstance(node.object, n.Identifier) and node.object.name == "$env":
            if isinstance(node.property, n.String):
                return self.ident(node, node.property.value, strict=not node.optional, builtins=False)
            return t.UNKNOWN
        base, key = self.visit(node.object), self.visit(node.property)
        if base.is_unknown:
            return t.UNKNOWN
        name = node.property.value if isinstance(node.property, n.String) else None
        if name is not None:
            if base.kind == "nil":
                raise self.fail(node, f"type nil has no field {name}")
            method = METHODS.get(base.name, {}).get(name)
            if method:
                return Nature(f"func {base}.{name}", "func", signature=method.signature)
        if base.kind == "map":
            if not key.assignable_to(base.key or t.ANY) and not key.is_unknown:
                raise self.fail(node.property, f"cannot use {key} to get an element from {base}")
            return base.item or t.UNKNOWN
        if base.kind == "slice":
            if not key.is_integer and not key.is_unknown:
                raise self.fail(node.property, f"array elements can only be selected using an integer (got {key})")
            return base.item or t.UNKNOWN
        if name is not None:
            raise self.fail(node, f"type {base} has no field {name}")
        raise self.fail(node, f"type {base}[{key}] is undefined")

    def slice(self, node: n.Slice) -> Nature:
        base = self.visit(node.object)
        if base.is_unknown:
            return t.UNKNOWN
        if base.kind not in ("string", "slice"):
            raise self.fail(node, f"cannot slice {base}")
        for bound in (node.low, node.high):
            if bound is not None:
                nature = self.visit(bound)
                if not nature.is_integer and not nature.is_unknown:
                    raise self.fail(bound, f"non-integer slice index {nature}")
        return base

    # ------------------------------------------------------------------ calls

    def call(self, node: n.Call) -> Nature:
        if isinstance(node.callee, n.Identifier) and node.callee.name == "$env":
            raise self.fail(node, "map[string]interface {} is not callable")
        callee = self.visit(node.callee)
        if callee.is_unknown:
            return t.UNKNOWN
        name = "function"
        if isinstance(node.callee, n.Identifier):
            name = node.callee.name
        elif isinstance(node.callee, n.Member) and isinstance(node.callee.property, n.String):
            name = node.callee.property.value
        if callee.kind == "nil":
            raise self.fail(node, f"{name} is nil; cannot call nil as function")
        if callee.kind != "func":
            raise self.fail(node, f"{callee} is not callable")
        arguments = [self.visit(argument) for argument in node.arguments]
        try:
            if callee.check:
                return callee.check(arguments)
            return check_signature(name, callee.signature, arguments) if callee.signature else t.UNKNOWN
        except LanguageError as error:
            raise self.fail(node, error.message, error.hint) from None

    def builtin(self, node: n.Builtin) -> Nature:
        if node.name in PREDICATES:
            return self.predicate_call(node)
        if node.name == "get" and len(node.arguments) == 2:
            found = self.get_from_environment(node)
            if found:
                return found
        arguments = [self.visit(argument) for argument in node.arguments]
        try:
            return ENTRIES[node.name].check(arguments)
        except LanguageError as error:
            raise self.fail(node, error.message, error.hint) from None

    def get_from_environment(self, node: n.Builtin) -> Nature | None:
        base, key = node.arguments
        if not isinstance(base, n.Identifier) or base.name != "$env":
            return None
        self.visit(base)
        self.visit(key)
        return self.environment.get(key.value, t.UNKNOWN) if isinstance(key, n.String) else t.UNKNOWN

    def predicate_call(self, node: n.Builtin) -> Nature:
        name, collection = node.name, self.visit(node.arguments[0])
        if collection.kind != "slice" and not collection.is_unknown:
            raise self.fail(node.arguments[0], f"builtin {name} takes only array (got {collection})")
        item = t.UNKNOWN if collection.is_unknown else collection.item or t.UNKNOWN
        if len(node.arguments) == 1:
            return t.INT if name == "count" else item
        pointers = {"map": {"index": t.INT}, "reduce": {"index": t.INT, "acc": t.UNKNOWN}}.get(name, {})
        self.scopes.append(_Scope(collection, pointers))
        result = self.visit(node.arguments[1])
        self.scopes.pop()
        if len(node.arguments) == 3:
            order = self.visit(node.arguments[2])
            if name == "sortBy" and order.kind != "string" and not order.is_unknown:
                raise self.fail(node.arguments[2], f"sortBy order argument must be a string (got {order})")
        if result.kind == "nil":
            raise self.fail(node.arguments[1], "predicate should has one input and one output param")
        if name in _TESTS and result.kind != "bool" and not result.is_unknown:
            raise self.fail(node.arguments[1], f"predicate should return boolean (got {result})")
        match name:
            case "filter":
                return t.ARRAY if collection.is_unknown else t.array_of(item)
            case "map":
                return t.array_of(result)
            case "find" | "findLast":
                return item
            case "groupBy":
                return t.GROUPS
            case "sortBy":
                return collection
            case "sum":
                return t.ANY if result.is_unknown else without_items(result)
            case "reduce":
                return result
        return t.BOOL if name in ("all", "any", "none", "one") else t.INT

    def array(self, node: n.Array) -> Nature:
        found = [self.visit(item) for item in node.nodes]
        if not found:
            return t.array_of(t.UNKNOWN)
        same = all(kind_of(nature) == kind_of(found[0]) for nature in found)
        return t.array_of(found[-1]) if same else t.ARRAY


_LITERALS: dict[type, Nature] = {
    n.Nil: t.NIL,
    n.Integer: t.INT,
    n.Float: t.FLOAT,
    n.Bool: t.BOOL,
    n.String: t.STRING,
    n.Bytes: t.BYTES,
}
_TESTS = frozenset("all any none one filter count find findIndex findLast findLastIndex".split())  # noqa: SIM905 - reads better


def _builtin_nature(name: str) -> Nature:
    entry = ENTRIES.get(name)
    return Nature(f"func {name}", "func", check=entry.check if entry else None)


def _hint_for(name: str) -> str | None:
    if name in ("null", "None", "undefined"):
        return "write nil"
    if name in ("True", "False"):
        return f"write {name.lower()}"
    known = {known.lower(): known for known in BUILTINS}
    return f"did you mean {known[name.lower()]}?" if name.lower() in known else None
