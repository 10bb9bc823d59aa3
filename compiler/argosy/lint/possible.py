"""Which values a variable can have at a place, where there are only a few: what phases a status can name there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product

from argosy.lint import tables
from argosy.lint.context import Context, table
from argosy.lint.reach import entrypoint_templates, handler_templates, workflow_handlers

NODE_PHASES = ("Succeeded", "Failed", "Error", "Skipped", "Omitted", "Running", "Pending", "Daemoned")
FINAL = ("Succeeded", "Failed", "Error")
MOST = 4096
"""How many combinations of values are tried at most."""


@table
def _reaches(context: Context) -> Iterator[tuple[frozenset[int], frozenset[int], frozenset[int]]]:
    """Give the templates (``id``) that run in the workflow's handler, in any handler, and from the entrypoint."""
    own = frozenset(id(one.template) for one in workflow_handlers(context))
    entry = frozenset(id(one.template) for one in entrypoint_templates(context))
    yield own, handler_templates(context)[0], entry


def workflow_status(inside: tables.TemplateAt | None, context: Context) -> tuple[str, ...]:
    """Give the phases that ``workflow.status`` can name in a template's calls; all, where it can't be known."""
    if context.kind not in ("Workflow", "CronWorkflow") or inside is None:
        return (*FINAL, "Running", "Pending")
    own, _, entry = _reaches(context)[0]
    ident = id(inside.template)
    if ident in own and ident not in entry:
        return FINAL
    return ("Running", "Pending") if ident in entry and ident not in own else (*FINAL, "Running", "Pending")


def in_handler(inside: tables.TemplateAt, context: Context) -> bool:
    """Whether a template runs as part of an exit handler."""
    return id(inside.template) in _reaches(context)[0][1]


def values_of(name: str, inside: tables.TemplateAt | None, context: Context) -> tuple[str, ...] | None:
    """Give all values that a variable can have in the calls of a template, or None where there are too many."""
    if name == "workflow.status":
        return workflow_status(inside, context)
    if re.fullmatch(r"(steps|tasks)\.[^.]+\.status", name):
        return NODE_PHASES
    return None


def combinations(names: Sequence[str], values: Sequence[Sequence[str]]) -> Iterator[Mapping[str, str]]:
    """Give every way in which variables can have their values; a bounded number of them."""
    for chosen in islice(product(*values), MOST):
        yield dict(zip(names, chosen, strict=True))
