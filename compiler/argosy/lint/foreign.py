"""Sources of Helm or Kustomize, which are no manifests: one line explains them instead of what is wrong with them.

They are looked for only among files in which something was found. Argo's verdict stays what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from argosy.lint.result import FileResult, LocatedFinding
from argosy.lint.rule import Problem, find, finding
from argosy.source import Json, Span
from argosy.yaml.read import Document, read

if TYPE_CHECKING:
    from argosy.lint.settings import Settings

HELM, KUSTOMIZE = "helm-source", "kustomize-source"
_HELM = rb"""\{\{-?\s*(?:\.(?:Values|Release|Chart|Capabilities)\b|include\s+["`])"""
_HELM_WORDS = (b".Values", b".Release", b".Chart", b".Capabilities", b"include")
_PATCH = rb"""(?m)^\s*(?:-\s*)?\$patch:\s*(?:delete|replace|merge)\b"""
_KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_PATCHES = ("patches", "patchesStrategicMerge", "patchesJson6902", "replacements", "transformers", "configurations")
_UP = 3
"""How many folders above a file a kustomization is looked for in."""


def explain(file: FileResult, documents: Sequence[Document], chosen: Settings) -> None:
    """Replace the findings of a file by one that says what it is, if it is a source of another tool."""
    if not documents:
        return
    raw, path = documents[0].origin.source.raw, Path(file.path)
    found = _helm(raw, path, documents) or _kustomize(raw, path)
    if found is None:
        return
    rule, message, hint, at = found
    origin = documents[0].origin
    line = raw.count(b"\n", 0, at) + 1
    column = len(raw[raw.rfind(b"\n", 0, at) + 1 : at].decode("utf-8", "replace")) + 1
    span = Span(file.path, line, column, line, column + 1)
    said = chosen.finish([finding(find(rule), Problem(message, (), hint, span=span))])
    if said:
        file.findings = [LocatedFinding(one, file.path, None, None, origin) for one in said]
        file.foreign = True


Found = tuple[str, str, str, int] | None
"""The rule, the message, the hint, and the byte that tells."""


def _helm(raw: bytes, path: Path, documents: Sequence[Document]) -> Found:
    tag = re.search(_HELM, raw) if any(word in raw for word in _HELM_WORDS) else None
    chart = _chart(path)
    if path.name.startswith("values") and chart is not None and chart == path.parent:
        return HELM, "these are values for a Helm chart, not a manifest", _render(chart), 0
    if tag is None or (chart is None and not any(one.problems for one in documents)):
        return None
    return HELM, "this is a template of Helm, not yet a manifest", _render(chart), tag.start()


def _chart(path: Path) -> Path | None:
    """Give the folder of the chart that a file is in."""
    folders = [path.parent, *path.parent.parents][:5]
    return next((folder for folder in folders if (folder / "Chart.yaml").is_file()), None)


def _render(chart: Path | None) -> str:
    return f"lint what comes of it: helm template {chart or 'CHART'} | argosy lint -"


def _kustomize(raw: bytes, path: Path) -> Found:
    if path.name in _KUSTOMIZATIONS:
        return KUSTOMIZE, "this tells Kustomize what to do, and is no manifest", _build(path.parent), 0
    if b"$patch" in raw and (patch := re.search(_PATCH, raw)) is not None:
        return KUSTOMIZE, "this is a patch for Kustomize, not a whole manifest", _build(None), patch.start()
    for folder in [path.parent, *path.parent.parents][:_UP]:
        for name in _KUSTOMIZATIONS:
            if (folder / name).is_file() and path.resolve() in set(_patches(folder, name)):
                return KUSTOMIZE, "this is a patch for Kustomize, not a whole manifest", _build(folder), 0
    return None


def _build(folder: Path | None) -> str:
    return f"lint what comes of it: kustomize build {folder or 'FOLDER'} | argosy lint -"


def _patches(folder: Path, name: str) -> Iterator[Path]:
    """Give the files that a kustomization patches with."""
    for document in read((folder / name).read_bytes(), name):
        if isinstance(document.data, dict):
            for key in _PATCHES:
                for text in _texts(document.data.get(key)):
                    if text and "\n" not in text:
                        yield (folder / text).resolve()


def _texts(data: Json) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, list):
        for one in data:
            yield from _texts(one)
    elif isinstance(data, dict):
        yield from _texts(data.get("path"))
