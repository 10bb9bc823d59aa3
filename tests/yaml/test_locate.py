"""Addresses become lines and columns: of keys, values, and ranges of characters within texts of every style."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from argosy.source import Address, Part
from argosy.yaml.read import read
from argosy.yaml.write import dump

TEXT = """\
kind: Workflow
spec:
  templates:
  - name: main
    steps:
    - - name: a
        when: "{{x}} == \\"y\\""
  - name: 'it''s'
    script:
      source: |
        echo {{inputs.parameters.a}}
        exit
    folded: >-
      one two
      three
"""


def located(text: str, address: Address, part: Part = "value", chars: tuple[int, int] | None = None) -> str:
    """Give the text that a span covers."""
    origin = read(text)[0].origin
    span = origin.locate(address, part, chars)
    lines = [f"{line}\n" for line in origin.lines()]
    if span.line == span.end_line:
        return lines[span.line - 1][span.column - 1 : span.end_column - 1]
    covered = lines[span.line - 1 : span.end_line]
    covered[-1] = covered[-1][: span.end_column - 1]
    return "".join(covered)[span.column - 1 :]


STEPS = ("spec", "templates", 0, "steps", 0, 0)


@pytest.mark.parametrize(
    ("address", "part", "chars", "expected"),
    [
        (("kind",), "value", None, "Workflow"),
        (("kind",), "key", None, "kind"),
        ((*STEPS, "name"), "value", None, "a"),
        ((*STEPS, "when"), "value", (0, 5), "{{x}}"),
        ((*STEPS, "when"), "value", (9, 12), '\\"y\\"'),
        (("spec", "templates", 1, "name"), "value", (2, 4), "''s"),
        (("spec", "templates", 1, "script", "source"), "value", (5, 28), "{{inputs.parameters.a}}"),
        (("spec", "templates", 1, "script", "source"), "value", (29, 33), "exit"),
        (("spec", "templates", 1, "folded"), "value", (4, 7), "two"),
        (("spec", "templates", 1, "folded"), "value", (8, 13), "three"),
        (("spec", "templates", 0, "missing"), "value", None, "name"),
        (("spec", "missing", 3, "deeper"), "value", None, "spec"),
        (("nowhere",), "value", None, "kind"),
    ],
)
def test_points_at(address: Address, part: Part, chars: tuple[int, int] | None, expected: str) -> None:
    assert located(TEXT, address, part, chars) == expected


def test_a_list_entry_begins_at_its_first_key_and_ends_with_its_last_value() -> None:
    text = located(TEXT, ("spec", "templates", 0))
    assert text.startswith("name: main\n")
    assert text.endswith('\\"y\\""')


def test_follows_aliases_and_merges() -> None:
    text = "a: &m {b: one}\nc: *m\nd: {<<: *m, e: two}\nf: &n text\n"
    assert located(text, ("c", "b")) == "one"
    assert located(text, ("d", "b")) == "one"
    assert located(text, ("f",), "value", (0, 2)) == "te"


def test_counts_lines_over_the_whole_file_and_characters_not_bytes() -> None:
    second = read("\ufeffa: é\r\n---\r\nüü: öö\r\n")[1]
    span = second.origin.locate(("üü",))
    assert (span.line, span.column, span.end_column) == (3, 5, 7)
    utf16 = read("\ufeffa: é\nb: x\n".encode("utf-16-le"))[0].origin.locate(("b",))
    assert (utf16.line, utf16.column) == (2, 4)


def test_json_files_are_located_too() -> None:
    assert located('{"a": {"b": [1, "x/\\u0041"]}}', ("a", "b", 1)) == '"x/\\u0041"'


def test_a_broken_text_has_its_file_at_least() -> None:
    span = read("a: [", "f.yaml")[0].origin.locate(("a",))
    assert (span.path, span.line) == ("f.yaml", 1)


CHARS = st.text(alphabet="ab \n'\"\\{}:#-é\t", max_size=30)


@settings(max_examples=300, deadline=None)
@given(CHARS, st.data())
def test_every_character_of_a_written_text_is_found(value: str, data: Any) -> None:
    text = dump({"key": [value]})
    if not value:
        return
    at = data.draw(st.integers(0, len(value) - 1))
    found = located(text, ("key", 0), "value", (at, at + 1))
    if value[at] not in "\n\t'\"\\":
        assert found == value[at]


def test_every_text_of_the_examples_is_found() -> None:
    folder = Path(__file__).parents[2] / "examples"
    for path in folder.rglob("*.yaml"):
        for document in read(path.read_bytes(), str(path)):
            lines = document.origin.lines()
            for address, value in walk(document.data):
                span = document.origin.locate(address, "value", (0, 1))
                if isinstance(value, str) and value.strip() == value and value and value[0] not in "'\"\\":
                    assert lines[span.line - 1][span.column - 1] == value[0], (path, address)


def walk(data: Any, at: Address = ()) -> list[tuple[Address, Any]]:
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [(at, data), *(found for key, value in inside for found in walk(value, (*at, key)))]
