"""Makes ``docs/rules/`` (a page for each rule, and the list of them) and the table of settings in ``configuration.md``.

How many findings each rule has on Argo's own manifests is counted where those are at hand, and recorded in
``rules/counts.json`` for everybody else.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MADE = "<!-- made by `make docs` from the code -->\n\n"
RECORDED = HERE / "rules" / "counts.json"
ARGOS = HERE.parent.parent / "shared" / "conformance" / "argo" / "lint"
"""Argo's own examples and end-to-end manifests, which are not part of this repository."""
SETS = ("examples", "e2e")

Counts = dict[str, dict[str, Any]]


def pages() -> Iterator[tuple[str, str]]:
    """Give the pages: path in ``docs/``, and text."""
    from argosy.lint.rule import rules

    yield "rules/README.md", index()
    for rule in rules():
        yield f"rules/{rule.name}.md", page(rule.name)
    if ARGOS.is_dir():
        yield "rules/counts.json", json.dumps(counts(), indent=1, sort_keys=True) + "\n"
    yield "configuration.md", configuration((HERE / "configuration.md").read_text())


def page(name: str) -> str:
    """Give the page of a rule in Markdown."""
    from argosy.lint.rule import examples, find, prose

    rule = find(name)
    facts = [str(rule.severity), rule.theme.replace("_", " "), *([] if rule.on_by_default else ["off by default"])]
    facts += [{"safe": "has a fix", "unsafe": "has an unsafe fix"}[one] for one in [fixable(name)] if one]
    out = [f"# {name}\n", " · ".join(facts) + "\n", prose(rule.doc)]
    for example in examples(rule.doc):
        of = f" (Argo {example.version})" if example.version else ""
        out.append(f"\n{'Good' if example.good else 'Bad'}{of}:\n\n```yaml\n{example.text}```")
    return MADE + "\n".join(out).rstrip() + "\n"


@cache
def fixable(name: str) -> str:
    """Tell whether the bad manifests of a rule's page have a ``safe`` fix or an ``unsafe`` one; empty text for none."""
    from argosy.lint.rule import examples, find
    from argosy.lint.run import lint_text

    fixes = [
        found.finding.fix.safe
        for example in examples(find(name).doc)
        for found in lint_text(example.text, "a.yaml", argo_version=example.version, also=[name]).findings
        if found.finding.rule == name and found.finding.fix is not None
    ]
    return "" if not fixes else "safe" if all(fixes) else "unsafe"


@cache
def counts() -> Counts:
    """Give how many findings there are on Argo's own manifests: counted if they are at hand, else as recorded."""
    if not ARGOS.is_dir():
        recorded: Counts = json.loads(RECORDED.read_text())
        return recorded
    from argosy.lint.run import lint

    out: Counts = {}
    for name in SETS:
        result = lint([ARGOS / name], cache=False, config=False)
        found = Counter((one.finding.rule, str(one.finding.severity)) for one in result.findings())
        refused = sum(any(not one.accepted for one in file.documents) for file in result.files)
        rules: dict[str, dict[str, int]] = {}
        for (rule, severity), number in sorted(found.items()):
            rules.setdefault(rule, {})[severity] = number
        out[name] = {"files": len(result.files), "refused": refused, "rules": rules}
    return out


def index() -> str:
    """Give the list of all rules by theme, and what they find in Argo's own manifests."""
    from argosy.lint.rule import rules

    known = sorted(rules(), key=lambda rule: (rule.theme, rule.name))
    out = [
        f"# Rules of argosy lint\n\nThere are {len(known)}. `argosy rule NAME` shows a page on the terminal.\n\n"
        "An *error* will not work: Argo refuses it, or it is certain to end in error, to hang, or never to run its\n"
        "exit handler. A *warning* is likely to hurt, an *info* is advice. A rule that is *off* runs if it is selected."
        "\n*Fix*: `argosy lint --fix` puts it right; if it is *unsafe*, with `--unsafe-fixes`.\n",
    ]
    for theme, group in groupby(known, key=lambda rule: rule.theme):
        out.append(f"\n## {theme.replace('_', ' ')}\n\n| rule | severity | fix | |\n|---|---|---|---|\n")
        for rule in group:
            severity = str(rule.severity) if rule.on_by_default else f"{rule.severity}, off"
            fix = {"": "", "safe": "yes", "unsafe": "unsafe"}[fixable(rule.name)]
            out.append(f"| [{rule.name}]({rule.name}.md) | {severity} | {fix} | {_cell(rule.summary)} |\n")
    return MADE + "".join([*out, *_counted()])


def _counted() -> Iterator[str]:
    found = counts()
    examples, e2e = (found[name] for name in SETS)
    yield "\n## What they find in Argo's own manifests\n\n"
    yield (
        f"Argo Workflows 4.1 comes with {examples['files']} examples, of which its own linter refuses "
        f"{examples['refused']},\nand its tests with {e2e['files']} files of manifests, good ones and bad ones, "
        f"of which it refuses {e2e['refused']}. The rules that are on by default find in them:\n\n"
        "| rule | in the examples | in the tests |\n|---|---|---|\n"
    )
    for rule in sorted({*examples["rules"], *e2e["rules"]}):
        yield f"| [{rule}]({rule}.md) | {_numbers(examples, rule)} | {_numbers(e2e, rule)} |\n"
    yield f"| all | {_all(examples)} | {_all(e2e)} |\n"


def _numbers(of: dict[str, Any], rule: str) -> str:
    return ", ".join(f"{number} {severity}" for severity, number in of["rules"].get(rule, {}).items())


def _all(of: dict[str, Any]) -> str:
    total: Counter[str] = Counter()
    for numbers in of["rules"].values():
        total.update(numbers)
    return ", ".join(f"{total[severity]} {severity}" for severity in ("error", "warning", "info") if total[severity])


def configuration(text: str) -> str:
    """Give the page about the configuration with its table of settings as the code has them."""
    from argosy.lint.config import FIELDS

    head, mark, rest = text.partition("<!-- settings: made by `make docs` -->\n")
    _, end, tail = rest.partition("<!-- end of settings -->\n")
    rows = "".join(f"| `{key}` | {'yes' if one.per_path else ''} | {_cell(one.doc)} |\n" for key, one in FIELDS.items())
    return f"{head}{mark}\n| setting | by path | |\n|---|---|---|\n{rows}\n{end}{tail}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
