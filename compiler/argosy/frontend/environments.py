"""Several environments from one source: staging and production differ in a few values."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

ENVIRONMENT: ContextVar[str | None] = ContextVar("environment", default=None)
"""The environment that is compiled for."""

PARAMETERS: ContextVar[dict[str, str] | None] = ContextVar("parameters", default=None)
"""Values for parameters of the workflows, from the command line or a file."""


def environment(default: str = "") -> str:
    """Give the environment that is compiled for (``argosy compile --environment NAME``), as plain text."""
    return ENVIRONMENT.get() or default


@contextmanager
def compiling(name: str | None, parameters: dict[str, str] | None) -> Iterator[None]:
    """Compile for an environment, with values for parameters."""
    tokens = ENVIRONMENT.set(name), PARAMETERS.set(parameters)
    try:
        yield
    finally:
        ENVIRONMENT.reset(tokens[0])
        PARAMETERS.reset(tokens[1])
