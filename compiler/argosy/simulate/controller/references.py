"""What a step or task refers to, put in (v4.1 steps.go resolveReferences, dag.go resolveDependencyReferences)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from argosy.simulate.controller.arguments import replace
from argosy.simulate.controller.loops import may_run, should_expand
from argosy.simulate.controller.operation import Operation, Reason, Refused
from argosy.simulate.controller.scope import Scope
from argosy.simulate.controller.state import Obj

_MISSING = ("failed to resolve {{", " is missing", "variable not in env")
STRICT = ("steps", "tasks")


def resolve(op: Operation, step: Obj, scope: Scope, params: Mapping[str, Any]) -> Obj:
    """Give a step or task with its references resolved; its hooks are set aside meanwhile.

    Raises Refused: with Reason.REQUEUE for what is not there yet.
    """
    hooks = step.get("hooks")
    bare = {k: v for k, v in step.items() if k != "hooks"} if hooks is not None else step
    strict = STRICT if op.state.version >= "4.0" else None
    when = bare.get("when")
    if when:
        resolved = _strict(op, when, params, strict)
        try:
            runs = may_run(resolved)
        except Refused:
            if not should_expand(bare):
                raise
            runs = True
        if not runs:
            return {**step, "when": resolved}
    marked = scope.mark_absent(bare.get("arguments"))
    if marked is not bare.get("arguments"):
        bare = {**bare, "arguments": marked}
    result: Obj = _strict(op, bare, params, strict)
    held = (result.get("arguments") or {}).get("artifacts")
    if held and any(a.get("from") or a.get("fromExpression") for a in held):
        result = {**result, "arguments": {**result["arguments"], "artifacts": artifacts(held, scope, steps=True)}}
    if hooks is not None:
        result = {**result, "hooks": hooks}
    return result


def _strict(op: Operation, obj: Any, params: Mapping[str, Any], strict: tuple[str, ...] | None) -> Any:
    try:
        return replace(obj, params, strict=strict) if strict else replace(obj, params)
    except Refused as error:
        if any(sign in error.message for sign in _MISSING):
            op.requeue()
            raise Refused("requeue", Reason.REQUEUE) from None
        raise


def artifacts(held: list[Obj], scope: Scope, *, steps: bool) -> list[Obj]:
    """Give artifacts with those that refer to others in the place of these. Raises Refused."""
    result = []
    for artifact in held:
        if not (artifact.get("from") or artifact.get("fromExpression")):
            result.append(artifact)
            continue
        try:
            found = scope.artifact(artifact)
        except Refused as error:
            if artifact.get("optional") and (steps or "Unable to resolve" in error.message):
                continue
            raise Refused(f"unable to resolve references: {error.message}" if steps else error.message) from None
        result.append({**(found or {}), "name": artifact["name"]})
    return result
