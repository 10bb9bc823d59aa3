"""Many simulations of one workflow: every fault, and what its exit handler does in each.

``explore(manifest)`` runs them; ``faults`` says which there are; ``invariants`` what must hold in all of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from argosy.explore.exploration import Exploration, Never, Result, explore

_LAZY = dict.fromkeys(("Exploration", "Never", "Result", "explore"), "argosy.explore.exploration")


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LAZY[name]), name)


__all__ = ["Exploration", "Never", "Result", "explore"]
