"""From files, text or manifests to a result: reads, runs the rules on every document, and sums up Argo's verdict."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from argosy.errors import ReadError
from argosy.lint import workers as processes
from argosy.lint.choice import Choice
from argosy.lint.context import KINDS, Context
from argosy.lint.engine import run, run_all
from argosy.lint.finding import Finding
from argosy.lint.folders import files as found_in
from argosy.lint.result import DocumentResult, FileResult, LintResult, LocatedFinding
from argosy.lint.settings import Settings, settings
from argosy.lint.workers import Outcome
from argosy.source import Manifest
from argosy.versions import ArgoVersion
from argosy.workspace import Workspace, files
from argosy.yaml.read import Document, read

if TYPE_CHECKING:
    from pathlib import Path

    from argosy.lint import cache as cached

STDIN = "-"
WORTH_REMEMBERING = 20
"""With fewer files, nothing is remembered."""


def lint(
    paths: Sequence[str | Path],
    *,
    argo_version: str | ArgoVersion | None = None,
    select: Sequence[str] | None = None,
    ignore: Sequence[str] = (),
    severity: Sequence[str] | Mapping[str, str] = (),
    with_: Sequence[str | Path] = (),
    stdin_filename: str | None = None,
    cache: bool = True,
    config: bool = True,
    texts: Mapping[str, bytes] | None = None,
    workers: int | None = None,
) -> LintResult:
    """Lint files and folders; ``-`` is standard input. References are looked up in them and in ``with_``.

    Python files that are named are compiled, and findings point at their lines.

    Of a folder, only files that speak of Argo are looked at. ``texts`` stands for what is in some files, by path.
    ``workers`` is the number of processes, by default as many as help. Raises ReadError for what is not there or cannot
    be read, UsageError for an unknown version, rule or severity, and for a configuration that is off.
    """
    python = [str(path) for path in paths if str(path).endswith(".py")]
    if python:
        others = [path for path in paths if str(path) not in python]
        rules: dict[str, Any] = {
            "argo_version": argo_version,
            "select": select,
            "ignore": ignore,
            "severity": severity,
            "config": config,
        }
        more: dict[str, Any] = {"stdin_filename": stdin_filename, "cache": cache, "texts": texts, "workers": workers}
        result = lint(others, with_=with_, **rules, **more) if others else LintResult()
        beside = [path for path in (*with_, *others) if str(path) != STDIN]
        result.files += lint_python(python, with_=beside, **rules).files
        return result
    choice = Choice(argo_version, select, ignore, severity, config)
    named = {str(path): os.path.isfile(path) or str(path) == STDIN for path in paths}  # noqa: PTH113  # start-up time
    found = _paths(paths, choice)
    chosen = {path: choice.of(stdin_filename or "<stdin>" if path == STDIN else path) for path in found}
    with_ = [*with_, *choice.also_with(found)]
    remembered = cache and not texts and len(found) >= WORTH_REMEMBERING and not with_
    results: dict[str, FileResult] = {}
    if remembered:
        from argosy.lint import cache as cached

        stamps = {path: cached.stamp(path, bool(named.get(path))) for path in found}
        memory = cached.load(choice.key())
        for path in cached.unchanged(memory, stamps):
            if (recalled := _recalled(path, memory.files[path], chosen[path])) is not None:
                results[path] = recalled
        if len(results) == len(found):
            return LintResult(list(results.values()))
    todo = [path for path in found if path not in results]
    fresh = _lint_all(todo, found, _Job(chosen, named, with_, stdin_filename, texts or {}), workers)
    results |= {one.path: one.result for one in fresh if one.result is not None}
    if remembered:
        kept = {path: memory.files[path] for path in results if path in memory.files and path not in todo}
        for one in fresh:
            now = stamps[one.path]
            if one.result is not None and now is not None:
                told = cached.keep(one.result, now, one.refers)
                kept |= {one.path: told} if told is not None else {}
        cached.save(choice.key(), kept, cached.together(stamps))
    return LintResult([results[path] for path in found])


def _recalled(path: str, kept: cached.Kept, chosen: Settings) -> FileResult | None:
    """Give what is remembered of a file, if it still fits."""
    from argosy.lint import cache as cached

    documents = read(text(path), path) if kept.findings else []
    result = cached.recall(path, kept, documents)
    if result is not None and result.findings:
        from argosy.lint.foreign import explain

        explain(result, documents, chosen)
    return result


class _Job(Struct, frozen=True):
    """What all files are linted with."""

    chosen: Mapping[str, Settings]
    named: Mapping[str, bool]
    """The paths that were given, and whether each is a file."""
    with_: Sequence[str | Path]
    stdin_filename: str | None
    texts: Mapping[str, bytes]
    """What stands for the text of some files."""

    def name(self, path: str) -> str:
        """Give the name to report a path under."""
        return (self.stdin_filename or "<stdin>") if path == STDIN else path

    def text(self, path: str) -> bytes:
        """Give the text of a file. Raises ReadError."""
        return self.texts[path] if path in self.texts else text(path)


def _lint_all(todo: Sequence[str], everything: Sequence[str], job: _Job, workers: int | None) -> list[Outcome]:
    if STDIN in todo:
        text(STDIN)  # for all processes
    known = [one for path in files(job.with_) for one in _templates(read(job.text(str(path)), str(path)))]
    outcomes = processes.spread(partial(_first_look, job=job), todo, processes.count(len(todo), workers))
    waiting = [one.path for one in outcomes if one.result is None]
    if waiting:
        seen = set(todo)
        templates = {one.path: one.templates for one in outcomes}
        for path in everything:
            if path not in seen:
                templates[path] = _templates(read(job.text(path), path))
        workspace = Workspace([*(one for path in everything for one in templates.get(path, ())), *known])
        second = partial(_second_look, job=job, workspace=workspace)
        later = {one.path: one for one in processes.spread(second, waiting, processes.count(len(waiting), workers))}
        outcomes = [later.get(one.path, one) for one in outcomes]
    return outcomes


def _first_look(paths: Sequence[str], job: _Job) -> list[Outcome]:
    """Lint those files of a share that refer to no other."""
    outcomes: list[Outcome] = []
    files: list[_File] = []
    for path in paths:
        text, name = job.text(path), job.name(path)
        if b"argoproj.io" not in text and not job.named.get(path):
            outcomes.append(Outcome(path, FileResult(name)))
            continue
        documents = read(text, name)
        templates = _templates(documents)
        refers = b"emplateRef" in text or bool(templates)
        outcomes.append(Outcome(path, None, templates, refers))
        if not refers:
            files.append(_File(name, documents, Workspace(), job.chosen[path]))
    results = iter(_lint_files(files))
    return [one if one.refers or one.result is not None else replace(one, result=next(results)) for one in outcomes]


def _second_look(paths: Sequence[str], job: _Job, workspace: Workspace) -> list[Outcome]:
    files = [_File(job.name(path), read(job.text(path), job.name(path)), workspace, job.chosen[path]) for path in paths]
    return [Outcome(path, result, refers=True) for path, result in zip(paths, _lint_files(files), strict=True)]


_stdin: list[bytes] = []


def text(path: str) -> bytes:
    """Give the text of a file, or of standard input, which is read once. Raises ReadError."""
    if path != STDIN:
        return _read(path)
    if not _stdin:
        _stdin.append(sys.stdin.buffer.read())
    return _stdin[0]


def _paths(paths: Sequence[str | Path], choice: Choice) -> list[str]:
    out: dict[str, None] = {}
    for path in paths:
        if str(path) == STDIN:
            out[STDIN] = None
        else:
            out.update(dict.fromkeys(found_in([path], choice.excluded if choice.config else None)))
    return list(out)


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:  # noqa: PTH123  # ten thousand Paths take long
            return file.read()
    except OSError as error:
        raise ReadError(f"{path} cannot be read: {error.strerror}") from error


def _templates(documents: Iterable[Document]) -> list[Manifest]:
    kinds = ("WorkflowTemplate", "ClusterWorkflowTemplate")
    found = [one.manifest() for one in documents if one.outcome != "ignored" and one.kind in kinds]
    return [one for one in found if one is not None]


def lint_text(
    text: str | bytes,
    path: str = "<memory>",
    *,
    argo_version: str | ArgoVersion | None = None,
    also: Sequence[str] = (),
) -> FileResult:
    """Lint a text by itself, with the rules that are on by default and those in ``also``."""
    documents = read(text, path)
    file = _File(path, documents, Workspace(_templates(documents)), settings(argo_version, also=also))
    return _lint_files([file])[0]


def lint_python(paths: Sequence[str | Path], **chosen: Any) -> LintResult:
    """Compile Python files and lint what comes of them, as :func:`lint_manifests` does."""
    from argosy.frontend import compile_path

    return lint_manifests([one for path in paths for one in compile_path(path, libraries=True)], **chosen)


def lint_manifests(
    manifests: Sequence[Manifest],
    *,
    argo_version: str | ArgoVersion | None = None,
    select: Sequence[str] | None = None,
    ignore: Sequence[str] = (),
    severity: Sequence[str] | Mapping[str, str] = (),
    with_: Sequence[str | Path] = (),
    config: bool = True,
) -> LintResult:
    """Lint documents that are not text: what the Python front-end made. Findings point where their origins do."""
    from argosy.lint.suppress import suppress
    from argosy.workspace import load

    choice = Choice(argo_version, select, ignore, severity, config)
    origins = {manifest.origin.path: manifest.origin for manifest in manifests}
    workspace = load([*with_, *choice.also_with(origins)])
    for one in [*manifests, *(other for manifest in manifests for other in manifest.beside)]:
        workspace.add(one)
    out = {path: FileResult(path) for path in origins}
    for manifest in manifests:
        path = manifest.origin.path
        chosen = choice.of(path)
        found = run(Context(manifest, chosen.version, workspace), chosen.planned)
        _add(out[path], manifest, [replace(one, fix=None) for one in found], chosen)  # there is no YAML to fix
    for path, file in out.items():
        suppress(file, origins[path], choice.of(path))
    return LintResult(list(out.values()))


class _File(Struct):
    """A file that was read, and what it is linted with."""

    path: str
    documents: Sequence[Document]
    workspace: Workspace
    """It has the workflow templates; those of this file may be among them."""
    chosen: Settings
    contexts: list[Context] = field(default_factory=list)

    def __post_init__(self) -> None:
        argo = [one.index for one in self.documents if one.kind in KINDS and one.outcome == "read"]
        for one in self.documents:
            manifest = self.workspace.same(self.path, one.index) or one.manifest()
            beside = any(index != one.index for index in argo)
            made = manifest or Manifest({}, one.origin, one.index)
            self.contexts.append(Context(made, self.chosen.version, self.workspace, one, beside))


def _lint_files(given: Sequence[_File]) -> list[FileResult]:
    """Lint some files at once, as far as they are linted with the same rules."""
    results: list[FileResult] = []
    for planned, group in groupby(given, lambda one: one.chosen.planned):
        files = list(group)
        found = iter(run_all([context for one in files for context in one.contexts], planned))
        results += [_summed_up(one, [next(found) for _ in one.contexts]) for one in files]
    return results


def _summed_up(given: _File, findings: Sequence[list[Finding]]) -> FileResult:
    path, chosen, file = given.path, given.chosen, FileResult(given.path)
    for document, context, found in zip(given.documents, given.contexts, findings, strict=True):
        if document.outcome != "read" and context.beside_argo:
            found = [one if one.rule == "type-wrong" else replace(one, rejected=False) for one in found]
        if isinstance(document.data, dict):
            _add(file, context.manifest, found, chosen)
            continue
        for one in chosen.finish(found):
            file.findings.append(LocatedFinding(one, path, None, None, document.origin))
        if any(one.rejected for one in found):
            file.accepted = False
    if given.documents and b"argosy:" in given.documents[0].origin.source.raw:
        from argosy.lint.suppress import suppress

        suppress(file, given.documents[0].origin, chosen)
    if file.findings:
        from argosy.lint.foreign import explain

        explain(file, given.documents, chosen)
    return file


def _add(file: FileResult, manifest: Manifest, found: list[Finding], chosen: Settings) -> None:
    accepted = not any(one.rejected for one in found)
    file.documents.append(DocumentResult(manifest.index, manifest.kind, manifest.name, accepted))
    for one in chosen.finish(found):
        file.findings.append(LocatedFinding(one, file.path, manifest.index, manifest))


__all__ = ["Settings", "lint", "lint_manifests", "lint_text", "settings"]
