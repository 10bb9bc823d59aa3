"""Runs end as the real controller ended them: recorded runs of Argo 4.1.2, and 3.7.0 where it differs."""

import json
import os
from pathlib import Path

import pytest

from argosy.simulate.api import simulate
from tests.simulate.records import differences

HERE = Path(__file__).parent / "scenarios"
SHARED = Path(__file__).parents[3] / "shared" / "conformance" / "dev" / "simulate"
SAMPLE = int(os.environ.get("ARGOSY_RECORDS", "8"))
"""Of the shared records, each n-th is tested; ARGOSY_RECORDS=1 tests all."""


def _recorded(folder: Path, version: str) -> list[Path]:
    suffix = ".json" if version == "4.1" else f".{version}.json"
    return [p for p in sorted(folder.glob("*.yaml")) if p.with_suffix(suffix).exists()]


def _check(scenario: Path, version: str) -> None:
    suffix = ".json" if version == "4.1" else f".{version}.json"
    record = json.loads(scenario.with_suffix(suffix).read_text())
    if record.get("rejected"):
        pytest.skip("the API server refused it")
    run = json.loads(json.dumps(simulate(scenario=scenario, argo_version=version).to_dict()))
    assert differences(record, run) == []


@pytest.mark.parametrize("scenario", _recorded(HERE, "4.1"), ids=lambda p: p.stem)
def test_a_run_ends_as_recorded(scenario: Path) -> None:
    _check(scenario, "4.1")


@pytest.mark.parametrize("scenario", _recorded(HERE, "3.7"), ids=lambda p: p.stem)
def test_a_run_of_3_7_ends_as_recorded(scenario: Path) -> None:
    _check(scenario, "3.7")


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared records are not there")
@pytest.mark.parametrize("scenario", _recorded(SHARED, "4.1")[::SAMPLE], ids=lambda p: p.stem)
def test_a_shared_run_ends_as_recorded(scenario: Path) -> None:
    _check(scenario, "4.1")
