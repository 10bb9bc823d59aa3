"""One fault of an exploration, run again in full."""

from __future__ import annotations

from collections.abc import Callable

from argosy.explore.changes import changed
from argosy.explore.exploration import Exploration, Result
from argosy.explore.faults import Fault
from argosy.simulate.given import Given
from argosy.simulate.run import Run, run


def as_given(found: Exploration, fault: Fault) -> Given:
    """Give what is run under a fault: the manifest, changed if the fault is a change of it."""
    given = found.given
    for one in fault.all():
        given = changed(given, one.change) if one.change else given
    return given


def played(found: Exploration, fault: Fault) -> Run:
    """Give the run under a fault."""
    return run(as_given(found, fault), found.scenario(fault), found.version, found.seed)


def named(found: Exploration, text: str) -> list[Result]:
    """Give the results of faults called so; if there are none, of those with the text in their name."""
    wanted = text.lower()
    looks: tuple[Callable[[Fault], bool], ...] = (
        lambda fault: fault.name == text,
        lambda fault: wanted in fault.own.lower(),
        lambda fault: wanted in fault.name.lower(),
    )
    return next((some for fits in looks if (some := [r for r in found.results if fits(r.fault)])), [])
