"""The command line as a person uses it, in a folder and with an environment of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Argosy = Callable[..., subprocess.CompletedProcess[str]]

WORKFLOW = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {name: nightly}
spec:
  entrypoint: main
  onExit: bye
  templates:
    - name: main
      container: {image: "alpine:3.20", command: [echo, working]}
    - name: bye
      container: {image: "alpine:3.20", command: [echo, "{{workflow.status}}"]}
"""

TYPO = """\
from argosy import container, sh, workflow


@container(image="alpine:3.20")
def work() -> None:
    sh("echo $NAME", NAME="{{workflow.nam}}")


@workflow(name="typo")
def main() -> None:
    work()
"""


@pytest.fixture
def argosy(tmp_path: Path) -> Argosy:
    """Run ``argosy`` in a folder that holds a good workflow, a broken one, and one that is not YAML."""
    (tmp_path / "good.yaml").write_text(WORKFLOW)
    (tmp_path / "bad.yaml").write_text(WORKFLOW.replace("entrypoint: main", "entrypoint: mian"))
    (tmp_path / "broken.yaml").write_text("kind: Workflow\nspec: [a\nb: c\n")
    (tmp_path / "compose.yaml").write_text("services: {a: {image: b}}\n")
    (tmp_path / "typo.py").write_text(TYPO)
    (tmp_path / "raises.py").write_text("import nothing_of_that_name\n")
    home = tmp_path / "home"
    home.mkdir()

    def run(*words: str, stdin: str | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {"HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "COLUMNS": "100"}
        return subprocess.run(
            [sys.executable, "-m", "argosy", *words],
            cwd=tmp_path,
            env=environment | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)} | variables,
            input=stdin,
            capture_output=True,
            text=True,
        )

    return run
