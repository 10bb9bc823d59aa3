"""The simulator can be compiled; that it then does the same is shown by ``make compiled``, which takes minutes."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

COMPILER = Path(__file__).parents[2] / "compiler"
PROGRAM = """
import sys
from mypyc.build import mypycify
mypycify(["--config-file", sys.argv[1], *sys.argv[3:]], target_dir=sys.argv[2], multi_file=True)
"""


@pytest.fixture(scope="module")
def native() -> ModuleType:
    spec = importlib.util.spec_from_file_location("native", COMPILER / "native.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_module_to_compile_is_there_once(native: ModuleType) -> None:
    listed = native.modules(COMPILER)
    assert len(set(listed)) == len(listed)
    assert [name for name in listed if not (COMPILER / name).is_file()] == []
    left_out = {f"{native.CONTROLLER}/{name}.py" for name in native.LEFT_OUT}
    assert all((COMPILER / name).is_file() for name in left_out)
    assert not left_out & set(listed)


def test_mypyc_translates_the_modules_to_c(native: ModuleType, tmp_path: Path) -> None:
    settings = COMPILER.parent / "pyproject.toml"
    arguments = [str(settings), str(tmp_path), "--cache-dir", str(tmp_path / "cache"), *native.modules(COMPILER)]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments], cwd=COMPILER, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert any("world" in path.name for path in tmp_path.rglob("*.c"))
