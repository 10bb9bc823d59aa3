"""One process with limits: on its time, and on how much of its output is kept."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

_AFTERWARDS = 0.5
"""So many seconds are left to what a process leaves in the background to end its output."""


@dataclass(slots=True)
class Ended:
    """How a process ended."""

    code: int
    """Its exit code; 128 and the number for a signal, as shells say it."""
    stdout: bytes
    log: bytes
    """Standard output and standard error, as they came."""
    out_of_time: bool = False
    cut: bool = False
    """There was more output than is kept."""


@dataclass(slots=True)
class _Kept:
    most: int
    stdout: bytearray = field(default_factory=bytearray)
    log: bytearray = field(default_factory=bytearray)
    cut: bool = False

    def take(self, data: bytes, *, standard: bool) -> None:
        for kept in (self.log, self.stdout) if standard else (self.log,):
            room = self.most - len(kept)
            kept += data[:room]
            self.cut |= len(data) > room


def run(
    words: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    seconds: float,
    most: int,
    on_time_out: Callable[[], None] | None = None,
) -> Ended:
    """Run a program in a process group of its own, which is killed at the end of its time and after it.

    ``seconds`` limits its time, ``most`` the bytes that are kept of each stream; ``on_time_out`` ends what the group
    does not hold, as a container. Raises OSError where the program cannot be started.
    """
    kept = _Kept(most)
    process = subprocess.Popen(
        list(words),
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None and process.stderr is not None
    with process.stdout as out, process.stderr as err:
        out_of_time = not _listen(process, out, err, kept, time.monotonic() + seconds)
        if out_of_time and on_time_out is not None:
            on_time_out()
        _kill_group(process.pid)
        code = process.wait()
    return Ended(code if code >= 0 else 128 - code, bytes(kept.stdout), bytes(kept.log), out_of_time, kept.cut)


def _listen(process: subprocess.Popen[bytes], out: IO[bytes], err: IO[bytes], kept: _Kept, end: float) -> bool:
    """Take the output until there is no more; False if time is over before."""
    with selectors.DefaultSelector() as selector:
        selector.register(out, selectors.EVENT_READ)
        selector.register(err, selectors.EVENT_READ)
        over: float | None = None
        while selector.get_map():
            now = time.monotonic()
            if over is None and process.poll() is not None:
                over = now + _AFTERWARDS
            if over is not None and now >= over:
                return True
            if now >= end:
                return process.poll() is not None
            for key, _ in selector.select(min(0.05, end - now)):
                data = os.read(key.fd, 65536)
                if data:
                    kept.take(data, standard=key.fileobj is out)
                else:
                    selector.unregister(key.fileobj)
        try:
            process.wait(max(0.0, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            return False
    return True


def _kill_group(leader: int) -> None:
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
