"""Damaged manifests crash nothing: no exception, and no rule that has to be skipped."""

from typing import Any

import pytest
import yaml

from argosy.lint.rule import examples, rules
from argosy.lint.run import lint_text
from tests.lint import mutations


def bases() -> list[list[Any]]:
    """The good manifests of all pages: together they use every feature that a rule speaks of."""
    found = []
    for rule in rules():
        for example in examples(rule.doc):
            if example.good:
                found.append([one for one in yaml.safe_load_all(example.text) if isinstance(one, dict)])
    return found


BASES = bases()
DONORS = [document for documents in BASES for document in documents]
SAMPLE = 400


@pytest.mark.parametrize("share", range(4))
def test_damaged_manifests_crash_no_rule(share: int) -> None:
    for seed in range(share * SAMPLE // 4, (share + 1) * SAMPLE // 4):
        documents = mutations.mutate(BASES[seed % len(BASES)], DONORS, seed)
        text = yaml.safe_dump_all(documents, sort_keys=False, allow_unicode=True)
        crashed = [one.finding.message for one in lint_text(text).findings if one.finding.rule == "rule-crashed"]
        assert not crashed, f"seed {seed}: {crashed}\n{text}"
