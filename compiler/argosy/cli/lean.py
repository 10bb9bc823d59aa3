"""What the process ``argosy`` does without while it imports the libraries that linting needs.

It saves a sixth of the time that one file takes. The libraries work as ever afterwards; so does whatever is imported
later, by a user's Python file for example.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from argosy.later import regex


def load() -> None:
    """Import msgspec, PyYAML and json. Call it at the start of a process, before there are threads."""
    try:
        with _without_typing_extensions(), _patterns_later():
            _import_all()
    except ImportError:  # another version of a library cannot do without
        _import_all()


def _import_all() -> None:
    for name in ("msgspec", "yaml", "json"):
        import_module(name)


@contextmanager
def _without_typing_extensions() -> Iterator[None]:
    """msgspec takes from it what ``typing`` has, too, since Python 3.11."""
    if "typing_extensions" in sys.modules:
        yield
        return
    sys.modules["typing_extensions"] = None  # type: ignore[assignment]  # how Python is told that it is not there
    try:
        yield
    finally:
        del sys.modules["typing_extensions"]


@contextmanager
def _patterns_later() -> Iterator[None]:
    """They have 50 patterns, most of them for what Argosy never does: reading YAML without libyaml, for example."""
    compile_now = re.compile
    re.compile = regex  # type: ignore[assignment]  # as good for what libraries do at import, and put back below
    try:
        yield
    finally:
        re.compile = compile_now
