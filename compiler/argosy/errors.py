"""What can go wrong, as one tree. Findings about a manifest are values (``argosy.lint``); these mean a failed request.

ArgosyError
├── UsageError            the request itself is off: an unknown option, template or version
├── ReadError             a file cannot be read, or its text is not YAML
├── CompileError          Python that cannot be lowered to a workflow
├── ScenarioError         a scenario that does not fit its format or its workflow
├── SimulationError       a run that cannot go on for a reason outside the manifest
└── LanguageError         text in one of Argo's four languages that does not parse or evaluate
"""

from __future__ import annotations

from msgspec import Struct


class Place(Struct, frozen=True):
    """A place in a file for a person to look at; line and column count from 1, and 0 means "not known"."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Give ``path:line:column``, as editors and terminals link it."""
        return ":".join([self.path, *(str(n) for n in (self.line, self.column) if n)])


class ArgosyError(Exception):
    """Base of all errors that people see: what is wrong, where it is, what to do about it."""

    def __init__(self, message: str, *, place: Place | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.hint = hint

    def __str__(self) -> str:
        """Give one line: the place, if any, and the message."""
        return f"{self.place}: {self.message}" if self.place else self.message


class UsageError(ArgosyError):
    """The request is off: it names something that is not there."""


class ReadError(ArgosyError):
    """A file cannot be read, or its text is not YAML."""


class CompileError(ArgosyError):
    """Python that cannot be lowered to a workflow."""


class ScenarioError(ArgosyError):
    """A scenario that does not fit its format or its workflow."""


class SimulationError(ArgosyError):
    """A run cannot go on, for a reason that is not in the manifest."""


class LanguageError(ArgosyError):
    """Text in one of Argo's languages does not parse or evaluate; ``position`` is the 0-based offset in that text."""

    def __init__(self, message: str, position: int = 0, *, text: str | None = None, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.position = position
        self.text = text
