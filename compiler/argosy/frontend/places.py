"""Where in the user's Python something was written, and errors that say so."""

from __future__ import annotations

import contextlib
import linecache
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, NoReturn, ParamSpec, TypeVar

from argosy.errors import CompileError, Place

_PACKAGE = str(Path(__file__).parent.parent)
_BETWEEN = ("<frozen ", "<string>", contextlib.__file__)
"""Where frames come from that stand between the user's code and ours."""


P = ParamSpec("P")
R = TypeVar("R")

_BOUNDARIES: set[CodeType] = set()
_AUTHOR: ContextVar[Place | None] = ContextVar("author", default=None)


def boundary(function: Callable[P, R]) -> Callable[P, R]:
    """Mark a function as where compiling begins: whoever calls it did not author what is compiled."""
    _BOUNDARIES.add(function.__code__)
    return function


@contextmanager
def authored(place: Place) -> Iterator[None]:
    """Let what goes wrong without a line of the user's being executed be the fault of this one."""
    token = _AUTHOR.set(place)
    try:
        yield
    finally:
        _AUTHOR.reset(token)


def caller() -> Place:
    """Give the line of the user's code that is being executed: the nearest frame outside Argosy."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        path = frame.f_code.co_filename
        if not path.startswith(_PACKAGE) and not path.startswith(_BETWEEN):
            return Place(path, frame.f_lineno)
        if frame.f_code in _BOUNDARIES:
            break
        frame = frame.f_back
    return _AUTHOR.get() or Place("<unknown>")


def fail(message: str, *, hint: str | None = None, place: Place | None = None) -> NoReturn:
    """Raise a CompileError at the user's line (or at ``place``)."""
    raise CompileError(message, place=place or caller(), hint=hint)


def definition(function: Callable[..., Any]) -> Place:
    """Give the line of a function's ``def``, below its decorators."""
    path, line = function.__code__.co_filename, function.__code__.co_firstlineno
    for number in range(line, line + 60):
        if linecache.getline(path, number).lstrip().startswith(("def ", "async def ")):
            return Place(path, number)
    return Place(path, line)


def source_line(place: Place) -> str:
    """Give the text of a line, without its indentation; empty where the file is not there."""
    return linecache.getline(place.path, place.line).partition("  #")[0].strip()


def raised_at(error: BaseException, fallback: Place) -> Place:
    """Give the deepest line of the user's code in an exception's traceback."""
    for entry in reversed(traceback.extract_tb(error.__traceback__)):
        if not entry.filename.startswith(_PACKAGE) and not entry.filename.startswith(_BETWEEN):
            return Place(entry.filename, entry.lineno or 0)
    return fallback
