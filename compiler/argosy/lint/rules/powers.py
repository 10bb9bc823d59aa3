"""What a pod may do beyond its own container."""

from __future__ import annotations

from collections.abc import Iterator

from argosy import model
from argosy.lint import tables
from argosy.lint.context import Context
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule
from argosy.source import at

_POWERFUL = frozenset({"ALL", "SYS_ADMIN", "SYS_PTRACE", "SYS_MODULE", "DAC_READ_SEARCH", "BPF"})


@rule(Severity.WARNING, over=tables.containers)
def capability_powerful(one: tables.ContainerAt, context: Context) -> Iterator[Problem]:
    """A container is given a capability that is nearly as good as being privileged.

    With `SYS_ADMIN`, `ALL` and their like, what breaks out of the container owns the node.

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
                securityContext:
                  capabilities:
                    add: [SYS_ADMIN]  # here

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
                securityContext:
                  capabilities:
                    add: [NET_BIND_SERVICE]
    """
    where = one.at("securityContext", "capabilities", "add")
    added = at(context.manifest.data, where)
    for n, name in enumerate(added if isinstance(added, list) else ()):
        if isinstance(name, str) and name.removeprefix("CAP_") in _POWERFUL:
            yield Problem(f"the capability {name} is nearly as good as being privileged", (*where, n))


@rule(Severity.WARNING, over=tables.specs)
def host_network_shared(spec: model.WorkflowSpec, context: Context) -> Iterator[Problem]:
    """The pods of a workflow share the network of their node.

    They reach whatever listens on the node itself, its own services and other pods' host ports among it, and network
    policies do not hold for them.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          hostNetwork: true  # here
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
    if spec.host_network:
        yield Problem("the pods share the network of their node", (*context.spec_address, "hostNetwork"))
