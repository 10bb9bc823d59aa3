"""Handlers, really run twice in the same world: what differs the second time.

A handler may run twice: a pod vanishes before its end was recorded, the controller restarts, somebody retries. The
whole handler is run, and then again, with the files in lasting volumes as the first time left them; the workflow around
it is a simulation in which the same happens both times.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from argosy.explore.exploration import Exploration, Result
from argosy.explore.observe import path
from argosy.simulate.names import stable
from argosy.simulate.outcomes import Acted, Asked
from argosy.simulate.run import Run, run
from argosy.simulate.scenario import Outcome
from argosy.source import Json

if TYPE_CHECKING:
    from argosy.local.provider import Local

Kind = Literal["exit", "output", "artifact", "file", "request"]
IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "CONNECT", "PUT", "DELETE"})
"""Methods of which a second request has no further effect (RFC 9110, 9.2.2)."""
KEYS = frozenset({"idempotency-key", "x-idempotency-key"})
"""Headers by which a server knows a request again."""
_HOOK = re.compile(r"\.(onExit|hooks\.)")
_ATTEMPT = re.compile(r"\(\d+\)$")


@dataclass(frozen=True, slots=True)
class Difference:
    """What was otherwise, or happened again, the second time."""

    kind: Kind
    message: str


@dataclass(slots=True)
class Handler:
    """A leaf of a handler or hook that was run twice."""

    node: str
    """Its path in the workflow."""
    template: str
    differences: list[Difference] = field(default_factory=list)
    again: list[str] = field(default_factory=list)
    """Requests that were sent again, and do no harm."""
    not_run: str = ""
    """Why it could not be run at all."""
    failed: str = ""
    """How it ended both times, where that is no success."""


@dataclass(slots=True)
class Situation:
    """What happened to the workflow, and its handlers then."""

    fault: str
    handlers: list[Handler] = field(default_factory=list)


@dataclass(slots=True)
class Twice:
    """The handlers of one workflow, run twice in each situation."""

    name: str
    situations: list[Situation] = field(default_factory=list)

    def handlers(self) -> Iterator[Handler]:
        """Give the handlers of all situations."""
        for situation in self.situations:
            yield from situation.handlers

    @property
    def same(self) -> bool:
        """Whether nothing differs anywhere."""
        return not any(handler.differences for handler in self.handlers())

    def to_dict(self) -> dict[str, Any]:
        """Give it for tools; its shape is ``schemas/twice.schema.json``."""
        return {
            "version": 1,
            "workflow": self.name,
            "same": self.same,
            "situations": [
                {"fault": situation.fault, "handlers": [_handler(one) for one in situation.handlers]}
                for situation in self.situations
            ],
        }


def _handler(one: Handler) -> dict[str, Any]:
    out: dict[str, Any] = {"node": one.node, "template": one.template, "same": not one.differences}
    out["differences"] = [{"kind": d.kind, "message": d.message} for d in one.differences]
    more = {"again": one.again, "notRun": one.not_run, "failed": one.failed}
    return out | {name: value for name, value in more.items() if value}


def twice(found: Exploration, **how: Any) -> Twice:
    """Run the handlers of an explored workflow twice, with each status that they can see and in each of their branches.

    ``how`` are limits, engine and so on of :func:`argosy.local.really.local_for`. Raises what that raises.
    """
    from argosy.local.really import local_for

    out = Twice(found.name)
    for result in situations(found):
        scenario = found.scenario(result.fault)
        with local_for(found.given, scenario, ["*"], **how) as local:
            watches = [_Watch(local), _Watch(local)]
            runs = [run(found.given, scenario, found.version, found.seed, watch) for watch in watches]
            out.situations.append(Situation(result.fault.name, _compared(watches, runs)))
    return out


def situations(found: Exploration) -> list[Result]:
    """Give the fewest results, in order, in which every leaf of a handler runs with every status that it can see."""
    out: list[Result] = []
    seen: set[tuple[str, str]] = set()
    for result in found.results:
        own = any(fault.change or (fault.place and fault.place.hook) for fault in result.fault.all())
        observed = result.observed
        status = observed.saw.get("workflow.status", "")
        new = {(place.node, status) for place in observed.places if place.hook} - seen
        if new and not own and observed.ended == "completed":
            seen |= new
            out.append(result)
    return out


@dataclass(slots=True)
class _Effect:
    """What one leaf did, with all its attempts."""

    node: str
    template: str
    code: int = 0
    last: str = ""
    """The last line that it wrote."""
    requests: list[dict[str, Json]] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    """How it changed files of lasting volumes, by their paths."""
    artifacts: dict[str, str] = field(default_factory=dict)
    """Digests of those that it left, by their names."""
    not_run: str = ""


class _Watch:
    """A provider that really runs the leaves of handlers, and sees what each does."""

    def __init__(self, local: Local) -> None:
        self._local = local
        self.effects: dict[str, _Effect] = {}

    def __call__(self, asked: Asked, given: Outcome | None) -> Acted | None:
        """Play a leaf."""
        from argosy.local.pod import obstacle

        if not _HOOK.search(asked.node_name):
            return None
        name = _ATTEMPT.sub("", asked.node_name)
        effect = self.effects.setdefault(name, _Effect(name, str(asked.template.get("name") or "")))
        why = None if "http" in asked.template else obstacle(asked.template, with_engine=self._local.engine is not None)
        if why:
            effect.not_run = why
            return None
        world = self._local.place.world
        before, kept = self._files(), dict(world.artifacts)
        acted = self._local(asked, None)
        if acted is not None:
            effect.code = acted.shown.get("exitCode", 0)
            effect.last = (acted.shown.get("log") or [""])[-1]
            effect.requests += acted.shown.get("requests") or []
        effect.files |= _changes(before, self._files())
        left = {key: place for key, place in world.artifacts.items() if kept.get(key) != place}
        effect.artifacts |= {key.rpartition("/")[2]: _digest(place) for key, place in left.items()}
        return acted

    def _files(self) -> dict[str, str]:
        folder = self._local.place.world.folder / "volumes"
        return {str(file.relative_to(folder)): _digest(file) for file in sorted(folder.rglob("*")) if file.is_file()}


def _digest(place: Path) -> str:
    """Give what tells the content of a file, or of a folder, from another."""
    files = [place] if place.is_file() else sorted(file for file in place.rglob("*") if file.is_file())
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.relative_to(place)}\n{file.stat().st_size}\n".encode())
        with file.open("rb") as content:
            while data := content.read(1 << 20):
                digest.update(data)
    return digest.hexdigest()


def _changes(before: dict[str, str], after: dict[str, str]) -> dict[str, str]:
    out = {name: "is changed" if name in before else "is made" for name in after if before.get(name) != after[name]}
    return out | {name: "is removed" for name in before if name not in after}


def _compared(watches: list[_Watch], runs: list[Run]) -> list[Handler]:
    first, second = (watch.effects for watch in watches)
    out = []
    for name in dict.fromkeys([*first, *second]):
        one, two = first.get(name), second.get(name)
        known = one or two
        assert known is not None
        handler = Handler(path(stable(_name(runs[0]), name)), known.template, not_run=known.not_run)
        if one is None or two is None:
            handler.differences.append(Difference("exit", f"runs the {'second' if one is None else 'first'} time only"))
        else:
            handler.differences += [*_ends(one, two), *_outputs(name, runs), *_artifacts(one, two), *_files(two)]
            _requests(one, two, handler)
            if one.code and one.code == two.code:
                handler.failed = f"exit code {two.code}" + (f": {two.last}" if two.last else "")
        out.append(handler)
    return out


def _name(run: Run) -> str:
    return str(run.workflow["metadata"]["name"])


def _ends(one: _Effect, two: _Effect) -> Iterator[Difference]:
    if one.code != two.code:
        said = f": {two.last}" if two.code and two.last else ""
        yield Difference("exit", f"exit code {one.code} the first time, {two.code} the second{said}")


def _outputs(name: str, runs: list[Run]) -> Iterator[Difference]:
    one, two = (_values((run.node(name) or {}).get("outputs") or {}) for run in runs)
    for key in dict.fromkeys([*one, *two]):
        if one.get(key) != two.get(key):
            yield Difference("output", f"{key} is {one.get(key)!r} the first time, {two.get(key)!r} the second")


def _values(outputs: dict[str, Json]) -> dict[str, Json]:
    values = {f"output {p['name']}": p.get("value") for p in outputs.get("parameters") or []}
    return values | ({"outputs.result": outputs["result"]} if "result" in outputs else {})


def _artifacts(one: _Effect, two: _Effect) -> Iterator[Difference]:
    for name in dict.fromkeys([*one.artifacts, *two.artifacts]):
        if one.artifacts.get(name) != two.artifacts.get(name):
            yield Difference("artifact", f"the artifact {name} is another the second time")


def _files(two: _Effect) -> Iterator[Difference]:
    for name, how in two.files.items():
        volume, _, file = name.partition("/")
        yield Difference("file", f"{file} in the volume {volume} {how} the second time")


def _requests(one: _Effect, two: _Effect, handler: Handler) -> None:
    """Say of each request of the second time whether it was there the first time, and whether it does harm."""
    left = list(one.requests)
    for request in two.requests:
        words = f"{request['method']} {request['url']}"
        same = next((r for r in left if _key(r) == _key(request)), None)
        if same is None:
            near = next((r for r in left if (r["method"], r["url"]) == (request["method"], request["url"])), None)
            if near is not None:
                left.remove(near)
            how = "has another body the second time" if near is not None else "is sent the second time only"
            handler.differences.append(Difference("request", f"{words} {how}"))
            continue
        left.remove(same)
        if request["method"] in IDEMPOTENT or _known_again(same, request):
            handler.again.append(words)
        else:
            handler.differences.append(Difference("request", f"{words} is sent again"))
    for request in left:
        handler.differences.append(
            Difference("request", f"{request['method']} {request['url']} is sent the first time only")
        )


def _key(request: dict[str, Json]) -> tuple[Json, ...]:
    return request["method"], request["url"], request.get("body")


def _known_again(one: dict[str, Json], two: dict[str, Json]) -> bool:
    """Say whether a server can know a request again by a key."""
    keys = [{n.lower(): v for n, v in (r.get("headers") or {}).items() if n.lower() in KEYS} for r in (one, two)]
    return bool(keys[0]) and keys[0] == keys[1]
