"""The generated schemas are up to date, and are found."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from argosy.errors import ReadError
from argosy.model.fields import field_table
from argosy.model.schema_files import schema_file
from argosy.versions import ArgoVersion

SCHEMAS = Path(__file__).parents[2] / "schemas"


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", SCHEMAS / "generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_files_are_up_to_date() -> None:
    stale = [path.name for path, text in generator().outputs().items() if path.read_text() != text]
    assert not stale, "run `make schemas`"


@pytest.mark.parametrize("version", ArgoVersion)
def test_there_is_a_schema_and_a_table_for_every_version(version: ArgoVersion) -> None:
    assert schema_file(f"argo-{version}.schema.json").is_file()
    assert field_table(version).argo.startswith(f"v{version}.")
    assert "CronWorkflow" in field_table(version).roots


def test_a_missing_schema_is_an_error_that_says_so() -> None:
    with pytest.raises(ReadError, match="nothing"):
        schema_file("nothing.json")
