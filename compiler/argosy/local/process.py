"""One process with limits: on its time, on how much of its output is kept, and on how large a file may get."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

LARGEST_FILE = 1 << 30
"""No file may get larger than so many bytes, on Linux."""
_AFTERWARDS = 0.05
"""So many seconds there are to take what a process has written before its end. What it leaves in the background is
killed, as with a container."""
_ROUNDS = 20
"""So often it is looked for processes that start others while they are being killed."""


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
    mark: str = "",
    on_time_out: Callable[[], None] | None = None,
) -> Ended:
    """Run a program, and kill whatever it leaves, also if this is interrupted.

    ``seconds`` limits its time, ``most`` the bytes that are kept of each stream. It gets a process group of its own;
    what leaves that is found, on Linux, by ``mark``, a text that its environment and no other has. ``on_time_out`` ends
    what neither finds, as a container. Raises OSError where the program cannot be started.
    """
    try:
        return _run(list(words), folder, dict(environment), seconds, most, on_time_out)
    finally:
        if mark:
            _kill_marked(mark.encode())


def _run(
    words: list[str],
    folder: Path,
    environment: dict[str, str],
    seconds: float,
    most: int,
    on_time_out: Callable[[], None] | None,
) -> Ended:
    kept = _Kept(most)
    process = subprocess.Popen(
        words,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None and process.stderr is not None
    with process.stdout as out, process.stderr as err:
        try:
            _limit_files(process.pid)
            out_of_time = not _listen(process, out, err, kept, time.monotonic() + seconds)
            if out_of_time and on_time_out is not None:
                on_time_out()
        finally:
            _kill_group(process.pid)
            code = process.wait()
    return Ended(code if code >= 0 else 128 - code, bytes(kept.stdout), bytes(kept.log), out_of_time, kept.cut)


def _listen(process: subprocess.Popen[bytes], out: IO[bytes], err: IO[bytes], kept: _Kept, end: float) -> bool:
    """Take the output until the process is over; False if its time is, before."""
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


def _limit_files(pid: int) -> None:
    if sys.platform == "linux":
        import resource

        try:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
        except (ProcessLookupError, PermissionError):
            return


def _kill_group(leader: int) -> None:
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _kill_marked(mark: bytes) -> None:
    """Kill the processes with a text in their environment: those that have made a session of their own."""
    for _ in range(_ROUNDS):
        found = list(_marked(mark))
        if not found:
            return
        for pid in found:
            try:
                os.kill(pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                continue
        time.sleep(0.01)


def _marked(mark: bytes) -> Iterator[int]:
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in entry.read_bytes():
                yield int(entry.parent.name)
        except OSError:
            continue
