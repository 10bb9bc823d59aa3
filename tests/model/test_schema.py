"""The check says what Argo's strict decoder says, in words, and so do both JSON Schema validators."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest

from argosy.model.decode import KINDS
from argosy.model.schema import SchemaProblem, check
from argosy.model.schema_files import schema_file
from argosy.model.special import CHECKS
from argosy.source import format_address
from argosy.versions import ArgoVersion
from argosy.yaml.read import read

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "conformance"
TABLES = {v: json.loads((ROOT / "schemas" / "types" / f"types-{v}.json").read_text()) for v in ArgoVersion}
LINTED = set(KINDS) - {"WorkflowEventBinding"}


def spec(**fields: Any) -> dict[str, Any]:
    return {"kind": "Workflow", "metadata": {"name": "x"}, "spec": fields}


def found(
    data: Any, version: ArgoVersion = ArgoVersion.V4_1, kind: str = "Workflow"
) -> list[tuple[str, str, str | None]]:
    return [(format_address(p.address), p.kind, p.hint) for p in check(data, kind, version)]


@pytest.mark.parametrize("version", ArgoVersion)
@pytest.mark.parametrize("name", [n for n in CHECKS if n != "argo.ParallelSteps"])
def test_special_types_agree_with_what_argo_answered(name: str, version: ArgoVersion) -> None:
    table = TABLES[version]
    probes = table["special"][name]["probes"] if name in table["special"] else table["scalars"][name]
    for probe in probes:
        value = json.loads(probe["in"])
        if value is not None:
            assert CHECKS[name](value) == probe["ok"], probe["in"]


def test_a_misspelt_field_has_a_suggestion() -> None:
    assert found(spec(entrypont="main")) == [("spec.entrypont", "unknown-field", "did you mean entrypoint?")]
    assert found(spec(OnExit="main")) == [("spec.OnExit", "unknown-field", "did you mean onExit?")]


@pytest.mark.parametrize(
    ("data", "version", "hint"),
    [
        ({"kind": "Workflow", "templates": []}, "4.1", "it belongs under spec"),
        (spec(templates=[{"synchronization": {"mutex": {}}}]), "4.1", "Argo has it until 3.7: write mutexes, a list"),
        (spec(templates=[{"pendingTimeout": "1m"}]), "4.0", "Argo has it since 4.1; this is checked for 4.0"),
        (spec(templates=[{"entrypoint": "x"}]), "4.1", "it is a field of a workflow's spec"),
    ],
)
def test_a_field_in_the_wrong_place_or_version_is_explained(data: Any, version: str, hint: str) -> None:
    assert [problem.hint for problem in check(data, "Workflow", ArgoVersion(version))] == [hint]


@pytest.mark.parametrize(
    ("data", "address", "message"),
    [
        (spec(entrypoint=True), "spec.entrypoint", "must be text, not true"),
        (spec(templates={}), "spec.templates", "must be a list, not a map"),
        (spec(parallelism="2"), "spec.parallelism", 'must be a whole number, not the text "2"'),
        (spec(templates=[{"steps": [{"name": "a"}]}]), "spec.templates[0].steps[0]", "must be a list, not a map"),
        (spec(templates=[{"container": "x"}]), "spec.templates[0].container", 'must be a map, not the text "x"'),
        (spec(templates=[{"plugin": {}}]), "spec.templates[0].plugin", "must be a map with exactly one key, not a map"),
        ({"kind": "Workflow", "apiVersion": "a/b/c"}, "apiVersion", "must be a group and a version"),
    ],
)
def test_a_wrong_type_says_what_belongs_there_and_fails_the_file(data: Any, address: str, message: str) -> None:
    (problem,) = check(data, "Workflow")
    assert (format_address(problem.address), problem.kind, problem.fatal) == (address, "wrong-type", True)
    assert problem.message.startswith(f"{address} {message}")


def test_below_a_step_argo_is_not_strict() -> None:
    step = {"name": "a", "arguments": {"Parameters": [{"name": "p", "bogus": 1}]}}
    assert [(format_address(p.address[5:]), p.kind, p.rejected) for p in check_step(step)] == [
        ("[0].arguments.Parameters", "field-case", False),
        ("[0].arguments.Parameters[0].bogus", "unknown-field", False),
    ]
    assert [(p.kind, p.rejected, p.fatal) for p in check_step({"templatex": "a"})] == [("unknown-field", True, True)]
    _, wrong = check_step({"name": "a", "arguments": {"Parameters": {}}})
    assert (wrong.kind, wrong.rejected) == ("wrong-type", True)


def check_step(step: dict[str, Any]) -> list[SchemaProblem]:
    return check(spec(templates=[{"name": "main", "steps": [[step]]}]), "Workflow")


def test_a_dag_is_strict_all_the_way() -> None:
    task = {"name": "a", "arguments": {"parameters": [{"name": "p", "bogus": 1}]}}
    (problem,) = check(spec(templates=[{"dag": {"tasks": [task]}}]), "Workflow")
    assert (problem.rejected, problem.fatal, problem.part) == (True, False, "key")


def test_nulls_fit_everywhere() -> None:
    data = spec(entrypoint=None, templates=[None, {"steps": [None, [None]], "container": None, "inputs": None}])
    assert check(data, "Workflow") == []


def test_other_kinds_fail_only_where_their_top_level_looks_like_metadata() -> None:
    assert check({"kind": "ConfigMap", "data": {"a": 1}}, "ConfigMap") == []
    assert [p.fatal for p in check({"kind": "Kustomization", "labels": []}, "Kustomization")] == [True]


@cache
def validators(version: ArgoVersion) -> tuple[jsonschema.protocols.Validator, jsonschema_rs.Draft202012Validator]:
    schema = json.loads(schema_file(f"argo-{version}.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema), jsonschema_rs.Draft202012Validator(schema)


def verdicts(data: Any, kind: str, version: ArgoVersion) -> set[bool]:
    slow, fast = validators(version)
    return {slow.is_valid(data), fast.is_valid(data), not any(p.rejected for p in check(data, kind, version))}


ODD = [
    spec(templates=[{"container": {"resources": {"limits": {"cpu": cpu}}}}])
    for cpu in ["1", "100m", "+", ".", "1e3", "1Ki ", " ", "", "10s", 1, 1.5, True, [], None, "1K"]
] + [
    spec(templates=[{"name": "a", "steps": [[{"inline": {"Container": {"Image": image}}, "x-y": 1}]]}])
    for image in ["a", 1]
] + [
    spec(templates=[{"retryStrategy": {"limit": limit}}]) for limit in [1, "1", True, 2**31, -1, None, {}]
]  # fmt: skip


@pytest.mark.parametrize("version", ArgoVersion)
def test_three_checkers_give_one_verdict_on_odd_values(version: ArgoVersion) -> None:
    assert [data for data in ODD if len(verdicts(data, "Workflow", version)) > 1] == []


CORPUS = sorted((SHARED / "dev" / "lint").glob("*.yaml"))[::12] if SHARED.exists() else []


@pytest.mark.skipif(not CORPUS, reason="the recorded verdicts are not beside this checkout")
@pytest.mark.parametrize("version", ArgoVersion)
def test_three_checkers_give_one_verdict_on_the_corpus(version: ArgoVersion) -> None:
    documents = [document for path in CORPUS for document in read(path.read_bytes()) if document.kind in KINDS]
    differing = [d.data for d in documents if len(verdicts(d.data, d.kind, version)) > 1]
    assert documents and not differing


@pytest.mark.skipif(not SHARED.exists(), reason="the recorded verdicts are not beside this checkout")
@pytest.mark.parametrize("version", ArgoVersion)
def test_agrees_with_every_recorded_verdict(version: ArgoVersion) -> None:
    wrong = []
    for line in (SHARED / "dev" / "lint" / f"verdicts-{version}.jsonl").read_text().splitlines():
        record = json.loads(line)
        message = record.get("message", "")
        refused = "strict decoding error" in message or "failed to parse YAML" in message
        path = SHARED / "dev" / "lint" / record["file"]
        if not record.get("skip") and path.exists() and refuses(path.read_bytes(), version) != refused:
            wrong += [record["file"]] if refused or record["ok"] else []
    assert wrong == []


def refuses(raw: bytes, version: ArgoVersion) -> bool:
    """Say whether Argo's linter refuses a file for what its decoder says."""
    documents = [document for document in read(raw) if document.outcome != "ignored"]
    linted = any(document.outcome == "read" and document.kind in LINTED for document in documents)
    for document in documents:
        strict = document.outcome == "read" and document.kind in KINDS and linted
        if strict and document.problems and document.is_json:
            return True
        if any(p.fatal or (p.rejected and strict) for p in check(document.data, document.kind, version)):
            return True
    return False
