"""Resource templates: what is done to a Kubernetes object, and to which."""

from __future__ import annotations

import re
from collections.abc import Iterator

from argosy.lint import tables
from argosy.lint.context import Context
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule
from argosy.scope import Visit

ACTIONS = ("get", "create", "apply", "delete", "replace", "patch")


@rule(Severity.ERROR, over=tables.visits, verdict=True)
def resource_action_unknown(visit: Visit, context: Context) -> Iterator[Problem]:
    """The `action` of a resource template is not one that Argo knows.

    It is one of `get`, `create`, `apply`, `delete`, `replace` and `patch`, in small letters. Argo refuses the manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              resource:
                action: update  # here
                manifest: |
                  {apiVersion: v1, kind: ConfigMap, metadata: {name: build}, data: {target: all}}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              resource:
                action: apply
                manifest: |
                  {apiVersion: v1, kind: ConfigMap, metadata: {name: build}, data: {target: all}}
    """
    resource = visit.template.resource
    if resource is None or resource.action.startswith(context.walk.placeholders.prefix):
        return
    if resource.action not in ACTIONS:
        where = context.place(visit.place, "resource", *(["action"] if resource.action else []))
        message = f"{resource.action!r} is no action of a resource template"
        hint = context.did_you_mean(resource.action, ACTIONS) or f"one of {', '.join(ACTIONS)}"
        yield Problem(message, **where, hint=hint, rejected=True)


@rule(Severity.ERROR, over=tables.visits, verdict=True)
def resource_manifest_missing(visit: Visit, context: Context) -> Iterator[Problem]:
    """A resource template has no manifest, two, or one from an artifact that it does not take in.

    `create`, `apply`, `replace` and `patch` need `manifest` or `manifestFrom`; that of an artifact names one of the
    template's input artifacts. Argo refuses the manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              resource:  # here
                action: apply

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              resource:
                action: apply
                manifest: |
                  {apiVersion: v1, kind: ConfigMap, metadata: {name: build}, data: {target: all}}
    """
    resource = visit.template.resource
    if resource is None or resource.action in ("delete", "get"):
        return
    source = resource.manifest_from
    where = context.place(visit.place, "resource")
    if not resource.manifest and source is None:
        yield Problem(f"this resource template has nothing to {resource.action}", **where, part="key", rejected=True)
    elif resource.manifest and source is not None:
        message = "this resource template has both manifest and manifestFrom"
        yield Problem(message, **where, part="key", rejected=True)
    if source is not None and source.artifact is not None:
        known = [one.name for one in visit.template.inputs.artifacts]
        if source.artifact.name not in known:
            where = context.place(visit.place, "resource", "manifestFrom", "artifact")
            message = f"manifestFrom names the artifact {source.artifact.name!r}, which is no input of the template"
            yield Problem(message, **where, hint=context.did_you_mean(source.artifact.name, known), rejected=True)


@rule(Severity.ERROR, over=tables.visits, verdict=True)
def resource_manifest_invalid(visit: Visit, context: Context) -> Iterator[Problem]:
    """The manifest of a resource template is not YAML.

    Argo refuses the manifest. Tags may make it hard to see: quote them, or write them where any text is good YAML.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              resource:
                action: apply
                manifest: |  # here
                  apiVersion: v1
                    kind: ConfigMap

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              resource:
                action: apply
                manifest: |
                  apiVersion: v1
                  kind: ConfigMap
                  metadata: {name: build}
    """
    resource = visit.template.resource
    if resource is None or resource.action in ("delete", "get") or not resource.manifest:
        return
    if resource.manifest.startswith(context.walk.placeholders.prefix):
        return
    from argosy.yaml.read import read

    text = re.sub(r"{{\s*=\s*(.+?)\s*}}", context.walk.placeholders.prefix + "0", resource.manifest)
    problems = [one for document in read(text.replace("\n---", "\n ---"))[:1] for one in document.problems]
    for one in problems:
        if one.kind not in ("duplicate-key", "merge-override", "ignored-text", "key-collision", "json-duplicate-key"):
            message = f"the manifest of this resource template is not YAML: {one.message}"
            yield Problem(message, **context.place(visit.place, "resource", "manifest"), rejected=True)
            return


@rule(Severity.ERROR, over=tables.templates)
def resource_manifest_incomplete(one: tables.TemplateAt, context: Context) -> Iterator[Problem]:
    """The manifest of a resource template does not say what it is, or has no name.

    `kubectl` needs an `apiVersion`, a `kind` and a `metadata.name`, or, to `create`, a `generateName`. Without them the
    node ends in Error. Argo's linter passes it.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              resource:
                action: apply
                manifest: |  # here
                  apiVersion: v1
                  kind: ConfigMap
                  metadata: {generateName: build-}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              resource:
                action: create
                manifest: |
                  apiVersion: v1
                  kind: ConfigMap
                  metadata: {generateName: build-}
    """
    resource = one.template.resource
    if resource is None or resource.action not in ("create", "apply", "replace") or resource.flags:
        return
    text = re.sub(r"\{\{.*?\}\}", "tag", resource.manifest, flags=re.DOTALL)
    if not text.strip() or re.search(r"(?m)^tag\s*$", text):
        return  # a tag may bring the rest
    from argosy.yaml.read import read

    found = read(text)
    if len(found) != 1 or found[0].problems or not isinstance(found[0].data, dict):
        return
    data = found[0].data
    metadata = data.get("metadata")
    names = ("name", "generateName") if resource.action == "create" else ("name",)
    lacks = [key for key in ("apiVersion", "kind") if not data.get(key)]
    if not isinstance(metadata, dict) or not any(metadata.get(key) for key in names):
        lacks.append("metadata.name")
    if lacks and data.get("kind") != "List":
        message = f"the manifest has no {' and no '.join(lacks)}: it cannot be used to {resource.action}"
        yield Problem(message, one.at("resource", "manifest"))


@rule(Severity.WARNING, over=tables.templates)
def retried_create_fails(one: tables.TemplateAt, context: Context) -> Iterator[Problem]:
    """A template that creates an object of a fixed name is retried.

    If the object was made before the attempt failed, each further attempt fails with "already exists". Use `apply`, or
    `generateName`.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              retryStrategy: {limit: 3}
              resource:
                action: create  # here
                manifest: |
                  apiVersion: batch/v1
                  kind: Job
                  metadata: {name: build}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              retryStrategy: {limit: 3}
              resource:
                action: create
                manifest: |
                  apiVersion: batch/v1
                  kind: Job
                  metadata: {generateName: build-}
    """
    resource = one.template.resource
    if resource is None or one.template.retry_strategy is None or resource.action != "create":
        return
    if resource.manifest and "generateName" not in resource.manifest and "{{" not in resource.manifest:
        where = one.at("resource", "action")
        yield Problem(
            f"{one.name!r} creates an object of a fixed name, and is retried", where, "use apply, or generateName"
        )
