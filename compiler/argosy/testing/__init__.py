"""Testing workflows from Python: runs that read well in assertions, strategies for Hypothesis, snapshots.

With pytest the plugin gives the same as fixtures. Names are loaded when first used; Hypothesis is needed for
``outcomes`` and ``scenarios`` only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from argosy.testing.checked import CheckedRun as CheckedRun
    from argosy.testing.checked import simulate as simulate
    from argosy.testing.strategies import outcomes as outcomes
    from argosy.testing.strategies import scenarios as scenarios

_HOME = {"CheckedRun": "checked", "simulate": "checked", "outcomes": "strategies", "scenarios": "strategies"}

__all__ = ["CheckedRun", "outcomes", "scenarios", "simulate"]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        from importlib import import_module

        return getattr(import_module(f"argosy.testing.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
