"""Edits change what they say and nothing else: comments, quotes and layout stay."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from argosy.errors import UsageError
from argosy.source import Address, parse_address
from argosy.yaml.edit import Action, apply, edited, same
from argosy.yaml.read import read
from argosy.yaml.write import dump

TEXT = """\
# a workflow
apiVersion: argoproj.io/v1alpha1   # the group
kind: Workflow
metadata: {name: x, labels: {a: 'b'}}
spec:
  entrypoint: main  # the first

  templates:
    - name: main
      # its steps
      steps:
        - - name: "one"     # quoted
            template: work
        - - name: two
            template: work

    - container:
        command: [sh, -c]
        args:
          - |
            echo hi   # not a comment
      name: work # last
"""


@dataclass(frozen=True)
class Change:
    action: Action
    address: Address
    value: Any = None


def change(text: str, action: Action, address: str, value: Any = None) -> str:
    return apply(text, {0: [Change(action, parse_address(address), value)]})


@pytest.mark.parametrize(
    ("action", "address", "value", "old", "new"),
    [
        ("set", "spec.entrypoint", "work", "main  # the first", "work  # the first"),
        ("set", "spec.entrypoint", "a: b", "main  # the first", '"a: b"  # the first'),
        ("set", "metadata.labels.a", "c", "'b'", "'c'"),
        ("set", "metadata.name", "a, b", "name: x,", 'name: "a, b",'),
        ("set", "spec.onExit", "work", "      name: work # last\n", "      name: work # last\n  onExit: work\n"),
        ("rename", "spec.entrypoint", "onExit", "entrypoint:", "onExit:"),
        ("delete", "spec.entrypoint", None, "  entrypoint: main  # the first\n", ""),
        ("delete", "spec.templates[1].name", None, "      name: work # last\n", ""),
        ("delete", "spec.templates[0].steps[0][0].name", None, '- - name: "one"     # quoted\n            t', "- - t"),
        ("insert", "spec.templates[0].daemon", True, "\n    - container", "      daemon: true\n\n    - container"),
        (
            "insert",
            "spec.templates[0].steps[1]",
            [{"name": "mid", "template": "work"}],
            "        - - name: two",
            "        - - name: mid\n            template: work\n        - - name: two",
        ),
        ("set", "spec.templates[1].container.command[0]", "bash", "[sh,", "[bash,"),
    ],
)
def test_changes_only_this(action: Action, address: str, value: Any, old: str, new: str) -> None:
    result = change(TEXT, action, address, value)
    assert result == TEXT.replace(old, new, 1)


@pytest.mark.parametrize(
    ("action", "address", "value"),
    [
        ("set", "metadata.labels", {"c": ["d", {"e": "f g"}]}),
        ("delete", "metadata.labels", None),
        ("insert", "metadata.labels.z", "1"),
        ("set", "spec.templates[1].container.args[0]", "exit 1\nexit 2\n"),
        ("delete", "spec.templates[1].container", None),
        ("set", "spec.templates[0].steps", []),
        ("insert", "spec.templates[1].container.command[0]", "x"),
    ],
)
def test_larger_changes_keep_the_comments_elsewhere(action: Action, address: str, value: Any) -> None:
    result = change(TEXT, action, address, value)
    assert read(result)[0].data == edited(read(TEXT)[0].data, Change(action, parse_address(address), value))
    for comment in ("# a workflow", "# the group", "# the first"):
        assert comment in result


def test_other_documents_line_ends_and_marks_stay() -> None:
    text = "\ufeffkind: A # one\r\n---\r\nkind: B\r\nb: 2 # two\r\n--- # three\r\nc: 3\r\n"
    result = apply(text, {1: [Change("set", ("b",), "x"), Change("set", ("d",), "no")]})
    assert result == text.replace("b: 2 # two\r\n", 'b: x # two\r\nd: "no"\r\n')


def test_json_stays_json() -> None:
    text = '{\n  "kind": "Workflow",\n  "spec": {"entrypoint": "é"}\n}\n'
    result = change(text, "set", "spec.onExit", "x")
    assert json.loads(result) == {"kind": "Workflow", "spec": {"entrypoint": "é", "onExit": "x"}}
    assert result.startswith('{\n  "kind"')
    assert result.endswith("}\n")


@pytest.mark.parametrize(
    ("action", "address"),
    [("delete", "spec.nothing"), ("rename", "nothing.at.all"), ("set", "spec.templates[7].name"), ("delete", "")],
)
def test_refuses_an_address_that_is_not_there(action: Action, address: str) -> None:
    with pytest.raises(UsageError):
        change(TEXT, action, address, "x")


def test_refuses_a_document_that_cannot_be_read() -> None:
    with pytest.raises(UsageError):
        change("a: [", "set", "a", 1)


WORDS = st.text(alphabet="ab c:#-{'\"\n", min_size=1, max_size=6)
VALUES = st.one_of(WORDS, st.integers(-9, 9), st.booleans())
TREES = st.recursive(
    VALUES, lambda t: st.one_of(st.lists(t, max_size=3), st.dictionaries(WORDS, t, max_size=3)), max_leaves=8
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(WORDS, TREES, min_size=1, max_size=3), TREES, st.data())
def test_the_result_holds_exactly_what_was_asked_for(tree: dict[str, Any], value: Any, data: Any) -> None:
    tree = {"kind": "X", **tree}
    places = addresses(tree)
    action = data.draw(st.sampled_from(["set", "delete", "insert"]))
    asked = Change(action, data.draw(st.sampled_from([p for p in places if p != ("kind",)])), value)
    try:
        result = apply(dump(tree), {0: [asked]})
    except UsageError:
        return
    assert same(read(result)[0].data, edited(tree, asked))


def addresses(data: Any, at: Address = ()) -> list[Address]:
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [(*at, key) for key, _ in inside] + [
        found for key, value in inside for found in addresses(value, (*at, key))
    ]
