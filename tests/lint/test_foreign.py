"""Sources of Helm and Kustomize are explained in one line; anything else is linted as what it is."""

from pathlib import Path

import pytest

from argosy.cli.main import main
from argosy.lint.run import lint

WORKFLOW = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: build-}
spec:
  entrypoint: mian
  templates:
    - name: main
      container: {image: "alpine:3.20", command: [make]}
"""
HELM = WORKFLOW.replace("mian", "{{ .Values.entrypoint }}")
QUOTED = WORKFLOW.replace("mian", "'{{ .Values.entrypoint }}'").replace("make", "'{{ inputs.parameters.x }}'")


def rules(*paths: Path) -> list[str]:
    return [one.finding.rule for one in lint(paths).findings()]


def write(top: Path, **files: str) -> None:
    for name, text in files.items():
        path = top / (name.replace("__", "/") + ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_a_chart_is_one_line_for_each_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, Chart="name: c\n", values="a: argoproj.io\n", templates__a=HELM, templates__b=QUOTED)
    assert rules(tmp_path) == ["helm-source"] * 3
    assert main(["lint", str(tmp_path), "--format", "concise", "--no-cache"]) == 0
    assert "Found 3 infos" in capsys.readouterr().out
    assert main(["lint", str(tmp_path), "--no-cache"]) == 0
    assert f"helm template {tmp_path} |" in capsys.readouterr().out


def test_a_template_of_helm_is_known_without_its_chart(tmp_path: Path) -> None:
    write(tmp_path, a=HELM, b=QUOTED)
    assert rules(tmp_path / "a.yaml") == ["helm-source"]
    assert "helm-source" not in rules(tmp_path / "b.yaml"), "it reads as YAML, and no chart is near"


def test_what_is_read_as_a_manifest_in_a_chart_is_linted(tmp_path: Path) -> None:
    write(tmp_path, Chart="name: c\n", crds__a=WORKFLOW)
    assert rules(tmp_path) == ["template-undefined"]


def test_patches_are_known_by_their_kustomization(tmp_path: Path) -> None:
    write(tmp_path, kustomization="patches: [{path: p/a.yaml}]\npatchesStrategicMerge: [b.yaml]\nresources: [c.yaml]\n")
    write(tmp_path, p__a=WORKFLOW, b=WORKFLOW, c=WORKFLOW)
    assert sorted(rules(tmp_path)) == ["kustomize-source", "kustomize-source", "template-undefined"]


def test_a_kustomization_is_no_manifest(tmp_path: Path) -> None:
    write(tmp_path, kustomization="patches: [{target: {group: argoproj.io}, patch: ''}]\n")
    assert rules(tmp_path) == ["kustomize-source"]


def test_who_does_not_want_explanations_gets_the_findings(tmp_path: Path) -> None:
    write(tmp_path, a=HELM)
    found = [one.finding.rule for one in lint([tmp_path], ignore=["helm-source"]).findings()]
    assert found and "helm-source" not in found


def test_other_yaml_in_a_folder_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path, compose="services: {}\n", deployment="apiVersion: apps/v1\nkind: Deployment\n", broken="a: [\n")
    assert rules(tmp_path) == []
    assert main(["lint", str(tmp_path), "--no-cache"]) == 0
