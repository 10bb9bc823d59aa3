"""The public names of the front-end: all there, loaded when first used, and without Hera."""

import subprocess
import sys

import pytest

import argosy


def loaded(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_all_names_are_there_and_in_order() -> None:
    assert argosy.__all__ == sorted(argosy.__all__)
    for name in argosy.__all__:
        assert getattr(argosy, name) is not None
    assert set(argosy.__all__) <= set(dir(argosy))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        argosy.nothing  # noqa: B018 - that it is not there is the point


def test_importing_argosy_imports_next_to_nothing() -> None:
    assert {m for m in loaded("import argosy") if m.startswith("argosy")} == {"argosy"}


def test_a_workflow_needs_neither_hera_nor_pydantic_nor_the_simulator() -> None:
    code = "from argosy import container, sh, workflow, to_yaml\n@workflow\n@container(image='a')\ndef f():\n  sh('x')"
    found = loaded(f"exec('''{code}\nto_yaml(f)''')")
    assert not {"hera", "pydantic", "argosy.simulate", "argosy.lint", "ruamel.yaml", "typer"} & found


@pytest.mark.parametrize("seed", ["0", "1", "42"])
def test_the_bytes_do_not_depend_on_the_hash_seed(seed: str) -> None:
    import os
    from pathlib import Path

    golden = Path(__file__).parent / "golden"
    done = subprocess.run(
        [sys.executable, "-m", "argosy", "compile", str(golden / "data.py")],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": seed},
    )
    assert done.stdout == (golden / "data.yaml").read_text(encoding="utf-8")
