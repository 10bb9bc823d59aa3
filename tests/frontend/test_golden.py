"""What Python compiles to, whole: each ``golden/NAME.py`` gives exactly ``golden/NAME.yaml``."""

from pathlib import Path

import pytest

import argosy
from argosy.frontend import compile_path
from argosy.yaml.write import dump_all

GOLDEN = Path(__file__).parent / "golden"
SOURCES = sorted(GOLDEN.glob("*.py"))


@pytest.mark.parametrize("source", SOURCES, ids=lambda p: p.stem)
def test_compiles_to_exactly_the_golden_text(source: Path) -> None:
    text = dump_all([m.data for m in compile_path(source)])
    assert text == source.with_suffix(".yaml").read_text(encoding="utf-8")


def test_every_golden_text_has_a_source() -> None:
    assert {p.stem for p in GOLDEN.glob("*.yaml")} == {p.stem for p in SOURCES}


@pytest.mark.parametrize("source", SOURCES, ids=lambda p: p.stem)
def test_compiling_twice_gives_the_same_bytes(source: Path) -> None:
    first, second = (dump_all([m.data for m in compile_path(source)]) for _ in range(2))
    assert first == second


EXAMPLES = sorted((Path(__file__).parent.parent.parent / "examples").glob("*.py"))


@pytest.mark.parametrize("source", [*SOURCES, *EXAMPLES], ids=lambda p: p.stem)
def test_every_script_is_python(source: Path) -> None:
    for manifest in compile_path(source):
        spec = manifest.data["spec"]
        for template in spec.get("workflowSpec", spec).get("templates", []):
            script = template.get("script", {})
            if script.get("command") == ["python"]:
                compile(script["source"], template["name"], "exec")


@pytest.mark.parametrize("fail", [[], ["say:exit=1"]], ids=["succeeds", "fails"])
def test_a_handler_that_reads_the_failures_ends_well_with_and_without_any(fail: list[str]) -> None:
    manifest = next(m for m in compile_path(GOLDEN / "kinds.py") if m.name == "failing-")
    nodes = argosy.simulate(manifest, fail=fail).workflow["status"]["nodes"].values()
    handler = next(n for n in nodes if n["name"].endswith(".onExit"))
    assert handler["phase"] == ("Failed" if fail else "Succeeded")  # its own steps fail as well, with the same template
    assert "resolve" not in handler.get("message", "")
