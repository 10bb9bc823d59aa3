"""``argosy compile``: sources in, YAML files or one stream out; whole files or none, the same bytes every time."""

from __future__ import annotations

import difflib
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from argosy.errors import ArgosyError, Place, ReadError, UsageError
from argosy.frontend.environments import compiling
from argosy.frontend.hints import known_are
from argosy.frontend.load import compile_path
from argosy.source import Manifest


@dataclass(frozen=True, slots=True)
class Compiled:
    """What one source file gives."""

    source: Path
    manifests: list[Manifest]

    @property
    def file_name(self) -> str:
        """The name of its file in an output folder: ``exit_handler.py`` gives ``exit-handler.yaml``."""
        return self.source.stem.replace("_", "-") + ".yaml"


@dataclass(frozen=True, slots=True)
class Written:
    """One text that goes to one file; to standard output without a path."""

    path: Path | None
    text: str


def sources(paths: Sequence[str]) -> list[Path]:
    """Give the Python files that are meant: files, the files of folders that define workflows, modules by dotted name.

    Raises ReadError for what is none of these.
    """
    return list(dict.fromkeys(file for path in paths for file in _files(path)))


def _files(path: str) -> list[Path]:
    given = Path(path)
    if given.is_dir():
        found = [f for f in sorted(given.rglob("*.py")) if not _hidden(f.relative_to(given)) and _may_define(f)]
        if not found:
            raise ReadError("no Python file of this folder defines a workflow", place=Place(path))
        return found
    if given.is_file():
        return [given]
    if given.suffix != ".py" and all(part.isidentifier() for part in path.split(".")):
        return [_module_file(path)]
    raise ReadError(
        "there is no such file", place=Place(path), hint="give files, folders, or modules as `package.module`"
    )


def _hidden(path: Path) -> bool:
    return any(part.startswith((".", "__")) for part in path.parts)


def _may_define(file: Path) -> bool:
    """Tell from its text whether a file of a folder could define a workflow; its helpers are not compiled."""
    text = file.read_text(encoding="utf-8", errors="replace")
    return ("argosy" in text and "workflow" in text) or "hera.workflows" in text


def _module_file(name: str) -> Path:
    """Find a module as an import would, but without importing the packages around it."""
    parts = Path(*name.split("."))
    for folder in dict.fromkeys(["", *sys.path]):
        for file in (folder / parts.with_suffix(".py"), folder / parts / "__init__.py"):
            if file.is_file():
                return file
    raise ReadError("there is no such file, folder or module", place=Place(name))


def compile_sources(
    paths: Sequence[str], environment: str | None = None, parameters: Mapping[str, str] | None = None
) -> list[Compiled]:
    """Compile what is meant by paths (see :func:`sources`), each apart from the others, for an environment and with
    values for parameters.

    Of a folder's files, those without a workflow give nothing. Raises UsageError for a parameter that no workflow has.
    """
    with compiling(environment, dict(parameters or {})):
        found = [Compiled(file, compile_path(file, helper=str(file) not in paths)) for file in sources(paths)]
    compiled = [one for one in found if one.manifests]
    if not compiled:
        raise ReadError("it defines no workflow", place=Place(paths[0]), hint="decorate a function with @workflow")
    _check_parameters(compiled, parameters or {})
    return compiled


def _check_parameters(compiled: Sequence[Compiled], given: Mapping[str, str]) -> None:
    specs = [m.data.get("spec") or {} for one in compiled for m in one.manifests]
    arguments = [(s.get("workflowSpec") or s).get("arguments") or {} for s in specs]
    known = {str(p.get("name")) for one in arguments for p in one.get("parameters") or ()}
    for name in given:
        if name not in known:
            hint = known_are(name, sorted(known)) if known else None
            raise UsageError(f"no workflow has a parameter {name!r}", hint=hint)


def plan(compiled: Sequence[Compiled], output: str | None) -> list[Written]:
    """Say which text goes where: one stream to standard output or a file, or one file each into a folder.

    Raises UsageError where two sources would write the same file.
    """
    from argosy.yaml.write import dump_all

    if output is not None and (output.endswith(("/", os.sep)) or Path(output).is_dir()):
        named: dict[Path, Compiled] = {}
        for one in compiled:
            path = Path(output) / one.file_name
            if path in named:
                raise UsageError(
                    f"{named[path].source} and {one.source} would both write {path}", hint="rename one of them"
                )
            named[path] = one
        return [Written(path, dump_all([m.data for m in one.manifests])) for path, one in named.items()]
    text = dump_all([m.data for one in compiled for m in one.manifests])
    return [Written(Path(output) if output is not None and output != "-" else None, text)]


def write(planned: Written) -> bool:
    """Write one file, whole or not at all; give whether it changed. Raises UsageError where it cannot be written."""
    assert planned.path is not None
    try:
        if planned.path.is_file() and planned.path.read_text(encoding="utf-8") == planned.text:
            return False
        planned.path.parent.mkdir(parents=True, exist_ok=True)
        _replace(planned.path, planned.text)
    except OSError as error:
        raise UsageError(f"cannot write to it: {error.strerror}", place=Place(str(planned.path))) from None
    return True


def _replace(path: Path, text: str) -> None:
    """Write beside the file, then take its place in one move, so that no reader ever sees half of it."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
        os.chmod(temporary, mode)  # noqa: PTH101 - the name is text
        os.replace(temporary, path)  # noqa: PTH105 - the name is text
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def stale(planned: Sequence[Written]) -> Iterator[str]:
    """Give a diff for each file that is not what its source would write now."""
    for one in planned:
        if one.path is None:
            raise UsageError("--check compares with files", hint="say which: -o FILE or -o FOLDER/")
        try:
            old = one.path.read_text(encoding="utf-8") if one.path.exists() else ""
        except OSError as error:
            raise ReadError(f"cannot read it: {error.strerror}", place=Place(str(one.path))) from None
        if old != one.text:
            name = str(one.path)
            lines = difflib.unified_diff(
                old.splitlines(), one.text.splitlines(), name, f"{name} (compiled)", lineterm=""
            )
            yield "\n".join(lines) + "\n"


def parameter_values(given: Sequence[str], file: str | None) -> dict[str, str]:
    """Give values for parameters from ``NAME=VALUE`` texts and a YAML or JSON file; the former win.

    Raises UsageError for a text or a file of another form.
    """
    values = _parameter_file(file) if file else {}
    for text in given:
        name, equals, value = text.partition("=")
        if not (name and equals):
            raise UsageError(f"{text!r} does not name a parameter and its value", hint="write --parameter NAME=VALUE")
        values[name] = value
    return values


def _parameter_file(file: str) -> dict[str, str]:
    from argosy.frontend.hints import encode
    from argosy.yaml.read import read

    try:
        documents = read(Path(file).read_bytes(), file)
    except OSError as error:
        raise ReadError(f"cannot read it: {error.strerror}", place=Place(file)) from None
    problems = [p for d in documents for p in d.problems]
    if problems:
        span = problems[0].span
        raise ReadError(problems[0].message, place=Place(file, span.line, span.column))
    if len(documents) != 1 or not isinstance(documents[0].data, dict):
        raise UsageError("a parameter file maps names to values", place=Place(file), hint="write `name: value` lines")
    return {str(name): encode(value) for name, value in documents[0].data.items()}


def watched(paths: Sequence[str]) -> dict[Path, float]:
    """Give when the sources and the Python files beside them were changed last."""
    try:
        files = sources(paths)
    except ReadError:
        files = []
    beside = {f for file in files for f in file.parent.rglob("*.py")}
    return {f: f.stat().st_mtime for f in sorted({*files, *beside}) if f.exists()}


def once(
    paths: Sequence[str], output: str | None, environment: str | None, parameters: Mapping[str, str]
) -> tuple[list[Path], ArgosyError | None]:
    """Compile and write, for ``--watch``: give the files that changed, or the error."""
    try:
        planned = plan(compile_sources(paths, environment, parameters), output)
        return [p.path for p in planned if p.path is not None and write(p)], None
    except ArgosyError as error:
        return [], error
