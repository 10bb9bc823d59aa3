"""``argosy init-config``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from argosy.cli.exits import Exit
from argosy.cli.parameters import Argument, Option
from argosy.cli.shared import STDIN, write_text
from argosy.errors import Place, UsageError

EXAMPLES = {
    "argo-version": 'argo-version = "4.1"',
    "select": 'select = ["all"]',
    "ignore": 'ignore = ["image-unpinned"]',
    "with": 'with = ["../shared-templates"]',
    "exclude": 'exclude = ["generated/"]',
    "severity": 'severity = { image-unpinned = "error" }',
    "per-path": '[per-path."experiments/**"]\nignore = ["image-unpinned"]',
}
"""What each key of the configuration may look like, in the order of the file: tables come last."""


def run(
    *,
    path: Annotated[str, Argument("The file to write; - is standard output.", metavar="PATH")] = "argosy.toml",
    force: Annotated[bool, Option("Write over a file that is there.")] = False,
) -> int:
    """Write a configuration file that says what can be set, with everything still commented out.

    It counts for the files in its folder and below. The same keys can stand in `pyproject.toml`, below `[tool.argosy]`.

    Examples:

        argosy init-config
        argosy init-config - | less
    """
    if path != STDIN and not force and Path(path).exists():
        raise UsageError("it is there already", place=Place(path), hint="--force writes over it")
    write_text(text(), path)
    return Exit.CLEAN


def text() -> str:
    """Give the file: each key with what it is for, commented out."""
    from argosy.lint.config import FIELDS

    parts = ["# What argosy goes by in this folder and below; `argosy rule --list` shows the rules.\n"]
    for key, example in EXAMPLES.items():
        lines = "".join(f"# {line}\n" for line in example.splitlines())
        parts.append(f"\n# {FIELDS[key].doc}\n{lines}")
    return "".join(parts)
