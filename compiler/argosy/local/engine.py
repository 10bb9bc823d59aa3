"""Running a pod's own image with Docker or Podman: made, filled with its files, started, and asked for what it left."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from argosy.errors import SimulationError
from argosy.local.process import Ended, run
from argosy.local.scratch import PodFiles, body
from argosy.source import Json

SCRIPT = "/argo/staging/script"
"""Where Argo puts the source of a script."""
AUTHORITY = "/argo/authority.pem"
"""Where a container finds the certificate to trust."""


def check(engine: str) -> None:
    """Raise SimulationError if there is no such engine."""
    if shutil.which(engine) is None:
        raise SimulationError(f"there is no {engine} on this machine", hint="leave --container-engine out")


def run_image(
    engine: str,
    name: str,
    template: dict[str, Json],
    files: PodFiles,
    environment: Mapping[str, str],
    *,
    seconds: float,
    most: int,
    own_environment: Mapping[str, str],
) -> Ended:
    """Run the main container of a template. The container shares the host's network, to reach the catcher.

    ``name`` is what the container is called; it is removed at the end, also when its time is over.
    """
    container = body(template)
    command = [str(word) for word in container.get("command") or []]
    words = [engine, "create", "--name", name, "--network", "host"]
    for key, value in _with_authority(environment, files).items():
        words += ["--env", f"{key}={value}"]
    if container.get("workingDir"):
        words += ["--workdir", str(container["workingDir"])]
    for path, place in files.places.items():
        if place.is_dir() and path != "/tmp":
            words += ["--volume", f"{place}:{path}"]
    if command:
        words += ["--entrypoint", command[0]]
    rest = [SCRIPT] if "script" in template else [str(word) for word in container.get("args") or []]
    words += [str(container.get("image", "")), *command[1:], *rest]

    def ask(*more: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run([engine, *more], capture_output=True, env=dict(own_environment), timeout=seconds)

    try:
        made = subprocess.run(words, capture_output=True, env=dict(own_environment), timeout=seconds)
        if made.returncode:
            return Ended(125, b"", made.stderr)
        for path, place in _brought(template, files):
            ask("cp", str(place), f"{name}:{path}")
        ended = run(
            [engine, "start", "--attach", name],
            folder=files.home,
            environment=own_environment,
            seconds=seconds,
            most=most,
            on_time_out=lambda: _quietly(lambda: ask("kill", name)),
        )
        for path in _left(template):
            ask("cp", f"{name}:{path}", str(files.at(path)))
        return ended
    except subprocess.TimeoutExpired:
        return Ended(137, b"", f"{engine} did not answer\n".encode(), out_of_time=True)
    finally:
        _quietly(lambda: ask("rm", "--force", name))


def _with_authority(environment: Mapping[str, str], files: PodFiles) -> dict[str, str]:
    """Put the certificate to trust among the pod's files, and speak of it as the container sees it."""
    held = Path(environment.get("SSL_CERT_FILE", ""))
    if held.name != Path(AUTHORITY).name or not held.is_file():
        return dict(environment)
    (files.home / "argo").mkdir(exist_ok=True)
    shutil.copyfile(held, files.home / "argo" / held.name)
    return {name: AUTHORITY if value == str(held) else value for name, value in environment.items()}


def _quietly(act: Callable[[], object]) -> None:
    try:
        act()
    except (subprocess.TimeoutExpired, OSError):
        return


def _brought(template: dict[str, Json], files: PodFiles) -> list[tuple[str, Path]]:
    artifacts = (template.get("inputs") or {}).get("artifacts") or []
    out = [(str(a["path"]), files.at(str(a["path"]))) for a in artifacts if a.get("path")]
    staging = files.home / "argo"
    if "script" in template:
        script = staging / "staging" / "script"
        script.parent.mkdir(parents=True, exist_ok=True)
        script.write_text(str(template["script"].get("source") or ""))
        script.chmod(0o755)
    out.append(("/", staging))
    return [(path, place) for path, place in out if place.exists()]


def _left(template: dict[str, Json]) -> Sequence[str]:
    declared = template.get("outputs") or {}
    paths = [(p.get("valueFrom") or {}).get("path") for p in declared.get("parameters") or []]
    return [str(path) for path in [*paths, *(a.get("path") for a in declared.get("artifacts") or [])] if path]
