"""Reading agrees with Argo's own reader, tells what is wrong as values, and ends on any input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from argosy.yaml.read import Document, read

RECORDS = [json.loads(line) for line in (Path(__file__).parent / "go_yaml.jsonl").read_text().splitlines()]
"""Texts, each with what sigs.k8s.io/yaml v1.6.0 made of it, strictly: its data, or that it refused."""
ARGO = "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\n"


def one(text: str | bytes) -> Document:
    (document,) = read(text)
    return document


def alike(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(alike(ours[key], theirs[key]) for key in ours)
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(alike, ours, theirs))
    return bool(ours == theirs) and isinstance(ours, bool) == isinstance(theirs, bool)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: repr(record["text"])[:60])
def test_reads_what_go_yaml_reads(record: dict[str, Any]) -> None:
    documents = read(record["text"])
    refused = any(problem.dropped != "never" for document in documents for problem in document.problems)
    assert refused == bool(record.get("dropped"))
    if not refused:
        assert alike(documents[0].data if documents else None, record["data"])


def test_splits_at_lines_of_dashes_before_it_reads() -> None:
    assert [d.data for d in read("a: 1\n---\nb: 2\n--- c\n---\n\n---\n# no data\n")] == [{"a": 1}, {"b": 2}, "c", None]
    assert [d.data for d in read("a: 1\n----\n- b")] == [{"a": 1}, [None, "b"]]  # the fourth dash begins a list
    assert [d.index for d in read("---\na: 1\n---\n\n---\nb: 2")] == [0, 1]


def test_a_broken_document_does_not_hide_the_next() -> None:
    broken, good = read("a: [\n---\nb: 2\n")
    assert (broken.problems[0].kind, broken.outcome) == ("syntax", "ignored")
    assert good.data == {"b": 2}


@pytest.mark.parametrize(
    ("raw", "data"),
    [
        (b"\xef\xbb\xbfa: 1\n", {"a": 1}),
        ("\ufeffa: é\n".encode("utf-16-le"), {"a": "é"}),
        ("\ufeffa: é\n".encode("utf-16-be"), {"a": "é"}),
        (b"a: 1\r\nb: x\r\n", {"a": 1, "b": "x"}),
        (b"a: 1\rb: x\r", {"a": 1, "b": "x"}),
        (b'{"a": 1.0, "b": "\\ud83d\\ude00", "c": "\\ud800"}', {"a": 1.0, "b": "😀", "c": "\ufffd"}),
    ],
)
def test_takes_every_encoding_and_line_end(raw: bytes, data: Any) -> None:
    assert one(raw).data == data
    assert not one(raw).problems


@pytest.mark.parametrize(
    ("text", "kind", "outcome", "place"),
    [
        ("a: 1\na: 2\n", "duplicate-key", "dropped", (4, 1)),
        ("a: &m {x: 1}\nb:\n  <<: *m\n  x: 2\n", "merge-override", "dropped", (6, 3)),
        ("a: {<<: 3}\n", "merge-value", "ignored", (3, 9)),
        ("a: b: c\n", "syntax", "ignored", (3, 5)),
        ("a: *x\n", "unknown-anchor", "ignored", (3, 4)),
        ("a: &x [*x]\n", "alias-cycle", "ignored", (3, 8)),
        ("a: !!int x\n", "bad-tag", "ignored", (3, 4)),
        ("~: 1\n", "bad-key", "ignored", (3, 1)),
        ("a: .inf\n", "not-a-number", "ignored", (3, 4)),
        ("a: x\n...\nb: 2\n", "ignored-text", "read", (5, 1)),
        ("a: x\x07\n", "encoding", "ignored", (3, 5)),
        ("1: x\n'1': y\n", "key-collision", "read", (4, 1)),
    ],
)
def test_tells_what_is_wrong_and_where(text: str, kind: str, outcome: str, place: tuple[int, int]) -> None:
    document = one(ARGO + text)
    (problem,) = document.problems
    assert (problem.kind, document.outcome) == (kind, outcome)
    assert (problem.span.line, problem.span.column) == place


def test_a_json_file_is_one_document_and_reports_keys_given_twice() -> None:
    document = one('{"kind": "Workflow",\n "a": 1, "a": 2}')
    assert (document.is_json, document.outcome, document.data["a"]) == (True, "read", 2)
    assert [(p.kind, p.span.line, p.span.column) for p in document.problems] == [("json-duplicate-key", 2, 10)]


def test_argo_ignores_a_document_without_a_kind_but_not_in_json() -> None:
    assert one("name: values of a chart\n").outcome == "ignored"
    assert one("kind: yes\n").outcome == "ignored"
    assert one("# nothing\n").outcome == "read"
    assert one('{"a": 1}').outcome == "read"


BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 9)
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (BOMB, "alias-bomb"),
        ("[" * 100_000, "too-deep"),
        ("a: " + "{a: " * 5_000 + "}" * 5_000, "too-deep"),
        ("- " * 5_000 + "x", "too-deep"),
        ("\n".join(f"a{i}: &a{i} [*a{i - 1}]" if i else "a0: &a0 x" for i in range(2_000)), "too-deep"),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "too-deep"),
        ("a: [" + "b:,c:}," * 5_000, "syntax"),
    ],
    ids=lambda value: value[:20],
)
def test_hostile_texts_end_in_a_problem(text: str, kind: str) -> None:
    assert [problem.kind for problem in one(text).problems] == [kind]


def test_large_scalars_are_just_text() -> None:
    assert len(one("a: |\n" + "  line of text\n" * 100_000).data["a"]) == 1_300_000
    assert one(f"a: {'9' * 10_000}").data == {"a": "9" * 10_000}


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(), st.binary(), st.text(alphabet="ab:-?#&*!|>'\"%@`{}[], \t\r\n\\<.~1")))
def test_never_raises(text: str | bytes) -> None:
    for document in read(text):
        document.origin.locate(("a", 0), "key")
        json.dumps(document.data)
