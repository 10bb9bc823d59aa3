"""Compile the simulator to C extensions with mypyc: it runs about twice as fast.

For wheels this is a build hook, which ``HATCH_BUILD_HOOKS_ENABLE=true pip wheel .`` turns on. For this checkout it is a
program: ``python compiler/native.py build/compiled`` makes a package that PYTHONPATH can name. Both need a C compiler.
What is left out of the list is not compiled, and works the same.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent.parent
CONTROLLER = "argosy/simulate/controller"
LEFT_OUT = ("__init__", "raw_json")
"""Modules of the controller that mypyc cannot compile: classes in them inherit from built-in types."""
OTHERS = {
    "argosy/language": ("substitution", "tags"),
    "argosy/simulate": (
        "agent", "clock", "kubelet", "names", "outcomes", "outputs", "pods", "progress", "run", "seam", "status",
        "steps", "world",
    ),
}  # fmt: skip


def modules(package: Path) -> list[str]:
    """Give the files to compile, relative to the folder that holds the package."""
    controller = sorted(f.stem for f in (package / CONTROLLER).glob("*.py") if f.stem not in LEFT_OUT)
    listed = {CONTROLLER: tuple(controller), **OTHERS}
    return [f"{folder}/{name}.py" for folder, names in listed.items() for name in names]


def compile_into(folder: Path) -> None:
    """Put the package into a folder, and compile it there. Raises CalledProcessError where that fails."""
    shutil.rmtree(folder, ignore_errors=True)
    unwanted = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "compiler" / "argosy", folder / "argosy", ignore=unwanted)
    shutil.copytree(ROOT / "schemas", folder / "argosy" / "_schemas", ignore=unwanted)
    settings = ["--config-file", str(ROOT / "pyproject.toml")]
    subprocess.run([sys.executable, "-m", "mypyc", *settings, *modules(folder)], cwd=folder, check=True)
    shutil.rmtree(folder / "build")


class NativeHook(BuildHookInterface[Any]):
    """Adds the compiled modules to a wheel, beside their sources."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and say what goes into the wheel."""
        self._made = tempfile.TemporaryDirectory()
        folder = Path(self._made.name) / "compiled"
        compile_into(folder)
        made = {path: path.relative_to(folder) for end in ("so", "pyd") for path in folder.rglob(f"*.{end}")}
        build_data["force_include"].update({str(path): str(place) for path, place in made.items()})
        build_data["pure_python"] = False
        build_data["infer_tag"] = True

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Take the workplace away."""
        self._made.cleanup()


if __name__ == "__main__":
    compile_into(Path(sys.argv[1]))
