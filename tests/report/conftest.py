"""The golden files of reports."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.golden import compare


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compare a text with the golden file of that name."""
    return partial(compare, Path(__file__).parent / "golden")
