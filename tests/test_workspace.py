"""Manifests together: which template a reference means, and what is a manifest file."""

from pathlib import Path
from typing import Any

import pytest

from argosy.errors import ReadError
from argosy.source import Manifest
from argosy.workspace import Workspace, files, load


def template(kind: str, name: str, namespace: str = "", templates: tuple[str, ...] = ("t",)) -> Manifest:
    metadata: dict[str, Any] = {"name": name} | ({"namespace": namespace} if namespace else {})
    spec = {"templates": [{"name": one, "suspend": {}} for one in templates]}
    return Manifest({"kind": kind, "metadata": metadata, "spec": spec})


def test_a_workflow_template_is_found_in_its_namespace_only() -> None:
    workspace = Workspace([template("WorkflowTemplate", "a", "blue")])
    assert workspace.referenced("a", False, "blue") is not None
    assert workspace.referenced("a", False, "") is None
    assert workspace.referenced("a", True, "blue") is None


def test_a_cluster_workflow_template_is_found_from_everywhere() -> None:
    workspace = Workspace([template("ClusterWorkflowTemplate", "a")])
    found = workspace.referenced("a", True, "blue")
    assert found is not None and found.scope == "cluster"
    assert workspace.referenced("a", False, "") is None


def test_the_first_of_two_workflow_templates_with_one_name_stays() -> None:
    first, second = template("WorkflowTemplate", "a"), template("WorkflowTemplate", "a")
    workspace = Workspace([first])
    assert workspace.add(second) is first
    assert workspace.first_named(second) is first


def test_the_first_of_two_templates_with_one_name_is_meant() -> None:
    owner = Workspace().owner(template("WorkflowTemplate", "a", templates=("x", "y", "x")))
    assert [owner.index(name) for name in ("x", "y", "z")] == [0, 1, None]
    assert owner.address(1) == ("spec", "templates", 1)


def test_the_spec_of_a_cron_workflow_stands_deeper() -> None:
    manifest = Manifest({"kind": "CronWorkflow", "spec": {"workflowSpec": {"entrypoint": "main"}}})
    owner = Workspace().owner(manifest)
    assert owner.spec.entrypoint == "main" and owner.spec_address == ("spec", "workflowSpec")


@pytest.mark.parametrize("spec", [None, 3, [], {"workflowSpec": 3}, {"templates": 3}, {"templates": [3, None]}])
def test_a_spec_of_any_shape_is_read(spec: Any) -> None:
    for kind in ("Workflow", "CronWorkflow"):
        assert Workspace().owner(Manifest({"kind": kind, "spec": spec})).spec.entrypoint == ""


def test_folders_give_manifests_in_order_and_leave_out_hidden_ones(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yml", "c.json", "notes.txt", "sub/d.yaml", ".git/e.yaml", "sub/.f/g.yaml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text("{}")
    assert [str(path.relative_to(tmp_path)) for path in files([tmp_path])] == [
        "a.yml",
        "b.yaml",
        "c.json",
        "sub/d.yaml",
    ]
    assert [path.name for path in files([tmp_path / "notes.txt"])] == ["notes.txt"]


def test_a_path_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="nowhere"):
        list(files([tmp_path / "nowhere"]))


def test_loading_leaves_out_what_is_no_manifest(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("kind: WorkflowTemplate\nmetadata: {name: a}\n---\n- 1\n---\n{broken\n")
    assert [one.kind for one in load([tmp_path]).manifests] == ["WorkflowTemplate"]
