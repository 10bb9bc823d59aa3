"""Python files as manifests: run a file apart from all others, and lower the workflows that it defines."""

from __future__ import annotations

import importlib.util
import linecache
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from argosy.errors import CompileError, Place, ReadError
from argosy.frontend.hera import is_hera, lower_hera, model_of
from argosy.frontend.lower import lower
from argosy.frontend.workflows import Workflow
from argosy.source import Manifest


def to_manifests(workflow: Any) -> list[Manifest]:
    """Give the manifests of a workflow of ours or of Hera's, or of a list of them.

    Raises CompileError at the user's line for what cannot be lowered.
    """
    if isinstance(workflow, (list, tuple)):
        return [m for one in workflow for m in to_manifests(one)]
    if isinstance(workflow, Workflow):
        return [lower(workflow)]
    if is_hera(workflow):
        return [lower_hera(workflow)]
    if isinstance(workflow, dict) and "kind" in workflow:
        return [Manifest(workflow)]
    if isinstance(workflow, Manifest):
        return [workflow]
    raise CompileError(
        f"{type(workflow).__name__} is not a workflow", hint="pass what @workflow made, or a Workflow of Hera's"
    )


def to_yaml(workflow: Any) -> str:
    """Give the YAML text of a workflow of ours or of Hera's. Raises CompileError for what cannot be lowered."""
    from argosy.yaml.write import dump_all

    return dump_all([m.data for m in to_manifests(workflow)])


def to_hera(workflow: Any) -> Any:
    """Give Hera's model of a workflow of ours, for code that speaks Hera. Imports Hera."""
    return model_of(to_manifests(workflow)[0])


def compile_path(path: str | Path) -> list[Manifest]:
    """Give the manifests of all workflows that a Python file defines, in its order.

    The file is run; other files that it imports from its own folder are forgotten again afterwards. Raises ReadError
    where there is no such file, CompileError where it raises or defines no workflow.
    """
    file = Path(path)
    if not file.is_file():
        raise ReadError(f"{path} is not a file", place=Place(str(path)))
    linecache.checkcache(str(file))
    with _module(file) as module:
        found = workflows_of(module)
        if not found:
            raise CompileError(
                "the file defines no workflow", place=Place(str(path)), hint="decorate a function with @workflow"
            )
        manifests = [m for one in found for m in to_manifests(one)]
    for index, manifest in enumerate(manifests):
        manifest.index = index
    return manifests


def workflows_of(module: ModuleType) -> list[Any]:
    """Give the workflows that a module defines itself, each once."""
    own: dict[int, Any] = {}
    for value in vars(module).values():
        ours = isinstance(value, Workflow) and value.__module__ == module.__name__
        if ours or is_hera(value):
            own.setdefault(id(value), value)
    return list(own.values())


@contextmanager
def _module(file: Path) -> Iterator[ModuleType]:
    """Run a file as a module of its own; forget all that it loaded from its folder, so that files cannot mix."""
    name = f"_argosy_{file.stem.replace('-', '_').replace('.', '_')}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ReadError(f"{file} is not a Python file", place=Place(str(file)))
    module = importlib.util.module_from_spec(spec)
    folder = str(file.resolve().parent)
    before, path = set(sys.modules), list(sys.path)
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    sys.modules[name] = module
    sys.path.insert(0, folder)
    try:
        _run(spec.loader, module, file)
        yield module
    finally:
        sys.dont_write_bytecode = writes
        sys.path[:] = path
        _forget(set(sys.modules) - before, folder)
        sys.modules.pop(name, None)


def _run(loader: Any, module: ModuleType, file: Path) -> None:
    try:
        loader.exec_module(module)
    except CompileError:
        raise
    except SyntaxError as error:
        place = Place(error.filename or str(file), error.lineno or 0, error.offset or 0)
        raise CompileError(f"this is not Python: {error.msg}", place=place) from None
    except ModuleNotFoundError as error:
        raise CompileError(f"{error}", place=_place(error, file), hint="install it beside argosy") from error
    except SystemExit as error:
        raise CompileError(
            f"the file exits (code {error.code})",
            place=_place(error, file),
            hint='guard it: `if __name__ == "__main__":`',
        ) from None
    except Exception as error:
        raise CompileError(f"{type(error).__name__}: {error}", place=_place(error, file)) from error


def _place(error: BaseException, file: Path) -> Place:
    """Give the deepest line of the user's files in a traceback."""
    folder = str(file.resolve().parent)
    entries: Sequence[traceback.FrameSummary] = traceback.extract_tb(error.__traceback__)
    own = [e for e in entries if e.filename == str(file) or str(Path(e.filename).resolve()).startswith(folder)]
    return Place(own[-1].filename, own[-1].lineno or 0) if own else Place(str(file))


def _forget(names: set[str], folder: str) -> None:
    for name in names:
        file = getattr(sys.modules.get(name), "__file__", None) or ""
        inside = str(Path(file).resolve()).startswith(folder + "/") if file else False
        if inside and not {"site-packages", "dist-packages"} & set(Path(file).parts):
            del sys.modules[name]
