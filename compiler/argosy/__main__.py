"""``python -m argosy`` is ``argosy``."""

from __future__ import annotations

from argosy.cli.main import entry

if __name__ == "__main__":
    entry()
