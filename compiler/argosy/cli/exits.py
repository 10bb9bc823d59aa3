"""What the exit code says; the only place that numbers them."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """The exit codes of every command."""

    CLEAN = 0
    """Nothing wrong was found; what was expected holds."""
    FOUND = 1
    """Errors were found (warnings too with ``--strict``), or what was expected does not hold."""
    USAGE = 2
    """The request is off: an option, a file that cannot be read, a Python file that raises."""
    INTERNAL = 3
    """Argosy itself failed."""
    INTERRUPTED = 130
    """Stopped by Ctrl-C, as shells number it."""
