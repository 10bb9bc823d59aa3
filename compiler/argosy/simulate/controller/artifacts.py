"""Where artifacts are (v4.1 workflow_types.go: ArtifactLocation, and HasLocation, GetKey, SetKey of its kinds)."""

from __future__ import annotations

import posixpath
from urllib.parse import urlsplit, urlunsplit

from argosy.simulate.controller.operation import Refused
from argosy.simulate.controller.state import Obj

LOCATIONS = ("artifactory", "azure", "git", "gcs", "hdfs", "http", "oss", "raw", "s3", "plugin")
"""Kinds of location, in the order in which ArtifactLocation.Get looks for them."""

_KEYS = {"azure": "blob", "gcs": "key", "hdfs": "path", "oss": "key", "s3": "key", "plugin": "key"}
_URLS = ("artifactory", "http")
_NEEDED = {
    "artifactory": ("url", "usernameSecret"),
    "azure": ("endpoint", "container", "blob"),
    "git": ("repo",),
    "gcs": ("bucket", "key"),
    "hdfs": ("addresses",),
    "http": ("url",),
    "oss": ("bucket", "endpoint", "key"),
    "raw": (),
    "s3": ("endpoint", "bucket", "key"),
    "plugin": ("name", "configuration", "key"),
}


def kind(artifact: Obj | None) -> str | None:
    """Give the kind of an artifact's location (ArtifactLocation.Get)."""
    return next((k for k in LOCATIONS if artifact.get(k) is not None), None) if artifact else None


def has_location(artifact: Obj | None) -> bool:
    """ArtifactLocation.HasLocation."""
    where = kind(artifact)
    return bool(where and artifact and all(artifact[where].get(name) for name in _NEEDED[where]))


def key(artifact: Obj) -> str:
    """Give the key within the location; "" if it has none (ArtifactLocation.GetKey)."""
    where = kind(artifact)
    if where is None:
        return ""
    if where in _URLS:
        return urlsplit(artifact[where].get("url") or "").path
    return str(artifact[where].get(_KEYS.get(where, "")) or "")


def has_location_or_key(artifact: Obj) -> bool:
    """ArtifactLocation.HasLocationOrKey."""
    return has_location(artifact) or bool(key(artifact))


def append_to_key(artifact: Obj, path: str) -> Obj:
    """Give the artifact with a path added to its key (ArtifactLocation.AppendToKey). Raises Refused."""
    where = kind(artifact)
    if where is None:
        raise Refused("key unsupported: cannot get key for artifact location, because it is invalid")
    if where == "git":
        raise Refused("key unsupported: git artifact does not have a key")
    if where == "raw":
        raise Refused("key unsupported: raw artifat does not have key")
    joined = posixpath.normpath(posixpath.join(key(artifact), path.lstrip("/")))
    if where in _URLS:
        parts = urlsplit(artifact[where].get("url") or "")
        return {**artifact, where: {**artifact[where], "url": urlunsplit(parts._replace(path=joined))}}
    return {**artifact, where: {**artifact[where], _KEYS[where]: joined}}
