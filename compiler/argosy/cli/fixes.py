"""What ``argosy lint --fix`` and ``--diff`` do with fixes: write them, or show them."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from argosy.cli.exits import Exit
from argosy.cli.shared import STDIN
from argosy.errors import Place, UsageError
from argosy.lint.fixing import Fixed, fix
from argosy.report.style import Style, style_for
from argosy.report.summary import count

__all__ = ["fix", "show", "write"]


def write(fixed: Fixed, paths: Sequence[str]) -> TextIO:
    """Write the files that changed, say so on standard error, and give the stream to report what is left on.

    The text of standard input goes to standard output, and the report to standard error then. Raises UsageError for a
    file that cannot be written.
    """
    for path, text in fixed.after.items():
        if path != STDIN:
            try:
                Path(path).write_bytes(text)
            except OSError as error:
                raise UsageError(f"cannot write to it: {error.strerror}", place=Place(path)) from None
    if fixed.after:
        files = count(len(fixed.after), "file")
        sys.stderr.write(f"Fixed {count(fixed.rules.total(), 'finding')} in {files}.\n")
    if STDIN not in paths:
        return sys.stdout
    sys.stdout.write(fixed.after.get(STDIN, fixed.before.get(STDIN, stdin())).decode("utf-8", "replace"))
    return sys.stderr


def stdin() -> bytes:
    """Give what was read from standard input."""
    from argosy.lint.run import text

    return text(STDIN)


def show(fixed: Fixed, stdin_filename: str | None) -> Exit:
    """Print what fixes would change, and tell whether that is anything."""
    style = style_for(sys.stdout)
    for path, after in fixed.after.items():
        name = (stdin_filename or "<stdin>") if path == STDIN else path
        sys.stdout.writelines(_diff(name, fixed.before[path].decode(), after.decode(), style))
    if fixed.after:
        files = count(len(fixed.after), "file")
        sys.stderr.write(f"Would fix {count(fixed.rules.total(), 'finding')} in {files}.\n")
    return Exit.FOUND if fixed.after else Exit.CLEAN


_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def _diff(name: str, before: str, after: str, style: Style) -> Iterator[str]:
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for line in difflib.unified_diff(old, new, name, name):
        text = line.rstrip("\r\n")
        colour = "bold" if line.startswith(("+++", "---")) else _COLOURS.get(line[:1])
        yield (style.paint(text, colour) if colour else text) + "\n"
        if not line.endswith("\n"):
            yield "\\ No newline at end of file\n"
