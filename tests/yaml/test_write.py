"""Written text reads back the same in every reader, and looks as if by hand."""

from __future__ import annotations

import textwrap
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from argosy.yaml.read import read
from argosy.yaml.write import dump, dump_all, in_order

TRICKY = [
    "y", "no", "on", "~", "null", "1:30", "010", "0o7", "1e3", "2001-01-01", "=", "<<", "-", "--", "---", "...",
    "a:", "a:b", "#a", "a#b", "&a", "*a", "!a", "|", ">x", "%a", "@a", "`a", "{{a}}", "[a", "]", "'a'", "\"a\"",
    "-1", "+1", ".5", "-.5", "1_000", "0x1F", "0b1", "12e03", "1.0", "685_230.15", "190:20:30", "Infinity",
    ".inf", ".NaN", "-c", "--flag=x", "sh", "10s", "64Mi", "1.5Gi", "a,b", "true", "True", "N", "http://x/y?z#q",
    "a'b", "a\"b", "a\\b", "?", "?a", "0.1.2", "1M", "3.19-alpine",
]  # fmt: skip
SPACED = [
    "", " ", "? a", ": a", "- a", "a: b", "a #b", "a\tb", " a", "a ", "\n", "\n\n", "a\n", "a\n\n", "a\nb", " a\nb\n",
    "a\n b\n", "\na\n", "a\n  \nb", "a\r\nb", "\u2028x", "\x85", "\ufeff", "a\ufeffb", "é", "日本", "😀", "\x00",
    "\x1b[0m",
    "\x7f", "\ufffe", "a\n---\nb", "--- a", "\t", "a\n\tb", "\ta\nb", "a\nb #c\n", "a\xa0", "2001-12-14 21:59:43.10 -5",
]  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from([*TRICKY, *SPACED]),
    st.text(max_size=10),
    st.text(alphabet="ab \n\t:#-?'\"{}[],&*!|>%@`~.0123_eE+x\\/", max_size=12),
)
NUMBERS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.floats(allow_nan=False, allow_infinity=False).filter(lambda x: abs(x) < 2**53 or abs(x) > 1e22),
)
DATA = st.recursive(
    st.one_of(TEXTS, NUMBERS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=10,
)


def storable(data: Any) -> Any:
    """Replace unpaired surrogates, which no text file can hold."""
    match data:
        case str():
            return data.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case list():
            return [storable(item) for item in data]
        case dict():
            return {storable(key): storable(value) for key, value in data.items()}
    return data


def readings(text: str) -> dict[str, Any]:
    """Give what each reader makes of a text; ours is kept from taking a text such as ``[1.0]`` for a JSON file."""
    documents = read("\n#\n" + text)
    assert not any(document.problems for document in documents)
    return {
        "libyaml": yaml.load(text, yaml.CSafeLoader),
        "PyYAML": yaml.load(text, yaml.SafeLoader),
        "ruamel.yaml": YAML(typ="safe", pure=True).load(text),
        "ours": documents[0].data,
    }


@settings(max_examples=500, deadline=None)
@given(DATA)
def test_reads_back_the_same_everywhere(data: Any) -> None:
    data = storable(data)
    assert readings(dump(data)) == dict.fromkeys(["libyaml", "PyYAML", "ruamel.yaml", "ours"], data)


@pytest.mark.parametrize("text", [*TRICKY, *SPACED])
def test_tricky_texts_read_back_as_value_key_and_entry(text: str) -> None:
    data = {"value": text, "list": [text, 1, [text]], text: {text: text}}
    assert all(reading == data for reading in readings(dump(data)).values())


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(), max_size=5))
def test_unpaired_surrogates_are_replaced(text: str) -> None:
    assert read("#\n" + dump({"a": text}))[0].data == {"a": storable(text)}


def test_looks_as_if_written_by_hand() -> None:
    data = {
        "kind": "Workflow",
        "metadata": {"generateName": "exit-", "labels": {}, "annotations": {"a/b": "true", "port": "8080"}},
        "spec": {
            "entrypoint": "main",
            "parallelism": 2,
            "templates": [
                {"name": "main", "steps": [[{"name": "a", "when": "{{x}} == y"}, {"name": "b"}], [{"name": "c"}]]},
                {"script": {"command": ["sh", "-c"], "source": "echo hi\n  exit 1\n"}, "args": ["echo {{x}}", "it's"]},
                {"limit": "10", "image": "alpine:3.20", "expr": "{{= a['b'] == \"c\" }}", "memory": "64Mi", "at": None},
            ],
        },
    }
    assert dump(data) == textwrap.dedent("""\
        kind: Workflow
        metadata:
          generateName: exit-
          labels: {}
          annotations:
            a/b: "true"
            port: "8080"
        spec:
          entrypoint: main
          parallelism: 2
          templates:
          - name: main
            steps:
            - - name: a
                when: "{{x}} == y"
              - name: b
            - - name: c
          - script:
              command: [sh, -c]
              source: |
                echo hi
                  exit 1
            args:
            - echo {{x}}
            - it's
          - limit: "10"
            image: alpine:3.20
            expr: '{{= a[''b''] == "c" }}'
            memory: 64Mi
            at: null
        """)


def test_several_documents_stand_apart() -> None:
    text = dump_all([{"a": 1}, ["b"], "c"])
    assert text == "a: 1\n---\n- b\n---\nc\n"
    assert [document.data for document in read(text)] == [{"a": 1}, ["b"], "c"]


def test_order_is_argos_where_asked_for() -> None:
    manifest = {
        "spec": {"templates": [{"container": {}, "name": "a", "x": {"name": 1, "b": 2}}], "ttl": 1, "entrypoint": "a"},
        "kind": "Workflow",
        "apiVersion": "v1",
    }
    ordered = in_order(manifest)
    assert list(ordered) == ["apiVersion", "kind", "spec"]
    assert list(ordered["spec"]) == ["entrypoint", "ttl", "templates"]
    assert list(ordered["spec"]["templates"][0]) == ["name", "container", "x"]
    assert list(manifest) == ["spec", "kind", "apiVersion"]
