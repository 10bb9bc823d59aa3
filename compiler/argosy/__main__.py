"""``python -m argosy`` is ``argosy``."""

from __future__ import annotations

import sys

from argosy.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
