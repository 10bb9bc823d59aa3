"""What is to be simulated, from whatever was given: a path, YAML, data, manifests, or a workflow written in Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from argosy.errors import Place, ReadError, UsageError
from argosy.model.schema import check
from argosy.simulate.controller.remember import json_key
from argosy.simulate.scenario import Scenario, manifests, plain
from argosy.source import Json, Manifest

RUNNABLE = ("Workflow", "CronWorkflow")
TEMPLATES = ("WorkflowTemplate", "ClusterWorkflowTemplate")
_KEPT = 64
_decodable: set[str] = set()
"""Manifests in which nothing was wrong, as JSON: the same one is often run."""


@dataclass(slots=True)
class Given:
    """The document to run, and the others: they are there before."""

    main: Manifest
    others: list[Manifest] = field(default_factory=list)


def collect(manifest: Any, scenario: Scenario, name: str | None = None, with_: Sequence[str | Path] = ()) -> Given:
    """Find what to run in what was given, or else in the scenario; ``name`` chooses among several workflows.

    ``with_``: files and folders with templates and other objects that it refers to; workflows in there are left out.

    Raises UsageError where nothing, or more than one thing, can be run; ReadError for what cannot be read.
    """
    found = read(manifest) if manifest is not None else _of_scenario(scenario)
    candidates = [m for m in found if m.kind in RUNNABLE] or [m for m in found if m.kind in TEMPLATES]
    if name is not None:
        candidates = [m for m in candidates if m.name == name]
    if not candidates:
        raise UsageError("there is no workflow to simulate" + (f" with the name {name!r}" if name else ""))
    if len(candidates) > 1:
        names = ", ".join(m.name for m in candidates)
        raise UsageError(f"there are several workflows to simulate: {names}", hint="choose one by its name")
    main = candidates[0]
    others = [m for m in found if m is not main] + main.beside + manifests(scenario)
    others += [m for path in with_ for m in _of_path_or_folder(Path(path)) if m.kind not in RUNNABLE]
    if main.kind in TEMPLATES:
        others.append(main)
        main = from_template(main)
    for one in [main, *others]:
        refuse_undecodable(one)
    return Given(with_arguments(main, scenario.arguments), others)


def refuse_undecodable(manifest: Manifest) -> None:
    """Refuse a manifest with a value that its field cannot hold: no controller ever gets to run it.

    An API server with Argo's full CRDs (the default since 4.0) does not take it. With the minimal ones the controller
    cannot decode it: 3.7.0 marks the workflow Failed, 4.1.2 stops (``controller.go`` processNextItem).

    Raises ReadError at the place of the first such value.
    """
    if manifest.kind not in (*RUNNABLE, *TEMPLATES):
        return
    text = json_key(manifest.data)
    if text in _decodable:
        return
    for problem in check(manifest.data, manifest.kind):
        if problem.kind == "wrong-type":
            span = manifest.origin.locate(problem.address, problem.part)
            place = Place(span.path, span.line, span.column) if span.path else None
            raise ReadError(f"Argo cannot read this: {problem.message}", place=place, hint=problem.hint)
    if text:
        if len(_decodable) >= _KEPT:
            _decodable.clear()
        _decodable.add(text)


def with_arguments(main: Manifest, arguments: dict[str, Any] | None) -> Manifest:
    """Give a workflow as it is submitted with values of its parameters, as ``argo submit --parameter`` does."""
    if not arguments:
        return main
    spec = main.data.get("spec") or {}
    if "workflowSpec" in spec:
        inner = _given(spec["workflowSpec"], arguments)
        return replace(main, data={**main.data, "spec": {**spec, "workflowSpec": inner}})
    return replace(main, data={**main.data, "spec": _given(spec, arguments)})


def _given(spec: dict[str, Json], arguments: dict[str, Any]) -> dict[str, Json]:
    own = spec.get("arguments") or {}
    others = [p for p in own.get("parameters") or [] if p.get("name") not in arguments]
    values = [{"name": name, "value": value_text(value)} for name, value in arguments.items()]
    return {**spec, "arguments": {**own, "parameters": [*others, *values]}}


def value_text(value: Any) -> str:
    """Give a value of a parameter as the text that Argo makes of it."""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def from_template(template: Manifest) -> Manifest:
    """Give the workflow that ``argo submit --from`` makes of a template (NewWorkflowFromWorkflowTemplate)."""
    reference: dict[str, Json] = {"name": template.name}
    if template.kind == "ClusterWorkflowTemplate":
        reference["clusterScope"] = True
    kind = "cluster-workflow-template" if template.kind == "ClusterWorkflowTemplate" else "workflow-template"
    labels = {f"workflows.argoproj.io/{kind}": template.name}
    metadata: dict[str, Json] = {"generateName": f"{template.name}-", "labels": labels}
    namespace = (template.data.get("metadata") or {}).get("namespace")
    if namespace:
        metadata["namespace"] = namespace
    data = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Workflow",
        "metadata": metadata,
        "spec": {"workflowTemplateRef": reference},
    }
    return Manifest(data, template.origin)


def read(given: Any) -> list[Manifest]:
    """Give the manifests in a path, a text of YAML, plain data, a manifest, a list of these, or a Python workflow."""
    if isinstance(given, Manifest):
        return [given]
    if isinstance(given, Mapping):
        return [Manifest(dict(given))]
    if isinstance(given, Path):
        return _of_path(given)
    if isinstance(given, str):
        return _of_text(given, "<memory>") if "\n" in given else _of_path(Path(given))
    if isinstance(given, (list, tuple)):
        return [manifest for item in given for manifest in read(item)]
    from argosy.frontend.load import to_manifests

    return list(to_manifests(given, libraries=True))


def _of_path_or_folder(path: Path) -> list[Manifest]:
    if not path.is_dir():
        return _of_path(path)
    return [m for file in sorted(path.rglob("*.y*ml")) for m in _of_path(file)]


def _of_path(path: Path) -> list[Manifest]:
    if path.suffix == ".py":
        from argosy.frontend.load import compile_path

        return list(compile_path(path, libraries=True))
    try:
        text = path.read_bytes()
    except OSError as error:
        raise ReadError(f"cannot read {path}: {error.strerror}") from None
    return _of_text(text, str(path))


def _of_text(text: str | bytes, path: str) -> list[Manifest]:
    from argosy.yaml.read import read as read_yaml

    out: list[Manifest] = []
    for document in read_yaml(text, path):
        for problem in document.problems:
            if problem.dropped != "never":
                raise ReadError(problem.message, place=Place(problem.span.path, problem.span.line, problem.span.column))
        for data in _unpacked(document.data):
            out.append(Manifest(data, document.origin, document.index))
    return out


def _unpacked(data: Json) -> Iterable[dict[str, Json]]:
    if not isinstance(data, dict):
        return []
    return (item for item in data["items"] if isinstance(item, dict)) if data.get("kind") == "List" else [data]


def _of_scenario(scenario: Scenario) -> list[Manifest]:
    if scenario.manifest is not None:
        return _of_path(Path(scenario.manifest))
    if scenario.workflow is None:
        raise UsageError("there is no workflow to simulate", hint="give a manifest, or `workflow` in the scenario")
    data = plain(scenario.workflow)
    return [Manifest({"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow"} | data)]
