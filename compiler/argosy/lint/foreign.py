"""Sources of Helm or Kustomize, which are no manifests: one line explains them instead of what is wrong with them.

They are looked for only among files in which something was found. Argo's verdict stays what it is.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
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
_UP_TO_CHART = 5
"""How many folders from a file on a chart is looked for in."""
_UP = 3
"""How many folders from a file on a kustomization is looked for in."""


def explain(file: FileResult, documents: Sequence[Document], chosen: Settings) -> None:
    """Replace the findings of a file by one that says what it is, if it is a source of another tool."""
    if not documents:
        return
    raw = documents[0].origin.source.raw
    found = _helm(raw, file.path, documents) or _kustomize(raw, file.path)
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


def _folders(path: str, most: int) -> list[str]:
    """Give the folder of a file and those above it, the nearest first; of a relative path, down to the current one."""
    out = [os.path.dirname(path) or "."]  # noqa: PTH120  # pathlib takes longer to import than a file takes
    while len(out) < most and out[-1] != ".":
        above = os.path.dirname(out[-1]) or "."  # noqa: PTH120  # as above
        if above == out[-1]:
            break
        out.append(above)
    return out


def _is_file(folder: str, name: str) -> bool:
    return os.path.isfile(os.path.join(folder, name))  # noqa: PTH113, PTH118  # as above


def _helm(raw: bytes, path: str, documents: Sequence[Document]) -> Found:
    tag = re.search(_HELM, raw) if any(word in raw for word in _HELM_WORDS) else None
    folders = _folders(path, _UP_TO_CHART)
    chart = next((folder for folder in folders if _is_file(folder, "Chart.yaml")), None)
    if os.path.basename(path).startswith("values") and chart == folders[0]:  # noqa: PTH119  # as above
        return HELM, "these are values for a Helm chart, not a manifest", _render(chart), 0
    if tag is None or (chart is None and not any(one.problems for one in documents)):
        return None
    return HELM, "this is a template of Helm, not yet a manifest", _render(chart), tag.start()


def _render(chart: str | None) -> str:
    return f"lint what comes of it: helm template {chart or 'CHART'} | argosy lint -"


def _kustomize(raw: bytes, path: str) -> Found:
    folders = _folders(path, _UP)
    if os.path.basename(path) in _KUSTOMIZATIONS:  # noqa: PTH119  # as above
        return KUSTOMIZE, "this tells Kustomize what to do, and is no manifest", _build(folders[0]), 0
    if b"$patch" in raw and (patch := re.search(_PATCH, raw)) is not None:
        return KUSTOMIZE, "this is a patch for Kustomize, not a whole manifest", _build(None), patch.start()
    for folder in folders:
        for name in _KUSTOMIZATIONS:
            if _is_file(folder, name) and os.path.realpath(path) in set(_patches(folder, name)):
                return KUSTOMIZE, "this is a patch for Kustomize, not a whole manifest", _build(folder), 0
    return None


def _build(folder: str | None) -> str:
    return f"lint what comes of it: kustomize build {folder or 'FOLDER'} | argosy lint -"


def _patches(folder: str, name: str) -> Iterator[str]:
    """Give the files that a kustomization patches with."""
    with open(os.path.join(folder, name), "rb") as file:  # noqa: PTH118, PTH123  # as above
        text = file.read()
    for document in read(text, name):
        if isinstance(document.data, dict):
            for key in _PATCHES:
                for one in _texts(document.data.get(key)):
                    if one and "\n" not in one:
                        yield os.path.realpath(os.path.join(folder, one))  # noqa: PTH118  # as above


def _texts(data: Json) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, list):
        for one in data:
            yield from _texts(one)
    elif isinstance(data, dict):
        yield from _texts(data.get("path"))
