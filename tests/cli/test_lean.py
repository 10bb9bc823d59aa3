"""What starts fast must not break when a library needs what is left out."""

import re
import sys

import pytest

from argosy.cli import lean


def test_a_library_that_cannot_do_without_is_imported_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[bool] = []

    def import_all() -> None:
        tries.append(re.compile is before)
        if len(tries) == 1:
            raise ImportError("no module named typing_extensions")

    before = re.compile
    monkeypatch.setattr(lean, "_import_all", import_all)
    lean.load()
    assert tries == [False, True]
    assert re.compile is before
    assert sys.modules.get("typing_extensions", lean) is not None
