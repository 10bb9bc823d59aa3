"""The pages of ``docs/`` about rules and settings are those that the code makes."""

import json
from pathlib import Path

from argosy.lint.rule import rules
from docs import rule_pages

DOCS = Path(__file__).parent.parent.parent / "docs"


def test_every_rule_has_its_page_as_the_code_has_it() -> None:
    stale = [
        name
        for rule in rules()
        for name in [f"rules/{rule.name}.md"]
        if not (DOCS / name).exists() or (DOCS / name).read_text() != rule_pages.page(rule.name)
    ]
    assert not stale, "run `make docs`"


def test_the_index_lists_every_rule() -> None:
    listed = (DOCS / "rules" / "README.md").read_text()
    assert not [rule.name for rule in rules() if f"({rule.name}.md)" not in listed], "run `make docs`"
    pages = {path.stem for path in (DOCS / "rules").glob("*.md")} - {"README"}
    assert not pages - {rule.name for rule in rules()}, "pages of rules that there are no more: run `make docs`"


def test_the_counts_on_argos_manifests_name_rules_that_exist() -> None:
    counts = json.loads(rule_pages.RECORDED.read_text())
    known = {rule.name for rule in rules()}
    assert not [name for found in counts.values() for name in found["rules"] if name not in known]


def test_the_page_about_settings_is_up_to_date() -> None:
    text = (DOCS / "configuration.md").read_text()
    assert text == rule_pages.configuration(text), "run `make docs`"
