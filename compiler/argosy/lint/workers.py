"""Many files at once: processes that each lint a share.

A first round reads every file and lints those that refer to no template of another; a second one lints the rest,
once all workflow templates are known.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from msgspec import Struct, field

from argosy.lint.result import FileResult
from argosy.source import Manifest

FEWEST = 400
"""With fewer files, starting processes takes longer than it saves."""
SHARE = 100
"""How many files a process is given at a time."""


class Outcome(Struct):
    """What one file came to."""

    path: str
    result: FileResult | None
    """None: it refers to other files, so it has to wait."""
    templates: list[Manifest] = field(default_factory=list)
    """The workflow templates that it has."""
    refers: bool = False


def count(files: int, wanted: int | None) -> int:
    """Say how many processes to lint some files with."""
    if wanted is not None:
        return max(1, wanted)
    if files < FEWEST or not hasattr(os, "fork"):
        return 1
    return min(os.cpu_count() or 1, 8)


def spread(work: Callable[[str], Outcome], paths: Sequence[str], processes: int) -> list[Outcome]:
    """Do the work for all paths, in some processes; results come in the order of the paths."""
    if processes == 1 or len(paths) <= SHARE:
        return [work(path) for path in paths]
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    shares = [paths[at : at + SHARE] for at in range(0, len(paths), SHARE)]
    _work.append(work)  # what a forked process inherits need not be sent to it
    try:
        with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
            return [one for share in pool.map(_share, shares) for one in share]
    finally:
        _work.clear()


_work: list[Callable[[str], Outcome]] = []


def _share(paths: Sequence[str]) -> list[Outcome]:
    return [_work[0](path) for path in paths]
