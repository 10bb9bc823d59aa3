"""From files, text or manifests to a result: reads, runs the rules on every document, and sums up Argo's verdict."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from argosy.errors import ReadError, UsageError
from argosy.lint.context import KINDS, Context
from argosy.lint.engine import CRASHED, Plan, choose, plan, run
from argosy.lint.finding import Finding, Severity
from argosy.lint.result import DocumentResult, FileResult, LintResult, LocatedFinding
from argosy.lint.rule import Rule, find, rules
from argosy.source import Manifest
from argosy.versions import ArgoVersion, argo_version
from argosy.workspace import Workspace, files
from argosy.yaml.read import Document, read

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Settings:
    """What decides the findings about a text, apart from the text."""

    version: ArgoVersion
    shown: frozenset[str]
    """The rules whose findings are shown."""
    severities: Mapping[str, Severity]
    planned: Plan
    """The rules that run: those shown, and those that decide Argo's verdict."""

    def finish(self, found: Iterable[Finding]) -> list[Finding]:
        """Drop the findings that are not asked for, and set the severities that are."""
        kept = [one for one in found if one.rule in self.shown]
        if not self.severities:
            return kept
        return [
            replace(one, severity=self.severities[one.rule]) if one.rule in self.severities else one for one in kept
        ]


def settings(
    version: str | ArgoVersion | None = None,
    select: Sequence[str] | None = None,
    ignore: Sequence[str] = (),
    severity: Sequence[str] | Mapping[str, str] = (),
    also: Sequence[str] = (),
) -> Settings:
    """Read the settings as people write them: rules and themes by name, severities as ``RULE=warning`` or ``RULE=off``.

    Raises UsageError for what is not known.
    """
    given = dict(severity) if isinstance(severity, Mapping) else dict(_severity(one) for one in severity)
    for name, level in given.items():
        find(name)
        if level != "off" and level not in list(Severity):
            raise UsageError(f"{level!r} is no severity", hint="one of error, warning, info, off")
    off = {name for name, level in given.items() if level == "off"}
    shown = frozenset(one.name for one in choose(select, ignore) if one.name not in off) | {CRASHED, *also}
    runs: list[Rule[object]] = [one for one in rules() if one.name in shown or one.verdict]
    levels = {name: Severity(level) for name, level in given.items() if level != "off"}
    return Settings(argo_version(version), shown, levels, plan(runs))


def _severity(text: str) -> tuple[str, str]:
    name, separator, level = text.partition("=")
    if not separator:
        raise UsageError(f"{text!r} does not say which severity", hint="write RULE=error, warning, info or off")
    return name.strip(), level.strip()


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
    workers: int | None = None,
) -> LintResult:
    """Lint files and folders; ``-`` is standard input. References are looked up in them and in ``with_``.

    Raises ReadError for what is not there or cannot be read, UsageError for an unknown version, rule or severity.
    """
    chosen = settings(argo_version, select, ignore, severity)
    named = {STDIN: stdin_filename or "<stdin>"}
    texts = {named.get(path, path): _read(path) for path in _paths(paths)}
    documents = {path: read(text, path) for path, text in texts.items()}
    workspace = Workspace([one for found in documents.values() for one in _manifests(found)])
    for path in files(with_):
        if str(path) not in documents:
            for one in _manifests(read(_read(str(path)), str(path))):
                workspace.add(one)
    return LintResult([lint_documents(path, found, workspace, chosen) for path, found in documents.items()])


def _paths(paths: Sequence[str | Path]) -> list[str]:
    out: dict[str, None] = {}
    for path in paths:
        if str(path) == STDIN:
            out[STDIN] = None
        else:
            out.update(dict.fromkeys(map(str, files([path]))))
    return list(out)


def _read(path: str) -> bytes:
    if path == STDIN:
        return sys.stdin.buffer.read()
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise ReadError(f"{path} cannot be read: {error.strerror}") from error


def _manifests(documents: Iterable[Document]) -> list[Manifest]:
    return [one for document in documents if document.outcome != "ignored" and (one := document.manifest()) is not None]


def lint_text(
    text: str | bytes,
    path: str = "<memory>",
    *,
    argo_version: str | ArgoVersion | None = None,
    also: Sequence[str] = (),
) -> FileResult:
    """Lint a text by itself, with the rules that are on by default and those in ``also``."""
    documents = read(text, path)
    chosen = settings(argo_version, also=also)
    return lint_documents(path, documents, Workspace(_manifests(documents)), chosen)


def lint_manifests(
    manifests: Sequence[Manifest],
    *,
    argo_version: str | ArgoVersion | None = None,
    select: Sequence[str] | None = None,
    ignore: Sequence[str] = (),
    severity: Sequence[str] | Mapping[str, str] = (),
    with_: Sequence[str | Path] = (),
) -> LintResult:
    """Lint documents that are not text: what the Python front-end made. Findings point where their origins do."""
    from argosy.workspace import load

    chosen = settings(argo_version, select, ignore, severity)
    workspace = load(with_)
    for manifest in manifests:
        workspace.add(manifest)
    out: dict[str, FileResult] = {}
    for manifest in manifests:
        path = manifest.origin.path
        file = out.setdefault(path, FileResult(path))
        _add(file, manifest, run(Context(manifest, chosen.version, workspace), chosen.planned), chosen)
    return LintResult(list(out.values()))


def lint_documents(path: str, documents: Sequence[Document], workspace: Workspace, chosen: Settings) -> FileResult:
    """Lint the documents of one file."""
    file = FileResult(path)
    by_index = {(one.origin.path, one.index): one for one in workspace.manifests}
    argo = [one.index for one in documents if one.kind in KINDS and one.outcome == "read"]
    for document in documents:
        manifest = by_index.get((path, document.index)) or document.manifest()
        context = Context(
            manifest or Manifest({}, document.origin, document.index),
            chosen.version,
            workspace,
            document,
            any(index != document.index for index in argo),
        )
        found = run(context, chosen.planned)
        if document.outcome != "read" and context.beside_argo:
            found = [one if one.rule == "type-wrong" else replace(one, rejected=False) for one in found]
        if manifest is not None:
            _add(file, manifest, found, chosen)
            continue
        for one in chosen.finish(found):
            file.findings.append(LocatedFinding(one, path, None, None, document.origin))
        if any(one.rejected for one in found):
            file.accepted = False
    return file


def _add(file: FileResult, manifest: Manifest, found: list[Finding], chosen: Settings) -> None:
    name = manifest.name
    accepted = not any(one.rejected for one in found)
    file.documents.append(DocumentResult(manifest.index, manifest.kind, name, accepted))
    for one in chosen.finish(found):
        file.findings.append(LocatedFinding(one, file.path, manifest.index, manifest))


__all__ = ["KINDS", "Settings", "lint", "lint_documents", "lint_manifests", "lint_text", "settings"]
