"""What the cluster refuses when a pod or a claim is made, and what it takes."""

import pytest

from argosy.lint.quantities import amount
from argosy.lint.run import lint_text

RULES = {
    "claim-invalid", "environment-invalid", "label-expression-invalid", "mount-without-path", "probe-without-check",
    "request-above-limit", "sidecar-invalid", "volume-invalid",
}  # fmt: skip
MANIFEST = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: w-}
spec:
  entrypoint: main
  arguments: {parameters: [{name: p, value: a}]}
  SPEC
  templates:
    - name: main
      TEMPLATE
      container: {image: "alpine:3.20", command: [make], CONTAINER}
"""


def said(spec: str = "x: y", template: str = "x: y", container: str = "x: y") -> list[str]:
    text = MANIFEST.replace("SPEC", spec).replace("TEMPLATE", template).replace("CONTAINER", container)
    return [one.finding.message for one in lint_text(text).findings if one.finding.rule in RULES]


@pytest.mark.parametrize(
    "where",
    [
        {"spec": "volumeClaimTemplates: [{metadata: {name: a-1.b}, spec: {accessModes: [ReadWriteOnce, ReadOnlyMany], "
                 "resources: {requests: {storage: 1Gi}}}}]"},
        {"spec": "workflowMetadata: {labelsFrom: {a: {expression: 'workflow.name + string(asInt(workflow.uid))'}, "
                 "b: {expression: 'sprig.trim(workflow.parameters.none ?? workflow.name)'}}}"},
        {"spec": "volumes: [{name: a, emptyDir: {}}, {name: '{{workflow.parameters.p}}', secret: {}}, {name: c}]"},
        {"template": "sidecars: [{name: a, image: b, command: [c]}, {name: '{{workflow.parameters.p}}', image: b}]"},
        {"container": "env: [{name: A, value: b}, {name: B, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}]"},
        {"container": "resources: {requests: {cpu: 1000m, memory: 1Gi}, limits: {cpu: 1, memory: 1073741824}}"},
        {"container": "resources: {requests: {cpu: '{{workflow.parameters.p}}'}, limits: {cpu: 1}}"},
        {"container": "resources: {requests: {cpu: 4}}"},
        {"container": "readinessProbe: {exec: {command: [a]}}, volumeMounts: [{name: a, mountPath: /a}]"},
        {"template": "podSpecPatch: '{}'", "container": "resources: {requests: {cpu: 2}, limits: {cpu: 1}}"},
    ],
)  # fmt: skip
def test_what_the_cluster_takes_is_fine(where: dict[str, str]) -> None:
    assert said(**where) == []


@pytest.mark.parametrize(
    ("where", "messages"),
    [
        (
            {"spec": "volumeClaimTemplates: [{metadata: {generateName: a}, spec: {}}]"},
            ["a claim for a volume has no name", "the claim 0 has no access mode", "the claim 0 has no size"],
        ),
        (
            {"spec": "volumeClaimTemplates: [{metadata: {name: A_b}, spec: {accessModes: [ReadWriteonce], "
                     "resources: {requests: {storage: 1}}}}]"},
            ["a claim cannot be named 'A_b'", "'ReadWriteonce' is no access mode"],
        ),
        (
            {"spec": "workflowMetadata: {labelsFrom: {a: {expression: 'len(workflow.name)'}, b: {expression: '1 +'}, "
                     "c: {expression: workflow.parameters.q}}}"},
            ["the label 'a' is a int, and not text", "the label 'b' cannot be evaluated: unexpected token EOF",
             "there is no parameter 'q' for the label 'c'"],
        ),
        (
            {"spec": "volumes: [{name: A, emptyDir: {}, secret: {}}]"},
            ["the volume 'A' is emptyDir and secret", "a volume cannot be named 'A'"],
        ),
        (
            {"template": "sidecars: [{name: main, image: b}, {name: c}, {image: d}]"},
            ["there is another container named 'main'", "the sidecar 'c' has no image",
             "a sidecar has no name"],
        ),
        ({"container": "env: [{value: b}]"}, ["an environment variable has no name"]),
        (
            {"container": "resources: {requests: {cpu: 1.5, memory: 1Gi}, limits: {cpu: 1400m, memory: 1G}}"},
            ["1.5 of cpu is asked for, and 1400m is the limit",
             "1Gi of memory is asked for, and 1G is the limit"],
        ),
    ],
)  # fmt: skip
def test_what_it_refuses_is_an_error(where: dict[str, str], messages: list[str]) -> None:
    assert [one.removesuffix(": the pod is refused") for one in said(**where)] == messages


def test_quantities_are_numbers() -> None:
    assert amount("100m") == amount(0.1) == amount("1e-1")
    assert amount("1Ki") == 1024
    assert amount("1E") == 10**18
    assert amount("x") is amount("Infinity") is None
