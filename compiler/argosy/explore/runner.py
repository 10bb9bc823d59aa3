"""Runs faults, in this process or in several, and gives what was observed in the order in which they were asked for."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import NamedTuple

import msgspec

from argosy.explore.changes import changed
from argosy.explore.faults import Change, Fault, Setup
from argosy.explore.observe import Observed, observe
from argosy.simulate.given import Given
from argosy.simulate.scenario import Scenario
from argosy.source import Manifest
from argosy.versions import ArgoVersion

CHUNK = 32
"""So many faults are given to a process at once."""


@dataclass(slots=True)
class _Work:
    given: Given
    version: ArgoVersion
    seed: int

    def run(self, task: Task) -> Observed:
        given = changed(self.given, task.change) if task.change else self.given
        return observe(given, task.scenario, self.version, self.seed, task.parts)


class Task(NamedTuple):
    """One run to make."""

    scenario: Scenario
    change: Change | None
    parts: tuple[int, int]


class Runner:
    """Runs faults; a context, as it may hold processes."""

    def __init__(
        self,
        given: Given,
        version: ArgoVersion,
        seed: int,
        jobs: int,
        known: dict[str, Observed],
        progress: Callable[[int, int], None] | None,
    ) -> None:
        self._work = _Work(given, version, seed)
        self._known = known
        self._progress = progress
        self._pool = ProcessPoolExecutor(jobs, initializer=_begin, initargs=(_plain(self._work),)) if jobs > 1 else None
        self._done = self._asked = 0
        self._before = gc.get_threshold()

    def __enter__(self) -> Runner:
        self._before = gc.get_threshold()
        _collect_little()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        gc.set_threshold(*self._before)
        gc.unfreeze()
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def one(self, setup: Setup, fault: Fault) -> Observed:
        """Run one fault, here."""
        return self._work.run(_task(setup, fault))

    def all(self, setup: Setup, faults: list[Fault]) -> list[Observed]:
        """Run faults, and give what was observed in their order; those that are known are not run."""
        self._asked += len(faults)
        missing = [fault for fault in faults if fault.name not in self._known]
        self._tell(len(faults) - len(missing))
        ran = dict(zip((f.name for f in missing), self._run(setup, missing), strict=True))
        return [self._known[f.name] if f.name in self._known else ran[f.name] for f in faults]

    def _run(self, setup: Setup, faults: list[Fault]) -> Iterator[Observed]:
        tasks = [_task(setup, fault) for fault in faults]
        if self._pool is None or len(tasks) < CHUNK:
            yield from self._here(tasks)
            return
        chunks = [tasks[i : i + CHUNK] for i in range(0, len(tasks), CHUNK)]
        for answer in self._pool.map(_run_chunk, chunks):
            found = msgspec.msgpack.decode(answer, type=list[Observed])
            self._tell(len(found))
            yield from found

    def _here(self, tasks: Iterable[Task]) -> Iterator[Observed]:
        for task in tasks:
            yield self._work.run(task)
            self._tell(1)

    def _tell(self, number: int) -> None:
        self._done += number
        if self._progress is not None:
            self._progress(self._done, self._asked)


def _task(setup: Setup, fault: Fault) -> Task:
    change = next((one.change for one in fault.all() if one.change), None)
    return Task(setup.scenario(fault), change, fault.parts)


def _plain(work: _Work) -> _Work:
    """Leave the origins here: another process needs the data only."""
    given = work.given
    return _Work(Given(Manifest(given.main.data), [Manifest(m.data) for m in given.others]), work.version, work.seed)


_here: list[_Work] = []
"""What a process of the pool works on."""


def _begin(work: _Work) -> None:
    _collect_little()
    _here[:] = [work]


def _collect_little() -> None:
    """Leave what is there alone, and look for garbage less often: a run makes next to none that is in cycles."""
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)


def _run_chunk(tasks: list[Task]) -> bytes:
    return msgspec.msgpack.encode([_here[0].run(task) for task in tasks])
