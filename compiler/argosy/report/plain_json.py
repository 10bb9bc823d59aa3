"""JSON for other tools: whatever the subject gives as ``to_dict``. Its shape is stable; see ``schemas/``."""

from __future__ import annotations

import json
from typing import Protocol

from argosy.report.style import Style
from argosy.source import Json


class HasDict(Protocol):
    """Anything with a form in JSON."""

    def to_dict(self) -> dict[str, Json]:
        """Give that form."""


def render(subject: HasDict, style: Style) -> str:
    """Give the JSON text, indented by two."""
    return json.dumps(subject.to_dict(), indent=2, ensure_ascii=False) + "\n"
