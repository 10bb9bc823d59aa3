"""A wheel built from the checkout works in an environment of its own, away from the checkout and with a clean HOME."""

import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
WORKFLOW = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {name: w}
spec:
  entrypoint: main
  templates:
    - name: main
      container: {image: "alpine:3.20", command: [echo]}
"""


def run(*words: str | Path, cwd: Path, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    return subprocess.run([str(word) for word in words], cwd=cwd, env=environment, capture_output=True, text=True)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    options = ("--no-deps", "--no-build-isolation", "--quiet", "--disable-pip-version-check")
    made = run(sys.executable, "-m", "pip", "wheel", *options, "-w", folder, ROOT, cwd=folder, home=folder)
    assert made.returncode == 0, made.stderr
    (path,) = folder.glob("argosy-*.whl")
    return path


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel alone in a new environment, which borrows the dependencies of this one, but not Argosy."""
    folder = tmp_path_factory.mktemp("environment")
    made = run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder, home=folder)
    assert made.returncode == 0, made.stderr
    site = next(folder.glob("lib/python*/site-packages"))
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    options = ("--no-deps", "--no-index", "--quiet", "--disable-pip-version-check", "--ignore-installed")
    python = folder / "bin" / "python"
    done = run(sys.executable, "-m", "pip", "--python", python, "install", *options, wheel, cwd=folder, home=folder)
    assert done.returncode == 0, done.stderr
    return folder / "bin" / "argosy"


def test_it_holds_what_a_user_needs_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "argosy/py.typed" in names
    assert "argosy/_schemas/argo-4.1.schema.json" in names
    assert not [name for name in names if name.startswith(("tests/", "examples/", "docs/"))]
    assert not [name for name in names if "/_schemas/types/" in name or name.endswith("/_schemas/generate.py")]


def test_the_command_works_away_from_the_checkout(program: Path, tmp_path: Path) -> None:
    (tmp_path / "w.yaml").write_text(WORKFLOW)
    version = run(program, "version", cwd=tmp_path, home=tmp_path)
    assert (version.returncode, version.stderr) == (0, "")
    where = run(program.parent / "python", "-c", "import argosy; print(argosy.__file__)", cwd=tmp_path, home=tmp_path)
    assert Path(where.stdout.strip()).is_relative_to(program.parent.parent)
    lint = run(program, "lint", "w.yaml", cwd=tmp_path, home=tmp_path)
    assert (lint.returncode, lint.stderr) == (0, "")
    assert lint.stdout.endswith("1 manifest in 1 file.\n")
    shown = run(program, "--help", cwd=tmp_path, home=tmp_path)
    assert "simulate" in shown.stdout
    again = run(program.parent / "python", "-m", "argosy", "version", cwd=tmp_path, home=tmp_path)
    assert again.stdout == version.stdout


@pytest.mark.parametrize("name", ["exit_handler.py"])
def test_the_example_goes_all_the_way(name: str, program: Path, tmp_path: Path) -> None:
    (tmp_path / name).write_text((ROOT / "examples" / name).read_text())
    for words in (
        ["compile", name, "-o", "out.yaml"],
        ["lint", "out.yaml"],
        ["simulate", "out.yaml", "--fail", "do-work:exit=1"],
        ["simulate", "out.yaml", "--format", "html", "-o", "run.html"],
        ["explore", "out.yaml", "--format", "html", "-o", "faults.html"],
    ):
        done = run(program, *words, cwd=tmp_path, home=tmp_path)
        assert (done.returncode, done.stderr) == (0, ""), words
    for page in ("run.html", "faults.html"):
        assert (tmp_path / page).read_text().startswith("<!doctype html>")
