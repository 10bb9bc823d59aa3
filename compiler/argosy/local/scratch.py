"""The scratch directory: what stands at the paths that a template speaks of, without touching those of the machine.

The paths that a container declares (output files, artifacts, volumes, working directory) and ``/tmp`` are rewritten in
its command, script and variables, and turned back in what it says; other paths are the machine's own.
"""

from __future__ import annotations

import posixpath
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from argosy.local import volumes
from argosy.local.variables import Objects
from argosy.source import Json

MOST_VALUE = 256 * 1024
"""So many bytes of an output file are read: what fits into a workflow's status (Argo's limit of a parameter)."""
SCRIPT = "/argo/staging/script"
"""Where Argo puts the source of a script (v4.1 workflow/common/common.go, ExecutorScriptSourcePath)."""
ARGO = "/var/run/argo"
"""Argo's own directory in a container."""


@dataclass(frozen=True, slots=True)
class Member:
    """A main container of a pod."""

    name: str
    container: dict[str, Any]
    source: str | None = None
    """The text of a script."""


def members(template: dict[str, Json]) -> list[Member]:
    """Give the main containers of a template, those that others wait for first; none for what runs no container."""
    if "script" in template:
        return [Member("main", template["script"], str(template["script"].get("source") or ""))]
    if "container" in template:
        return [Member("main", template["container"])]
    group = template.get("containerSet") or {}
    left = [Member(str(c.get("name")), {**c, "volumeMounts": _mounts(group, c)}) for c in group.get("containers") or []]
    out: list[Member] = []
    while left:
        done = {member.name for member in out}
        ready = [m for m in left if done.issuperset(m.container.get("dependencies") or ())] or left
        out += ready
        left = [m for m in left if m not in ready]
    return out


def _mounts(group: dict[str, Json], container: dict[str, Json]) -> list[Json]:
    """Give what a member of a container set mounts: its own, and what the set mounts in all."""
    return [*(group.get("volumeMounts") or []), *(container.get("volumeMounts") or [])]


@dataclass(slots=True)
class World:
    """The files of one run: a folder for each pod, one for each lasting volume, and what is kept of artifacts."""

    folder: Path
    volumes: Mapping[str, dict[str, Json]] = field(default_factory=dict)
    """The workflow's own volumes, by name."""
    objects: Objects = field(default_factory=dict)
    made: int = 0
    artifacts: dict[str, Path] = field(default_factory=dict)
    """By the key under which an artifact is kept."""

    def pod(self) -> Path:
        """Make the folder of a pod."""
        self.made += 1
        home = self.folder / "pods" / str(self.made)
        home.mkdir(parents=True)
        return home

    def container(self, pod: Path, template: dict[str, Json], member: Member, notes: list[str]) -> Files:
        """Make the place of a container, with its volumes and input artifacts in it; note what is missing."""
        files = Files(pod / volumes.safe(member.name), self.folder)
        for folder in (files.home / "tmp", files.home / "argo" / "staging", files.home / "run"):
            folder.mkdir(parents=True)
        files.places = {"/tmp": files.home / "tmp", ARGO: files.home / "run", "/argo": files.home / "argo"}
        if template.get("automountServiceAccountToken") is not False:
            files.places[volumes.SERVICE_ACCOUNT] = files.home / "serviceaccount"
            files.mounted.append(volumes.SERVICE_ACCOUNT)
            volumes.service_account(files.home / "serviceaccount", self.folder / "authority" / "authority.pem")
        named = {str(v.get("name")): v for v in [*self.volumes.values(), *(template.get("volumes") or [])]}
        for mount in member.container.get("volumeMounts") or []:
            self._mount(files, pod, named.get(str(mount.get("name"))) or {}, mount, notes)
        outputs = output_paths(template) if member.name == "main" else []
        artifacts = [a for a in (template.get("inputs") or {}).get("artifacts") or [] if a.get("path")]
        for path in [*outputs, *(str(a["path"]) for a in artifacts), str(member.container.get("workingDir") or "")]:
            files.declare(path)
        for artifact in artifacts:
            self._bring(files, artifact, notes)
        for path in outputs:
            if files.holds(files.at(path)):
                files.at(path).parent.mkdir(parents=True, exist_ok=True)
        return files

    def _mount(
        self, files: Files, pod: Path, volume: dict[str, Json], mount: dict[str, Json], notes: list[str]
    ) -> None:
        target = clean(str(mount.get("mountPath") or ""))
        whole = volumes.place(volume, str(mount.get("name")), self.folder, pod)
        place = whole / clean(str(mount.get("subPath") or "")).lstrip("/")
        whole.mkdir(parents=True, exist_ok=True)
        volumes.fill(volume, whole, self.objects, notes)
        if not files.holds(place):
            notes.append(f"{target} is not mounted: a link in the volume leads elsewhere")
            return
        if not place.exists():
            place.mkdir(parents=True)
        if target != "/":
            files.places[target] = place
            files.mounted.append(target)

    def keep(self, files: Files, template: dict[str, Json], notes: list[str]) -> dict[str, bool]:
        """Keep the output artifacts of a pod; say of each whether its file is there."""
        location = template.get("archiveLocation") or {}
        out: dict[str, bool] = {}
        for artifact in (template.get("outputs") or {}).get("artifacts") or []:
            name = str(artifact["name"])
            path = files.found(str(artifact.get("path") or ""))
            kept = self.folder / "artifacts" / f"{self.made}-{volumes.safe(name)}"
            out[name] = path is not None and _copied(path, kept, name, notes)
            if path is not None and out[name]:
                plain = "none" in (artifact.get("archive") or {})
                file = path.name if plain else f"{name}.tgz"
                for key in _keys(artifact) or [f"{key}/{file}" for key in _keys(location)]:
                    self.artifacts[key] = kept
        return out

    def _bring(self, files: Files, artifact: dict[str, Json], notes: list[str]) -> None:
        path = files.at(str(artifact["path"]))
        if not files.holds(path):
            notes.append(f"the artifact {artifact.get('name')} is not there: a link leads elsewhere")
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        raw = (artifact.get("raw") or {}).get("data")
        kept = next((self.artifacts[key] for key in _keys(artifact) if key in self.artifacts), None)
        if raw is not None:
            path.write_text(str(raw), encoding="utf-8")
        elif kept is not None:
            _copied(kept, path, str(artifact.get("name")), notes)
        elif not artifact.get("optional"):
            notes.append(f"the artifact {artifact.get('name')} is not there: nothing that really ran has made it")


@dataclass(slots=True)
class Files:
    """The files of one container."""

    home: Path
    world: Path
    """What it may not leave."""
    places: dict[str, Path] = field(default_factory=dict)
    """Where the paths of its template are."""
    mounted: list[str] = field(default_factory=list)
    """Those of them that are volumes."""

    def declare(self, path: str) -> None:
        """Give a path a place, if it has none yet."""
        path = clean(path)
        if path != "/" and not any(path == stem or path.startswith(f"{stem}/") for stem in self.places):
            self.places[path] = self.home / "files" / path.lstrip("/")

    def at(self, path: str) -> Path:
        """Give where a path of the template is."""
        path = clean(path)
        for stem in self._stems():
            if path == stem or path.startswith(stem + "/"):
                return self.places[stem] / path[len(stem) :].lstrip("/")
        return self.home / "files" / path.lstrip("/")

    def found(self, path: str) -> Path | None:
        """Give where a file or folder is that was left; None if it is not there, or a link that leads elsewhere."""
        place = self.at(path)
        return place if place.exists() and self.holds(place) else None

    def holds(self, place: Path) -> bool:
        """Say whether a place is in the scratch directory, whatever links lead to it."""
        return place.resolve().is_relative_to(self.world)

    def rewrite(self, text: str) -> str:
        """Let a text speak of the places in the scratch directory."""
        stems = "|".join(map(re.escape, self._stems()))
        pattern = rf"(?:(?<![\w.~}}/-])|(?<=\s-[A-Za-z])|(?<=file://))({stems})(?![\w.-])"
        return re.sub(pattern, lambda found: str(self.places[found[1]]), text)

    def restored(self, request: dict[str, Json]) -> dict[str, Json]:
        """Give a request that was caught, with what the program said in it as it would say it in its container."""
        out = dict(request)
        for name in ("url", "body"):
            if name in request:
                out[name] = self.restore(str(request[name]))
        if headers := request.get("headers"):
            out["headers"] = {name: self.restore(str(value)) for name, value in headers.items()}
        return out

    def restore(self, text: str) -> str:
        """Let a text speak of the paths of the template again."""
        back = {str(place): stem for stem, place in self.places.items()} | {str(self.home / "files"): ""}
        back |= {str(self.home): "~", str(self.world / "authority"): "/argo"}
        for place in sorted(back, key=len, reverse=True):
            text = text.replace(place, back[place])
        return text

    def read(self, path: str) -> str | None:
        """Give the text of an output file, as much of it as a parameter may hold; None if it is not there."""
        place = self.found(path)
        if place is None or not place.is_file():
            return None
        with place.open("rb") as file:
            return self.restore(file.read(MOST_VALUE).decode("utf-8", "replace"))

    def _stems(self) -> list[str]:
        return sorted(self.places, key=len, reverse=True)


def clean(path: str) -> str:
    """Give a path of a container as one without dots, from the root.

    >>> clean("../../etc//passwd"), clean("/tmp/")
    ('/etc/passwd', '/tmp')
    """
    return posixpath.normpath("/" + path.lstrip("/"))


def output_paths(template: dict[str, Json]) -> list[str]:
    """Give the paths of the files that a template leaves."""
    declared = template.get("outputs") or {}
    paths = [(p.get("valueFrom") or {}).get("path") for p in declared.get("parameters") or []]
    paths += [a.get("path") for a in declared.get("artifacts") or []]
    return [str(path) for path in paths if path]


def _keys(holder: dict[str, Json]) -> list[str]:
    kinds = ("s3", "gcs", "oss", "azure", "hdfs", "artifactory", "http")
    found = [holder.get(kind) or {} for kind in kinds]
    return [str(key) for one in found if (key := one.get("key") or one.get("path") or one.get("url"))]


def _copied(source: Path, target: Path, name: str, notes: list[str]) -> bool:
    """Copy a file or a folder, links as links; say whether that could be done."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True, symlinks=True)
        else:
            shutil.copyfile(source, target)
    except (OSError, shutil.Error):
        notes.append(f"the artifact {name} cannot be copied: it holds something that is no plain file")
        return False
    return True
