"""A process with limits."""

import os
import sys
import time
from pathlib import Path

import pytest

from argosy.local import process
from argosy.local.process import Ended
from tests.local.runs import alive

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="it looks into /proc")


def run(text: str, folder: Path, *, seconds: float = 20, most: int = 1000) -> Ended:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    words = ["sh", "-c", text]
    return process.run(words, folder=folder, environment=environment, seconds=seconds, most=most, mark=f"HOME={folder}")


def test_both_streams_are_kept_and_standard_output_apart(tmp_path: Path) -> None:
    ended = run("echo out; echo err >&2; exit 3", tmp_path)
    assert (ended.code, ended.stdout) == (3, b"out\n")
    assert sorted(ended.log.splitlines()) == [b"err", b"out"]


def test_a_signal_is_a_code_as_shells_say_it(tmp_path: Path) -> None:
    assert run("kill -TERM $$", tmp_path).code == 143


def test_there_is_no_standard_input_to_wait_for(tmp_path: Path) -> None:
    assert run("cat; echo over", tmp_path).stdout == b"over\n"


def test_what_takes_too_long_is_killed_with_what_it_said(tmp_path: Path) -> None:
    began = time.monotonic()
    ended = run("echo begun; sleep 600", tmp_path, seconds=2)
    assert ended.out_of_time and ended.stdout == b"begun\n"
    assert time.monotonic() - began < 300


def test_closing_its_streams_does_not_help(tmp_path: Path) -> None:
    assert run("exec >&- 2>&-; sleep 600", tmp_path, seconds=0.5).out_of_time


def test_endless_output_is_cut_and_ended(tmp_path: Path) -> None:
    ended = run("while :; do echo yes; done", tmp_path, seconds=2, most=100)
    assert ended.cut and ended.out_of_time
    assert ended.log == (b"yes\n" * 25)


@linux
@pytest.mark.parametrize("start", ["sleep 600", "setsid sleep 600", "setsid sh -c 'sleep 600 & sleep 600'"])
def test_what_stays_in_the_background_ends_with_it(start: str, tmp_path: Path) -> None:
    ended = run(f"{start} & sleep 0.2; echo over", tmp_path)
    assert (ended.code, ended.stdout, ended.out_of_time) == (0, b"over\n", False)
    assert left(tmp_path) == []


def left(mark: Path) -> list[int]:
    """Give the processes that have a text in their environment."""
    found = [int(p.parent.name) for p in Path("/proc").glob("[0-9]*/environ") if _has(p, str(mark))]
    return [pid for pid in found if alive(pid)]


def _has(environ: Path, mark: str) -> bool:
    try:
        return mark.encode() in environ.read_bytes()
    except OSError:
        return False


@linux
def test_an_interruption_leaves_nothing_running(tmp_path: Path) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    listen, process._listen = process._listen, interrupt  # type: ignore[assignment]  # as Ctrl-C does, at that point
    try:
        with pytest.raises(KeyboardInterrupt):
            run(f"echo $$ > {tmp_path}/pid; sleep 600", tmp_path)
    finally:
        process._listen = listen
    assert left(tmp_path) == []


@linux
def test_no_file_gets_larger_than_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "LARGEST_FILE", 4096)
    run("while [ $(ulimit -f) = unlimited ]; do sleep 0.02; done; head -c 100000 /dev/zero > big", tmp_path)
    assert (tmp_path / "big").stat().st_size == 4096
