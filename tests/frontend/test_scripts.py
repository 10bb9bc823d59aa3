"""Scripts: plain functions here, and in the pod what the same function would do with the same arguments."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from argosy.errors import CompileError
from argosy.frontend import compile_path

MODULE = """
import math
try:
    import not_installed as j
except ImportError:
    import json as j
from collections import Counter
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Literal, NamedTuple

from argosy import Exit, current, script, secret, steps, workflow

LIMIT = 10
TABLE = {
    "a": LIMIT,
    "b": 2,
}


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@dataclass
class Point:
    x: int
    tags: list[str] = field(default_factory=list)

    def far(self) -> bool:
        return self.x > LIMIT


class Both(NamedTuple):
    total: int
    note: str


def double(n: int) -> int:
    return helper(n) * 2


def helper(n: int) -> int:
    return n


@script
def square(n: int) -> int:
    print("not the result")
    return n * n


@script
def roots(numbers: list[float], exact: bool) -> list[float]:
    return [math.sqrt(n) if exact else round(math.sqrt(n)) for n in numbers]


@script
def paint(colour: Colour, size: Literal["s", "l"], name: str | None = None) -> Colour:
    return Colour.BLUE if name is None and size == "s" else colour


@script
def move(point: Point, by: int = LIMIT) -> Point:
    moved = Point(point.x + double(by), [*point.tags, str(point.far())])
    return moved


@script
def count(words: list[str]) -> dict[str, int]:
    return dict(Counter(words))


@script
def both(points: list[Point], table: dict[str, int] = TABLE) -> Both:
    return Both(sum(p.x for p in points) + table["a"], j.dumps([p.tags for p in points]))


@script
async def later(n: int) -> str:
    return f"n={square(n)}"


@script
def flag(n: int) -> bool:
    return n > 1


@script
def token(name: str, é: str = current.pod_name, token: str = secret("a", "b"), last: int = 1) -> str:
    return f"{name}:{é}:{len(token)}:{last}"


@script
def ended(run: Exit) -> str:
    return f"{run.status} after {run.duration + 1} s: " + ", ".join(f.display_name for f in run.failures)


@script
def perhaps(file: Path | None = None) -> Path | None:
    print("a file" if file else "no file")
    return file


@workflow(on_exit=lambda run: ended(run))
def main() -> None:
    square(1)
    perhaps(perhaps())
    roots([1.0], True)
    paint(Colour.RED, "s")
    move(Point(1))
    count(["a"])
    both([Point(1)])
    later(1)
    flag(1)
    token("x")
"""


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    source = tmp_path_factory.mktemp("scripts") / "module.py"
    source.write_text(MODULE, encoding="utf-8")
    [manifest] = compile_path(source)
    return {t["name"]: t for t in manifest.data["spec"]["templates"]}


def run(template: dict[str, Any], folder: Path, **values: str) -> str:
    """Run a script as the pod would: its environment, and nothing of this project; files below the folder."""
    env = {}
    for variable in template["script"].get("env", []):
        tag = variable.get("value", "").strip("{}")
        name = tag.removeprefix("inputs.parameters.")
        parameters = template.get("inputs", {}).get("parameters", [])
        default = next((p.get("default") for p in parameters if p["name"] == name), None)
        env[variable["name"]] = values.get(variable["name"], default)
    source = template["script"]["source"].replace("/tmp/outputs", f"{folder}/outputs")
    source = source.replace("/tmp/inputs", f"{folder}/inputs")
    given = {**{k: v for k, v in env.items() if v is not None}, "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "-I", "-c", source], capture_output=True, text=True, env=given, cwd=folder, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.rstrip("\n")


CASES: list[tuple[str, dict[str, str], str]] = [
    ("square", {"n": "7"}, "49"),
    ("roots", {"numbers": "[4, 2]", "exact": "false"}, "[2, 1]"),
    ("roots", {"numbers": "[4]", "exact": "true"}, "[2.0]"),
    ("paint", {"colour": "red", "size": "s"}, "blue"),
    ("paint", {"colour": "red", "size": "s", "name": "x"}, "red"),
    ("move", {"point": '{"x": 11, "tags": ["t"]}'}, '{"x": 31, "tags": ["t", "True"]}'),
    ("count", {"words": '["a", 1, "a"]'}, '{"a": 2, "1": 1}'),
    ("later", {"n": "3"}, "n=9"),
    ("flag", {"n": "3"}, "true"),
    ("token", {"name": "x", "token": "abc", "é": "pod"}, "x:pod:3:1"),
    (
        "ended",
        {
            "run_status": "Failed",
            "run_duration": "2.5",
            "run_failures": json.dumps(json.dumps([{"displayName": "build", "message": 'it\'s "bad"'}])),
        },
        "Failed after 3.5 s: build",
    ),
    ("ended", {"run_status": "Succeeded", "run_duration": "2.5", "run_failures": '"null"'}, "Succeeded after 3.5 s: "),
]


@pytest.mark.parametrize(("name", "values", "printed"), CASES, ids=[f"{n}-{i}" for i, (n, _, _) in enumerate(CASES)])
def test_a_script_gives_in_the_pod_what_the_function_gives(
    name: str, values: dict[str, str], printed: str, templates: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    assert run(templates[name], tmp_path, **values).rstrip() == printed.rstrip()


EVERY_TYPE = Path(__file__).parent / "golden" / "every_type.py"


def calls_of_every_type() -> list[tuple[dict[str, Any], dict[str, str]]]:
    """Give the template and the arguments of each step of the golden file."""
    [manifest] = compile_path(EVERY_TYPE)
    made = {t["name"]: t for t in manifest.data["spec"]["templates"]}
    steps = [step for group in made["every-type"]["steps"] for step in group]
    return [(made[s["template"]], {p["name"]: p["value"] for p in s["arguments"]["parameters"]}) for s in steps]


@pytest.mark.parametrize(("template", "values"), calls_of_every_type(), ids=lambda v: v.get("name"))
def test_a_value_of_any_type_arrives_as_what_it_was_and_leaves_as_it_came(
    template: dict[str, Any], values: dict[str, str], tmp_path: Path
) -> None:
    printed = run(template, tmp_path, **values)
    if template["name"] != "nothing":
        assert printed == next(iter(values.values()))


def test_the_fields_of_a_named_tuple_are_written_to_a_file_each(
    templates: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    run(templates["both"], tmp_path, points='[{"x": 2, "tags": ["a"]}]')
    assert (tmp_path / "outputs" / "total").read_text() == "12"
    assert (tmp_path / "outputs" / "note").read_text() == '[["a"]]'


def test_a_file_that_may_be_missing_is_none(templates: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    perhaps = templates["perhaps"]
    [given], [made] = perhaps["inputs"]["artifacts"], perhaps["outputs"]["artifacts"]
    assert given == {"name": "file", "path": "/tmp/inputs/file", "optional": True}
    assert made == {"name": "result", "path": "/tmp/outputs/result", "optional": True}
    assert run(perhaps, tmp_path) == "no file"
    (tmp_path / "inputs").mkdir()
    (tmp_path / "inputs" / "file").write_text("x")
    assert run(perhaps, tmp_path) == "a file"
    assert (tmp_path / "outputs" / "result").read_text() == "x"


def test_what_a_function_prints_is_not_its_result(templates: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    assert run(templates["square"], tmp_path, n="2") == "4"


def test_a_script_is_a_plain_function_outside_a_workflow() -> None:
    from argosy import Exit, Failure, script

    @script
    def describe(run: Exit) -> str:
        return f"{run.name} {run.status}: {[f.message for f in run.failures]}"

    assert describe(Exit(status="Failed", name="nightly", failures=[Failure(message="no")])) == "nightly Failed: ['no']"


def test_a_script_within_a_function_keeps_the_texts_within_it(tmp_path: Path) -> None:
    source = tmp_path / "case.py"
    source.write_text(
        "from argosy import script, workflow\ndef make():\n    @script\n    def f() -> str:\n"
        '        # a comment\n        return """a\n    b\n   \nc"""\n    return f\nf = make()\n'
        "@workflow\ndef main() -> None:\n    f()\n"
    )
    [manifest] = compile_path(source)
    assert run({**manifest.data["spec"]["templates"][1]}, tmp_path) == "a\n    b\n   \nc"


def test_a_module_of_the_users_own_does_not_travel(tmp_path: Path) -> None:
    (tmp_path / "helpers.py").write_text("def help() -> None: ...\n")
    source = tmp_path / "case.py"
    source.write_text(
        "from helpers import help\nfrom argosy import script, workflow\n"
        "@script\ndef f() -> None:\n    help()\n@workflow\ndef main() -> None:\n    f()\n"
    )
    with pytest.raises(CompileError, match="it comes from helpers, a module of yours that is not in the pod") as caught:
        compile_path(source)
    assert caught.value.place is not None
    assert caught.value.place.line == 5
