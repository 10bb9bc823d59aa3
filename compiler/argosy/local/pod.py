"""One pod, really run: its containers one after the other, and what they leave."""

from __future__ import annotations

import re
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from argosy.errors import SimulationError
from argosy.local import engine, images, variables
from argosy.local.catcher import Catcher
from argosy.local.process import Ended, run
from argosy.local.scratch import ARGO, SCRIPT, Files, Member, World, members
from argosy.source import Json

MOST_LINES = 500
"""So many lines of a log are kept."""
MOST_RESULT = 256 * 1024
"""Of the standard output, the last bytes are the result (v4.1 workflow/executor/executor.go, CaptureScriptResult)."""
_ORIGIN = re.compile(r"https?://[\w.-]+(?::\d+)?")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a container may use."""

    seconds: float = 60.0
    output: int = 1 << 20
    """Bytes of output that are kept."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where pods are run, and how."""

    world: World
    catcher: Catcher
    limits: Limits
    engine: str | None = None
    maps: tuple[str, ...] = ()
    """URLs for which the catcher's own is put."""


@dataclass(slots=True)
class Ran:
    """What a pod did."""

    codes: dict[str, int] = field(default_factory=dict)
    """The exit codes of its main containers."""
    log: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What there is to be said of how it was run."""
    requests: list[dict[str, Json]] = field(default_factory=list)
    result: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    artifacts: dict[str, bool] = field(default_factory=dict)
    past_deadline: bool = False
    """It was killed at its own deadline."""


def obstacle(template: dict[str, Json], *, with_engine: bool) -> str | None:
    """Say why the pod of a template cannot be run here; None: it can."""
    found = members(template)
    if not found:
        return "only scripts, containers and HTTP requests can be run"
    if template.get("daemon"):
        return "it is a daemon, which has no end"
    for member in [] if with_engine else found:
        words = images.words(member.container)
        if words is None:
            return f"it has no command, and what the image {member.container.get('image', '')} runs is not known"
        brought = any(words[0].startswith(path) for path in _brought(template, member))
        if not brought and _program(words[0]) is None:
            return f"there is no program {words[0]} on this machine"
    return None


def run_pod(
    template: dict[str, Json], place: Place, *, pod_name: str = "", node_id: str = "", deadline: int | None = None
) -> Ran:
    """Run the containers of a pod. ``deadline`` is its activeDeadlineSeconds: it is killed then, if not before."""
    out = Ran()
    home = place.world.pod()
    seconds = place.limits.seconds if deadline is None else min(deadline, place.limits.seconds)
    place.catcher.take()
    found = members(template)
    for member in found:
        if any(out.codes.get(name, 0) for name in member.container.get("dependencies") or ()):
            continue
        try:
            files = place.world.container(home, template, member, out.notes)
        except OSError as error:
            name = template.get("name")
            raise SimulationError(f"the files of template {name!r} cannot be made: {error.strerror}") from None
        given = variables.of_container(member.container, place.world.objects, pod_name)
        given.values |= variables.of_argo(member.name, node_id, f"{ARGO}/progress")
        out.notes += given.notes
        ended = _run(template, member, files, given.values, place, seconds)
        out.codes[member.name] = 137 if ended.out_of_time else ended.code
        _say(out, ended, seconds, deadline)
        out.log += _lines(ended, files, place, f"[{member.name}] " if len(found) > 1 else "")
        place.catcher.settle()
        out.requests += map(files.restored, place.catcher.take())
        if member.name == "main":
            _take(out, template, files, ended, place)
    others = [str(c.get("name")) for kind in ("initContainers", "sidecars") for c in template.get(kind) or []]
    out.notes += [f"the container {name} beside it is not run" for name in others]
    out.notes = list(dict.fromkeys(out.notes))
    return out


def _run(
    template: dict[str, Json],
    member: Member,
    files: Files,
    values: dict[str, str],
    place: Place,
    seconds: float,
) -> Ended:
    words = [variables.expand(word, values) for word in _words(member.container, place.engine)]
    origins = _origins(words, member, values) if Path(words[0] if words else "").name == "node" else ()
    maps = (*place.maps, *origins)
    values = {name: _mapped(value, maps, place.catcher) for name, value in values.items()}
    words = [_mapped(word, maps, place.catcher) for word in words]
    source = None if member.source is None else _mapped(member.source, maps, place.catcher)
    if source:
        words.append(SCRIPT)
    caught = place.catcher.environment()
    if place.engine is not None:
        return engine.run_image(
            *(place.engine, f"argosy-{place.world.folder.name}-{place.world.made}-{member.name}"),
            engine.Image(template, member, words, source, values | caught),
            files,
            seconds=seconds,
            most=place.limits.output,
        )
    if source:
        script = files.at(SCRIPT)
        script.write_text(files.rewrite(source), encoding="utf-8")
        script.chmod(0o755)
    own = variables.of_machine(str(files.home), str(files.home / "tmp"))
    here = {name: files.rewrite(value) for name, value in values.items()}
    words = [files.rewrite(word) for word in words]
    words[0] = _program(words[0]) or words[0]
    where = files.at(str(member.container["workingDir"])) if member.container.get("workingDir") else files.home
    where.mkdir(parents=True, exist_ok=True)
    try:
        return run(
            words,
            folder=where,
            environment=own | here | caught,
            seconds=seconds,
            most=place.limits.output,
            mark=str(files.home),
        )
    except OSError as error:
        said = f"{words[0]}: {error.strerror}\n".encode()
        return Ended(126 if isinstance(error, PermissionError) else 127, b"", said)


def _words(container: dict[str, Any], engine: str | None) -> list[str]:
    """Give the command and arguments; an engine knows the entry point of the image itself."""
    if engine is None:
        return images.words(container) or []
    return [str(word) for word in [*(container.get("command") or []), *(container.get("args") or [])]]


def _origins(words: list[str], member: Member, values: dict[str, str]) -> tuple[str, ...]:
    """Give the hosts that a script of Node.js names: it heeds no proxy before version 24."""
    texts = [*words, member.source or "", *values.values()]
    return tuple(sorted({found for text in texts for found in _ORIGIN.findall(text)}, key=len, reverse=True))


def _mapped(text: str, maps: tuple[str, ...], catcher: Catcher) -> str:
    for prefix in maps:
        text = re.sub(re.escape(prefix) + r"(?![\w.:-])", catcher.mapped(prefix), text)
    return text


def _say(out: Ran, ended: Ended, seconds: float, deadline: int | None) -> None:
    if ended.out_of_time and deadline is not None and seconds == deadline:
        out.past_deadline = True
        out.notes.append(f"killed after {deadline}s, its activeDeadlineSeconds")
    elif ended.out_of_time:
        out.notes.append(f"killed after {seconds:g}s; --time-limit gives it more")
    if ended.cut:
        out.notes.append("there was more output, which is not kept")


def _lines(ended: Ended, files: Files, place: Place, prefix: str) -> list[str]:
    text = place.catcher.restore(files.restore(ended.log.decode("utf-8", "replace")))
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    lines = [prefix + line.rstrip("\r") for line in lines]
    more = len(lines) - MOST_LINES
    return lines if more <= 0 else [f"... {more} lines before", *lines[-MOST_LINES:]]


def _take(out: Ran, template: dict[str, Json], files: Files, ended: Ended, place: Place) -> None:
    """Take what the container named ``main`` leaves: only that of it is kept (v4.1 emissary.go)."""
    for parameter in (template.get("outputs") or {}).get("parameters") or []:
        path = (parameter.get("valueFrom") or {}).get("path")
        value = files.read(str(path)) if path else None
        if value is not None:
            out.parameters[str(parameter["name"])] = value
    result = ended.stdout.decode("utf-8", "replace")[-MOST_RESULT:]
    out.result = place.catcher.restore(files.restore(result))
    out.artifacts = place.world.keep(files, template, out.notes)


def _brought(template: dict[str, Json], member: Member) -> list[str]:
    artifacts = (template.get("inputs") or {}).get("artifacts") or []
    mounts = member.container.get("volumeMounts") or []
    return [str(p) for p in [*(a.get("path") for a in artifacts), *(m.get("mountPath") for m in mounts)] if p]


def _program(word: str) -> str | None:
    """Find a program: as it is called, by its name alone, and Python in any case."""
    found = shutil.which(word) or shutil.which(Path(word).name)
    return found or (sys.executable if Path(word).name in ("python", "python3") else None)
