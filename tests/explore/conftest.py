"""Workflows to explore, each explored once, and golden files."""

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import pytest

from argosy.explore.exploration import Exploration, explore
from tests.golden import compare

HERE = Path(__file__).parent
WORKFLOWS = {path.stem: path for path in sorted((HERE / "workflows").glob("*.yaml"))}
WORKFLOWS["exit-handler"] = HERE.parents[1] / "examples" / "exit-handler.yaml"

Explored = Callable[[str], Exploration]


@cache
def _explored(name: str) -> Exploration:
    return explore(WORKFLOWS[name])


@pytest.fixture(scope="session")
def explored() -> Explored:
    """Explore a workflow by its name; several tests share what was found."""
    return _explored


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compare a text with the golden file of that name."""
    return partial(compare, HERE / "golden")
