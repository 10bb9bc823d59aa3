"""Python files as manifests: run a file apart from all others, and lower the workflows that it defines."""

from __future__ import annotations

import importlib.util
import linecache
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from argosy.errors import CompileError, Place, ReadError
from argosy.frontend.elsewhere import noting_references
from argosy.frontend.hera import is_hera, lower_hera, model_of
from argosy.frontend.lower import lower
from argosy.frontend.origin import PythonOrigin
from argosy.frontend.workflows import Workflow
from argosy.source import Manifest


@dataclass(frozen=True, slots=True)
class Named:
    """A workflow of Hera's, the file that defines it, and its name there."""

    workflow: Any
    path: str
    name: str


def to_manifests(workflow: Any, *, libraries: bool = False) -> list[Manifest]:
    """Give the manifests of a workflow of ours or of Hera's, or of a list of them.

    With ``libraries``, what they refer to and these are not, as workflow templates that another module defines, is
    ``beside`` them. Raises CompileError at the user's line for what cannot be lowered.
    """
    with noting_references() as referred:
        found = _manifests(workflow)
        if libraries:
            given = workflow if isinstance(workflow, (list, tuple)) else [workflow]
            beside = _libraries({id(one) for one in given}, referred)
            for manifest in found:
                manifest.beside = beside
    return found


def _libraries(known: set[int], referred: dict[int, Workflow[..., Any]]) -> list[Manifest]:
    """Lower what is referred to, and what that refers to."""
    found: list[Manifest] = []
    while missing := [one for key, one in referred.items() if key not in known]:
        known.update(id(one) for one in missing)
        found += [lower(one) for one in missing]
    return found


def _manifests(workflow: Any) -> list[Manifest]:
    if isinstance(workflow, (list, tuple)):
        return [m for one in workflow for m in _manifests(one)]
    if isinstance(workflow, Workflow):
        return [lower(workflow)]
    if isinstance(workflow, Named):
        return [lower_hera(workflow.workflow, workflow.path, workflow.name)]
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


def compile_path(path: str | Path, *, libraries: bool = False, helper: bool = False) -> list[Manifest]:
    """Give the manifests of all workflows that a Python file defines, in its order; ``libraries`` as above.

    A ``helper`` may define none.

    The file is run; other files that it imports from its own folder are forgotten again afterwards. Raises ReadError
    where there is no such file, CompileError where it raises or defines no workflow.
    """
    file = Path(path)
    if not file.is_file():
        raise ReadError(f"{path} is not a file", place=Place(str(path)))
    linecache.checkcache(str(file))
    with _module(file) as module:
        found = workflows_of(module)
        named = {id(value): name for name, value in vars(module).items() if is_hera(value)}
        if not found and not helper:
            raise CompileError(
                "the file defines no workflow", place=Place(str(path)), hint="decorate a function with @workflow"
            )
        manifests = to_manifests(
            [Named(one, str(path), named[id(one)]) if id(one) in named else one for one in found], libraries=libraries
        )
    seen: dict[tuple[Any, ...], int] = {}
    for index, manifest in enumerate(manifests):
        manifest.index = index
        _check_unique(manifest, seen)
        if isinstance(manifest.origin, PythonOrigin):
            manifest.origin.called(str(path))
    return manifests


def _check_unique(manifest: Manifest, seen: dict[tuple[Any, ...], int]) -> None:
    """Refuse two documents of one name, of which the cluster would take only the second."""
    metadata = manifest.data.get("metadata") or {}
    key = (manifest.kind, metadata.get("name"), metadata.get("namespace"))
    span = manifest.origin.locate(())
    if metadata.get("name") and key in seen:
        raise CompileError(
            f"two of the file's workflows are named {manifest.name!r}: here and at line {seen[key]}",
            place=Place(span.path, span.line),
            hint="give one another name",
        )
    seen[key] = span.line


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
    root, name = _home(file.resolve())
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ReadError(f"{file} is not a Python file", place=Place(str(file)))
    module = importlib.util.module_from_spec(spec)
    hidden = _hide(root, name)
    before, path, writes = set(sys.modules), list(sys.path), sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(root))
    importlib.invalidate_caches()
    try:
        _run(spec.loader, module, file, name)
        yield module
    finally:
        sys.dont_write_bytecode = writes
        sys.path[:] = path
        sys.modules.pop(name, None)
        _forget(set(sys.modules) - before, root)
        sys.modules.update(hidden)


def _home(file: Path) -> tuple[Path, str]:
    """Give the folder to import from, and the module's name: that in its package, or a private one of a lone file."""
    parts: list[str] = [file.stem]
    folder = file.parent
    while (folder / "__init__.py").is_file():
        parts.insert(0, folder.name)
        folder = folder.parent
    if len(parts) == 1:
        return folder, f"_argosy_{file.stem.replace('-', '_').replace('.', '_')}"
    return folder, ".".join(parts).removesuffix(".__init__")


def _hide(root: Path, name: str) -> dict[str, ModuleType]:
    """Take modules of other folders out of the way that are named like files of this one."""
    own = {p.stem for p in root.glob("*.py")} | {p.name for p in root.iterdir() if p.is_dir()} | {name}
    hidden = {k: m for k, m in sys.modules.items() if k.split(".")[0] in own and _is_users(m)}
    for key in hidden:
        del sys.modules[key]
    return hidden


def _is_users(module: ModuleType | None) -> bool:
    """Tell whether a module is neither of the standard library nor installed, nor Argosy's."""
    name = getattr(module, "__name__", "").split(".")[0]
    file = getattr(module, "__file__", None)
    if not file or name in sys.stdlib_module_names or name in ("argosy", "__main__", "conftest"):
        return False
    return not {"site-packages", "dist-packages"} & set(Path(file).parts)


def _run(loader: Any, module: ModuleType, file: Path, name: str) -> None:
    try:
        if "." in name:
            importlib.import_module(name.rpartition(".")[0])
        sys.modules[name] = module
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


def _forget(names: set[str], root: Path) -> None:
    for name in names:
        module = sys.modules.get(name)
        file = getattr(module, "__file__", None)
        if file and Path(file).resolve().is_relative_to(root) and _is_users(module):
            del sys.modules[name]
