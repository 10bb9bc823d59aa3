"""The page on running handlers shows what the commands really print."""

import re
import shutil
from pathlib import Path

import pytest

from argosy.explore.cases import run_cases
from argosy.simulate.scenario import load
from docs import generate

SCENARIOS = Path(__file__).parents[2] / "examples" / "scenarios"
PAGE = Path(__file__).parents[2] / "docs" / "running-handlers.md"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl")
def test_every_block_is_what_its_commands_print() -> None:
    assert generate.readme(PAGE.read_text()) == PAGE.read_text()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl")
def test_the_examples_that_run_scripts_send_what_they_should() -> None:
    paths = [str(path) for path in sorted(SCENARIOS.glob("*.yaml")) if any(one.run_scripts for one in load(path))]
    found = run_cases(paths)
    assert len(found.cases) >= 3
    assert [case.problems or case.error for case in found.failed] == []


def test_links_lead_somewhere() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", PAGE.read_text())
    assert links and all((PAGE.parent / link).exists() for link in links)
