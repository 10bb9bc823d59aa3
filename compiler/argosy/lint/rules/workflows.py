"""The workflow as a whole: its name, entrypoint, hooks, plugins and garbage collection."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from argosy import model
from argosy.lint import tables
from argosy.lint.context import Context
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule
from argosy.scope import Arrival, Place, Visit
from argosy.source import Address, Json, at
from argosy.versions import ArgoVersion


@rule(Severity.ERROR, over=tables.specs, verdict=True)
def object_name_too_long(spec: model.WorkflowSpec, context: Context) -> Iterator[Problem]:
    """The name of a document is longer than 63 characters, or, of a CronWorkflow, 52.

    Kubernetes' labels hold 63 characters; a CronWorkflow adds the time to its name for each run. Argo refuses the manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata:
          name: a-name-that-goes-on-and-on-until-it-has-more-than-sixty-three-characters  # here
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata:
          name: a-short-name
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
    """
    name = at(context.manifest.data, ("metadata", "name"))
    most = 52 if context.kind == "CronWorkflow" else 63
    if isinstance(name, str) and len(name.encode()) > most:
        message = f"the name of this {context.kind} has {len(name)} characters, more than {most}"
        yield Problem(message, ("metadata", "name"), rejected=True)


@rule(Severity.ERROR, over=tables.specs, verdict=True)
def entrypoint_missing(spec: model.WorkflowSpec, context: Context) -> Iterator[Problem]:
    """A workflow does not say which template it starts with.

    `entrypoint` is needed in a Workflow and in a CronWorkflow, unless the workflow template that it refers to has one. Argo refuses
    the manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:  # here
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
    """
    reference = context.walk.reference
    if context.kind not in ("Workflow", "CronWorkflow") or spec.entrypoint:
        return
    if spec.workflow_template_ref is not None and (reference is None or reference.spec.entrypoint):
        return
    names = [one.name for one in (reference.spec if reference else spec).templates]
    hint = f"one of {', '.join(names)}" if names else "and templates"
    yield Problem("this workflow has no entrypoint", context.spec_address, hint, part="key", rejected=True)


@rule(Severity.ERROR, over=tables.specs, verdict=True)
def templates_beside_reference(spec: model.WorkflowSpec, context: Context) -> Iterator[Problem]:
    """A workflow that is made from a workflow template has templates of its own.

    With `workflowTemplateRef`, all templates are the other's. To call some of its templates from your own, use `templateRef` in a
    step or task. Argo refuses the manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: WorkflowTemplate
        metadata: {name: library}
        spec:
          entrypoint: build
          templates:
            - name: build
              container: {image: "alpine:3.20", command: [make]}
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          workflowTemplateRef: {name: library}
          templates:  # here
            - name: build
              container: {image: "alpine:3.20", command: [make, all]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: WorkflowTemplate
        metadata: {name: library}
        spec:
          entrypoint: build
          templates:
            - name: build
              container: {image: "alpine:3.20", command: [make]}
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          workflowTemplateRef: {name: library}
    """
    if spec.workflow_template_ref is not None and spec.templates:
        message = "this workflow has both workflowTemplateRef and templates"
        yield Problem(message, (*context.spec_address, "templates"), part="key", rejected=True)


@rule(Severity.ERROR, over=tables.hooks, verdict=True)
def hook_without_expression(hook: tables.HookAt, context: Context) -> Iterator[Problem]:
    """A hook that is no exit handler has no `expression`.

    Only the hook named `exit` runs by itself, at the end. Any other runs when its expression becomes true. Argo refuses the manifest
    for a hook of the workflow or of a step; for a task of a DAG its linter passes, and the run ends in error.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          hooks:
            finished:  # here
              template: notify
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: notify
              container: {image: "alpine:3.20", command: [echo, done]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          hooks:
            exit:
              template: notify
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
            - name: notify
              container: {image: "alpine:3.20", command: [echo, done]}
    """
    if not hook.is_exit and not hook.hook.expression and hook.level != "task":
        message = f"the hook {hook.name!r} of the {hook.level} has no expression, so nothing says when it runs"
        hint = "name it exit, if it is to run at the end, or give it an expression"
        yield Problem(message, hook.address, hint, part="key", rejected=True)


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

    A plugin has a name, and its sidecar a name, a port, resource requests and limits, and a security context. Argo refuses the
    manifest (4.1 and later).

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

    Only `cpu`, `memory` and `hugepages-*`, no claims, and only in templates with a pod of their own. Argo refuses the manifest (4.1
    and later).

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
    base = Place(context.workspace.owner(context.manifest), context.spec_address)
    yield from _pod_resources(spec.pod_resources, base, context)
    for arrival in context.walk.arrivals:
        yield from _template_pod_resources(arrival, context)


def _template_pod_resources(arrival: Arrival, context: Context) -> Iterator[Problem]:
    if arrival.template.pod_resources is not None and arrival.kind in ("http", "plugin"):
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


@rule(Severity.ERROR, over=tables.visits, verdict=True)
def template_metric_invalid(visit: Visit, context: Context) -> Iterator[Problem]:
    """A metric of a template has a name, label or value that Prometheus or Argo does not take.

    Names and labels have letters, digits and underscores, and don't begin with a digit. A metric needs `help`, and its gauge, counter or
    histogram a `value`; a real-time gauge cannot use `resourcesDuration`. Argo refuses the manifest; it does not look at the
    metrics of the workflow itself.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
              metrics:
                prometheus:
                  - name: build-duration  # here
                    help: How long a build took
                    gauge: {value: "{{duration}}"}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
              metrics:
                prometheus:
                  - name: build_duration
                    help: How long a build took
                    gauge: {value: "{{duration}}"}
    """
    metrics = visit.template.metrics
    for n, metric in enumerate(metrics.prometheus if metrics is not None else ()):
        below: Address = ("metrics", "prometheus", n)
        if not _metric_name(metric.name):
            where = context.place(visit.place, *below, *(["name"] if metric.name else []))
            yield Problem(f"{metric.name!r} is no name of a metric", **where, rejected=True)
        for m, label in enumerate(metric.labels):
            if not _metric_name(label.key):
                where = context.place(visit.place, *below, "labels", m)
                yield Problem(f"{label.key!r} is no label of a metric", **where, rejected=True)
        if not metric.help:
            yield Problem(
                f"the metric {metric.name!r} has no help", **context.place(visit.place, *below), rejected=True
            )
        for kind in ("gauge", "counter", "histogram"):
            body = getattr(metric, kind)
            if body is not None and not body.value:
                where = context.place(visit.place, *below, kind)
                yield Problem(f"the {kind} of the metric {metric.name!r} has no value", **where, rejected=True)
        if metric.gauge is not None and metric.gauge.realtime and "resourcesDuration." in metric.gauge.value:
            where = context.place(visit.place, *below, "gauge", "value")
            message = f"the real-time metric {metric.name!r} uses resourcesDuration, which is known at the end only"
            yield Problem(message, **where, rejected=True)


def _metric_name(name: str) -> bool:
    return re.fullmatch(r"[a-zA-Z_][a-zA-Z0-9_]*", name) is not None


@rule(Severity.ERROR, over=tables.documents, verdict=True)
def workflow_template_duplicate(document: Context, context: Context) -> Iterator[Problem]:
    """Two workflow templates have the same name in the same namespace.

    Argo refuses to lint such files together: it could not tell which of the two is meant.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: WorkflowTemplate
        metadata: {name: library}
        spec:
          templates:
            - name: build
              container: {image: "alpine:3.20", command: [make]}
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: WorkflowTemplate
        metadata:
          name: library  # here
        spec:
          templates:
            - name: test
              container: {image: "alpine:3.20", command: [make, test]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: WorkflowTemplate
        metadata: {name: library}
        spec:
          templates:
            - name: build
              container: {image: "alpine:3.20", command: [make]}
    """
    if context.kind in ("WorkflowTemplate", "ClusterWorkflowTemplate"):
        first = context.workspace.first_named(context.manifest)
        if first is not context.manifest and first is not None:
            where = f"in {first.origin.path}" if first.origin.path != context.manifest.origin.path else "in this file"
            message = f"there is another {context.kind} named {context.manifest.name!r} {where}"
            yield Problem(message, ("metadata", "name"), rejected=True)
