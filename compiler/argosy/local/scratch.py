"""The scratch directory: what stands at the paths that a template speaks of, without touching those of the machine.

The paths that a template declares (output files, artifacts, volumes) and ``/tmp`` are rewritten in its command, script
and variables; other paths are the machine's own.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from argosy.source import Json

MOST_VALUE = 256 * 1024
"""So many bytes of an output file are read: what fits into a workflow's status (Argo's limit of a parameter)."""


@dataclass(slots=True)
class World:
    """The files of one run: a folder for each pod, one for each volume, and what is kept of artifacts."""

    folder: Path
    made: int = 0
    artifacts: dict[str, Path] = field(default_factory=dict)
    """By the key under which an artifact is kept."""

    def pod(self, template: dict[str, Json]) -> PodFiles:
        """Make the place of a pod, with its input artifacts in it."""
        self.made += 1
        home = self.folder / "pods" / str(self.made)
        (home / "tmp").mkdir(parents=True)
        files = PodFiles(home, _paths(template, home, self.folder / "volumes"))
        for artifact in (template.get("inputs") or {}).get("artifacts") or []:
            self._bring(files, artifact)
        for path in _outputs(template):
            files.at(path).parent.mkdir(parents=True, exist_ok=True)
        return files

    def keep(self, files: PodFiles, template: dict[str, Json]) -> dict[str, bool]:
        """Keep the output artifacts of a pod; say of each whether its file is there."""
        location = template.get("archiveLocation") or {}
        out: dict[str, bool] = {}
        for artifact in (template.get("outputs") or {}).get("artifacts") or []:
            name, path = str(artifact["name"]), files.at(str(artifact.get("path") or "/nothing"))
            out[name] = path.exists()
            if out[name]:
                kept = self.folder / "artifacts" / f"{self.made}-{name}"
                _copy(path, kept)
                plain = "none" in (artifact.get("archive") or {})
                file = path.name if plain else f"{name}.tgz"
                for key in _keys(artifact) or [f"{key}/{file}" for key in _keys(location)]:
                    self.artifacts[key] = kept
        return out

    def _bring(self, files: PodFiles, artifact: dict[str, Json]) -> None:
        path = files.at(str(artifact.get("path") or "/nothing"))
        path.parent.mkdir(parents=True, exist_ok=True)
        raw = (artifact.get("raw") or {}).get("data")
        if raw is not None:
            path.write_text(str(raw))
            return
        kept = next((self.artifacts[key] for key in _keys(artifact) if key in self.artifacts), None)
        if kept is not None:
            _copy(kept, path)


@dataclass(slots=True)
class PodFiles:
    """The files of one pod."""

    home: Path
    places: dict[str, Path]
    """Where the paths of its template are."""

    def at(self, path: str) -> Path:
        """Give where a path of the template is."""
        for stem in sorted(self.places, key=len, reverse=True):
            if path == stem or path.startswith(stem.rstrip("/") + "/"):
                return self.places[stem] / path[len(stem) :].lstrip("/")
        return self.home / "files" / path.lstrip("/")

    def rewrite(self, text: str) -> str:
        """Let a text speak of the places in the scratch directory."""
        stems = sorted(self.places, key=len, reverse=True)
        pattern = r"(?<![\w.~}/-])(" + "|".join(map(re.escape, stems)) + r")(?![\w.-])"
        return re.sub(pattern, lambda found: str(self.places[found[1]]), text)

    def read(self, path: str) -> str | None:
        """Give the text of an output file, as much of it as a parameter may hold; None if it is not there."""
        place = self.at(path)
        if not place.is_file():
            return None
        with place.open("rb") as file:
            return file.read(MOST_VALUE).decode("utf-8", "replace")


def _paths(template: dict[str, Json], home: Path, volumes: Path) -> dict[str, Path]:
    places = {"/tmp": home / "tmp"}
    for mount in body(template).get("volumeMounts") or []:
        place = volumes / str(mount.get("name")) / str(mount.get("subPath") or "").strip("/")
        place.mkdir(parents=True, exist_ok=True)
        places[str(mount.get("mountPath")).rstrip("/") or "/"] = place
    artifacts = (template.get("inputs") or {}).get("artifacts") or []
    for path in [*_outputs(template), *(str(a["path"]) for a in artifacts if a.get("path"))]:
        within = any(path == stem or path.startswith(f"{stem}/") for stem in places)
        if not within:
            places[path] = home / "files" / path.lstrip("/")
    places.pop("/", None)
    return places


def _outputs(template: dict[str, Json]) -> list[str]:
    declared = template.get("outputs") or {}
    paths = [(p.get("valueFrom") or {}).get("path") for p in declared.get("parameters") or []]
    paths += [a.get("path") for a in declared.get("artifacts") or []]
    return [str(path) for path in paths if path]


def body(template: dict[str, Json]) -> dict[str, Any]:
    """Give the container of a template: its script, or its container."""
    return template.get("script") or template.get("container") or {}


def _keys(holder: dict[str, Json]) -> list[str]:
    kinds = ("s3", "gcs", "oss", "azure", "hdfs", "artifactory", "http")
    found = [holder.get(kind) or {} for kind in kinds]
    return [str(key) for one in found if (key := one.get("key") or one.get("path") or one.get("url"))]


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True, symlinks=True)
    else:
        shutil.copyfile(source, target)
