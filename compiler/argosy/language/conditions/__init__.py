"""Conditions: the ``when`` of a step or task, which Argo evaluates with the govaluate library.

``parse`` gives the syntax tree, ``unparse`` its text, ``evaluate`` its value, and ``is_true`` what Argo makes of it.
Argo takes every bare word for a string (Argo 4.1: ``shouldExecute`` in ``workflow/controller/steps.go``), so ``heads
== heads`` is true.
"""

from argosy.language.conditions.evaluator import evaluate, is_true
from argosy.language.conditions.parser import parse
from argosy.language.conditions.tree import Access, Binary, Group, Literal, Node, Unary, children, unparse, walk

__all__ = [
    "Access",
    "Binary",
    "Group",
    "Literal",
    "Node",
    "Unary",
    "children",
    "evaluate",
    "is_true",
    "parse",
    "unparse",
    "walk",
]
