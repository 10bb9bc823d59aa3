"""The frame of every page: what it may load (nothing), its looks, its keys, its head and its panel of details."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from importlib.resources import files
from xml.etree.ElementTree import Element

from argosy.report.html.elements import Child, h, text

# the first characters make a browser read what follows as HTML of today
_DOCTYPE = "<!doctype html>\n"
_EARLY = 'document.documentElement.classList.add("js")'
"""Runs before there is a page: details that will be hidden are never laid out, which takes long where they are many."""


def page(title: str, head: Iterable[Child], main: Iterable[Child], details: Iterable[Element] = ()) -> str:
    """Give a whole page: what its head shows, what is on it, and the details that can be opened."""
    css, script = _asset("page.css"), _asset("page.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(css)}'; script-src '{_hash(_EARLY)}' '{_hash(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    document = h(
        "html",
        h(
            "head",
            h("meta", charset="utf-8"),
            h("meta", http_equiv="Content-Security-Policy", content=policy),
            h("meta", name="viewport", content="width=device-width, initial-scale=1"),
            h("meta", name="generator", content="Argosy"),
            h("title", title),
            h("link", rel="icon", href="data:,"),
            h("style", css),
            h("script", _EARLY),
        ),
        h(
            "body",
            h("a", "Skip to the page", href="#main", class_="skip"),
            h("header", h("div", *head, class_="title"), _theme(), class_="top"),
            h("div", h("main", *main, id="main"), _panel(details), class_="columns"),
            h("script", script),
        ),
        lang="en",
    )
    return _DOCTYPE + text(document) + "\n"


def _theme() -> Element:
    return h("button", "Theme: system", type="button", id="theme", class_="quiet", hidden=True)


def _panel(details: Iterable[Element]) -> Element | None:
    shown = list(details)
    if not shown:
        return None
    close = h("button", "Close", h("kbd", "Esc"), type="button", id="close", class_="quiet", hidden=True)
    return h("aside", close, *shown, id="panel", aria_label="Details")


@cache
def _asset(name: str) -> str:
    return files("argosy.report.html").joinpath(name).read_text(encoding="utf-8")


def _hash(content: str) -> str:
    return "sha256-" + b64encode(sha256(content.encode()).digest()).decode()


def section(title: str, *children: Child, class_: str = "card", tools: Child = None) -> Element:
    """Make a part of a page with a title."""
    return h("section", h("div", h("h2", title), tools, class_="bar"), *children, class_=class_)


def chip(phase: str) -> Element:
    """Make a phase in its colour."""
    return h("span", phase, class_=f"chip {phase}")


def keys(*hints: tuple[str, str]) -> Element:
    """Make the last entry of a legend: which keys do what."""
    return h("li", *(part for key, does in hints for part in (h("kbd", key), f"{does} ")), class_="keys")
