"""The quick parser gives what Typer gives, or leaves it to Typer."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from argosy.cli import commands, full, quick
from argosy.cli.parameters import Argument, Option, parameters

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["lint", "a.yaml"], {"paths": ["a.yaml"], "format": "text"}),
        (["lint", "a.yaml", "-", "--format=json", "b"], {"paths": ["a.yaml", "-", "b"], "format": "json"}),
        (["lint", "--select", "x,y", "--select", "z", "a"], {"select": ["x,y", "z"], "paths": ["a"]}),
        (["lint", "--with", "lib", "--", "--odd"], {"with_": ["lib"], "paths": ["--odd"]}),
        (["lint", "--strict", "a", "--no-cache"], {"strict": True, "no_cache": True}),
        (["lint", "--format", "json", "--format", "text", "a"], {"format": "text"}),
    ],
)
def test_plain_command_lines_are_read(words: list[str], expected: dict[str, object]) -> None:
    call = quick.parse(words)
    assert call is not None
    assert call == full.parse(words)
    assert {name: call.arguments[name] for name in expected} == expected


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--help"],
        ["lint"],
        ["lint", "--help"],
        ["lint", "a", "--format", "jsn"],
        ["lint", "a", "--formt", "json"],
        ["lint", "a", "--strict=yes"],
        ["lint", "a", "--select"],
        ["lint", "a", "--select", "--strict"],
        ["lnt", "a"],
        ["lint/../x"],
        ["version", "extra"],
    ],
)
def test_everything_else_is_left_to_typer(words: list[str]) -> None:
    assert quick.parse(words) is None


def command_lines() -> st.SearchStrategy[list[str]]:
    """Command lines made of every option there is, with odd values and in any order."""
    value = st.sampled_from(["a", "", "-", "a,b", "x=y", "3", "07", "json", "--", "é", "a b"])

    def words(name: str) -> st.SearchStrategy[list[str]]:
        run = commands.find(name)
        assert run is not None
        names = [n for p in parameters(run) if isinstance(p.spec, Option) for n in p.names]
        if not names:
            return st.lists(value, max_size=2)
        option = st.sampled_from(names)
        part = st.one_of(
            value.map(lambda v: [v]),
            option.map(lambda o: [o]),
            st.tuples(option, value).map(list),
            st.tuples(option, value).map(lambda pair: ["=".join(pair)]),
        )
        return st.lists(part, max_size=5).map(lambda parts: [word for group in parts for word in group])

    return st.sampled_from(commands.names()).flatmap(lambda name: words(name).map(lambda rest: [name, *rest]))


@settings(max_examples=150, deadline=None)
@given(command_lines())
def test_what_is_read_quickly_is_what_typer_reads(words: list[str]) -> None:
    call = quick.parse(words)
    if call is not None:
        assert call == full.parse(words)


def test_every_command_declares_parameters_that_both_parsers_know() -> None:
    for name in commands.names():
        run = commands.find(name)
        assert run is not None, name
        assert (run.__doc__ or "").strip(), f"{name} has no help"
        for parameter in parameters(run):
            assert isinstance(parameter.spec, Option | Argument)
            assert parameter.spec.help.endswith("."), f"{name}: {parameter.name}"


HEAVY = {"typer", "click", "rich", "hera", "pydantic", "ruamel", "jsonschema", "jsonschema_rs", "requests"}


@pytest.mark.parametrize(
    ("words", "rooms"),
    [
        (["version"], {"lint", "simulate", "frontend", "yaml", "report"}),
        (["lint", "examples/exit-handler.yaml"], {"simulate", "frontend", "explore"}),
        (["simulate", "examples/exit-handler.yaml"], {"lint", "frontend", "explore"}),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else None,
)
def test_a_plain_command_line_loads_only_what_it_needs(words: list[str], rooms: set[str]) -> None:
    code = f"import sys; from argosy.cli.main import main; main({words!r}); print(*sys.modules)"
    environment = {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, env=environment)
    assert out.returncode == 0, out.stderr
    loaded = out.stdout.splitlines()[-1].split()
    assert not HEAVY & {name.partition(".")[0] for name in loaded}
    assert not rooms & {name.split(".")[1] for name in loaded if name.startswith("argosy.")}
