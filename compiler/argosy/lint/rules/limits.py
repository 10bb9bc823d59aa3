"""What Argo's custom resource definitions refuse and its linter lets pass: `kubectl apply` fails there.

Source: the ``+kubebuilder:validation`` markers of Argo v4.1 ``pkg/apis/workflow/v1alpha1/*_types.go``. The full
definitions are the default since Argo 4.0; before, they had to be chosen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from argosy.lint import parts
from argosy.lint.context import Context, table
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule
from argosy.source import Address, Json


class Field(Struct, frozen=True):
    """A field of the spec, by the key that it stands under and the key of the object that has it."""

    holder: str
    key: str
    value: Json
    address: Address


_FREE = frozenset({"plugin", "withItems", "value", "labels", "annotations", "env", "affinity", "data"})
"""Below these keys stands what Argo does not describe."""


@table
def fields(context: Context) -> Iterator[Field]:
    """Give the fields that limits are about: each key of the tables below, wherever it stands."""
    for value, address in parts.maps(context):
        if not _KEYS.isdisjoint(value) and _FREE.isdisjoint(address):
            name = next(str(step) for step in reversed(address) if isinstance(step, str))
            yield from (Field(name, key, below, (*address, key)) for key, below in value.items() if key in _KEYS)


_MOST = {"templates": 200, "tasks": 200, "parameters": 500, "prometheus": 100}
_POSITIVE = frozenset({"parallelism"})
_ENUMS: dict[tuple[str, str], tuple[str, ...]] = {
    ("artifactGC", "strategy"): ("OnWorkflowCompletion", "OnWorkflowDeletion", "Never"),
    ("resource", "mergeStrategy"): ("strategic", "merge", "json"),
    ("gauge", "operation"): ("Set", "Add", "Sub"),
    ("s3", "addressingStyle"): ("path", "virtual-hosted"),
}
_LOCATIONS = ("s3", "git", "http", "artifactory", "hdfs", "raw", "oss", "gcs", "azure", "plugin")
_KEYS = frozenset({*_MOST, *_POSITIVE, *(key for _, key in _ENUMS), "artifacts", "archiveLocation", "metrics"})


def _severity(context: Context) -> Severity:
    return Severity.ERROR if context.version >= "4.0" else Severity.WARNING


@rule(Severity.ERROR, over=fields)
def too_many_entries(one: Field, context: Context) -> Iterator[Problem]:
    """A list is longer than Argo's custom resource definitions allow.

    `argo lint` passes it, the cluster refuses it: at most 200 templates, 200 tasks in a DAG, 500 parameters in a list
    and 100 metrics. Split the workflow, put tasks into a DAG of their own, or loop over items.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: many-}
        spec:
          entrypoint: main
          metrics:
            prometheus: [&m {name: runs, help: How often, counter: {value: "1"}}, *m, *m, *m, *m, *m, *m, *m, *m, *m,
              *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m,
              *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m,
              *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m,
              *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m, *m]
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: few-}
        spec:
          entrypoint: main
          metrics:
            prometheus: [{name: runs, help: How often, counter: {value: "1"}}]
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
    """
    most = _MOST.get(one.key)
    if most is not None and isinstance(one.value, list) and len(one.value) > most:
        yield Problem(
            f"{one.key} has {len(one.value)} entries; the cluster takes {most} at most",
            one.address,
            part="key",
            severity=_severity(context),
        )


@rule(Severity.ERROR, over=fields)
def value_not_allowed_by_cluster(one: Field, context: Context) -> Iterator[Problem]:
    """A field has a value that Argo's custom resource definitions do not allow.

    `argo lint` passes it, the cluster refuses it: words that are not in the list of allowed ones, a `parallelism`
    below 1, file modes above 0777.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          artifactGC:
            strategy: OnWorkflowSuccess  # here
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          artifactGC:
            strategy: OnWorkflowDeletion
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
    """
    allowed = _ENUMS.get((one.holder, one.key))
    if allowed and isinstance(one.value, str) and one.value and one.value not in allowed:
        hint = context.did_you_mean(one.value, allowed) or f"one of {', '.join(allowed)}"
        yield Problem(
            f"{one.key} of {one.holder} cannot be {one.value!r}", one.address, hint, severity=_severity(context)
        )
    if one.key in _POSITIVE and isinstance(one.value, int) and one.value < 1:
        yield Problem(f"{one.key} must be at least 1", one.address, severity=_severity(context))
    for n, artifact in enumerate(one.value if one.key == "artifacts" and isinstance(one.value, list) else ()):
        mode = artifact.get("mode") if isinstance(artifact, dict) else None
        if isinstance(mode, int) and not 0 <= mode <= 0o777:
            yield Problem(
                f"the file mode {mode} is not between 0 and 511 (0777 in octal)",
                (*one.address, n, "mode"),
                "write it in octal: 0644",
                severity=_severity(context),
            )


@rule(Severity.ERROR, over=fields)
def artifact_locations_conflict(one: Field, context: Context) -> Iterator[Problem]:
    """An artifact has more than one location.

    `argo lint` passes it, the cluster refuses it; where it does not, Argo takes one of them.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
              outputs:
                artifacts:
                  - name: log
                    path: /tmp/log
                    s3: {key: log}
                    gcs: {key: log}  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
              outputs:
                artifacts:
                  - name: log
                    path: /tmp/log
                    s3: {key: log}
    """
    if one.key not in ("artifacts", "archiveLocation"):
        return
    found = [(one.value, one.address)] if one.key == "archiveLocation" else []
    if one.key == "artifacts" and isinstance(one.value, list):
        found = [(artifact, (*one.address, n)) for n, artifact in enumerate(one.value)]
    for artifact, address in found:
        locations = [key for key in artifact if key in _LOCATIONS] if isinstance(artifact, dict) else []
        for extra in locations[1:]:
            yield Problem(
                f"an artifact has two locations, {locations[0]} and {extra}",
                (*address, extra),
                part="key",
                severity=_severity(context),
            )


@rule(Severity.ERROR, over=fields)
def workflow_metric_invalid(one: Field, context: Context) -> Iterator[Problem]:
    """A metric of the workflow is not one that Argo, or the cluster, takes.

    Argo's linter never looks at `spec.metrics`. A bad name, an empty help text or a gauge of resources in real time
    is found out when the workflow ends: there is no metric, and an error in its conditions.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          metrics:
            prometheus:
              - name: runs-in-all  # here
                help: How often it ran
                counter: {value: "1"}
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          metrics:
            prometheus:
              - name: runs_in_all
                help: How often it ran
                counter: {value: "1"}
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
    """
    if one.key != "metrics" or one.address != (*context.spec_address, "metrics") or not isinstance(one.value, dict):
        return  # those of templates are Argo's own business
    metrics = one.value.get("prometheus")
    for n, metric in enumerate(metrics if isinstance(metrics, list) else ()):
        if isinstance(metric, dict):
            yield from _metric(metric, (*one.address, "prometheus", n))


def _metric(metric: dict[str, Json], address: Address) -> Iterator[Problem]:
    name = metric.get("name")
    if not isinstance(name, str) or not re.fullmatch(r"[a-zA-Z_][a-zA-Z0-9_]*", name):
        yield Problem(
            f"{name!r} is no name for a metric",
            (*address, "name") if "name" in metric else address,
            "letters, digits and underscores, not first a digit",
        )
    if not metric.get("help"):
        yield Problem("a metric needs a help text", (*address, "help") if "help" in metric else address)
    kinds = [kind for kind in ("gauge", "counter", "histogram") if isinstance(metric.get(kind), dict)]
    if len(kinds) != 1:
        yield Problem("a metric is either a gauge, a counter or a histogram", address)
    for kind in kinds:
        value = metric[kind].get("value")
        if not value:
            yield Problem(f"the {kind} has no value", (*address, kind))
        elif kind == "gauge" and metric[kind].get("realtime") and "resourcesDuration." in str(value):
            yield Problem("resourcesDuration cannot be shown in real time", (*address, kind, "value"))
