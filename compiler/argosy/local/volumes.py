"""Volumes of pods that are really run: where each is kept, and what is in it."""

from __future__ import annotations

import posixpath
from pathlib import Path

from argosy.local.variables import Objects, keys, made_up, value_of
from argosy.source import Json

SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"
"""Where a pod finds the token of its service account."""
_KINDS = {"secret": ("Secret", "secretName"), "configMap": ("ConfigMap", "name")}


def place(volume: dict[str, Json], name: str, world: Path, pod: Path) -> Path:
    """Give where a volume is: an emptyDir and the like with its pod, all others with the run.

    ``volume`` is empty for one that only the workflow's volumeClaimTemplates have.
    """
    if volume and ("emptyDir" in volume or any(kind in volume for kind in (*_KINDS, "projected", "downwardAPI"))):
        return pod / "volumes" / safe(name)
    claim = (volume.get("persistentVolumeClaim") or {}).get("claimName")
    return world / "volumes" / safe(str(claim or name))


def service_account(folder: Path, authority: Path) -> None:
    """Write what each pod has of its service account; the certificate is the catcher's, which answers for the API."""
    folder.mkdir(parents=True)
    (folder / "token").write_text("service-account-token", encoding="utf-8")
    (folder / "namespace").write_text("default", encoding="utf-8")
    (folder / "ca.crt").write_bytes(authority.read_bytes() if authority.is_file() else b"")


def fill(volume: dict[str, Json], folder: Path, known: Objects, notes: list[str]) -> None:
    """Write the files of Secrets and ConfigMaps into a volume, and note what is missing."""
    sources = [volume, *((volume.get("projected") or {}).get("sources") or [])]
    for source in sources:
        for field, (kind, named) in _KINDS.items():
            if field in source:
                body = source[field]
                name = str(body.get(named) or body.get("name"))
                _write(kind, name, body, folder, known, notes)


def _write(kind: str, name: str, body: dict[str, Json], folder: Path, known: Objects, notes: list[str]) -> None:
    held = known.get((kind, name))
    items = {str(i.get("key")): str(i.get("path")) for i in body.get("items") or []} or {k: k for k in keys(held)}
    for key, path in items.items():
        value = value_of(held, key)
        if value is None and (held is not None or body.get("optional")):
            continue
        inside = posixpath.normpath("/" + path).lstrip("/")
        file = folder / (inside or "file")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(made_up(kind, name, key) if value is None else value, encoding="utf-8")
    if held is None and not body.get("optional"):
        what = "files of the volume are made up" if items else "a volume is empty"
        notes.append(f"{what}: {kind} {name} is not among the objects of the scenario")


def safe(name: str) -> str:
    """Give a name that is one part of a path."""
    return name.replace("/", "_").strip(".") or "_"
