"""The exploration as a workflow for Argo itself: it is clean, and its shards together are the whole."""

import base64
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import argosy
from argosy.errors import UsageError
from argosy.explore.emit import compiled, source
from argosy.simulate.api import simulate
from argosy.simulate.run import Run
from argosy.yaml.read import read
from tests.explore.conftest import WORKFLOWS

SEED = WORKFLOWS["exit-handler"].read_text()


def emitted(**options: Any) -> str:
    return source(SEED, "exit-handler-", 3, **options)


def test_it_is_clean_and_runs_its_shards_side_by_side(tmp_path: Path) -> None:
    path = tmp_path / "explore.yaml"
    path.write_text(compiled(emitted()))
    assert list(argosy.lint([str(path)], cache=False).findings()) == []
    run = simulate(path)
    assert isinstance(run, Run)
    assert run.phase == "Succeeded"
    assert [pod["templateName"] for pod in run.pods] == ["explore", "explore", "explore", "merge"]


def test_it_is_typed_python_that_is_formatted() -> None:
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", "120", "-"]
    assert subprocess.run(command, input=emitted(), text=True, capture_output=True, check=True).stdout == emitted()


def test_the_manifest_goes_along_to_the_byte_whatever_tags_it_has() -> None:
    [document] = read(compiled(emitted()))
    [explore] = [t for t in document.data["spec"]["templates"] if t["name"] == "explore"]
    [manifest] = explore["inputs"]["artifacts"]
    assert base64.b64decode(manifest["raw"]["data"]).decode() == SEED
    assert "{{workflow.status}}" not in manifest["raw"]["data"]


def test_options_reach_the_shards_and_strictness_what_puts_them_together() -> None:
    text = emitted(options=["--depth", "2"], strict=True)
    commands = re.findall(r"argosy explore /tmp/manifest.yaml(.*)", text)
    assert [words.split()[:2] for words in commands] == [["--depth", "2"], ["--depth", "2"]]
    assert ["--strict" in words for words in commands] == [False, True]


@pytest.mark.parametrize("shards", [0, 1000])
def test_a_number_of_shards_that_is_off_is_refused(shards: int) -> None:
    with pytest.raises(UsageError, match="shards"):
        source(SEED, "w", shards)
