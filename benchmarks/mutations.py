"""Lint many damaged manifests and say what crashed: ``python benchmarks/mutations.py 100000 [FILE_OR_FOLDER...]``.

The manifests to damage are those named; without any, the good ones on the pages of the rules. The same number gives
the same manifests.
"""

from __future__ import annotations

import importlib.util
import random
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from argosy.lint.rule import examples, rules
from argosy.lint.run import lint_text
from argosy.versions import ArgoVersion
from argosy.workspace import files
from argosy.yaml.read import read

ROOT = Path(__file__).parent.parent
_spec = importlib.util.spec_from_file_location("mutations", ROOT / "tests" / "lint" / "mutations.py")
assert _spec is not None and _spec.loader is not None
mutations = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(mutations)


def main(count: int, paths: list[str]) -> int:
    """Lint that many, print what crashed and how long it took; gives how many crashed."""
    texts = [path.read_text(errors="replace") for path in files(paths)] if paths else good_examples()
    read_all = ([one.data for one in read(text) if isinstance(one.data, dict)] for text in texts)
    bases = [found for found in read_all if found and all(map(is_shallow, found))]
    donors = [document for documents in bases for document in documents]
    crashed: Counter[str] = Counter()
    began = time.perf_counter()
    versions = list(ArgoVersion)
    for seed in range(count):
        text = damaged(bases[seed % len(bases)], donors, seed)
        crashed.update(crashes(text, versions[seed % len(versions)]))
    taken = time.perf_counter() - began
    for message, times in crashed.most_common():
        sys.stdout.write(f"{times:>6} x {message}\n")
    sys.stdout.write(f"{count} manifests in {taken:.0f} s, {sum(crashed.values())} crashes\n")
    return sum(crashed.values())


def is_shallow(data: Any) -> bool:
    """Whether a document is not nested so deeply that damaging it takes more care than this has."""
    level = [data]
    for _ in range(60):
        level = [
            below
            for one in level
            for below in (one.values() if isinstance(one, dict) else one if isinstance(one, list) else ())
        ]
        if not level:
            return True
    return False


def good_examples() -> list[str]:
    """Give the good manifests on the pages of all rules."""
    return [example.text for rule in rules() for example in examples(rule.doc) if example.good]


def damaged(documents: list[Any], donors: list[Any], seed: int) -> str:
    """Give the text of a damaged manifest; of every fourth, the text is damaged, too."""
    text = yaml.safe_dump_all(mutations.mutate(documents, donors, seed, 6), sort_keys=False, allow_unicode=True)
    if seed % 4:
        return text
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 5)):
        at, size = chance.randrange(len(text) + 1), chance.randrange(20)
        text = (
            text[:at]
            + chance.choice(("", "\t", "{{", "}}", '"', "'", "\n", "- ", ": ", "&a ", "*a", "\x00", "é"))
            + text[at + size :]
        )
    return text


def crashes(text: str, version: ArgoVersion) -> list[str]:
    """Give what crashed while a text was linted and its findings were located."""
    try:
        found = lint_text(text, argo_version=version).findings
        for one in found:
            one.span()
    except Exception as error:  # noqa: BLE001  # to tell it is what this is for
        return [f"{type(error).__name__}: {error}"]
    return [one.finding.message for one in found if one.finding.rule == "rule-crashed"]


if __name__ == "__main__":
    sys.exit(min(1, main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000, sys.argv[2:])))
