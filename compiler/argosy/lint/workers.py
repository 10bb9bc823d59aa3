"""Many files at once: processes that each lint a share.

A first round reads every file and lints those that refer to no template of another; a second one lints the rest,
once all workflow templates are known.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import NoReturn

from msgspec import Struct, field

from argosy.lint.result import FileResult
from argosy.source import Manifest

FEWEST = 100
"""With fewer files, starting processes takes longer than it saves."""
SHARES = 1000
"""How many shares there are at most; their numbers fit into a pipe."""
SMALLEST = 10
"""How many files a share has at least."""


class Outcome(Struct):
    """What one file came to."""

    path: str
    result: FileResult | None
    """None: it refers to other files, so it has to wait."""
    templates: list[Manifest] = field(default_factory=list)
    """The workflow templates that it has."""
    refers: bool = False


Work = Callable[[Sequence[str]], list[Outcome]]
"""What gives the outcomes of some files, in their order."""


def count(files: int, wanted: int | None) -> int:
    """Say how many processes to lint some files with."""
    if wanted is not None:
        return max(1, wanted)
    if files < FEWEST or not hasattr(os, "fork") or _has_threads():
        return 1
    return min(os.cpu_count() or 1, 8)


def _has_threads() -> bool:
    """Whether this process has threads, whose locks a copy of it would hold for ever."""
    return "threading" in sys.modules and sys.modules["threading"].active_count() > 1


def spread(work: Work, paths: Sequence[str], processes: int) -> list[Outcome]:
    """Do the work for all paths, share by share, in some processes; results come in the order of the paths.

    They are forked, and take the next share whenever they have done one. A pool of ``multiprocessing`` does the same,
    but takes longer to import and to start than linting a hundred files.
    """
    size = max(SMALLEST, -(-len(paths) // SHARES))
    shares = [paths[at : at + size] for at in range(0, len(paths), size)]
    if processes == 1 or len(shares) <= 1:
        return [one for share in shares for one in work(share)]
    numbers = _queue(len(shares))
    helpers = [_fork(work, shares, numbers) for _ in range(min(processes, len(shares)) - 1)]

    try:
        done = _done(work, shares, numbers)
    finally:
        os.close(numbers)
        said = [_result(*helper) for helper in helpers]
    for one in said:
        done |= one
    return [one for number, share in enumerate(shares) for one in done.get(number) or work(share)]


def _queue(shares: int) -> int:
    """Give what the numbers of the shares are read from: by whichever process comes first."""
    reading, writing = os.pipe()
    os.write(writing, b"".join(number.to_bytes(2) for number in range(shares)))
    os.close(writing)
    return reading


def _taken(numbers: int) -> Iterator[int]:
    while number := os.read(numbers, 2):
        yield int.from_bytes(number)


def _done(work: Work, shares: Sequence[Sequence[str]], numbers: int) -> dict[int, list[Outcome]]:
    """Do shares until none is left, and find the places of their findings: one process would take longer for all."""
    done = {number: work(shares[number]) for number in _taken(numbers)}
    for share in done.values():
        for one in share:
            for found in one.result.findings if one.result is not None else ():
                found.span()
    return done


def _fork(work: Work, shares: Sequence[Sequence[str]], numbers: int) -> tuple[int, int]:
    """Start a process; give its number, and what to read its results from."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _help(work, shares, numbers, writing)
    os.close(writing)
    return child, reading


def _help(work: Work, shares: Sequence[Sequence[str]], numbers: int, writing: int) -> NoReturn:
    """Be such a process. Where it fails it says nothing: its shares are done again where errors are told."""
    import pickle

    try:
        done = _done(work, shares, numbers)
        with open(writing, "wb") as file:
            file.write(pickle.dumps(done, pickle.HIGHEST_PROTOCOL))
    finally:
        os._exit(0)


def _result(child: int, reading: int) -> dict[int, list[Outcome]]:
    import pickle

    with open(reading, "rb") as file:
        said = file.read()
    os.waitpid(child, 0)
    return pickle.loads(said) if said else {}
