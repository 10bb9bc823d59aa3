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


REPORTS = ROOT / "docs" / "reports.md"


def test_the_page_on_reports_shows_what_commands_print() -> None:
    assert generate.readme(REPORTS.read_text()) == REPORTS.read_text()
    for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", REPORTS.read_text()):
        assert (REPORTS.parent / link).exists()


def test_its_python_writes_a_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = re.findall(r"```python\n(.*?)```", REPORTS.read_text(), re.DOTALL)[0]
    monkeypatch.chdir(tmp_path)
    exec(code.replace("examples/", f"{ROOT}/examples/"))
    assert "do-work" in (tmp_path / "run.html").read_text()


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!https?:)([^)#]+)\)", README))))
def test_links_lead_somewhere(link: str) -> None:
    assert (ROOT / link).exists()
