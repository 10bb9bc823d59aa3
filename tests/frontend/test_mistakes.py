"""Every mistake is an error at the line that made it, with what to do: the cases of ``mistakes.txt``.

A case is a module after the common start below; ``# error: message | hint`` marks the line, and is part of what is
said.
"""

import re
from pathlib import Path

import pytest

from argosy.errors import CompileError
from argosy.frontend import compile_path

START = """\
import functools
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Literal, NamedTuple
from argosy import *

@container(image="alpine:3.22")
def say(message: str) -> None:
    sh('echo "$MESSAGE"', MESSAGE=message)

@script
def count(n: int) -> None: ...

@script
def twice(n: int) -> int: return n * 2

@script
def pick(size: Literal["small", "medium"]) -> None: ...

@script
def number() -> int: return 1

@script
def numbers() -> list[int]: return [1]

@script
def total(numbers: list[int]) -> int: return sum(numbers)

@script
def text() -> str: return ""

@script
def file() -> Path: return Path("x")

@dataclass
class Point:
    x: int
    y: int

@script
def point() -> Point: return Point(1, 2)

"""


def cases() -> list[tuple[str, str]]:
    text = (Path(__file__).parent / "mistakes.txt").read_text(encoding="utf-8")
    parts = re.split(r"^# name: (.*)\n", text, flags=re.MULTILINE)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))


@pytest.mark.parametrize(("name", "body"), cases(), ids=[name for name, _ in cases()])
def test_a_mistake_is_an_error_at_its_line(name: str, body: str, tmp_path: Path) -> None:
    source = tmp_path / "case.py"
    source.write_text(START + body, encoding="utf-8")
    marked = [(i, line) for i, line in enumerate((START + body).splitlines(), 1) if "# error: " in line]
    with pytest.raises(CompileError) as caught:
        compile_path(source)
    error = caught.value
    assert error.place is not None
    assert error.place.path == str(source)
    if not marked:
        assert error.message == "the file defines no workflow"
        return
    [(number, line)] = marked
    message, _, hint = line.partition("# error: ")[2].partition(" | ")
    assert message in error.message
    assert hint in (error.hint or "")
    assert error.place.line == number, f"{error} (hint: {error.hint})"
