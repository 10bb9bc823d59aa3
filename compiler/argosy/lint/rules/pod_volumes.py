"""Volumes that containers mount: the controller refuses to make a pod that names one that is not there."""

from __future__ import annotations

from collections.abc import Iterator

from argosy.lint import tables
from argosy.lint.context import Context
from argosy.lint.fate import aftermath
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule
from argosy.lint.spelling import respelt
from argosy.lint.volumes import names_of

_ARGO_OWN = {"argo-workflows-agent-ca-certificates", "var-run-argo", "tmp-dir-argo", "input-artifacts", "argo-staging"}


@rule(Severity.ERROR, over=tables.containers)
def volume_undefined(one: tables.ContainerAt, context: Context) -> Iterator[Problem]:
    """A container mounts a volume that is defined nowhere.

    Argo's linter passes it; the controller cannot make the pod, and the node ends in Error. If the template is the
    entrypoint itself, the workflow's exit handler never runs. Volumes are those of the workflow (`volumes`,
    `volumeClaimTemplates`) and of the template.

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
                  - name: wrok  # here
                    mountPath: /work

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
                    mountPath: /work
    """
    spec = context.spec
    if context.kind in ("WorkflowTemplate", "ClusterWorkflowTemplate") or spec.workflow_template_ref is not None:
        return  # the workflow that calls the template may have it
    defaults = spec.template_defaults
    known = {
        *names_of(spec.volumes),
        *names_of(spec.volume_claim_templates),
        *names_of(one.inside.template.volumes),
        *(names_of(defaults.volumes) if defaults is not None else ()),
        *_ARGO_OWN,
    }
    for n, mount in enumerate(one.container.volume_mounts):
        name = mount.get("name")
        if isinstance(name, str) and name not in known and "{{" not in name and not one.inside.template.pod_spec_patch:
            address = one.at("volumeMounts", n, "name")
            yield Problem(
                f"the volume {name!r} is defined nowhere{aftermath(one.inside, context)}",
                address,
                context.did_you_mean(name, known - _ARGO_OWN),
                fix=respelt(context, address, name, known - _ARGO_OWN),
            )
