"""``argosy version``."""

from __future__ import annotations

import sys

from argosy.cli.exits import Exit


def run() -> int:
    """Show the version of Argosy, and the versions of Argo Workflows that it knows."""
    from argosy import __version__
    from argosy.versions import NEWEST, ArgoVersion

    known = ", ".join(f"{version} (default)" if version is NEWEST else str(version) for version in ArgoVersion)
    python = ".".join(map(str, sys.version_info[:3]))
    sys.stdout.write(f"argosy {__version__}\nArgo Workflows {known}\nPython {python}\n")
    return Exit.CLEAN
