"""Fields of pods with values that the cluster refuses, when the pod is made: Argo's linter passes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from argosy import model
from argosy.lint import tables
from argosy.lint.context import Context, table
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule
from argosy.lint.volumes import names_of
from argosy.source import Address, Json, at

_OF_CONTAINER: Mapping[str, tuple[str, ...]] = {
    "imagePullPolicy": ("Always", "IfNotPresent", "Never"),
    "terminationMessagePolicy": ("File", "FallbackToLogsOnError"),
}
_OF_SPEC: Mapping[str, tuple[str, ...]] = {"dnsPolicy": ("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None")}
_OF_TOLERATION: Mapping[str, tuple[str, ...]] = {
    "operator": ("Exists", "Equal", "Lt", "Gt"),
    "effect": ("NoSchedule", "PreferNoSchedule", "NoExecute"),
}


@table
def choices(context: Context) -> Iterator[tuple[str, Json, tuple[str, ...], Address]]:
    """Give each field of a pod that has few values: its name, value, the values that there are, its address."""
    if not context.is_argo:
        return
    spec: Address = context.spec_address
    places: list[tuple[Address, Mapping[str, tuple[str, ...]]]] = [(spec, _OF_SPEC)]
    places += [(one.address, _OF_CONTAINER) for one in tables.containers(context)]
    for holder in (spec, *(one.address for one in (*tables.templates(context), *tables.defaults(context)))):
        tolerations = at(context.manifest.data, (*holder, "tolerations"))
        count = len(tolerations) if isinstance(tolerations, list) else 0
        places += [((*holder, "tolerations", n), _OF_TOLERATION) for n in range(count)]
    for address, fields in places:
        found = at(context.manifest.data, address)
        for name, values in fields.items() if isinstance(found, dict) else ():
            if name in found:
                yield name, found[name], values, (*address, name)


@rule(Severity.ERROR, over=choices)
def pod_value_unknown(one: tuple[str, Json, tuple[str, ...], Address], context: Context) -> Iterator[Problem]:
    """A field of a pod has a value that Kubernetes does not know.

    Argo's linter passes it; the cluster refuses the pod, and the node ends in Error.

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
                imagePullPolicy: always  # here
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
                imagePullPolicy: Always
                command: [make]
    """
    name, value, known, address = one
    if isinstance(value, str) and value and "{{" not in value and value not in known:
        hint = context.did_you_mean(value, known) or f"one of {', '.join(known)}"
        yield Problem(f"{name} cannot be {value!r}", address, hint)


@rule(Severity.WARNING, over=tables.specs)
def volume_name_duplicate(spec: model.WorkflowSpec, context: Context) -> Iterator[Problem]:
    """Two volumes have the same name: Argo takes the first, and nobody mounts the other.

    Volumes and volume claims of a workflow share their names; those of a template stand for themselves.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          volumes:
            - {name: work, emptyDir: {}}
            - {name: work, configMap: {name: settings}}  # here
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
            - {name: work, emptyDir: {}}
            - {name: settings, configMap: {name: settings}}
          templates:
            - name: main
              container:
                image: alpine:3.20
                command: [make]
                volumeMounts: [{name: work, mountPath: /work}, {name: settings, mountPath: /settings}]
    """
    where = context.spec_address
    yield from _twice(
        [(spec.volumes, (*where, "volumes")), (spec.volume_claim_templates, (*where, "volumeClaimTemplates"))]
    )
    for one in tables.templates(context):
        yield from _twice([(one.template.volumes, one.at("volumes"))])


def _twice(lists: list[tuple[list[dict[str, Json]], Address]]) -> Iterator[Problem]:
    seen: set[str] = set()
    for volumes, address in lists:
        for n, name in enumerate(names_of(volumes)):
            if name and name in seen:
                yield Problem(f"there is a volume named {name!r} already, which Argo takes", (*address, n))
            seen.add(name)


@table
def patches(context: Context) -> Iterator[tuple[str, Address]]:
    """Give every `podSpecPatch`, of the workflow and of its templates."""
    if context.is_argo:
        yield context.spec.pod_spec_patch, (*context.spec_address, "podSpecPatch")
        for one in (*tables.templates(context), *tables.defaults(context)):
            yield one.template.pod_spec_patch, one.at("podSpecPatch")


@rule(Severity.ERROR, over=patches)
def pod_spec_patch_invalid(one: tuple[str, Address], context: Context) -> Iterator[Problem]:
    """A `podSpecPatch` is neither YAML nor JSON, or is no map.

    Argo's linter does not read it. The controller cannot make the pod, and the node ends in Error.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          podSpecPatch: '{"terminationGracePeriodSeconds": 5'  # here
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          podSpecPatch: '{"terminationGracePeriodSeconds": 5}'
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
    """
    text, address = one
    if not text.strip() or "{{" in text:
        return
    from argosy.yaml.read import read

    found = read(text.encode())
    problem = next((problem for document in found for problem in document.problems), None)
    if problem is not None:
        yield Problem(f"the podSpecPatch cannot be read: {problem.message}", address)
    elif found and not isinstance(found[0].data, dict):
        yield Problem("the podSpecPatch is no map of a pod's fields", address)
