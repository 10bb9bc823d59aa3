"""Nothing that people or machines damage crashes a rule, the reader or a report; ``bench/mutate.py`` runs many more."""

import pytest

from argosy.lint.rule import examples, rules
from tests.lint.damage import damaged, faults


def test_damaged_manifests_crash_nothing() -> None:
    texts = [example.text for rule in rules() for example in examples(rule.doc)]
    assert {seed: found for seed, text in damaged(texts, 0, 300) if (found := faults(text, seed))} == {}


ODD = {
    "a tag for all steps": """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {name: w}
spec:
  entrypoint: main
  templates: [{name: main, steps: "{{item}}"}]
""",
    "a list for the name of a mount": """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {name: w}
spec:
  entrypoint: main
  onExit: bye
  volumeClaimTemplates: [{metadata: {name: work}}]
  templates:
    - {name: main, container: {image: i}}
    - {name: bye, container: {image: i, volumeMounts: [{name: [work], mountPath: /work}]}}
""",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_odd_manifests_crash_nothing(text: str) -> None:
    assert [found for seed in range(8) if (found := faults(text, seed))] == []
