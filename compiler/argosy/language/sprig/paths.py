"""Sprig's functions on paths, which always have slashes."""

from __future__ import annotations

import posixpath

from argosy.language.function import Function
from argosy.language.sprig.values import entry


def clean(path: str) -> str:
    """Give the shortest path to the same place (Go's ``path.Clean``)."""
    if path.startswith("//"):
        path = "/" + path.lstrip("/")
    return posixpath.normpath(path) if path else "."


def _base(path: str) -> str:
    if not path:
        return "."
    return path.rstrip("/").rpartition("/")[2] or "/"


def _dir(path: str) -> str:
    return clean(path[: path.rfind("/") + 1])


def _ext(path: str) -> str:
    name = path.rpartition("/")[2]
    return name[name.rfind(".") :] if "." in name else ""


_T = "paths"
# fmt: off
FUNCTIONS: list[Function] = [
    *entry(_T, _base, "base(path string) string", "Gives the last part of a path.", "sprig.base('/a/b.txt')", "'b.txt'",
           "osBase"),
    *entry(_T, _dir, "dir(path string) string", "Gives a path without its last part.", "sprig.dir('/a/b.txt')", "'/a'",
           "osDir"),
    *entry(_T, clean, "clean(path string) string", "Gives the shortest path to the same place.",
           "sprig.clean('/a/../b')", "'/b'", "osClean"),
    *entry(_T, _ext, "ext(path string) string", "Gives the extension of a path.", "sprig.ext('/a/b.tar.gz')", "'.gz'",
           "osExt"),
    *entry(_T, lambda path: path.startswith("/"), "isAbs(path string) bool", "Tells whether a path starts at the root.",
           "sprig.isAbs('/a')", "true", "osIsAbs"),
]
# fmt: on
