"""Findings and runs, drawn. One module is one format; ``FORMATS`` is the one table of them."""

from __future__ import annotations

from importlib import import_module
from typing import Any, TextIO

from argosy.report.style import Style, style_for

FORMATS: dict[str, dict[str, str]] = {
    "lint": {
        "text": "argosy.report.text",
        "concise": "argosy.report.concise",
        "json": "argosy.report.plain_json",
        "sarif": "argosy.report.sarif",
        "junit": "argosy.report.junit",
        "github": "argosy.report.github",
        "gitlab": "argosy.report.gitlab",
    },
    "run": {
        "tree": "argosy.report.tree",
        "timeline": "argosy.report.timeline",
        "mermaid": "argosy.report.mermaid",
        "html": "argosy.report.html.run",
        "json": "argosy.report.plain_json",
    },
    "explore": {
        "text": "argosy.report.matrix",
        "html": "argosy.report.html.matrix",
        "markdown": "argosy.report.matrix_markdown",
        "json": "argosy.report.plain_json",
    },
    "twice": {
        "text": "argosy.report.twice",
        "json": "argosy.report.plain_json",
    },
    "diff": {
        "text": "argosy.report.difference",
        "markdown": "argosy.report.difference_markdown",
        "json": "argosy.report.plain_json",
    },
    "replay": {
        "text": "argosy.report.replay",
        "json": "argosy.report.plain_json",
    },
    "test": {
        "text": "argosy.report.cases",
        "junit": "argosy.report.cases_junit",
        "json": "argosy.report.plain_json",
    },
    "coverage": {
        "text": "argosy.report.coverage",
        "html": "argosy.report.html.coverage",
        "json": "argosy.report.plain_json",
    },
}
"""What can be drawn, and for each the formats and their modules: ``render(subject, style)`` in it gives the text."""


def names(subject: str) -> list[str]:
    """Give the names of the formats for what a command gives: ``lint``, ``run``."""
    return list(FORMATS[subject])


def render(subject: str, format: str, value: Any, stream: TextIO | None = None, style: Style | None = None) -> str:
    """Draw a value in a format, for a stream (which says whether there is colour, and how wide it is) or in a style.

    Raises KeyError for a format that is not in the table.
    """
    module = import_module(FORMATS[subject][format])
    text: str = module.render(value, style or style_for(stream))
    return text
