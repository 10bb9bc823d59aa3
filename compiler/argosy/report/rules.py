"""The pages of lint rules on a terminal."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from argosy.lint.rule import Rule, rules
from argosy.report.style import Style
from argosy.report.text import COLOURS


def page(rule: Rule[Any], style: Style) -> str:
    """Give the page of one rule."""
    facts = f"{rule.severity}, theme {rule.theme.replace('_', '-')}" + (
        "" if rule.on_by_default else ", off by default"
    )
    head = f"{style.paint(rule.name, 'bold', COLOURS[rule.severity])} ({facts})"
    return f"{head}\n\n{rule.doc.rstrip()}\n"


def listing(style: Style) -> str:
    """Give all rules by theme, one line each."""
    out: list[str] = []
    known = sorted(rules(), key=lambda rule: (rule.theme, rule.name))
    wide = max((len(rule.name) for rule in known), default=0)
    for theme, group in groupby(known, key=lambda rule: rule.theme):
        out += ["", style.paint(theme.replace("_", " "), "bold")]
        out += [_line(rule, wide, style) for rule in group]
    return "\n".join(out[1:]) + "\n" if out else "there are no rules\n"


def _line(rule: Rule[Any], wide: int, style: Style) -> str:
    severity = style.paint(f"{rule.severity:<7}", COLOURS[rule.severity])
    off = "" if rule.on_by_default else style.paint(" (off by default)", "dim")
    return f"  {rule.name:<{wide}}  {severity}  {rule.summary}{off}"
