"""``argosy rule``."""

from __future__ import annotations

import sys
from typing import Annotated

from argosy.cli.exits import Exit
from argosy.cli.parameters import Argument, Option
from argosy.cli.shared import rule_names
from argosy.errors import UsageError
from argosy.report.style import style_for


def run(
    *,
    name: Annotated[str | None, Argument("The rule, as findings name it.", metavar="NAME", suggest=rule_names)] = None,
    list_: Annotated[bool, Option("Show all rules, one line each.", names=("--list",))] = False,
) -> int:
    """Show the page of a lint rule: what it finds, why that matters, a bad manifest and a good one.

    Examples:

        argosy rule hook-template-undefined
        argosy rule --list
    """
    from argosy.lint.rule import find
    from argosy.report.rules import listing, page

    style = style_for(sys.stdout)
    if list_:
        sys.stdout.write(listing(style))
        return Exit.CLEAN
    if name is None:
        raise UsageError("there is no rule to show", hint="name one, or see them all: argosy rule --list")
    sys.stdout.write(page(find(name), style))
    return Exit.CLEAN
