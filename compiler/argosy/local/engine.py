"""Running a pod's own image with Docker or Podman: a container is made, started, and asked for what it left."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from argosy.errors import UsageError
from argosy.local.process import Ended, run
from argosy.local.scratch import ARGO, SCRIPT, Files, Member, clean, output_paths
from argosy.source import Json

AUTHORITY = "/argo/authority.pem"
"""Where a container finds the certificate to trust."""
PULLING = 600.0
"""So many seconds an engine has to get an image and to make a container of it."""


@dataclass(frozen=True, slots=True)
class Image:
    """What is run in an image."""

    template: dict[str, Json]
    member: Member
    words: list[str]
    """Command and arguments; the arguments alone where the image's entry point is to run."""
    source: str | None
    environment: Mapping[str, str]


def check(engine: str) -> None:
    """Raise UsageError if there is no such engine."""
    if shutil.which(engine) is None:
        raise UsageError(f"there is no {engine} on this machine", hint="leave --container-engine out")


def run_image(engine: str, name: str, image: Image, files: Files, *, seconds: float, most: int) -> Ended:
    """Run a container of an image. It shares the host's network, to reach the catcher, and its own environment only.

    ``name`` is what the container is called; it is removed at the end, also when its time is over.
    """

    def ask(*more: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run([engine, *more], capture_output=True, timeout=PULLING, stdin=subprocess.DEVNULL)

    try:
        made = ask(*_create(name, image, files))
        if made.returncode:
            return Ended(125, b"", made.stderr)
        ended = run(
            [engine, "start", "--attach", name],
            folder=files.home,
            environment=os.environ,
            seconds=seconds,
            most=most,
            on_time_out=lambda: _quietly(lambda: ask("kill", name)),
        )
        for path in output_paths(image.template) if image.member.name == "main" else ():
            seen = any(clean(path).startswith(f"{stem}/") for stem in files.mounted)
            if not seen and files.holds(files.at(path)):
                ask("cp", f"{name}:{path}", str(files.at(path)))
        return ended
    except subprocess.TimeoutExpired:
        return Ended(125, b"", f"{engine} did not answer in {PULLING:g}s\n".encode())
    finally:
        _quietly(lambda: ask("rm", "--force", name))


def _create(name: str, image: Image, files: Files) -> list[str]:
    """Give the command line that makes the container."""
    container = image.member.container
    out = ["create", "--name", name, "--network", "host", "--security-opt", "label=disable"]
    for key, value in _with_authority(image.environment, files).items():
        out += ["--env", f"{key}={value}"]
    if container.get("workingDir"):
        out += ["--workdir", str(container["workingDir"])]
    if image.source:
        script = files.at(SCRIPT)
        script.write_text(image.source, encoding="utf-8")
        script.chmod(0o755)
    for path in dict.fromkeys(("/argo", ARGO, *_brought(image, files))):
        out += ["--volume", f"{files.at(path)}:{path}"]
    words = list(image.words)
    if container.get("command"):
        out += ["--entrypoint", words.pop(0)]
    return [*out, str(container.get("image") or ""), *words]


def _brought(image: Image, files: Files) -> list[str]:
    """Give the paths of what is to be seen in the container: its volumes, and its input artifacts."""
    artifacts = (image.template.get("inputs") or {}).get("artifacts") or []
    paths = [*files.mounted, *(clean(str(a["path"])) for a in artifacts if a.get("path"))]
    return [path for path in paths if files.at(path).exists()]


def _with_authority(environment: Mapping[str, str], files: Files) -> dict[str, str]:
    """Put the certificate to trust among the container's files, and speak of it as the container sees it."""
    held = Path(environment.get("SSL_CERT_FILE", ""))
    if held.name != Path(AUTHORITY).name or not held.is_file():
        return dict(environment)
    shutil.copyfile(held, files.home / "argo" / held.name)
    (files.home / "argo" / "wgetrc").write_text(f"ca_certificate = {AUTHORITY}\n")
    out = {name: AUTHORITY if value == str(held) else value for name, value in environment.items()}
    return out | {"WGETRC": "/argo/wgetrc"}


def _quietly(act: Callable[[], object]) -> None:
    try:
        act()
    except (subprocess.TimeoutExpired, OSError):
        return
