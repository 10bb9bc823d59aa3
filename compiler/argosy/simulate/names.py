"""Names of nodes as people use them, and their order."""

from __future__ import annotations

import re

_ATTEMPT = re.compile(r"\((\d+)\)\Z")
_RUNS = re.compile(r"(\d+)")


def stable(workflow: str, node: str) -> str:
    """Give a node's name with ``<wf>`` for the workflow's name at its start."""
    return "<wf>" + node[len(workflow) :] if node.startswith(workflow) else node


def attempt(node: str) -> int:
    """Give the number of the attempt that a node's name ends with, or 0.

    >>> attempt("w[0].a(2)")
    2
    """
    found = _ATTEMPT.search(node)
    return int(found[1]) if found else 0


def natural(name: str) -> tuple[str | int, ...]:
    """Give a sort key that orders names with their numbers by value: ``a2`` before ``a10``.

    Text before a number ends in a 0 there, so that it compares with other text as the number itself would.
    """
    *head, tail = _RUNS.split(name)
    return (*[int(part) if i % 2 else part + "0" for i, part in enumerate(head)], tail)
