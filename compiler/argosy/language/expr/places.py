"""Where expr says that an error stands: at the operator of an operation, at the property of an access."""

from __future__ import annotations

from argosy.language.expr import nodes as n


def place(node: n.Node, text: str) -> int:
    """Give the offset of a node's location in expr (v1.17 parser/parser.go, the Location of each node).

    >>> from argosy.language.expr import parse
    >>> place(parse("item * 10"), "item * 10"), place(parse("a.bc"), "a.bc"), place(parse("a[0]"), "a[0]")
    (5, 2, 1)
    """
    if isinstance(node, n.Binary):
        found = text.find(node.operator, node.left.end, node.right.start)
        return found if found >= 0 else node.start
    if isinstance(node, n.Member):
        bracket = text.find("[", node.object.end, node.property.start)
        return bracket if bracket >= 0 else node.property.start
    return node.start
