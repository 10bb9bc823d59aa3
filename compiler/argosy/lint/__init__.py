"""The validator: findings about manifests, and whether Argo would take them.

The package can be called: ``argosy.lint(["workflow.yaml"])`` is :func:`argosy.lint.run.lint`.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _Callable(ModuleType):
    """A package that is also its main function."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """See :func:`argosy.lint.run.lint`."""
        from argosy.lint.run import lint

        return lint(*args, **kwargs)


sys.modules[__name__].__class__ = _Callable


def __getattr__(name: str) -> Any:
    if name in ("lint", "lint_text", "lint_manifests"):
        from argosy.lint import run

        return getattr(run, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
