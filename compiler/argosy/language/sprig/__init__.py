"""The functions that expressions find under ``sprig.``: sprig 3.3.0 without ``env`` and ``expandenv``, as Argo 4.1
has it.

``FUNCTIONS`` maps names to functions; calling one checks its arguments as Go's reflection would. After Argo 4.1
``util/expr/env/env.go``. Results that depend on the clock or on chance come from ``argosy.language.world``.
"""

from __future__ import annotations

from importlib import import_module

from argosy.language.function import Function

MODULES = (
    "strings",
    "numbers",
    "lists",
    "dicts",
    "defaults",
    "dates",
    "encoding",
    "crypto",
    "semver",
    "network",
    "regexes",
    "paths",
    "url",
)

FUNCTIONS: dict[str, Function] = {
    function.name: function for module in MODULES for function in import_module(f"{__name__}.{module}").FUNCTIONS
}
"""Every function by name."""
