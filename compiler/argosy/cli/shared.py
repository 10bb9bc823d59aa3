"""Parameters that several commands take, each declared once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Annotated

from argosy.cli.parameters import Option


def argo_versions() -> list[str]:
    """Give the Argo versions that Argosy knows."""
    from argosy.versions import ArgoVersion

    return [version.value for version in ArgoVersion]


ArgoVersionOption = Annotated[
    str | None,
    Option("The Argo Workflows version to go by, such as 4.1 or v4.1.2 (default: the newest).", suggest=argo_versions),
]

SeedOption = Annotated[
    int,
    Option(
        "Chooses the order of what happens at once, made-up names and random numbers; with 0 things go in the order of "
        "their names.",
        metavar="N",
    ),
]
WithOption = Annotated[
    Sequence[str],
    Option("Where templates and other objects are that it refers to.", names=("--with",), metavar="PATH"),
]

STDIN = "-"
"""The path that stands for standard input."""


def read_text(path: str) -> bytes:
    """Read a file, or standard input for ``-``. Raises ReadError, which says why it cannot be read."""
    from pathlib import Path

    from argosy.errors import Place, ReadError

    if path == STDIN:
        return sys.stdin.buffer.read()
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise ReadError(f"cannot read it: {error.strerror}", place=Place(path), hint=_what_to_do(error)) from None


def _what_to_do(error: OSError) -> str | None:
    if isinstance(error, FileNotFoundError):
        return "check the path; it is looked up from the directory that you are in"
    return "name a file in it" if isinstance(error, IsADirectoryError) else None


def tell_of_pods() -> Callable[[str], None] | None:
    """Give what says on a terminal which pod is being run: that may take its time."""
    if not sys.stderr.isatty():
        return None

    def tell(name: str) -> None:
        sys.stderr.write(f"running {name} ...\n")

    return tell


def write_text(text: str, path: str | None = None) -> None:
    """Write to a file, made with its folders, or to standard output for None and ``-``. Raises UsageError."""
    if path is None or path == STDIN:
        sys.stdout.write(text)
        return
    from pathlib import Path

    from argosy.errors import Place, UsageError

    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write to it: {error.strerror}", place=Place(path)) from None


def rule_names() -> list[str]:
    """Give the names of all lint rules."""
    from argosy.lint.rule import rules

    return [rule.name for rule in rules()]
