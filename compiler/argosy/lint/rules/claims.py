"""Volume claims that the cluster does not make."""

from __future__ import annotations

import re
from collections.abc import Iterator

from argosy import model
from argosy.lint import tables
from argosy.lint.context import Context
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule
from argosy.source import Address, Json, at

_MODES = ("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod")


@rule(Severity.ERROR, over=tables.specs)
def claim_invalid(spec: model.WorkflowSpec, context: Context) -> Iterator[Problem]:
    """A claim for a volume has no name, no access mode or no size: the workflow ends in Error before it begins.

    The controller makes the claims of `volumeClaimTemplates` first, and if the cluster refuses one, nothing runs, no
    exit handler either. Argo's linter does not look at them. A claim is named after the workflow and its own `name`; a
    `generateName` is not enough.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          volumeClaimTemplates:
            - metadata: {name: work}
              spec:
                accessModes: [RWO]  # here
                resources: {requests: {storage: 1Gi}}
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make], volumeMounts: [{name: work, mountPath: /work}]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          volumeClaimTemplates:
            - metadata: {name: work}
              spec:
                accessModes: [ReadWriteOnce]
                resources: {requests: {storage: 1Gi}}
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make], volumeMounts: [{name: work, mountPath: /work}]}
    """
    for n, claim in enumerate(spec.volume_claim_templates):
        yield from _claim(claim, (*context.spec_address, "volumeClaimTemplates", n), context)


def _map(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _claim(claim: dict[str, Json], address: Address, context: Context) -> Iterator[Problem]:
    name = _map(claim.get("metadata")).get("name")
    if not name:
        yield Problem("a claim for a volume has no name", address, "name it: metadata: {name: ...}")
    elif isinstance(name, str) and "{{" not in name and not re.fullmatch(r"[a-z0-9.-]*[a-z0-9]", name):
        yield Problem(f"a claim cannot be named {name!r}", (*address, "metadata", "name"))
    wanted = _map(claim.get("spec"))
    place = (*address, "spec") if "spec" in claim else address
    modes = wanted.get("accessModes")
    if not modes:
        hint = f"say accessModes: one or more of {', '.join(_MODES)}"
        yield Problem(f"the claim {name or address[-1]!r} has no access mode", place, hint, part="key")
    for n, mode in enumerate(modes if isinstance(modes, list) else ()):
        if isinstance(mode, str) and mode not in _MODES and "{{" not in mode:
            hint = context.did_you_mean(mode, _MODES) or f"one of {', '.join(_MODES)}"
            yield Problem(f"{mode!r} is no access mode", (*place, "accessModes", n), hint)
    if not _map(_map(wanted.get("resources")).get("requests")).get("storage"):
        hint = "say how much: resources: {requests: {storage: 1Gi}}"
        yield Problem(f"the claim {name or address[-1]!r} has no size", place, hint, part="key")


@rule(Severity.WARNING, over=tables.specs)
def claim_never_deleted(spec: model.WorkflowSpec, context: Context) -> Iterator[Problem]:
    """The `volumeClaimGC` of a workflow has a strategy that Argo does not know: its claims stay.

    It is `OnWorkflowSuccess` or `OnWorkflowCompletion`. With another, the controller only logs it, and the claims go
    when the workflow itself is deleted. Argo's linter passes it.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          volumeClaimGC: {strategy: OnCompletion}  # here
          volumeClaimTemplates:
            - metadata: {name: work}
              spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make], volumeMounts: [{name: work, mountPath: /work}]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          volumeClaimGC: {strategy: OnWorkflowCompletion}
          volumeClaimTemplates:
            - metadata: {name: work}
              spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make], volumeMounts: [{name: work, mountPath: /work}]}
    """
    known = ("OnWorkflowCompletion", "OnWorkflowSuccess")
    where = (*context.spec_address, "volumeClaimGC", "strategy")
    strategy = at(context.manifest.data, where)
    if isinstance(strategy, str) and strategy and "{{" not in strategy and strategy not in known:
        hint = context.did_you_mean(strategy, known) or f"one of {', '.join(known)}"
        yield Problem(f"{strategy!r} is no strategy: the claims of the workflow stay", where, hint)
