"""What is printed as JSON fits the schemas that other tools get."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from argosy.model.schema_files import schema_file
from argosy.report import render
from argosy.simulate.api import simulate
from tests.report.samples import linted

EXAMPLES = [p for p in sorted((Path(__file__).parents[2] / "examples").glob("*.yaml")) if "." not in p.stem]


def check(name: str, data: Any) -> None:
    schema = json.loads(schema_file(f"{name}.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(data)


def test_findings_fit() -> None:
    check("lint", json.loads(render("lint", "json", linted())))


def test_the_schema_names_every_field_of_a_finding() -> None:
    schema = json.loads(schema_file("lint.schema.json").read_text())
    finding = schema["properties"]["files"]["items"]["properties"]["findings"]["items"]
    printed = linted().to_dict()["files"][0]["findings"][0]
    assert sorted(finding["required"]) == sorted(printed)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_runs_fit(path: Path) -> None:
    check("run", json.loads(render("run", "json", simulate(path))))
    check(
        "run",
        json.loads(render("run", "json", simulate(scenario={"manifest": str(path), "expect": {"phase": "Error"}}))),
    )
