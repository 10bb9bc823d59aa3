"""The provider: which pods are really run, and what comes of it in the simulation."""

from __future__ import annotations

import base64
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from argosy.errors import SimulationError, UsageError
from argosy.local import authority, engine, variables
from argosy.local.catcher import Catcher
from argosy.local.pod import Limits, Place, Ran, obstacle, run_pod
from argosy.local.scratch import World
from argosy.simulate.outcomes import Acted, Asked
from argosy.simulate.scenario import Answer, ContainerOutcome, Outcome, Outputs
from argosy.source import Json

_HINT = "a pattern such as '*' passes over what cannot be run; --container-engine docker runs the image itself"


class Local:
    """Runs the pods of chosen templates on this machine, in a scratch directory that goes with it; to be entered.

    ``templates`` are names or patterns (``*``). A pod for which the scenario has an outcome does what that says. A
    template named as it is, and not by a pattern, that cannot be run is a SimulationError; with a pattern, a note.
    ``tell`` is told each pod's name before it is run.
    """

    def __init__(
        self,
        templates: Iterable[str],
        *,
        answers: Sequence[Answer] = (),
        objects: Iterable[Json] = (),
        volumes: Mapping[str, dict[str, Json]] | None = None,
        maps: Iterable[str] = (),
        container_engine: str | None = None,
        limits: Limits | None = None,
        folder: Path | None = None,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        self.templates = list(templates)
        self.engine = container_engine
        self._objects = variables.objects(objects)
        self._volumes = volumes or {}
        self._maps = tuple(map(_mapping, maps))
        self._answers = answers
        self._limits = limits or Limits()
        self._given = folder
        self._tell = tell
        self._scratch: tempfile.TemporaryDirectory[str] | None = None
        self._before: Any = None
        """What was to be done on SIGTERM."""
        self.place: Place

    def __enter__(self) -> Local:
        """Make the scratch directory, and begin to catch requests. Raises UsageError where that cannot be."""
        if os.name != "posix":
            raise UsageError("scripts can be run on Linux and macOS only", hint="simulate without running them")
        if self.engine is not None:
            engine.check(self.engine)
        if self._given is None:
            self._scratch = tempfile.TemporaryDirectory(prefix="argosy-", ignore_cleanup_errors=True)
        self._before = _end_in_order()
        folder = Path(self._scratch.name if self._scratch else str(self._given)).resolve()
        world = World(folder, self._volumes, self._objects)
        catcher = Catcher(self._answers, authority.create(folder / "authority")).__enter__()
        self.place = Place(world, catcher, self._limits, self.engine, self._maps)
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the scratch directory, unless it was given, and catch no more."""
        self.place.catcher.__exit__()
        if self._scratch is not None:
            self._scratch.cleanup()
        if self._before is not None:
            signal.signal(signal.SIGTERM, self._before)

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
        if why := obstacle(asked.template, with_engine=self.engine is not None):
            if pattern == name:
                raise SimulationError(f"template {name!r} cannot be run here: {why}", hint=_HINT)
            return Acted(Outcome(), {"notes": [f"not run here: {why}"]})
        if self._tell is not None:
            self._tell(asked.display_name)
        deadline = getattr(asked, "active_deadline_seconds", None)
        ran = run_pod(
            asked.template,
            self.place,
            pod_name=str(getattr(asked, "pod_name", "")),
            node_id=asked.node_id,
            deadline=deadline,
        )
        return Acted(_outcome(asked.template, ran), _shown(ran))

    def _send(self, request: dict[str, Json], given: Outcome | None) -> Acted:
        """Let the catcher have the request of an HTTP template; the scenario's outcome, if any, is the answer."""
        notes: list[str] = []
        headers = [(str(h.get("name")), self._header(h, notes)) for h in request.get("headers") or []]
        method, url = str(request.get("method") or "GET"), str(request.get("url") or "")
        coded = (request.get("bodyFrom") or {}).get("bytes")
        body = base64.b64decode(str(coded)) if coded else str(request.get("body") or "").encode()
        catcher = self.place.catcher
        catcher.take()
        answer = catcher.receive(method, url, headers, body)
        made = catcher.take()
        if given is not None and (given.http is None or not given.http.status_code):
            for one in made:
                one.pop("answered", None)
        elif given is not None and given.http is not None:
            made = [one | {"answered": given.http.status_code} for one in made]
        shown: dict[str, Json] = {"requests": made} | ({"notes": notes} if notes else {})
        return Acted(given or Outcome(http=answer), shown)

    def _header(self, header: dict[str, Json], notes: list[str]) -> str:
        if "valueFrom" in header:
            name = f"the header {header.get('name')}"
            return variables.referred(header["valueFrom"], self._objects, name, notes) or ""
        return str(header.get("value") or "")


def _end_in_order() -> Any:
    """Let SIGTERM end this program so that nothing is left running; give what it did before, None if that stays."""
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
        return None
    return signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))


def _outcome(template: dict[str, Json], ran: Ran) -> Outcome:
    outputs = Outputs(parameters=ran.parameters, result=ran.result, artifacts=ran.artifacts)
    if ran.past_deadline:
        return Outcome(run_forever=True, outputs=outputs)
    if "containerSet" in template:
        ends = {name: ContainerOutcome(exit_code=code) for name, code in ran.codes.items()}
        return Outcome(containers=ends, outputs=outputs)
    return Outcome(exit_code=ran.codes.get("main", 0), outputs=outputs)


def _shown(ran: Ran) -> dict[str, Any]:
    code = next((code for code in ran.codes.values() if code), 0)
    more = {"notes": ran.notes, "requests": ran.requests}
    return {"exitCode": code, "log": ran.log} | {name: value for name, value in more.items() if value}


def _mapping(text: str) -> str:
    if "://" not in text:
        raise UsageError(
            f"cannot read {text!r}", hint="write the beginning of a URL, such as https://hooks.example.com"
        )
    return text.rstrip("/")
