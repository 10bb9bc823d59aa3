"""The signs of phases, drawn in a square of 16 around (0, 0), and the shapes of types of nodes."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from argosy.report.html.elements import h

_CROSS = "M-5 -5L5 5M5 -5L-5 5"
_FORWARD = "M-6 -5L-1 0L-6 5M0 -5L5 0L0 5"

PHASES = {
    "Succeeded": "M-6 0L-2 4.5L6 -4.5",
    "Failed": _CROSS,
    "Error": "M0 -6.5V1M0 5.6V6.2",
    "Skipped": _FORWARD,
    "Omitted": _FORWARD,
    "Running": "M0 -6A6 6 0 1 1 -6 0",
    "Pending": "M-4.5 -6H4.5L-4.5 6H4.5Z",
}
PAUSE = "M-3 -5V5M3 -5V5"
SIZE = 17
"""Half of the width of a node."""

_HALF = SIZE - 1
_SHAPES = {
    "Steps": f"M{-_HALF} -10a6 6 0 0 1 6 -6h20a6 6 0 0 1 6 6v20a6 6 0 0 1 -6 6h-20a6 6 0 0 1 -6 -6z",
    "Suspend": "M-7 -17h14l10 10v14l-10 10h-14l-10 -10v-14z",
    "HTTP": "M-9 -16h18l9 16l-9 16h-18l-9 -16z",
}
SHAPES = {**_SHAPES, "DAG": _SHAPES["Steps"], "Plugin": _SHAPES["HTTP"]}
"""Outlines by type of node; all others are circles."""


def shape(type_: str) -> Element:
    """Give the outline of a node."""
    if outline := SHAPES.get(type_):
        return h("path", d=outline, class_="shape")
    return h("circle", r=SIZE, class_="shape")


def sign(phase: str, type_: str = "") -> Element:
    """Give the sign of a phase; what waits for a person is paused."""
    paused = type_ == "Suspend" and phase == "Running"
    return h("path", d=PAUSE if paused else PHASES[phase], class_="sign")
