"""Which files were clean last time: ``.argosy_cache/`` remembers the files in which nothing was found.

A file is still clean if neither it, nor the settings, nor Argosy itself changed; if it refers to templates of other
files, none of all files may have changed. Files with findings are linted again every time, so that places and fixes
are fresh.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from argosy import __version__

FOLDER = ".argosy_cache"


class Stamp(msgspec.Struct, frozen=True, array_like=True):
    """What a file looked like."""

    changed: int
    """Nanoseconds."""
    size: int


class Clean(msgspec.Struct, frozen=True, array_like=True):
    """A file in which nothing was found."""

    stamp: Stamp
    documents: list[tuple[int, str, str]]
    """Index, kind and name of each document; Argo takes them all."""
    refers: bool
    """It refers to templates of other files."""


class Memory(msgspec.Struct, array_like=True):
    """What is remembered."""

    argosy: str = ""
    files: dict[str, Clean] = {}
    everything: str = ""
    """Stands for all files together."""


def stamp(path: str) -> Stamp | None:
    """Give what a file looks like now; None where it cannot be said."""
    try:
        found = os.stat(path)  # noqa: PTH116  # ten thousand Paths take longer than the rest
    except OSError:
        return None
    return Stamp(found.st_mtime_ns, found.st_size)


def together(stamps: Mapping[str, Stamp | None]) -> str:
    """Give a text that stands for all files and how they look."""
    digest = hashlib.blake2b(digest_size=16)
    for path, one in stamps.items():
        digest.update(f"{path}\0{one.changed if one else 0}\0{one.size if one else 0}\0".encode())
    return digest.hexdigest()


def load(key: str) -> Memory:
    """Give what is remembered for some settings; nothing, if there is nothing or it is of another Argosy."""
    try:
        memory = msgspec.msgpack.decode(_file(key).read_bytes(), type=Memory)
    except (OSError, msgspec.MsgspecError):
        return Memory()
    return memory if memory.argosy == _argosy() else Memory()


def save(key: str, files: dict[str, Clean], everything: str) -> None:
    """Remember clean files for some settings. Where that cannot be written, nothing is remembered."""
    path = _file(key)
    try:
        path.parent.mkdir(exist_ok=True)
        (path.parent / ".gitignore").write_text("*\n")
        waiting = path.with_suffix(f".{os.getpid()}")
        waiting.write_bytes(msgspec.msgpack.encode(Memory(_argosy(), files, everything)))
        waiting.replace(path)
    except OSError:
        return


def still_clean(memory: Memory, stamps: Mapping[str, Stamp | None]) -> Iterable[str]:
    """Give the files that are clean and did not change."""
    same = memory.everything == together(stamps)
    for path, now in stamps.items():
        found = memory.files.get(path)
        if found is not None and found.stamp == now and (same or not found.refers):
            yield path


def _file(key: str) -> Path:
    return Path(FOLDER) / f"lint-{hashlib.blake2b(key.encode(), digest_size=8).hexdigest()}"


def _argosy() -> str:
    """Give a text that changes with Argosy: its version, and when its modules were written."""
    newest = 0
    package = Path(__file__).parent.parent
    rooms = ("", "lint", "lint/rules", "scope", "model", "yaml", "language", "language/expr", "language/conditions")
    for room in rooms:
        for entry in os.scandir(package / room):
            if entry.name.endswith(".py"):
                newest = max(newest, entry.stat().st_mtime_ns)
    return f"{__version__} {newest}"
