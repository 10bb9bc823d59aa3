"""Field selectors for nodes: ``displayName=ask,phase!=Failed``, as ``argo resume --node-field-selector`` takes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from argosy.errors import UsageError

_TERM = re.compile(r"((?:[^\\=!,]|\\.)*?)(==|!=|=)((?:[^\\,]|\\.)*)")


@dataclass(frozen=True, slots=True)
class Term:
    """One comparison; a field that a node does not have counts as empty."""

    field: str
    equal: bool
    value: str


def parse(text: str) -> tuple[Term, ...]:
    """Read a selector; all its terms must hold. Raises UsageError for what is none.

    Follows k8s.io/apimachinery/pkg/fields ParseSelector.

    >>> parse("displayName=ask")[0].value
    'ask'
    """
    out = []
    for part in re.findall(r"(?:[^\\,]|\\.)+", text):
        found = _TERM.fullmatch(part)
        if not found:
            raise UsageError(f"invalid selector: {text!r}; can't understand {part!r}")
        out.append(Term(_plain(found[1]), found[2] != "!=", _plain(found[3])))
    return tuple(out)


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def matches(terms: tuple[Term, ...], fields: Mapping[str, str]) -> bool:
    """Say whether all terms hold for a node's fields."""
    return all((fields.get(term.field, "") == term.value) is term.equal for term in terms)
