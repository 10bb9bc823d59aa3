"""Pods that the cluster refuses for what a container says: Argo's linter passes them, and the node ends in Error."""

from __future__ import annotations

import re
from collections.abc import Iterator

from argosy.lint import tables
from argosy.lint.context import Context, table
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule
from argosy.source import Address, Json, at


@table
def containers(context: Context) -> Iterator[tables.ContainerAt]:
    """Give the containers that no `podSpecPatch` may put right."""
    spec = context.spec
    if spec.pod_spec_patch or (spec.template_defaults is not None and spec.template_defaults.pod_spec_patch):
        return
    for one in tables.containers(context):
        if not one.inside.template.pod_spec_patch:
            yield one


@rule(Severity.ERROR, over=containers)
def environment_invalid(one: tables.ContainerAt, context: Context) -> Iterator[Problem]:
    """An environment variable has no name, or a `value` and a `valueFrom`.

    The cluster refuses the pod, and the node ends in Error. Argo's linter passes it.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container:
                image: alpine:3.20
                command: [make]
                env:
                  - name: NODE
                    value: unknown
                    valueFrom: {fieldRef: {fieldPath: spec.nodeName}}  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container:
                image: alpine:3.20
                command: [make]
                env:
                  - name: NODE
                    valueFrom: {fieldRef: {fieldPath: spec.nodeName}}
    """
    for n, variable in enumerate(one.container.env):
        if not variable.name:
            yield Problem("an environment variable has no name: the pod is refused", one.at("env", n))
        if variable.value and variable.value_from:
            message = f"{variable.name!r} has a value and a valueFrom: the pod is refused"
            yield Problem(message, one.at("env", n, "valueFrom"), "take one of them out")


@rule(Severity.ERROR, over=containers)
def request_above_limit(one: tables.ContainerAt, context: Context) -> Iterator[Problem]:
    """A container asks for more than it may have.

    A request above its limit is refused by the cluster, and the node ends in Error. Argo's linter passes it.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container:
                image: alpine:3.20
                command: [make]
                resources:
                  requests: {memory: 1Gi}  # here
                  limits: {memory: 512Mi}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container:
                image: alpine:3.20
                command: [make]
                resources:
                  requests: {memory: 512Mi}
                  limits: {memory: 1Gi}
    """
    requests, limits = (one.container.resources.get(key) for key in ("requests", "limits"))
    if not isinstance(requests, dict) or not isinstance(limits, dict):
        return
    from argosy.lint.quantities import amount

    for name, asked in requests.items():
        allowed = limits.get(name)
        low, high = (amount(text) if isinstance(text, str | int | float) else None for text in (asked, allowed))
        if low is not None and high is not None and low > high:
            where = one.at("resources", "requests", name)
            yield Problem(f"{asked} of {name} is asked for, and {allowed} is the limit: the pod is refused", where)


@rule(Severity.ERROR, over=containers)
def mount_without_path(one: tables.ContainerAt, context: Context) -> Iterator[Problem]:
    """A container mounts a volume, and does not say where.

    A `volumeMount` needs a `mountPath`. The cluster refuses the pod, and the node ends in Error. Argo's linter passes
    it.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          volumes: [{name: work, emptyDir: {}}]
          templates:
            - name: main
              container:
                image: alpine:3.20
                command: [make]
                volumeMounts:
                  - name: work  # here
                    subPath: build

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          volumes: [{name: work, emptyDir: {}}]
          templates:
            - name: main
              container:
                image: alpine:3.20
                command: [make]
                volumeMounts:
                  - name: work
                    subPath: build
                    mountPath: /work
    """
    for n, mount in enumerate(one.container.volume_mounts):
        if not mount.get("mountPath"):
            yield Problem(f"the volume {mount.get('name')!r} is mounted nowhere", one.at("volumeMounts", n))


@rule(Severity.ERROR, over=containers)
def probe_without_check(one: tables.ContainerAt, context: Context) -> Iterator[Problem]:
    """A probe of a container looks at nothing.

    It needs one of `exec`, `httpGet`, `tcpSocket` and `grpc`. The cluster refuses the pod, and the node ends in Error.
    Argo's linter passes it.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: test-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container:
                image: postgres:16
                command: [postgres]
                readinessProbe:  # here
                  periodSeconds: 5

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: test-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container:
                image: postgres:16
                command: [postgres]
                readinessProbe:
                  periodSeconds: 5
                  tcpSocket: {port: 5432}
    """
    for key in ("livenessProbe", "readinessProbe", "startupProbe"):
        probe = at(context.manifest.data, one.at(key))
        if isinstance(probe, dict) and not any(how in probe for how in ("exec", "httpGet", "tcpSocket", "grpc")):
            yield Problem(
                f"the {key} looks at nothing", one.at(key), "give it an exec, httpGet or tcpSocket", part="key"
            )


@table
def _beside(context: Context) -> Iterator[list[tables.ContainerAt]]:
    """Give, by template, its containers that have names of their own."""
    defaults = context.spec.template_defaults
    merged = defaults is not None and (defaults.sidecars or defaults.init_containers or defaults.container_set)
    found: dict[int, list[tables.ContainerAt]] = {}
    for one in containers(context) if not merged else ():
        if one.role in ("set", "init", "sidecar"):
            found.setdefault(id(one.inside), []).append(one)
    yield from found.values()


@rule(Severity.ERROR, over=_beside)
def sidecar_invalid(ones: list[tables.ContainerAt], context: Context) -> Iterator[Problem]:
    """A sidecar, an init container or a container of a set has no image, or a name that a pod cannot have.

    The containers of a pod have different names, of lower-case letters, digits and dashes; `main` is that of the
    template. The cluster refuses the pod, and the node ends in Error. Argo's linter passes it.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: test-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [test]}
              sidecars:
                - {name: Data_Base, image: "postgres:16", command: [postgres]}  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: test-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [test]}
              sidecars:
                - {name: database, image: "postgres:16", command: [postgres]}
    """
    seen = {"main"} if ones[0].inside.template.container_set is None else set()
    for one in ones:
        name, what = one.container.name, _what(one)
        if not one.container.image:
            yield Problem(f"{what} has no image: the pod is refused", one.address)
        if not name and one.role == "sidecar":
            yield Problem("a sidecar has no name: the pod is refused", one.address)
        elif name in seen:
            yield Problem(f"there is another container named {name!r}: the pod is refused", one.at("name"))
        elif name and "{{" not in name and not _is_label(name):
            yield Problem(f"a container cannot be named {name!r}: the pod is refused", one.at("name"))
        seen.add(name)


def _what(one: tables.ContainerAt) -> str:
    kind = {"set": "container", "init": "init container"}.get(one.role, "sidecar")
    return f"the {kind} {one.container.name!r}" if one.container.name else f"a {kind}"


def _is_label(name: str) -> bool:
    return len(name) <= 63 and re.fullmatch(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", name) is not None


@table
def _volumes(context: Context) -> Iterator[tuple[dict[str, Json], Address]]:
    if not context.is_argo or context.spec.pod_spec_patch:
        return
    for n, volume in enumerate(context.spec.volumes):
        yield volume, (*context.spec_address, "volumes", n)
    for one in tables.templates(context):
        if not one.template.pod_spec_patch:
            for n, volume in enumerate(one.template.volumes):
                yield volume, one.at("volumes", n)


@rule(Severity.ERROR, over=_volumes)
def volume_invalid(one: tuple[dict[str, Json], Address], context: Context) -> Iterator[Problem]:
    """A volume comes from two places, or has a name that a pod cannot have.

    The cluster refuses the pod of each container that mounts it, and the node ends in Error. Argo's linter passes it.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          volumes:
            - name: work  # here
              emptyDir: {}
              configMap: {name: settings}
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make], volumeMounts: [{name: work, mountPath: /work}]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          volumes:
            - name: work
              emptyDir: {}
            - name: settings
              configMap: {name: settings}
          templates:
            - name: main
              container:
                image: alpine:3.20
                command: [make]
                volumeMounts: [{name: work, mountPath: /work}, {name: settings, mountPath: /settings}]
    """
    volume, address = one
    name = volume.get("name")
    sources = [key for key, value in volume.items() if key != "name" and isinstance(value, dict)]
    if len(sources) > 1:
        yield Problem(f"the volume {name!r} is {' and '.join(sources)}: the pod is refused", address)
    if isinstance(name, str) and name and "{{" not in name and not _is_label(name):
        yield Problem(f"a volume cannot be named {name!r}: the pod is refused", (*address, "name"))
