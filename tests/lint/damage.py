"""Damaged texts, and whether linting them holds: no crash of a rule, of the reader, or of a report."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from tests.lint.mutations import TEXTS, mutate

ROOT = Path(__file__).parent.parent.parent
SHARED = ROOT.parent / "shared" / "conformance"
VERSIONS = ("3.6", "3.7", "4.0", "4.1")
PIECES = (
    "{{",
    "}}",
    "{",
    "}",
    "[",
    "]",
    ":",
    ": ",
    "- ",
    "#",
    "'",
    '"',
    "|",
    ">",
    "&a ",
    "*a",
    "<<: *a",
    "!!int ",
    "---\n",
    "\n...\n",
    "\t",
    "\r\n",
    "\x00",
    "\ufeff",
    "\u2028",
    "é",
    "😀",
    "? ",
    "%YAML 1.2\n",
    "~",
    "null",
    "!!binary ",
    "1e999",
    ".nan",
    "0x1F",
    *TEXTS,
)


def corpus() -> list[str]:
    """Give good and bad manifests: those on the pages of rules, the examples, and recorded ones where there are any."""
    from argosy.lint.rule import examples, rules

    texts = [example.text for rule in rules() for example in examples(rule.doc)]
    folders = [ROOT / "examples", SHARED / "dev" / "lint", SHARED / "argo" / "lint"]
    for folder in folders:
        texts += [path.read_text("utf-8", "replace") for path in sorted(folder.rglob("*.yaml"))]
    return [text for text in texts if len(text) < 20_000]


def damaged(texts: Sequence[str], start: int, end: int) -> Iterator[tuple[int, str]]:
    """Give a damaged text for each seed: its data is changed, or its characters are."""
    for seed in range(start, end):
        chance = random.Random(seed)
        text = chance.choice(texts)
        yield seed, of_data(text, texts, seed) if seed % 2 else of_text(text, chance)


def of_text(text: str, chance: random.Random) -> str:
    """Change a few places of a text: characters, lines, indentation."""
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(text) + 1)
        lines = text.splitlines(keepends=True) or [""]
        number = chance.randrange(len(lines))
        match chance.randrange(6):
            case 0:
                text = text[:at] + chance.choice(PIECES) + text[at:]
            case 1:
                text = text[:at] + text[at + chance.randint(1, 8) :]
            case 2:
                text = text[:at]
            case 3:
                lines[number] = chance.choice((" ", "  ", "    ", "\t")) + lines[number]
                text = "".join(lines)
            case 4:
                lines.insert(number, chance.choice(lines))
                text = "".join(lines)
            case _:
                lines[number] = lines[number].lstrip()
                text = "".join(lines)
    return text


def of_data(text: str, texts: Sequence[str], seed: int) -> str:
    """Change a few places of the data that a text holds."""
    chance = random.Random(-seed)
    documents, donors = _data(text), _data(chance.choice(texts))
    if not documents or not donors:
        return of_text(text, chance)
    made = mutate(documents, donors, seed)
    return "\n---\n".join(json.dumps(one) if seed % 4 == 1 else _dump(one) for one in made)


def _data(text: str) -> list[Any]:
    from argosy.yaml.read import read

    return [one.data for one in read(text) if one.data is not None]


def _dump(data: Any) -> str:
    return yaml.dump(data, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper), sort_keys=False, allow_unicode=True)


def faults(text: str, seed: int) -> list[str]:
    """Lint a text, locate and draw what is found, fix it, and give what is wrong with Argosy, if anything."""
    from argosy.lint.engine import CRASHED
    from argosy.lint.fixing import fix_text
    from argosy.lint.result import LintResult
    from argosy.lint.run import lint_text
    from argosy.report import names, render
    from argosy.report.style import PLAIN
    from argosy.yaml.read import read

    try:
        raw = text.encode("utf-8", "surrogatepass")
        result = LintResult([lint_text(raw, "damaged.yaml", argo_version=VERSIONS[seed // 2 % 4], also=_all_rules())])
        formats = names("lint")
        render("lint", formats[seed // 8 % len(formats)], result, style=PLAIN)
        json.dumps(result.to_dict())
        after, rules = fix_text(raw, result.findings(), unsafe=True)
        if rules and len(read(after)) != len(read(raw)):
            return [f"the fixes of {', '.join(sorted(set(rules)))} break the text"]
    except Exception as error:  # noqa: BLE001  # whatever it is, it is a fault
        return [f"{type(error).__name__}: {error}"]
    return [one.finding.message for one in result.findings() if one.finding.rule == CRASHED]


def _all_rules() -> list[str]:
    from argosy.lint.rule import rules

    return [rule.name for rule in rules()]
