"""What a pod leaves behind: the outputs that the wait container (argoexec) reports, from the scenario's script."""

from __future__ import annotations

import json
import posixpath
from typing import Any

from argosy.simulate.scenario import Outputs
from argosy.source import Json

LOCATIONS = ("artifactory", "azure", "gcs", "hdfs", "http", "oss", "plugin", "raw", "s3")
"""The fields of an artifact that say where it is kept."""

_KEYS = {"artifactory": "url", "http": "url", "raw": "data", "hdfs": "path"}
_NOTHING = Outputs()


def text(value: Json) -> str:
    """Give a scripted value as the text that a file would hold."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, separators=(",", ":"))


def one_newline_less(value: str) -> str:
    """Cut one trailing newline off, as argoexec does (workflow/executor/executor.go, SaveParameters)."""
    return value.removesuffix("\n")


def report(
    template: dict[str, Json],
    script: Outputs | None,
    *,
    location: dict[str, Json],
    logs_of: list[str],
    include_result: bool,
    made_up: bool,
    killed: bool,
) -> tuple[dict[str, Json] | None, str | None]:
    """Give the outputs of a pod, and the wait container's error if a file is missing.

    ``location`` is the archive location of the pod, with its key; ``made_up`` gives files that nobody scripted a value;
    a ``killed`` main has left nothing. Follows SaveParameters and SaveArtifacts of v4.1 workflow/executor/executor.go.
    """
    script = script or _NOTHING
    declared = template.get("outputs") or {}
    out: dict[str, Json] = {}
    result = _result(template, script, include_result)
    if result is not None:
        out["result"] = result
    parameters, error = _parameters(template, declared.get("parameters") or [], script, made_up and not killed)
    if parameters:
        out["parameters"] = parameters
    artifacts, artifact_error = _artifacts(declared.get("artifacts") or [], script, location, killed)
    if (template.get("archiveLocation") or {}).get("archiveLogs"):
        artifacts += [_kept({"name": f"{name}-logs"}, location, f"{name}.log") for name in logs_of]
    if artifacts:
        out["artifacts"] = artifacts
    return out or None, error or artifact_error


def _result(template: dict[str, Json], script: Outputs, include: bool) -> str | None:
    containers = (template.get("containerSet") or {}).get("containers") or []
    speaks = any(kind in template for kind in ("container", "script", "data"))
    speaks = speaks or any(c.get("name") == "main" for c in containers)
    if "data" in template and script.result is not None:
        return script.result
    return one_newline_less(script.result or "") if include and speaks else None


def _parameters(
    template: dict[str, Json], declared: list[Json], script: Outputs, made_up: bool
) -> tuple[list[Json], str | None]:
    given = script.parameters or {}
    of_resource = "resource" in template
    out: list[Json] = []
    for i, parameter in enumerate(declared):
        source = parameter.get("valueFrom")
        name = parameter["name"]
        value: Any = None
        if source is None or (not source.get("path") and not of_resource):
            pass
        elif name in given:
            value = one_newline_less(text(given[name]))
        elif source.get("default") is not None:
            value = text(source["default"])
        elif made_up:
            value = f"oracle-{name}"
        elif not of_resource:
            path = posixpath.normpath("/var/run/argo/outputs/parameters/" + source.get("path", ""))
            return out + declared[i:], f"open {path}: no such file or directory"
        out.append(parameter if value is None else {**parameter, "value": value})
    return out, None


def _artifacts(
    declared: list[Json], script: Outputs, location: dict[str, Json], killed: bool
) -> tuple[list[Json], str | None]:
    given = script.artifacts or {}
    out: list[Json] = []
    error = None
    for artifact in declared:
        if given.get(artifact["name"], not killed):
            file = posixpath.basename(artifact.get("path", ""))
            plain = "none" in (artifact.get("archive") or {})
            kept = _has_key(artifact) or not location
            out.append(artifact if kept else _kept(artifact, location, file if plain else f"{artifact['name']}.tgz"))
        elif not artifact.get("optional") and error is None:
            path = posixpath.normpath(f"/var/run/argo/outputs/artifacts/{artifact.get('path', '')}.tgz")
            error = f"open {path}: no such file or directory; "
    return out, error


def _has_key(artifact: dict[str, Json]) -> bool:
    return any((artifact.get(kind) or {}).get(_KEYS.get(kind, "key")) for kind in LOCATIONS)


def _kept(artifact: dict[str, Json], location: dict[str, Json], file: str) -> dict[str, Json]:
    """Give an artifact its key below the pod's archive location; the bucket is left to the location."""
    for kind in LOCATIONS:
        if kind in location:
            field = _KEYS.get(kind, "key")
            return {**artifact, kind: {field: posixpath.join(location[kind].get(field, ""), file)}}
    return artifact
