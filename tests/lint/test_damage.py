"""Nothing that people or machines damage crashes a rule, the reader or a report; ``bench/mutate.py`` runs many more."""

from argosy.lint.rule import examples, rules
from tests.lint.damage import damaged, faults


def test_damaged_manifests_crash_nothing() -> None:
    texts = [example.text for rule in rules() for example in examples(rule.doc)]
    assert {seed: found for seed, text in damaged(texts, 0, 300) if (found := faults(text, seed))} == {}
