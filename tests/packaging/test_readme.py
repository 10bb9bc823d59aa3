"""The README shows what the commands really print."""

import re
from pathlib import Path

import pytest

from docs import generate

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text()


def test_every_block_is_what_its_commands_print() -> None:
    assert generate.readme(README) == README


def test_the_demo_is_that_of_make_demo() -> None:
    recipe = (ROOT / "Makefile").read_text().partition("\ndemo:")[2].partition("\n\n")[0]
    commands = re.findall(r"^\t\$\(BIN\)/(.*)$", recipe, re.MULTILINE)
    assert len(commands) == 3
    assert f"<!-- output of: {'; '.join(commands)} -->" in README


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!https?:)([^)#]+)\)", README))))
def test_links_lead_somewhere(link: str) -> None:
    assert (ROOT / link).exists()
