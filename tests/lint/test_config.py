"""Configuration files: where they are looked for, what they may say, and how mistakes in them are told."""

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from argosy.errors import UsageError
from argosy.lint.config import FIELDS, line_of, read, schema
from argosy.lint.run import lint

BAD = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: build-}
spec:
  entrypoint: mian
  templates:
    - name: main
      container: {image: "alpine:3.20", command: [make]}
"""
RULE = "template-undefined"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("a.yaml", "ci/b.yaml", "ci/deep/c.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(BAD)
    return tmp_path


def found(project: Path, **options: Any) -> dict[str, list[str]]:
    result = lint([project], **options)
    return {
        Path(file.path).name: [f"{one.finding.rule}={one.finding.severity}" for one in file.findings]
        for file in result.files
    }


def test_without_a_configuration_every_file_has_the_defaults(project: Path) -> None:
    assert found(project) == {name: [f"{RULE}=error"] for name in ("a.yaml", "b.yaml", "c.yaml")}


def test_the_nearest_configuration_above_a_file_counts(project: Path) -> None:
    (project / "argosy.toml").write_text(f'ignore = ["{RULE}"]\n')
    (project / "ci" / "deep" / "argosy.toml").write_text(f'severity = {{ {RULE} = "warning" }}\n')
    assert found(project) == {"a.yaml": [], "b.yaml": [], "c.yaml": [f"{RULE}=warning"]}


def test_argos_verdict_stays_whatever_is_ignored(project: Path) -> None:
    (project / "argosy.toml").write_text(f'ignore = ["{RULE}"]\n')
    assert [one.accepted for file in lint([project]).files for one in file.documents] == [False] * 3


def test_pyproject_counts_if_it_speaks_of_argosy(project: Path) -> None:
    (project / "pyproject.toml").write_text(f'[tool.argosy]\nignore = ["{RULE}"]\n')
    (project / "ci" / "pyproject.toml").write_text('[project]\nname = "argosy-user"\n')
    assert found(project) == {"a.yaml": [], "b.yaml": [], "c.yaml": []}


def test_paths_have_settings_of_their_own(project: Path) -> None:
    (project / "argosy.toml").write_text(f'[per-path."ci/**"]\nignore = ["{RULE}"]\n[per-path."c.yaml"]\nselect = []\n')
    assert found(project) == {"a.yaml": [f"{RULE}=error"], "b.yaml": [], "c.yaml": []}


def test_excluded_files_are_passed_over_unless_they_are_named(project: Path) -> None:
    (project / "argosy.toml").write_text('exclude = ["deep/", "/a.yaml"]\n')
    assert list(found(project)) == ["b.yaml"]
    assert len(lint([project / "a.yaml"]).files) == 1


def test_the_command_line_counts_for_more(project: Path) -> None:
    (project / "argosy.toml").write_text(f'argo-version = "3.6"\nignore = ["{RULE}"]\n')
    assert found(project, select=[RULE])["a.yaml"] == [f"{RULE}=error"]
    assert found(project, config=False)["a.yaml"] == [f"{RULE}=error"]


def test_the_version_comes_from_the_file_unless_it_is_given(project: Path) -> None:
    cron = (
        "kind: CronWorkflow\nmetadata: {name: a}\nspec:\n  schedule: '@daily'\n  workflowSpec:\n    entrypoint: main\n"
    )
    body = "    templates: [{name: main, suspend: {}}]\n"
    (project / "a.yaml").write_text(f"apiVersion: argoproj.io/v1alpha1\n{cron}{body}")
    assert found(project)["a.yaml"]
    (project / "argosy.toml").write_text('argo-version = "3.6"\n')
    assert not [one for one in found(project)["a.yaml"] if one.endswith("error")]
    assert found(project, argo_version="4.1")["a.yaml"]


def test_templates_are_looked_up_where_the_file_says(project: Path) -> None:
    (project / "shared").mkdir()
    template = BAD.replace("kind: Workflow", "kind: WorkflowTemplate").replace("generateName: build-", "name: build")
    (project / "shared" / "t.yaml").write_text(template.replace("mian", "main"))
    (project / "a.yaml").write_text(
        "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {generateName: a-}\n"
        "spec: {workflowTemplateRef: {name: build}}\n"
    )
    assert lint([project / "a.yaml"]).findings()
    (project / "argosy.toml").write_text('with = ["shared"]\n')
    assert not lint([project / "a.yaml"]).findings()


MISTAKES = [
    ('ignor = ["x"]', 1, "no setting 'ignor'", "did you mean 'ignore'"),
    ('\nignore = ["x",\n  "template-undefind"]', 2, "no rule", None),
    ('ignore = [\n  "template-undefind",\n]', 2, "no rule 'template-undefind'", "template-undefined"),
    ('ignore = "template-undefined"', 1, "no list of texts", 'ignore = ["..."]'),
    ('[severity]\ntemplate-undefined = "eror"', 2, "'eror' is no severity", "error, warning"),
    ('[severity]\ntemplates = "error"', 2, "no rule 'templates'", None),
    ('[per-path."ci/**"]\nargo-version = "3.7"', 2, "no setting 'argo-version' here", "there are: select"),
    ("argo-version = 4.1", 1, "no text", '"4.1"'),
    ('argo-version = "2.0"', 1, "2.0", "known versions"),
    ('per-path = ["a"]', 1, "is no table", None),
    ("a = [", 0, "not TOML", None),
    ("\nx = = 1", 2, "not TOML", None),
]


@pytest.mark.parametrize(("text", "line", "message", "hint"), MISTAKES)
def test_a_mistake_has_its_line_and_a_hint(
    tmp_path: Path, text: str, line: int, message: str, hint: str | None
) -> None:
    path = tmp_path / "argosy.toml"
    path.write_text(text)
    with pytest.raises(UsageError) as caught:
        read(path)
    assert caught.value.place is not None
    assert (caught.value.place.path, caught.value.place.line) == (str(path), line)
    assert message in caught.value.message
    assert hint is None or hint in (caught.value.hint or "")


def test_lines_are_found_in_pyproject(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text('[project]\nignore = 1\n\n[tool.argosy]\nselect = ["all"]\nignor = []\n')
    with pytest.raises(UsageError) as caught:
        read(path)
    assert caught.value.place is not None and caught.value.place.line == 6
    lines = ["[tool.argosy]", '[tool.argosy.per-path."a/[b].yaml"]', "ignore = []"]
    assert line_of(lines, ("tool", "argosy", "per-path", "a/[b].yaml", "ignore")) == 3


GOOD = """\
argo-version = "4.0"
select = ["all"]
ignore = ["templates", "retry-without-end"]
with = ["../shared"]
exclude = ["vendor/"]
[severity]
retry-without-end = "off"
[per-path."ci/**"]
select = ["hooks_names"]
ignore = ["template-undefined"]
severity = { template-unused = "info" }
"""


def test_the_schema_takes_what_the_reader_takes(tmp_path: Path) -> None:
    path = tmp_path / "argosy.toml"
    path.write_text(GOOD)
    assert read(path) is not None
    jsonschema.validate(tomllib.loads(GOOD), schema())
    assert set(tomllib.loads(GOOD)) == set(FIELDS)


@pytest.mark.parametrize(
    "text", [text for text, _, said, _ in MISTAKES if "no rule" not in said and "TOML" not in said]
)
def test_the_schema_refuses_what_the_reader_refuses(text: str) -> None:
    if '"2.0"' in text:
        pytest.skip("a schema knows no versions")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tomllib.loads(text), schema())


def test_the_shipped_schema_is_that_of_the_code() -> None:
    from argosy.model.schema_files import schema_file

    shipped = json.loads(schema_file("config.schema.json").read_text())
    shipped.pop("$id")
    assert shipped == schema()
