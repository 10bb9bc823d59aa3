"""The page on running handlers shows what the commands really print."""

import re
import shutil
from pathlib import Path

import pytest

from docs import generate

PAGE = Path(__file__).parents[2] / "docs" / "running-handlers.md"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl")
def test_every_block_is_what_its_commands_print() -> None:
    assert generate.readme(PAGE.read_text()) == PAGE.read_text()


def test_links_lead_somewhere() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", PAGE.read_text())
    assert links and all((PAGE.parent / link).exists() for link in links)
