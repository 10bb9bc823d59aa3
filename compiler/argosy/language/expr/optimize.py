"""The rewriting of expr v1.17.8 ``optimizer/``, as far as an expression can tell.

It can: ``1..1000000000`` is out of memory but not in ``5 in 1..1000000000`` or ``sum(1..1000000000)``; ``false && x``
never looks at ``x``; ``1 % 0`` is an error even where it is not reached; ``status in ["a"]`` fails for a number.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from msgspec.structs import replace

from argosy.errors import LanguageError
from argosy.language.expr import natures as t
from argosy.language.expr import nodes as n
from argosy.language.expr import operations as do
from argosy.language.expr.check import Natures

N = TypeVar("N", bound=n.Node)
_Rule = Callable[["_Optimizer", Any], n.Node]


def optimize(tree: n.Node, natures: Natures, text: str) -> n.Node:
    """Give the tree that is evaluated; ``natures`` learns those of its new nodes. Raises LanguageError (``1 % 0``)."""
    return _Optimizer(natures, text).rewrite(tree)


class _Optimizer:
    def __init__(self, natures: Natures, text: str) -> None:
        self.natures = natures
        self.text = text

    def like(self, new: N, old: n.Node, nature: t.Nature | None = None) -> N:
        """Put a new node in the place of an old one."""
        self.natures[new] = nature or self.natures[old]
        return new

    def rewrite(self, node: n.Node) -> n.Node:
        if isinstance(node, n.Binary):
            return self.spine(node)
        rebuilt = self.rebuild(node)
        if rebuilt is not node:
            self.natures[rebuilt] = self.natures[node]
        rule = _RULES.get(type(rebuilt))
        return rule(self, rebuilt) if rule else rebuilt

    def spine(self, node: n.Binary) -> n.Node:
        waiting: list[n.Binary] = []
        left: n.Node = node
        while isinstance(left, n.Binary):
            waiting.append(left)
            left = left.left
        left = self.rewrite(left)
        for binary in reversed(waiting):
            left = self.binary(binary, left, self.rewrite(binary.right))
        return left

    def all(self, nodes: tuple[n.Node, ...]) -> tuple[n.Node, ...]:
        found = tuple(map(self.rewrite, nodes))
        return nodes if all(new is old for new, old in zip(found, nodes, strict=True)) else found

    def rebuild(self, node: n.Node) -> n.Node:
        match node:
            case n.Unary(operand=inner):
                new = self.rewrite(inner)
                return node if new is inner else replace(node, operand=new)
            case n.Chain(node=inner):
                new = self.rewrite(inner)
                return node if new is inner else replace(node, node=new)
            case n.Predicate(body=inner):
                new = self.rewrite(inner)
                return node if new is inner else replace(node, body=new)
            case n.Member(object=inner, property=key):
                pair = self.all((inner, key))
                return node if pair[0] is inner and pair[1] is key else replace(node, object=pair[0], property=pair[1])
            case n.Slice(object=inner, low=low, high=high):
                return replace(
                    node, object=self.rewrite(inner), low=low and self.rewrite(low), high=high and self.rewrite(high)
                )
            case n.Call(callee=callee, arguments=arguments):
                return replace(node, callee=self.rewrite(callee), arguments=self.all(arguments))
            case n.Builtin(arguments=arguments):
                found = self.all(arguments)
                return node if found is arguments else replace(node, arguments=found)
            case n.Let(value=value, body=body):
                return replace(node, value=self.rewrite(value), body=self.rewrite(body))
            case n.Sequence(nodes=nodes) | n.Array(nodes=nodes):
                found = self.all(nodes)
                return node if found is nodes else replace(node, nodes=found)
            case n.Conditional(test=test, then=then, otherwise=otherwise):
                parts = self.all((test, then, otherwise))
                return replace(node, test=parts[0], then=parts[1], otherwise=parts[2])
            case n.Map(pairs=pairs):
                return replace(node, pairs=tuple((self.rewrite(key), self.rewrite(value)) for key, value in pairs))
        return node

    # ------------------------------------------------------------------ operators

    def binary(self, old: n.Binary, left: n.Node, right: n.Node) -> n.Node:
        node = old
        if left is not old.left or right is not old.right:
            node = self.like(replace(old, left=left, right=right), old)
        if old.operator == "in":
            return self.within(node, old.right)
        folded = self.folded(node)
        if folded is not None:
            return folded
        combined = self.combined(node)
        return self.counted(node) if combined is None else combined

    def within(self, node: n.Binary, haystack: n.Node) -> n.Node:
        whole = self.natures[node.left].kind == "int"
        if isinstance(haystack, n.Array) and haystack.nodes:
            for kind, fits in ((n.Integer, whole), (n.String, True)):
                if fits and all(isinstance(item, kind) for item in haystack.nodes):
                    values = frozenset(_value(item) for item in haystack.nodes)
                    constant = n.Constant(values, haystack.start, haystack.end)
                    return self.like(replace(node, right=constant), node)
        bounds = node.right
        if whole and isinstance(bounds, n.Binary) and bounds.operator == "..":
            low, high = bounds.left, bounds.right
            if isinstance(low, n.Integer) and isinstance(high, n.Integer):
                above = self.like(n.Binary(">=", node.left, low, node.start, node.end), node, t.BOOL)
                below = self.like(n.Binary("<=", node.left, high, node.start, node.end), node, t.BOOL)
                return self.like(n.Binary("and", above, below, node.start, node.end), node)
        return node

    def folded(self, node: n.Binary) -> n.Node | None:
        left, right, operator = node.left, node.right, node.operator
        if operator in ("and", "&&", "or", "||"):
            return self.folded_logic(node, operator in ("and", "&&"))
        if isinstance(left, (n.Integer, n.Float)) and isinstance(right, (n.Integer, n.Float)):
            if operator == "%":
                return self.folded_modulo(node, left, right)
            if operator in _ARITHMETIC:
                return self.constant(node, _ARITHMETIC[operator](left.value, right.value))
        whole = isinstance(left, n.Integer) and isinstance(right, n.Integer)
        texts = isinstance(left, n.String) and isinstance(right, n.String)
        if texts and operator == "+":
            return self.constant(node, _value(left) + _value(right))
        if operator == "==" and (whole or texts or (isinstance(left, n.Bool) and isinstance(right, n.Bool))):
            return self.constant(node, _value(left) == _value(right))
        return None

    def folded_modulo(self, node: n.Binary, left: n.Integer | n.Float, right: n.Integer | n.Float) -> n.Node | None:
        if isinstance(left, n.Float) or isinstance(right, n.Float):
            return None
        if right.value == 0:
            raise LanguageError("integer divide by zero", node.start, text=self.text)
        return self.constant(node, do.modulo(left.value, right.value))

    def folded_logic(self, node: n.Binary, conjunction: bool) -> n.Node | None:
        left = node.left.value if isinstance(node.left, n.Bool) else None
        right = node.right.value if isinstance(node.right, n.Bool) else None
        if left is conjunction:
            return node.right
        if right is conjunction:
            return node.left
        return None if left is None and right is None else self.constant(node, not conjunction)

    def constant(self, node: n.Node, value: Any) -> n.Node:
        kind, nature = _LITERALS[type(value)]
        return self.like(kind(value, node.start, node.end), node, nature)

    def combined(self, node: n.Binary) -> n.Node | None:
        """``all(l, p) && all(l, q)`` becomes ``all(l, p && q)``, and so for ``any`` and ``none``."""
        left, right = node.left, node.right
        if not isinstance(left, n.Builtin) or not isinstance(right, n.Builtin) or left.name != right.name:
            return None
        operator = _COMBINED.get((left.name, node.operator))
        if operator is None or left.arguments[0] != right.arguments[0]:
            return None
        first, second = left.arguments[1], right.arguments[1]
        if not isinstance(first, n.Predicate) or not isinstance(second, n.Predicate):
            return None
        both = n.Binary(operator, first.body, second.body, node.start, node.end)
        body = self.combined(both) or both
        predicate = n.Predicate(body, node.start, node.end)
        return self.like(replace(left, arguments=(left.arguments[0], predicate)), node)

    def counted(self, node: n.Binary) -> n.Node:
        """``count(l, p) > 0`` becomes ``any(l, p)``; larger bounds stop counting early."""
        left, right = node.left, node.right
        if not isinstance(left, n.Builtin) or left.name != "count" or len(left.arguments) != 2:
            return node
        if not isinstance(right, n.Integer) or right.value < 0 or node.operator not in ("<", "<=", ">", ">="):
            return node
        threshold = right.value + (node.operator in (">", "<="))
        if threshold > 1:
            return self.like(replace(node, left=self.like(replace(left, threshold=threshold), left)), node)
        if threshold == 1 and node.operator in (">", ">="):
            return self.like(n.Builtin("any", left.arguments, start=node.start, end=node.end), node)
        return node

    # ------------------------------------------------------------------ other nodes

    def unary(self, node: n.Unary) -> n.Node:
        inner = node.operand
        if isinstance(inner, (n.Integer, n.Float)) and node.operator in ("-", "+"):
            return self.constant(node, do.negate(inner.value) if node.operator == "-" else inner.value)
        if isinstance(inner, n.Bool) and node.operator in ("!", "not"):
            return self.constant(node, not inner.value)
        return node

    def array(self, node: n.Array) -> n.Node:
        if not node.nodes or not all(isinstance(item, _SCALARS) for item in node.nodes):
            return node
        values = [_value(item) for item in node.nodes]
        return self.like(n.Constant(values, node.start, node.end), node, t.ARRAY)

    def member(self, node: n.Member) -> n.Node:
        key, inner = node.property, node.object
        if node.optional or not isinstance(key, n.Integer) or key.value not in (0, -1):
            return node
        if isinstance(inner, n.Builtin) and inner.name == "filter":
            name = "find" if key.value == 0 else "findLast"
            return self.like(replace(inner, name=name, throws=True), node)
        return node

    def builtin(self, node: n.Builtin) -> n.Node:
        inner = node.arguments[0] if node.arguments else None
        if not isinstance(inner, n.Builtin):
            return self.over_range(node) if isinstance(inner, n.Binary) else self.sum_of_array(node, inner)
        match node.name, inner.name:
            case "filter", "filter" if inner.mapping is None:
                return self.nested_filter(node, inner)
            case "map", "filter" if inner.mapping is None and isinstance(node.arguments[1], n.Predicate):
                body = node.arguments[1].body
                if not any(isinstance(part, n.Pointer) and part.name == "index" for part in n.walk(body)):
                    return self.like(replace(inner, mapping=body), node)
            case "len", "filter" if len(node.arguments) == 1:
                return self.like(replace(inner, name="count", mapping=None), node)
            case (("first" | "last"), "filter") if len(node.arguments) == 1:
                return self.like(replace(inner, name="find" if node.name == "first" else "findLast"), node)
            case "sum", "map" if len(node.arguments) == 1:
                return self.like(replace(node, arguments=inner.arguments), node)
        return node

    def nested_filter(self, node: n.Builtin, inner: n.Builtin) -> n.Node:
        first, second = inner.arguments[1], node.arguments[1]
        if not isinstance(first, n.Predicate) or not isinstance(second, n.Predicate):
            return node
        both = n.Binary("&&", first.body, second.body, second.start, second.end)
        predicate = n.Predicate(self.folded(both) or both, second.start, second.end)
        return self.like(replace(inner, arguments=(inner.arguments[0], predicate)), node)

    def sum_of_array(self, node: n.Builtin, inner: n.Node | None) -> n.Node:
        """``sum([a, b, c])`` becomes ``a + (b + c)``, which also adds texts and durations."""
        if node.name != "sum" or len(node.arguments) != 1 or not isinstance(inner, n.Array) or len(inner.nodes) < 2:
            return node
        *rest, last = inner.nodes
        total: n.Node = last
        for item in reversed(rest):
            total = self.like(n.Binary("+", item, total, node.start, node.end), node)
        return total

    def over_range(self, node: n.Builtin) -> n.Node:
        """``sum(1..n)``, with a simple predicate, and ``reduce(1..n, # + #acc)`` become numbers."""
        bounds = node.arguments[0]
        if not isinstance(bounds, n.Binary) or bounds.operator != ".." or node.name not in ("sum", "reduce"):
            return node
        if not isinstance(bounds.left, n.Integer) or not isinstance(bounds.right, n.Integer):
            return node
        low, high = bounds.left.value, bounds.right.value
        if high < low:
            return node
        count = do.wrap(high - low + 1)
        twice = do.wrap(count * do.wrap(low + high))
        total = twice // 2 if twice >= 0 else -(-twice // 2)
        predicate = node.arguments[1] if len(node.arguments) > 1 else None
        body = predicate.body if isinstance(predicate, n.Predicate) else None
        found = _summed(total, count, body) if node.name == "sum" else _reduced(total, body, node.arguments[2:])
        return node if found is None else self.constant(node, do.wrap(found))


def _value(node: Any) -> Any:
    """Give the value of a literal."""
    return node.value


def _summed(total: int, count: int, body: n.Node | None) -> int | None:
    if body is None or body == _ITEM:
        return total
    if not isinstance(body, n.Binary):
        return None
    on_left = body.left == _ITEM and isinstance(body.right, n.Integer)
    constant = body.right if on_left else body.left if body.right == _ITEM else None
    if not isinstance(constant, n.Integer):
        return None
    match body.operator:
        case "*":
            return constant.value * total
        case "+":
            return total + count * constant.value
        case "-":
            return total - count * constant.value if on_left else count * constant.value - total
    return None


def _reduced(total: int, body: n.Node | None, initial: tuple[n.Node, ...]) -> int | None:
    if body not in (n.Binary("+", _ITEM, _TOTAL), n.Binary("+", _TOTAL, _ITEM)):
        return None
    if not initial:
        return total
    return total + initial[0].value if isinstance(initial[0], n.Integer) else None


_ITEM, _TOTAL = n.Pointer(""), n.Pointer("acc")
_SCALARS = (n.Integer, n.Float, n.String, n.Bool)
_LITERALS: dict[type, tuple[Callable[..., n.Node], t.Nature]] = {
    int: (n.Integer, t.INT),
    float: (n.Float, t.FLOAT),
    str: (n.String, t.STRING),
    bool: (n.Bool, t.BOOL),
}
_ARITHMETIC = {"+": do.add, "-": do.subtract, "*": do.multiply, "/": do.divide, "**": do.power, "^": do.power}
_COMBINED = {
    ("all", "and"): "and",
    ("all", "&&"): "&&",
    ("any", "or"): "or",
    ("any", "||"): "||",
    ("none", "and"): "or",
    ("none", "&&"): "||",
}
_RULES: dict[type, _Rule] = {
    n.Unary: _Optimizer.unary,
    n.Array: _Optimizer.array,
    n.Member: _Optimizer.member,
    n.Builtin: _Optimizer.builtin,
}
