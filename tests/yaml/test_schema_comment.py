"""The comment that tells editors the schema of a file."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from argosy.cli.main import main
from argosy.yaml.read import read
from argosy.yaml.schema_comment import with_schema

LINE = "# yaml-language-server: $schema=s.json\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: 1\n", LINE + "a: 1\n"),
        ("", LINE),
        ("# ours\n---\na: 1\n", LINE + "# ours\n---\na: 1\n"),
        ("# ours\n#yaml-language-server: $schema=old\na: 1\n", LINE + "# ours\na: 1\n"),
        ("a: 1\r\nb: 2\r\n", LINE.replace("\n", "\r\n") + "a: 1\r\nb: 2\r\n"),
        ("\ufeffa: 1\n", "\ufeff" + LINE + "a: 1\n"),
        ("a: |\n  # yaml-language-server: $schema=x\n", LINE + "a: |\n  # yaml-language-server: $schema=x\n"),
    ],
)
def test_the_comment_comes_first_and_once(before: str, after: str) -> None:
    assert with_schema(before, "s.json") == after


@given(st.text("a:\n\r #-|\ufeff", max_size=30))
def test_data_stays_and_twice_is_once(text: str) -> None:
    made = with_schema(text, "s.json")
    assert with_schema(made, "s.json") == made
    assert with_schema(with_schema(made, None), None) == with_schema(text, None)
    plain = [one.data for one in read(text) if not one.problems and one.data is not None]
    if "\ufeff" not in text and "\r" not in text and "---" not in text and plain:
        assert [one.data for one in read(made) if one.data is not None] == plain


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "a.yaml").write_text("apiVersion: argoproj.io/v1alpha1\nkind: Workflow\n")
    (tmp_path / "flows" / "mixed.yaml").write_text("kind: Workflow\n---\nkind: ConfigMap\n")
    return tmp_path


def test_manifests_of_a_folder_get_it_and_others_do_not(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["schema-comment", "flows", "--schema", "argo.schema.json"]
    assert main([*words, "--check"]) == 1
    assert main(words) == 0
    first = (project / "flows" / "a.yaml").read_text().splitlines()[0]
    assert first == "# yaml-language-server: $schema=../argo.schema.json"
    assert (project / "flows" / "mixed.yaml").read_text().startswith("kind")
    assert main([*words, "--check"]) == 0
    assert main(["schema-comment", "flows", "--remove"]) == 0
    assert (project / "flows" / "a.yaml").read_text().startswith("apiVersion")


def test_the_installed_schema_and_argos_own_can_be_named(project: Path) -> None:
    path = project / "flows" / "a.yaml"
    assert main(["schema-comment", str(path), "--argo-version", "3.7"]) == 0
    where = path.read_text().splitlines()[0].partition("$schema=")[2]
    assert Path(where).is_file() and "3.7" in where
    assert main(["schema-comment", str(path), "--schema", "argo", "--argo-version", "3.7"]) == 0
    assert "argoproj/argo-workflows/v3.7.0/" in path.read_text().splitlines()[0]
