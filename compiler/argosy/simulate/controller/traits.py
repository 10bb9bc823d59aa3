"""What can be told of a template, step or task by itself: it never changes, and so it is found out once."""

from __future__ import annotations

from typing import NamedTuple

from argosy.errors import LanguageError
from argosy.language.substitution import to_json
from argosy.simulate.controller.loops import should_expand
from argosy.simulate.controller.remember import by_identity
from argosy.simulate.controller.state import Obj

_VOLATILE = ("workflow.status", "workflow.duration", "workflow.failures", "workflow.outputs", "workflow[", "workflow)")
_DEBUG = ("ARGO_DEBUG_PAUSE_BEFORE", "ARGO_DEBUG_PAUSE_AFTER")


class Traits(NamedTuple):
    """What a template tells."""

    tagged: bool
    """There is a tag in it, or it cannot be written as JSON; the same after substitution if not."""
    volatile: bool
    """It refers to global variables that change while a workflow runs."""
    containers: tuple[str, ...]
    """Names of its containers but init and wait: the main ones, then sidecars."""
    init_containers: tuple[str, ...]
    pauses: bool
    """A main container is to wait for somebody who debugs it."""


@by_identity
def traits_of(template: Obj) -> Traits:
    """Give what a template tells."""
    try:
        text = to_json(template)
        tagged = "{{" in text
    except LanguageError:
        text, tagged = "", True
    volatile = tagged and any(name in text for name in _VOLATILE)
    containers = main_containers(template)
    mains = tuple(c.get("name") or "main" for c in containers)
    sidecars = (str(c["name"]) for c in template.get("sidecars") or ())
    inits = tuple(str(c["name"]) for c in template.get("initContainers") or ())
    pauses = any(e.get("name") in _DEBUG for c in containers for e in c.get("env") or ())
    return Traits(tagged, volatile, (*mains, *sidecars), inits, pauses)


def main_containers(template: Obj) -> list[Obj]:
    """Give the main containers of a template."""
    members = template.get("containerSet")
    if members is not None:
        return list(members.get("containers") or ())
    return [{**(template.get("container") or template.get("script") or {}), "name": "main"}]


@by_identity
def is_plain_call(call: Obj) -> bool:
    """Say whether a step or task calls its template and no more: there is nothing to resolve or expand in it."""
    if call.get("when") or call.get("arguments") or call.get("inline") or should_expand(call):
        return False
    try:
        return "{{" not in to_json(call)
    except LanguageError:
        return False
