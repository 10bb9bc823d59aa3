import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from msgspec.structs import replace

from argosy.lint.result import DocumentResult, FileResult, LintResult
from argosy.lint.rule import rules
from argosy.report import names, render
from argosy.report.style import PLAIN, Style
from tests.report.samples import linted

HERE = Path(__file__).parent
SUFFIX = {"json": "json", "sarif": "json", "gitlab": "json", "junit": "xml"}


@pytest.mark.parametrize("format", names("lint"))
def test_each_format_gives_its_golden_file(format: str, golden: Callable[[str, str], None]) -> None:
    text = render("lint", format, linted(), style=PLAIN)
    golden(f"lint-{format}.{SUFFIX.get(format, 'txt')}", text)


@pytest.mark.parametrize("format", names("lint"))
def test_each_format_can_say_that_all_is_well(format: str) -> None:
    clean = LintResult([FileResult("a.yaml", [DocumentResult(0, "Workflow", "a", accepted=True)])])
    assert render("lint", format, clean).endswith("\n")
    assert render("lint", format, LintResult([])).endswith("\n")


def test_colours_change_nothing_but_colours() -> None:
    for format in ("text", "concise"):
        coloured = render("lint", format, linted(), style=Style(colour=True))
        assert "\x1b[" in coloured
        assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == render("lint", format, linted(), style=PLAIN)


def sarif_schema() -> Any:
    given = os.environ.get("SARIF_SCHEMA")
    return json.loads(Path(given or HERE / "sarif-subset.schema.json").read_text())


def test_sarif_fits_its_schema() -> None:
    """The subset that Argosy writes is checked strictly; $SARIF_SCHEMA may name the whole schema of the standard."""
    log = json.loads(render("lint", "sarif", linted()))
    jsonschema.Draft7Validator(sarif_schema()).validate(log)


def test_sarif_describes_rules_by_their_pages() -> None:
    name = rules()[0].name
    result = linted()
    result.files[0].findings[0].finding = replace(result.files[0].findings[0].finding, rule=name)
    log = json.loads(render("lint", "sarif", result))
    jsonschema.Draft7Validator(sarif_schema()).validate(log)
    (described,) = [rule for rule in log["runs"][0]["tool"]["driver"]["rules"] if rule["id"] == name]
    assert described["shortDescription"]["text"] == rules()[0].summary


def test_sarif_columns_count_characters_of_the_file() -> None:
    log = json.loads(render("lint", "sarif", linted()))
    regions = [r["locations"][0]["physicalLocation"]["region"] for r in log["runs"][0]["results"]]
    assert regions[0] == {"startLine": 7, "startColumn": 11, "endLine": 7, "endColumn": 19}


def test_junit_counts_what_it_holds() -> None:
    root = ElementTree.fromstring(render("lint", "junit", linted()))
    cases, failures = root.findall(".//testcase"), root.findall(".//failure")
    assert (root.get("tests"), root.get("failures")) == (str(len(cases)), str(len(failures)))


def test_fingerprints_are_unique_and_do_not_know_lines() -> None:
    twice = linted()
    twice.files[0].findings *= 2
    issues = json.loads(render("lint", "gitlab", twice))
    prints = [issue["fingerprint"] for issue in issues]
    assert len(set(prints)) == len(prints)


def test_github_escapes_what_would_end_a_command() -> None:
    text = render("lint", "github", linted())
    assert "100%25" in text
    assert all(line.startswith("::") for line in text.splitlines()[:-2])


def test_a_format_that_is_not_there_is_no_format() -> None:
    with pytest.raises(KeyError):
        render("lint", "yaml", linted())
