"""What a workflow says of its pods: their clean-up, resources and plugins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from argosy import model
from argosy.lint import tables
from argosy.lint.context import Context
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule
from argosy.scope import Arrival, Place
from argosy.source import Address, Json
from argosy.versions import ArgoVersion

POD_GC = ("OnPodCompletion", "OnPodSuccess", "OnWorkflowCompletion", "OnWorkflowSuccess")
_OPERATORS = {"In": True, "NotIn": True, "Exists": False, "DoesNotExist": False}


@rule(Severity.ERROR, over=tables.specs, verdict=True)
def pod_gc_invalid(spec: model.WorkflowSpec, context: Context) -> Iterator[Problem]:
    """The `podGC` of a workflow has a strategy that Argo does not know, or a label selector that is none.

    Argo refuses the manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          podGC: {strategy: OnSuccess}  # here
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          podGC: {strategy: OnPodSuccess}
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
    """
    gc = spec.pod_gc
    if gc is None:
        return
    address: Address = (*context.spec_address, "podGC")
    if gc.strategy and gc.strategy not in POD_GC:
        hint = context.did_you_mean(gc.strategy, POD_GC) or f"one of {', '.join(POD_GC)}"
        yield Problem(f"{gc.strategy!r} is no strategy of podGC", (*address, "strategy"), hint, rejected=True)
    for field, message in _selector_faults(gc.label_selector or {}):
        yield Problem(f"the label selector of podGC {message}", (*address, "labelSelector", *field), rejected=True)


def _selector_faults(selector: dict[str, Json]) -> Iterator[tuple[Address, str]]:
    labels = selector.get("matchLabels")
    for key, value in labels.items() if isinstance(labels, dict) else ():
        if not _label_key(key):
            yield ("matchLabels", key), f"has a key that is no label: {key!r}"
        elif not _label_value(value):
            yield ("matchLabels", key), f"has a value that is no value of a label: {value!r}"
    expressions = selector.get("matchExpressions")
    for n, one in enumerate(expressions if isinstance(expressions, list) else ()):
        if not isinstance(one, dict):
            continue
        below: Address = ("matchExpressions", n)
        operator, values = one.get("operator") or "", one.get("values") or []
        if not isinstance(operator, str) or not isinstance(values, list):
            continue  # another rule says that the type is wrong
        if operator not in _OPERATORS:
            yield below, f"has an operator that there is not: {operator!r}"
        elif bool(values) != _OPERATORS[operator]:
            yield below, f"has {'no values' if _OPERATORS[operator] else 'values'} for the operator {operator}"
        elif not _label_key(one.get("key", "")):
            yield below, f"has a key that is no label: {one.get('key', '')!r}"
        elif not all(_label_value(value) for value in values):
            yield below, "has a value that is no value of a label"


def _label_key(key: Json) -> bool:
    if not isinstance(key, str):
        return True
    prefix, separator, name = key.rpartition("/")
    if separator and not (
        re.fullmatch(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*", prefix) and len(prefix) <= 253
    ):
        return False
    return len(name) <= 63 and re.fullmatch(r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]", name) is not None


def _label_value(value: Json) -> bool:
    if not isinstance(value, str) or value == "":
        return True
    return len(value) <= 63 and re.fullmatch(r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]", value) is not None


@rule(Severity.ERROR, over=tables.specs, verdict=True)
def executor_plugin_incomplete(spec: model.WorkflowSpec, context: Context) -> Iterator[Problem]:
    """An executor plugin of a workflow lacks what Argo needs of it.

    A plugin has a name, and its sidecar a name, a port, resource requests and limits, and a security context. Argo
    refuses the manifest (4.1 and later).

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          executorPlugins:
            - metadata: {name: hello}
              spec:
                sidecar:
                  container:  # here
                    name: hello
                    image: "hello:1.0"
                    resources: {requests: {cpu: 100m}, limits: {cpu: 200m}}
                    securityContext: {runAsNonRoot: true}
          templates:
            - name: main
              plugin: {hello: {}}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          executorPlugins:
            - metadata: {name: hello}
              spec:
                sidecar:
                  container:
                    name: hello
                    image: "hello:1.0"
                    ports: [{containerPort: 4355}]
                    resources: {requests: {cpu: 100m}, limits: {cpu: 200m}}
                    securityContext: {runAsNonRoot: true}
          templates:
            - name: main
              plugin: {hello: {}}
    """
    if context.version < ArgoVersion.V4_1:
        return
    for n, plugin in enumerate(spec.executor_plugins):
        address: Address = (*context.spec_address, "executorPlugins", n)
        container = plugin.spec.sidecar.container
        below: Address = (*address, "spec", "sidecar", "container")
        if not plugin.metadata.name:
            yield Problem("this executor plugin has no name", (*address, "metadata"), rejected=True)
        missing = [
            what
            for what, there in (
                ("ports", container.ports),
                ("resources.requests", container.resources.get("requests")),
                ("resources.limits", container.resources.get("limits")),
            )
            if not there
        ]
        if container.security_context is None:
            missing.append("securityContext")
        for what in missing:
            message = f"the sidecar of the executor plugin {plugin.metadata.name!r} has no {what}"
            yield Problem(message, below, part="key", rejected=True)


@rule(Severity.ERROR, over=tables.specs, verdict=True)
def pod_resources_invalid(spec: model.WorkflowSpec, context: Context) -> Iterator[Problem]:
    """The `podResources` ask for something that Kubernetes does not bound for a pod as a whole.

    Only `cpu`, `memory` and `hugepages-*`, no claims, and only in templates with a pod of their own. Argo refuses
    the manifest (4.1 and later).

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          podResources: {limits: {ephemeral-storage: 1Gi}}  # here
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          podResources: {limits: {memory: 1Gi}}
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
    """
    if context.version < ArgoVersion.V4_1:
        return
    if spec.pod_resources is not None:
        base = Place(context.workspace.owner(context.manifest), context.spec_address)
        yield from _pod_resources(spec.pod_resources, base, context)
    for arrival in context.walk.arrivals:
        if arrival.template.pod_resources is not None:
            yield from _template_pod_resources(arrival, context)


def _template_pod_resources(arrival: Arrival, context: Context) -> Iterator[Problem]:
    if arrival.kind in ("http", "plugin"):
        where = context.place(arrival.place, "podResources")
        yield Problem(f"a {arrival.kind} template has no pod of its own", **where, part="key", rejected=True)
    yield from _pod_resources(arrival.template.pod_resources, arrival.place, context)


def _pod_resources(resources: dict[str, Any] | None, place: Place, context: Context) -> Iterator[Problem]:
    if resources is None:
        return
    if resources.get("claims"):
        where = context.place(place, "podResources", "claims")
        yield Problem("podResources take no claims", **where, part="key", rejected=True)
    for field in ("limits", "requests"):
        amounts = resources.get(field)
        for name in amounts if isinstance(amounts, dict) else ():
            if name not in ("cpu", "memory") and not name.startswith("hugepages-"):
                where = context.place(place, "podResources", field, name)
                yield Problem(f"a pod as a whole has no {name!r}", **where, part="key", rejected=True)
