"""The pre-commit hook, with the real pre-commit program in a real git repository."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
GOOD = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {name: w}
spec:
  entrypoint: main
  templates:
    - name: main
      container: {image: "alpine:3.20", command: [echo]}
"""


class Sandbox:
    """A folder in which programs run with a HOME and a git configuration of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        kept = {name: os.environ[name] for name in os.environ if name in ("PATH", "LANG") or "PROXY" in name.upper()}
        kept |= {name: os.environ[name] for name in os.environ if name.startswith(("PIP_", "SSL_"))}
        identity = {
            f"GIT_{who}_{what}": "a@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        self.environment = kept | identity | {"HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}

    def run(self, *words: str | Path, cwd: Path | None = None, check: bool = True) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [str(word) for word in words],
            cwd=cwd or self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def repository(self, name: str, files: dict[str, bytes]) -> Path:
        """Make a git repository with one commit."""
        path = self.folder / name
        for file, content in files.items():
            (path / file).parent.mkdir(parents=True, exist_ok=True)
            (path / file).write_bytes(content)
        self.run("git", "init", "--quiet", "-b", "main", path)
        self.run("git", "add", "--all", cwd=path)
        self.run("git", "commit", "--quiet", "-m", "Begin", cwd=path)
        return path


def checkout_files() -> dict[str, bytes]:
    """Give what a user of the hook gets: the files under version control, or soon to be, as they are now."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    wanted = ("compiler/", "schemas/", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")
    names = [name for name in listed.stdout.split("\0") if name.startswith(wanted) and (ROOT / name).is_file()]
    return {name: (ROOT / name).read_bytes() for name in names}


@pytest.mark.slow
def test_a_commit_with_a_broken_workflow_is_stopped(tmp_path: Path) -> None:
    if not shutil.which("git"):
        pytest.skip("there is no git")
    box = Sandbox(tmp_path)
    box.run(sys.executable, "-m", "venv", tmp_path / "tools")
    tools = tmp_path / "tools" / "bin"
    got = box.run(tools / "pip", "install", "--quiet", "--disable-pip-version-check", "pre-commit", check=False)
    if got.returncode:
        pytest.skip(f"pre-commit cannot be installed here: {got.stderr.strip().splitlines()[-1]}")
    hooks = box.repository("hooks", checkout_files())
    revision = box.run("git", "rev-parse", "HEAD", cwd=hooks).stdout.strip()
    config = f"repos:\n- repo: {hooks}\n  rev: {revision}\n  hooks:\n  - id: argosy-lint\n"
    user = box.repository("user", {".pre-commit-config.yaml": config.encode(), "w.yaml": GOOD.encode()})
    box.run(tools / "pre-commit", "install", cwd=user)
    first = box.run(tools / "pre-commit", "run", "--all-files", cwd=user, check=False)
    assert first.returncode == 0, first.stdout + first.stderr
    assert "Passed" in first.stdout

    (user / "w.yaml").write_text(GOOD.replace("entrypoint: main", "entrypoint: mian"))
    box.run("git", "add", "w.yaml", cwd=user)
    stopped = box.run("git", "commit", "-m", "Break it", cwd=user, check=False)
    assert stopped.returncode == 1
    assert "w.yaml:5" in stopped.stdout + stopped.stderr

    (user / "w.yaml").write_text(GOOD + "# better\n")
    box.run("git", "add", "w.yaml", cwd=user)
    box.run("git", "commit", "-m", "Improve it", cwd=user)
