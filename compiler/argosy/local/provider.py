"""The provider: which pods are really run, how, and what comes of it in the simulation."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from argosy.errors import SimulationError, UsageError
from argosy.local import authority, engine, variables
from argosy.local.catcher import Catcher
from argosy.local.process import Ended, run
from argosy.local.scratch import PodFiles, World, body
from argosy.simulate.outcomes import Acted, Asked
from argosy.simulate.scenario import Answer, Outcome, Outputs, Scenario
from argosy.source import Json

if TYPE_CHECKING:
    from argosy.simulate.cron_run import CronRun
    from argosy.simulate.run import Run

MOST_LINES = 500
"""So many lines of a log are kept."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a pod may use."""

    seconds: float = 60.0
    output: int = 1 << 20
    """Bytes of output that are kept."""


class Local:
    """Runs the pods of chosen templates on this machine, in a scratch directory that goes with it; to be entered.

    ``templates`` are names or patterns (``*``). A pod for which the scenario has an outcome does what that says. A
    template named as it is, and not by a pattern, that cannot be run is a SimulationError.
    """

    def __init__(
        self,
        templates: Iterable[str],
        *,
        answers: Sequence[Answer] = (),
        objects: Iterable[Json] = (),
        maps: Iterable[str] = (),
        container_engine: str | None = None,
        limits: Limits | None = None,
        folder: Path | None = None,
    ) -> None:
        self.templates = list(templates)
        self.limits = limits or Limits()
        self.engine = container_engine
        self.not_run: dict[str, str] = {}
        """Templates that were asked for by a pattern and cannot be run, with the reason."""
        self._objects = variables.objects(objects)
        self._maps = [_mapping(text) for text in maps]
        self._answers = answers
        self._given = folder
        self._scratch: tempfile.TemporaryDirectory[str] | None = None
        self.world: World
        self.catcher: Catcher

    def __enter__(self) -> Local:
        """Make the scratch directory, and begin to catch requests."""
        if self.engine is not None:
            engine.check(self.engine)
        if self._given is None:
            self._scratch = tempfile.TemporaryDirectory(prefix="argosy-", ignore_cleanup_errors=True)
        folder = Path(self._scratch.name if self._scratch else str(self._given)).resolve()
        self.world = World(folder)
        self.catcher = Catcher(self._answers, authority.create(folder / "authority")).__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the scratch directory, unless it was given, and catch no more."""
        self.catcher.__exit__()
        if self._scratch is not None:
            self._scratch.cleanup()

    def __call__(self, asked: Asked, given: Outcome | None) -> Acted | None:
        """Play a pod or task; see :data:`argosy.simulate.outcomes.Provider`."""
        name = str(asked.template.get("name") or "")
        pattern = next((p for p in self.templates if fnmatchcase(name, p)), None)
        if pattern is None:
            return None
        if "http" in asked.template:
            return self._send(asked.template["http"], given)
        if given is not None:
            return None
        if why := self._obstacle(asked.template):
            if pattern == name:
                raise SimulationError(f"template {name!r} cannot be run here: {why}", hint=_HINT)
            self.not_run[name] = why
            return None
        return self._run(asked.template)

    def _obstacle(self, template: dict[str, Json]) -> str | None:
        container = body(template)
        if not container:
            return "only scripts, containers and HTTP requests can be"
        if self.engine is not None:
            return None
        command = container.get("command")
        if not command:
            return f"it has no command, and what the image {container.get('image', '')} runs is not known"
        if _program(str(command[0])) is None:
            return f"there is no program {command[0]} on this machine"
        return None

    def _run(self, template: dict[str, Json]) -> Acted:
        files = self.world.pod(template)
        own = variables.of_machine(str(files.home), str(files.home / "tmp"))
        values, missing = variables.of_template(template, self._objects)
        values = {name: self._mapped(value) for name, value in values.items()}
        caught = self.catcher.environment()
        notes = [f"argosy: {line}" for line in missing]
        self.catcher.take()
        if self.engine is not None:
            called = f"argosy-{self.world.folder.name}-{self.world.made}"
            ended = engine.run_image(
                *(self.engine, called, self._mapped_template(template), files, values | caught),
                seconds=self.limits.seconds,
                most=self.limits.output,
                own_environment=own,
            )
        else:
            here = {name: files.rewrite(value) for name, value in values.items()}
            ended = self._run_here(template, files, own | here | caught)
        return self._acted(template, files, ended, notes)

    def _run_here(self, template: dict[str, Json], files: PodFiles, environment: dict[str, str]) -> Ended:
        container = body(template)
        words = [files.rewrite(self._mapped(str(word))) for word in container.get("command") or []]
        if "script" in template:
            script = files.home / "script"
            script.write_text(files.rewrite(self._mapped(str(container.get("source") or ""))))
            script.chmod(0o755)
            words.append(str(script))
        else:
            words += [files.rewrite(self._mapped(str(word))) for word in container.get("args") or []]
        words[0] = _program(words[0]) or words[0]
        where = files.home
        if container.get("workingDir"):
            where = files.at(str(container["workingDir"]))
            where.mkdir(parents=True, exist_ok=True)
        limits = self.limits
        try:
            return run(words, folder=where, environment=environment, seconds=limits.seconds, most=limits.output)
        except OSError as error:
            return Ended(126, b"", f"{words[0]}: {error.strerror}\n".encode())

    def _acted(self, template: dict[str, Json], files: PodFiles, ended: Ended, notes: list[str]) -> Acted:
        declared = (template.get("outputs") or {}).get("parameters") or []
        paths = {str(p["name"]): (p.get("valueFrom") or {}).get("path") for p in declared}
        read = {name: files.read(str(path)) for name, path in paths.items() if path}
        parameters = {name: value for name, value in read.items() if value is not None}
        result = ended.stdout.decode("utf-8", "replace")
        if ended.out_of_time:
            notes.append(f"argosy: killed after {self.limits.seconds:g}s; --time-limit gives it more")
        if ended.cut:
            notes.append("argosy: there was more output, which is not kept")
        text = ended.log.decode("utf-8", "replace").replace(str(files.home / "files"), "").replace(str(files.home), "~")
        log = text.splitlines()
        if len(log) > MOST_LINES:
            log = [f"... {len(log) - MOST_LINES} lines before", *log[-MOST_LINES:]]
        outputs = Outputs(parameters=parameters, result=result, artifacts=self.world.keep(files, template))
        code = 137 if ended.out_of_time else ended.code
        shown: dict[str, Json] = {"exitCode": code, "log": [*log, *notes]}
        if requests := self.catcher.take():
            shown["requests"] = requests
        return Acted(Outcome(exit_code=code, outputs=outputs), shown)

    def _send(self, request: dict[str, Json], given: Outcome | None) -> Acted:
        """Let the catcher have the request of an HTTP template; the scenario's outcome, if any, is the answer."""
        headers = [(str(h["name"]), self._header(h)) for h in request.get("headers") or []]
        method, url = str(request.get("method") or "GET"), str(request.get("url") or "")
        answer = self.catcher.receive(method, url, headers, str(request.get("body") or ""))
        made = self.catcher.take()
        if given is not None:
            for one in made:
                one.pop("answered", None)
            return Acted(given, {"requests": made})
        return Acted(Outcome(http=answer), {"requests": made})

    def _header(self, header: dict[str, Json]) -> str:
        if "valueFrom" in header:
            return variables.referred(header["valueFrom"], self._objects) or ""
        return str(header.get("value") or "")

    def _mapped(self, text: str) -> str:
        for prefix, target in self._maps:
            text = text.replace(prefix, target or self.catcher.mapped(prefix))
        return text

    def _mapped_template(self, template: dict[str, Json]) -> dict[str, Json]:
        if not self._maps:
            return template
        kind = "script" if "script" in template else "container"
        container = dict(template[kind])
        for field in ("command", "args"):
            if container.get(field):
                container[field] = [self._mapped(str(word)) for word in container[field]]
        if container.get("source"):
            container["source"] = self._mapped(str(container["source"]))
        return {**template, kind: container}


def run_really(
    manifest: Any,
    scenario: Scenario,
    templates: Iterable[str],
    *,
    maps: Iterable[str] = (),
    container_engine: str | None = None,
    seconds: float = 60.0,
    folder: Path | None = None,
    options: Mapping[str, Any] | None = None,
) -> tuple[Run | CronRun, dict[str, str]]:
    """Simulate a workflow with the pods of some templates really run; give the run, and what could not be run and why.

    ``options`` are further arguments of ``argosy.simulate``; ``folder`` is the scratch directory, if it is to stay. The
    ConfigMaps and Secrets that pods get are those of the manifest and of the scenario's objects.
    """
    from argosy.simulate.api import simulate
    from argosy.simulate.given import collect

    further = dict(options or {})
    things = collect(manifest, scenario, further.get("workflow"))
    local = Local(
        templates,
        answers=scenario.answers or (),
        objects=[other.data for other in things.others],
        maps=maps,
        container_engine=container_engine,
        limits=Limits(seconds=seconds),
        folder=folder,
    )
    with local:
        done = simulate(manifest, scenario=scenario, provider=local, **further)
    return done, local.not_run


_HINT = "a pattern such as '*' passes over what cannot be run; --container-engine docker runs the image itself"


def _mapping(text: str) -> tuple[str, str]:
    prefix, _, target = text.partition("=")
    if "://" not in prefix or (target and "://" not in target):
        raise UsageError(f"cannot read {text!r}", hint="write https://hooks.example.com, or URL=http://127.0.0.1:8080")
    return prefix.rstrip("/"), target.rstrip("/")


def _program(word: str) -> str | None:
    """Find a program: as it is called, by its name alone, and Python in any case."""
    found = shutil.which(word) or shutil.which(Path(word).name)
    return found or (sys.executable if Path(word).name in ("python", "python3") else None)
