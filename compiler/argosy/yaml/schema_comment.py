"""The comment by which editors know the schema of a file: ``# yaml-language-server: $schema=WHERE``.

Source: "Using inlined schema" in the README of yaml-language-server: the comment stands above the first document.
"""

from __future__ import annotations

import re

_COMMENT = re.compile(r"^[ \t]*#[ \t]*yaml-language-server[ \t]*:.*?(?:\r\n|\n|\r|\Z)")


def with_schema(text: str, where: str | None) -> str:
    """Give a text with the comment as its first line, or without it for None; one that it has already is replaced.

    >>> with_schema("a: 1\\n", "argo.json")
    '# yaml-language-server: $schema=argo.json\\na: 1\\n'
    """
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    lines = text.removeprefix(mark).splitlines(keepends=True)
    top = next((n for n, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#")), len(lines))
    kept = [line for line in lines[:top] if not _COMMENT.match(line)] + lines[top:]
    if where is not None:
        end = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
        kept.insert(0, f"# yaml-language-server: $schema={where}{end}")
    return mark + "".join(kept)
