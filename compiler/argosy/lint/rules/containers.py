"""Containers, scripts, sets of containers and sidecars."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from argosy.lint import tables
from argosy.lint.context import Context
from argosy.lint.finding import Related, Severity
from argosy.lint.rule import Problem, rule
from argosy.scope import Visit
from argosy.source import Address
from argosy.versions import ArgoVersion


@rule(Severity.ERROR, over=tables.visits, verdict=True)
def image_missing(visit: Visit, context: Context) -> Iterator[Problem]:
    """A container or script has no image.

    Argo refuses the manifest, unless `templateDefaults` gives one. It does not look at the defaults of a
    ClusterWorkflowTemplate that is referred to.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container:  # here
                command: [make]

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
    """
    owner = visit.place.owner
    defaults = owner.spec.template_defaults if owner.scope != "cluster" else None
    for field in ("container", "script"):
        found = getattr(visit.template, field)
        default = getattr(defaults, field) if defaults is not None else None
        if found is not None and not found.image and not (default is not None and default.image):
            message = f"the {field} of the template {visit.source.name!r} has no image"
            yield Problem(message, **context.place(visit.place, field), part="key", rejected=True)


@rule(Severity.ERROR, over=tables.visits, verdict=True)
def mount_path_duplicate(visit: Visit, context: Context) -> Iterator[Problem]:
    """Two volumes of a container, or a volume and an input artifact, are mounted at the same path.

    Argo refuses the manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          volumes: [{name: a, emptyDir: {}}, {name: b, emptyDir: {}}]
          templates:
            - name: main
              container:
                image: alpine:3.20
                command: [make]
                volumeMounts:
                  - {name: a, mountPath: /work}
                  - {name: b, mountPath: /work}  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          volumes: [{name: a, emptyDir: {}}, {name: b, emptyDir: {}}]
          templates:
            - name: main
              container:
                image: alpine:3.20
                command: [make]
                volumeMounts:
                  - {name: a, mountPath: /work}
                  - {name: b, mountPath: /cache}
    """
    template = visit.template
    if template.container is not None:
        mounts = [*_mounts(template.container.volume_mounts, ("container", "volumeMounts"))]
        mounts += [(one.path, ("inputs", "artifacts", n, "path")) for n, one in enumerate(template.inputs.artifacts)]
        yield from _twice(mounts, visit, context)
    if template.container_set is not None:
        yield from _twice(
            [*_mounts(template.container_set.volume_mounts, ("containerSet", "volumeMounts"))], visit, context
        )


def _mounts(mounts: Sequence[dict[str, Any]], below: Address) -> Iterator[tuple[str, Address]]:
    for n, mount in enumerate(mounts):
        path = mount.get("mountPath")
        yield (path if isinstance(path, str) else ""), (*below, n, "mountPath")


def _twice(mounts: list[tuple[str, Address]], visit: Visit, context: Context) -> Iterator[Problem]:
    seen: dict[str, Address] = {}
    for path, address in mounts:
        if path in seen:
            where = context.place(visit.place, *address)
            first = Related((*visit.place.address, *seen[path]), "here already")
            yield Problem(
                f"{path!r} is mounted twice", **where, related=() if "manifest" in where else (first,), rejected=True
            )
        seen.setdefault(path, address)


@rule(Severity.ERROR, over=tables.visits, verdict=True)
def container_set_invalid(visit: Visit, context: Context) -> Iterator[Problem]:
    """A set of containers has none, waits for one that it lacks, waits in a circle, or has no `main` to give outputs.

    Inputs and outputs of a containerSet are those of its container named `main`. Argo refuses the manifest.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              containerSet:
                containers:
                  - {name: build, image: "alpine:3.20", command: [make]}
                  - {name: main, image: "alpine:3.20", command: [make, test], dependencies: [biuld]}  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              containerSet:
                containers:
                  - {name: build, image: "alpine:3.20", command: [make]}
                  - {name: main, image: "alpine:3.20", command: [make, test], dependencies: [build]}
    """
    template = visit.template
    if template.container_set is None:
        return
    containers = template.container_set.containers
    below: Address = ("containerSet", "containers")
    names = {one.name: n for n, one in enumerate(containers)}
    if not containers:
        where = context.place(visit.place, "containerSet")
        yield Problem("this containerSet has no containers", **where, part="key", rejected=True)
    for n, one in enumerate(containers):
        for d, name in enumerate(one.dependencies):
            if name not in names:
                where = context.place(visit.place, *below, n, "dependencies", d)
                message = f"the container {one.name!r} depends on {name!r}, which the set does not have"
                yield Problem(message, **where, hint=context.did_you_mean(name, names), rejected=True)
    circle = _circle({one.name: [d for d in one.dependencies if d in names] for one in containers})
    if circle:
        where = context.place(visit.place, *below, names[circle[0]], "dependencies")
        message = f"containers wait for each other in a circle: {' -> '.join([*circle, circle[0]])}"
        yield Problem(message, **where, rejected=True)
    outputs = template.outputs
    if (template.inputs.artifacts or outputs.parameters or outputs.artifacts) and "main" not in names:
        where = context.place(visit.place, "containerSet", "containers")
        message = "this containerSet has inputs or outputs, and no container named 'main'"
        yield Problem(message, **where, part="key", rejected=True)


def _circle(graph: dict[str, list[str]]) -> list[str]:
    """Give the names of one circle, or nothing; takes away what depends on nothing until nothing more goes."""
    left = dict(graph)
    while free := [name for name, needs in left.items() if not any(need in left for need in needs)]:
        for name in free:
            del left[name]
    path: list[str] = []
    at = next(iter(left), None)
    while at is not None and at not in path:
        path.append(at)
        at = next(need for need in left[at] if need in left)
    return path[path.index(at) :] if at is not None else []


RESERVED = ("wait", "supervisor")
RESERVED_PREFIX = "artifact-plugin-"


@rule(Severity.ERROR, over=tables.visits, verdict=True)
def container_name_reserved(visit: Visit, context: Context) -> Iterator[Problem]:
    """A sidecar, or a container of a set, has a name that Argo uses for its own containers.

    `wait`, `supervisor` and names that begin with `artifact-plugin-` are Argo's. It refuses the manifest (4.1 and
    later).

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
              sidecars:
                - {name: wait, image: "redis:7.4"}  # here

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
              sidecars:
                - {name: redis, image: "redis:7.4"}
    """
    if context.version < ArgoVersion.V4_1 or visit.source.steps or visit.source.dag is not None:
        return  # of templates without a pod, Argo does not look at the sidecars
    named: list[tuple[str, Address]] = [(one.name, ("sidecars", n)) for n, one in enumerate(visit.template.sidecars)]
    if visit.template.container_set is not None:
        containers = enumerate(visit.template.container_set.containers)
        named += [(one.name, ("containerSet", "containers", n)) for n, one in containers]
    for name, address in named:
        if name in RESERVED or name.startswith(RESERVED_PREFIX):
            where = context.place(visit.place, *address, "name")
            yield Problem(f"{name!r} is the name of one of Argo's own containers", **where, rejected=True)
