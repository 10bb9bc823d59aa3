"""What was found last time: ``.argosy_cache/`` remembers it, file by file.

It still holds if neither the file, nor the settings, nor Argosy itself changed; if the file refers to templates of
others, none of all files may have changed. Findings are kept with their addresses: where they are in the text, and
whether it is a source of another tool, is looked up anew. What points into other files is not remembered.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import msgspec

from argosy import __version__
from argosy.lint.finding import Finding
from argosy.lint.result import DocumentResult, FileResult, LocatedFinding
from argosy.yaml.origin import YamlOrigin
from argosy.yaml.read import Document

FOLDER = ".argosy_cache"


class Stamp(msgspec.Struct, frozen=True, array_like=True):
    """What a file looked like."""

    changed: int
    """Nanoseconds."""
    size: int
    named: bool
    """It is named itself: then it is linted even if it does not speak of Argo."""


class Told(msgspec.Struct, frozen=True, array_like=True):
    """A finding, and where it belongs."""

    finding: Finding
    document: int | None
    """The number of its document; None: it is about text."""
    start: int
    """Where that text begins, in bytes."""


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """What one file came to."""

    stamp: Stamp
    documents: list[tuple[int, str, str, bool]]
    """Index, kind and name of each document, and whether Argo takes it."""
    accepted: bool | None
    findings: bytes
    """Each as :class:`Told`, encoded; empty where nothing was found."""
    refers: bool
    """It refers to templates of other files."""


class Memory(msgspec.Struct, array_like=True):
    """What is remembered."""

    argosy: str = ""
    files: dict[str, Kept] = {}
    everything: str = ""
    """Stands for all files together."""


def stamp(path: str, named: bool) -> Stamp | None:
    """Give what a file looks like now; None where it cannot be said."""
    try:
        found = os.stat(path)  # noqa: PTH116  # ten thousand Paths take longer than the rest
    except OSError:
        return None
    return Stamp(found.st_mtime_ns, found.st_size, named)


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


def save(key: str, files: dict[str, Kept], everything: str) -> None:
    """Remember what files came to, for some settings. Where that cannot be written, nothing is remembered."""
    path = _file(key)
    try:
        path.parent.mkdir(exist_ok=True)
        (path.parent / ".gitignore").write_text("*\n")
        waiting = path.with_suffix(f".{os.getpid()}")
        waiting.write_bytes(msgspec.msgpack.encode(Memory(_argosy(), files, everything)))
        waiting.replace(path)
    except OSError:
        return


def unchanged(memory: Memory, stamps: Mapping[str, Stamp | None]) -> Iterable[str]:
    """Give the files of which what is remembered still holds."""
    same = memory.everything == together(stamps)
    for path, now in stamps.items():
        found = memory.files.get(path)
        if found is not None and found.stamp == now and (same or not found.refers):
            yield path


def keep(result: FileResult, now: Stamp, refers: bool) -> Kept | None:
    """Give what to remember of a file; None where that cannot be said without other files."""
    if result.foreign:
        return None
    told: list[Told] = []
    for one in result.findings:
        origin = one.origin if one.manifest is None else one.manifest.origin
        if not isinstance(origin, YamlOrigin) or any(other.manifest is not None for other in one.finding.related):
            return None
        told.append(Told(one.finding, None if one.manifest is None else one.document, origin.start))
    documents = [(it.index, it.kind, it.name, it.accepted) for it in result.documents]
    try:
        return Kept(now, documents, result.accepted, msgspec.msgpack.encode(told) if told else b"", refers)
    except TypeError:  # a fix sets something that is no plain data
        return None


def recall(path: str, kept: Kept, documents: Sequence[Document]) -> FileResult | None:
    """Give what a file came to, of what is remembered and its documents as they are read now; these are needed only
    where something was found. None where they do not fit."""
    result = FileResult(path, [DocumentResult(*one) for one in kept.documents], accepted=kept.accepted)
    manifests = {one.index: one.manifest() for one in documents}
    origins = {one.origin.start: one.origin for one in documents}
    for told in _decoder().decode(kept.findings) if kept.findings else ():
        if told.document is None:
            if told.start not in origins:
                return None
            result.findings.append(LocatedFinding(told.finding, path, None, None, origins[told.start]))
            continue
        manifest = manifests.get(told.document)
        if manifest is None:
            return None
        result.findings.append(LocatedFinding(told.finding, path, told.document, manifest))
    return result


@cache
def _decoder() -> msgspec.msgpack.Decoder[list[Told]]:
    return msgspec.msgpack.Decoder(list[Told])


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
