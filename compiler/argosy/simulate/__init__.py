"""The simulator: Argo's controller in virtual time, with pods that do what a scenario says.

The package can be called: ``argosy.simulate("workflow.yaml")`` is :func:`argosy.simulate.api.simulate`.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _Callable(ModuleType):
    """A package that is also its main function."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """See :func:`argosy.simulate.api.simulate`."""
        from argosy.simulate.api import simulate

        return simulate(*args, **kwargs)


sys.modules[__name__].__class__ = _Callable

_HOME = {"simulate": "api", "Run": "run", "Scenario": "scenario"}


def __getattr__(name: str) -> Any:
    if name in _HOME:
        from importlib import import_module

        return getattr(import_module(f"argosy.simulate.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
