"""An exploration for tools: plain JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from argosy.explore.faults import as_json

if TYPE_CHECKING:
    from argosy.explore.exploration import Exploration

VERSION = 1


def exploration(found: Exploration) -> dict[str, Any]:
    """Give it all: what was run, what came of it, where the handler never runs, which branches were never taken."""
    from argosy.explore.shards import fingerprint

    never = found.never()
    return {
        "version": VERSION,
        "workflow": found.name,
        "argoVersion": found.version.value,
        "explored": fingerprint(found),
        "handler": found.handler or None,
        "faults": [as_json(r.fault) | {"observed": msgspec.to_builtins(r.observed)} for r in found.results],
        "leftToOtherShards": found.others,
        "leavesLeftAlone": found.left_alone,
        "handlerSteps": found.columns(),
        "hooks": found.hooks(),
        "neverRuns": [
            {
                "reason": n.reason,
                "survivable": n.survivable,
                "path": n.path,
                "line": n.line,
                "hint": n.hint,
                "faults": list(n.faults),
            }
            for n in never
        ],
        "invariants": [
            {
                "invariant": str(one),
                "broken": [
                    {"fault": b.result.fault.name, "message": b.message} for b in found.broken if b.invariant == one
                ],
            }
            for one in found.invariants
        ],
        "neverTaken": [
            {
                "template": one.branch.template,
                "step": one.branch.name,
                "taken": one.branch.taken,
                "condition": one.condition,
                "path": one.span.path,
                "line": one.span.line,
            }
            for one in found.untaken()
        ],
    }
