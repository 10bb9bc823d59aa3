"""Which files of a folder are looked at: manifests by their suffix, but nothing hidden and nothing that is ignored.

What ``.gitignore`` and ``.argosyignore`` take away is passed over, and so is what the configuration excludes. A file
that is named itself is always looked at.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from argosy.errors import ReadError
from argosy.workspace import SUFFIXES

if TYPE_CHECKING:
    from pathlib import Path

IGNORE_FILES = (".gitignore", ".argosyignore")

Excluded = Callable[[str, bool], bool]
"""Whether a path is excluded by the configuration; the second argument says whether it is a folder."""


def files(paths: Iterable[str | Path], excluded: Excluded | None = None) -> Iterator[str]:
    """Give the manifest files of some files and folders, in order.

    Raises ReadError for a path that is not there.
    """
    for given in paths:
        path = str(given)
        if os.path.isdir(path):  # noqa: PTH112  # 10,000 files: pathlib takes longer than all else here
            yield from _walk(_plain(path), _above(path), excluded)
        elif os.path.exists(path):  # noqa: PTH110  # start-up time
            yield path
        else:
            raise ReadError(f"there is no file or folder {path!r}")


Ignored = Callable[[str, bool], bool | None]
"""What an ignore file says of an absolute path: ignored, not ignored, or nothing."""


def _plain(path: str) -> str:
    """Give a path without ``.`` and needless slashes, as pathlib does, which takes longer to import than a walk."""
    if os.sep != "/":
        from pathlib import Path

        return str(Path(path))
    steps = "/".join(step for step in path.split("/") if step not in ("", "."))
    top = "" if not path.startswith("/") else "//" if path.startswith("//") and not path.startswith("///") else "/"
    return top + steps or "."


def _below(folder: str, name: str) -> str:
    return name if folder == "." else os.path.join(folder, name)  # noqa: PTH118  # see above


def _walk(folder: str, ignored: list[Ignored], excluded: Excluded | None) -> Iterator[str]:
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        raise ReadError(f"the folder {folder} cannot be read: {error.strerror}") from error
    names = {entry.name for entry in entries}
    ignored = [*ignored, *(_ignore_file(folder, name) for name in IGNORE_FILES if name in names)]
    for entry in entries:
        if entry.name.startswith("."):
            continue
        is_folder = entry.is_dir(follow_symlinks=False)
        if not is_folder and not entry.name.endswith(SUFFIXES):
            continue
        if ignored and _is_ignored(entry.path, is_folder, ignored):
            continue
        if excluded is not None and excluded(entry.path, is_folder):
            continue
        if is_folder:
            yield from _walk(_below(folder, entry.name), ignored, excluded)
        elif entry.is_file():
            yield _below(folder, entry.name)


def _is_ignored(path: str, is_folder: bool, ignored: list[Ignored]) -> bool:
    """Ask the nearest ignore file first."""
    absolute = os.path.abspath(path)  # noqa: PTH100  # see above
    for one in reversed(ignored):
        said = one(absolute, is_folder)
        if said is not None:
            return said
    return False


def _ignore_file(folder: str, name: str) -> Ignored:
    from argosy.lint.patterns import patterns, says

    try:
        with open(_below(folder, name), encoding="utf-8", errors="replace") as file:  # noqa: PTH123  # see above
            known = patterns(file.read().splitlines())
    except OSError:
        known = ()
    top = os.path.join(os.path.abspath(folder), "")  # noqa: PTH100, PTH118  # see above

    def ask(absolute: str, is_folder: bool) -> bool | None:
        return says(known, absolute[len(top) :].replace(os.sep, "/"), is_folder)

    return ask


def _above(path: str) -> list[Ignored]:
    """Give the ignore files of the folders above, up to the top of the git repository; none outside of one."""
    out: list[Ignored] = []
    here = os.path.realpath(path)
    while not _has(here, ".git"):
        above = os.path.dirname(here)  # noqa: PTH120  # see above
        if above == here:
            return []
        here = above
        out[:0] = [_ignore_file(here, name) for name in IGNORE_FILES if _has(here, name)]
    return out


def _has(folder: str, name: str) -> bool:
    return os.path.exists(os.path.join(folder, name))  # noqa: PTH110, PTH118  # see above
