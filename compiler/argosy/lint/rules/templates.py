"""What makes a template one that Argo takes: its kind, and fields that only some kinds have."""

from __future__ import annotations

from collections.abc import Iterator

from argosy.language.gotext import atoi
from argosy.lint import tables
from argosy.lint.context import Context
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule
from argosy.scope import Arrival, Visit
from argosy.scope.facts import kinds_of
from argosy.source import at
from argosy.variables import LEAF_KINDS, POD_KINDS, TEMPLATE_KINDS
from argosy.versions import ArgoVersion


@rule(Severity.ERROR, over=tables.arrivals, verdict=True)
def template_without_kind(found: Arrival, context: Context) -> Iterator[Problem]:
    """A template does not say what it does.

    It needs one of `container`, `containerSet`, `steps`, `dag`, `script`, `resource`, `data`, `suspend`, `http` and
    `plugin`. A suspend template without a duration is written `suspend: {}`. Argo refuses the manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main  # here
              inputs: {parameters: [{name: target, value: all}]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              inputs: {parameters: [{name: target, value: all}]}
              container: {image: "alpine:3.20", command: [make, "{{inputs.parameters.target}}"]}
    """
    if found.kind is None:
        hint = f"give it one of {', '.join(TEMPLATE_KINDS)}"
        yield Problem(f"{_what(found)} has no kind", **context.place(found.place), hint=hint, rejected=True)


@rule(Severity.ERROR, over=tables.arrivals, verdict=True)
def template_with_several_kinds(found: Arrival, context: Context) -> Iterator[Problem]:
    """A template has more than one of `container`, `steps`, `dag`, ...

    A template does one thing. Argo refuses the manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
              suspend: {}  # here

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
    kinds = kinds_of(found.template, at(found.place.owner.manifest.data, found.place.address))
    if len(kinds) > 1:
        message = f"{_what(found)} has {len(kinds)} kinds: {', '.join(kinds)}"
        yield Problem(message, **context.place(found.place, kinds[-1]), part="key", rejected=True)


@rule(Severity.ERROR, over=tables.arrivals, verdict=True)
def retry_policy_unknown(found: Arrival, context: Context) -> Iterator[Problem]:
    """The `retryPolicy` of a template is not one that Argo knows.

    Argo refuses the manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              retryStrategy: {limit: 3, retryPolicy: OnTransient}  # here
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              retryStrategy: {limit: 3, retryPolicy: OnTransientError}
              container: {image: "alpine:3.20", command: [make]}
    """
    policies = ("Always", "OnFailure", "OnError", "OnTransientError")
    strategy = found.template.retry_strategy
    if strategy is not None and strategy.retry_policy not in (*policies, ""):
        where = context.place(found.place, "retryStrategy", "retryPolicy")
        message = f"{strategy.retry_policy!r} is no retry policy"
        yield Problem(message, **where, hint=f"one of {', '.join(policies)}", rejected=True)


@rule(Severity.ERROR, over=tables.arrivals, verdict=True)
def init_container_without_name(found: Arrival, context: Context) -> Iterator[Problem]:
    """An init container of a template has no name.

    Kubernetes needs it, and Argo refuses the manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              initContainers:
                - {name: "", image: "alpine:3.20", command: [mkdir, /src]}  # here
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              initContainers:
                - {name: prepare, image: "alpine:3.20", command: [mkdir, /src]}
              container: {image: "alpine:3.20", command: [make]}
    """
    for n, container in enumerate(found.template.init_containers):
        if not container.name:
            where = context.place(found.place, "initContainers", n)
            yield Problem(f"an init container of {_what(found)} has no name", **where, rejected=True)


@rule(Severity.ERROR, over=tables.visits, verdict=True)
def timeout_invalid(visit: Visit, context: Context) -> Iterator[Problem]:
    """A template has a `timeout` that is only a number.

    It needs a unit: `30s`, `5m`, `1h30m`. Argo refuses a bare number; other mistakes it finds only when the template
    starts.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              timeout: "300"  # here
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              timeout: 300s
              container: {image: "alpine:3.20", command: [make]}
    """
    timeout = visit.template.timeout
    if _leaf(visit) and atoi(timeout) is not None:
        where = context.place(visit.place, "timeout")
        message = f"the timeout of {_named(visit)} has no unit: {timeout!r}"
        yield Problem(message, **where, hint=f"for example {timeout}s", rejected=True)


@rule(Severity.ERROR, over=tables.visits, verdict=True)
def field_only_for_leaves(visit: Visit, context: Context) -> Iterator[Problem]:
    """A steps, DAG or suspend template has a field that only templates with a pod or request of their own have.

    `timeout`, `pendingTimeout` and `activeDeadlineSeconds` bound one pod. Set them on the templates that the steps
    call, or `activeDeadlineSeconds` in `spec` for the workflow as a whole. Argo refuses the manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              timeout: 300s  # here
              steps: [[{name: build, template: build}]]
            - name: build
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              steps: [[{name: build, template: build}]]
            - name: build
              timeout: 300s
              container: {image: "alpine:3.20", command: [make]}
    """
    if _leaf(visit):
        return
    template, kind = visit.template, _kind(visit)
    found = {"timeout": template.timeout, "pendingTimeout": template.pending_timeout}
    if kind in ("steps", "dag"):
        found["activeDeadlineSeconds"] = "" if template.active_deadline_seconds is None else "set"
    for field, value in found.items():
        if value:
            where = context.place(visit.place, field)
            message = f"{_named(visit)} is a {kind} template, which takes no {field}"
            yield Problem(message, **where, part="key", rejected=True)


@rule(Severity.ERROR, over=tables.visits, verdict=True)
def parallelism_on_leaf(visit: Visit, context: Context) -> Iterator[Problem]:
    """A template that calls no others has a `parallelism`.

    It says how many steps or tasks of a template may run at a time. Argo refuses the manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              parallelism: 2  # here
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          parallelism: 2
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
    """
    if _kind(visit) not in ("steps", "dag") and visit.template.parallelism is not None:
        where = context.place(visit.place, "parallelism")
        message = f"{_named(visit)} calls no other templates, so it takes no parallelism"
        yield Problem(message, **where, part="key", rejected=True)


@rule(Severity.ERROR, over=tables.visits, verdict=True)
def deadline_invalid(visit: Visit, context: Context) -> Iterator[Problem]:
    """The `activeDeadlineSeconds` of a template is neither a number nor a tag.

    It is a number of seconds, not a duration with a unit, and not negative. Argo refuses the manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              activeDeadlineSeconds: 5m  # here
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              activeDeadlineSeconds: 300
              container: {image: "alpine:3.20", command: [make]}
    """
    deadline = visit.template.active_deadline_seconds
    if deadline is None or _kind(visit) in ("steps", "dag"):
        return
    text = str(deadline)
    number = atoi(text)
    is_tag = text.startswith("{{") and text.endswith("}}")
    if (number is not None and number >= 0) or is_tag or text.startswith(context.walk.placeholders.prefix):
        return
    where = context.place(visit.place, "activeDeadlineSeconds")
    message = f"the activeDeadlineSeconds of {_named(visit)} is no number of seconds: {text!r}"
    yield Problem(message, **where, rejected=True)


@rule(Severity.ERROR, over=tables.visits, verdict=True)
def resource_claims_without_pod(visit: Visit, context: Context) -> Iterator[Problem]:
    """A template that runs no pod has `resourceClaims`.

    Claims are attached to a template's pod, and steps, DAGs, suspend, HTTP and plugin templates have none of their
    own. Argo refuses the manifest (4.1 and later).

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              resourceClaims:  # here
                - {name: gpu, resourceClaimTemplateName: gpu}
              suspend: {duration: 1m}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              resourceClaims:
                - {name: gpu, resourceClaimTemplateName: gpu}
              container: {image: "alpine:3.20", command: [make]}
    """
    if context.version >= ArgoVersion.V4_1 and visit.template.resource_claims and _kind(visit) not in POD_KINDS:
        where = context.place(visit.place, "resourceClaims")
        message = f"{_named(visit)} is a {_kind(visit)} template and runs no pod that could have resourceClaims"
        yield Problem(message, **where, part="key", rejected=True)


def _kind(visit: Visit) -> str | None:
    return visit.kind


def _leaf(visit: Visit) -> bool:
    return _kind(visit) in LEAF_KINDS


def _named(visit: Visit) -> str:
    return f"the template {visit.source.name!r}" if visit.source.name else "this inline template"


def _what(found: Arrival) -> str:
    return f"the template {found.template.name!r}" if found.template.name else "this template"
