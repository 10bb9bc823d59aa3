"""Argo's four languages: tags, expressions, conditions and depends. Knows nothing of workflows.

Each is a lexer, a parser that gives a public syntax tree with positions, and an evaluator: ``argosy.language.tags``,
``argosy.language.expr``, ``argosy.language.conditions``, ``argosy.language.depends``. The functions here are what
most callers need; errors are LanguageError, with a 0-based position. Importing one language does not load the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argosy.errors import LanguageError
from argosy.language.tags import tags

if TYPE_CHECKING:
    from argosy.language.conditions.evaluator import is_true
    from argosy.language.depends import resolve_depends
    from argosy.language.expr.program import evaluate, evaluate_bool
    from argosy.language.substitution import is_missing_variable, substitute, substitute_json, substitute_template

__all__ = [
    "LanguageError",
    "evaluate",
    "evaluate_bool",
    "is_missing_variable",
    "is_true",
    "resolve_depends",
    "substitute",
    "substitute_json",
    "substitute_template",
    "tags",
]

_HOMES = {
    "evaluate": "expr.program",
    "evaluate_bool": "expr.program",
    "is_missing_variable": "substitution",
    "is_true": "conditions",
    "resolve_depends": "depends",
    "substitute": "substitution",
    "substitute_json": "substitution",
    "substitute_template": "substitution",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
