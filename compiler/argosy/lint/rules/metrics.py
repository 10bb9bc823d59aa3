"""Metrics of templates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from argosy.lint import tables
from argosy.lint.context import Context
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule
from argosy.scope import Visit
from argosy.source import Address


@rule(Severity.ERROR, over=tables.visits, verdict=True)
def template_metric_invalid(visit: Visit, context: Context) -> Iterator[Problem]:
    """A metric of a template has a name, label or value that Prometheus or Argo does not take.

    Names and labels have letters, digits and underscores, and don't begin with a digit. A metric needs `help`, and
    its gauge, counter or histogram a `value`; a real-time gauge cannot use `resourcesDuration`. Argo refuses the
    manifest; it does not look at the metrics of the workflow itself.

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
