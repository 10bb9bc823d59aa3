"""Argo's expressions: the language of expr-lang.org (v1.17.8) with Argo's functions.

``parse`` gives the syntax tree (``argosy.language.expr.nodes``), ``to_text`` writes it, ``walk`` visits it;
``evaluate`` and ``evaluate_bool`` give the value that Argo 4.1.2 works out, or raise LanguageError where Argo fails.
"""

from __future__ import annotations

from argosy.language.expr.nodes import Node, children, walk
from argosy.language.expr.parser import parse
from argosy.language.expr.printer import to_text
from argosy.language.expr.program import Program, evaluate, evaluate_bool, prepare

__all__ = ["Node", "Program", "children", "evaluate", "evaluate_bool", "parse", "prepare", "to_text", "walk"]
