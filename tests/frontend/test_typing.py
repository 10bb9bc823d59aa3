"""Type checkers find misuse with no plugin, on exactly the marked lines, and nothing in good files."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
BAD = Path(__file__).parent / "typing" / "bad.py"
GOOD = [*sorted((Path(__file__).parent / "golden").glob("*.py")), *sorted((ROOT / "examples").glob("*.py"))]


def marked(checker: str) -> list[int]:
    lines = BAD.read_text(encoding="utf-8").splitlines()
    found = [(i, re.search(r"# error(?:: (\w+))?$", line)) for i, line in enumerate(lines, 1)]
    return [i for i, match in found if match and match[1] in (None, checker)]


@pytest.fixture(scope="module")
def mypy_says(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[int]]:
    """Run mypy once on everything: the lines with errors of each file."""
    command = [sys.executable, "-m", "mypy", "--strict", "--python-version", "3.11", "--no-error-summary"]
    command += ["--cache-dir", str(ROOT / ".mypy_cache" / "frontend-tests"), "--config-file", "/dev/null"]
    files = [str(p) for p in [BAD, *GOOD]]
    done = subprocess.run(
        [*command, *files],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path_factory.mktemp("mypy"),
        env={"MYPYPATH": str(ROOT / "compiler"), "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found: dict[str, set[int]] = {}
    for line in done.stdout.splitlines():
        match = re.match(r"(.*?):(\d+): error: ", line)
        if match:
            found.setdefault(Path(match[1]).name, set()).add(int(match[2]))
    return found


def test_mypy_strict_finds_misuse_on_exactly_the_marked_lines(mypy_says: dict[str, set[int]]) -> None:
    assert sorted(mypy_says.get(BAD.name, ())) == marked("mypy")


@pytest.mark.parametrize("path", GOOD, ids=lambda p: p.name)
def test_mypy_strict_finds_nothing_in_good_files(path: Path, mypy_says: dict[str, set[int]]) -> None:
    assert path.name not in mypy_says


def test_pyright_strict_agrees(tmp_path: Path) -> None:
    for file in [BAD, *GOOD]:
        shutil.copy(file, tmp_path / file.name)
    settings = {
        "include": ["."],
        "extraPaths": [str(ROOT / "compiler")],
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
    }
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, "-p", str(tmp_path)]
    offline = {**os.environ, "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}  # it does not ask whether it is the newest
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=offline)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found: dict[str, set[int]] = {}
    for one in json.loads(done.stdout)["generalDiagnostics"]:
        found.setdefault(Path(one["file"]).name, set()).add(one["range"]["start"]["line"] + 1)
    assert {name: sorted(lines) for name, lines in found.items()} == {BAD.name: marked("pyright")}
