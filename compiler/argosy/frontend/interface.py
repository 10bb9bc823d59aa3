"""The inputs and outputs of a template as data, and the references that its body sees for its inputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from argosy.frontend import hints
from argosy.frontend.context import NODE_FIELDS
from argosy.frontend.declare import Artifact
from argosy.frontend.expressions import Expression, Variable
from argosy.frontend.options import data
from argosy.frontend.places import fail
from argosy.frontend.render import expression, text
from argosy.frontend.signatures import MISSING, Input, Output, Signature
from argosy.frontend.templates import EXIT_REFERENCE
from argosy.source import Json

_LOCATIONS = ("s3", "http", "git", "gcs", "azure", "raw")


class NodeExitReference:
    """The NodeExit that a handler's body sees while it is traced: it notes which fields are used."""

    def __init__(self, parameter: Input) -> None:
        self._parameter = parameter
        self._used: dict[str, Variable] = {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name not in NODE_FIELDS:
            fail(f"a NodeExit has no {name!r}", hint=hints.known_are(name, NODE_FIELDS))
        hint = NODE_FIELDS[name][1]
        arguments = getattr(self._parameter.hint, "__args__", ())
        if name == "result" and arguments:
            hint = arguments[0]
        return self._used.setdefault(
            name, Variable(("inputs", "parameters", f"{self._parameter.python}_{name}"), hint=hint)
        )


def references(signature: Signature, *, of_workflow: bool = False) -> dict[str, Any]:
    """Give what the body of a template sees for each of its arguments; those of a workflow are the workflow's own."""
    if not of_workflow:
        return {i.python: reference(i) for i in signature.inputs}
    return {
        i.python: Variable(("workflow", "parameters", i.name), hint=i.hint) if i.kind == "parameter" else reference(i)
        for i in signature.inputs
    }


def reference(one: Input) -> Any:
    """Give what a body sees for one argument."""
    if one.kind == "exit":
        return EXIT_REFERENCE
    if one.kind == "node-exit":
        return NodeExitReference(one)
    if one.kind == "environment":
        return one.default
    if one.kind == "artifact":
        return ArtifactReference(("inputs", "artifacts", one.name), hint=one.hint)
    return Variable(("inputs", "parameters", one.name), hint=one.hint)


class ArtifactReference(Variable):
    """An input artifact: as an argument it is the artifact; in a command it is the path of its file."""

    __slots__ = ()

    def __str__(self) -> str:
        """Give the tag of the file's path."""
        return "{{" + ".".join((*self.path, "path")) + "}}"


def node_inputs(arguments: Mapping[str, Any]) -> list[dict[str, Json]]:
    """Give the parameters that carry what a NodeExit's fields hold, for those that the body used."""
    used = [n for v in arguments.values() if isinstance(v, NodeExitReference) for n in (v._used[k] for k in v._used)]
    return [{"name": v.path[-1]} for v in used]


def inputs(signature: Signature, more: list[dict[str, Json]] | None = None, *, files: bool = True) -> dict[str, Json]:
    """Give ``inputs``, or nothing where there are none; ``files``: artifacts get a path, as in templates with a pod."""
    parameters = [input_parameter(i) for i in signature.inputs if i.kind == "parameter"] + (more or [])
    artifacts = [input_artifact(i, files) for i in signature.inputs if i.kind == "artifact"]
    found: dict[str, Json] = {}
    if parameters:
        found["parameters"] = parameters
    if artifacts:
        found["artifacts"] = artifacts
    return {"inputs": found} if found else {}


def input_parameter(one: Input, key: str = "default") -> dict[str, Json]:
    """Give one input parameter; ``key`` says under which name its default stands."""
    found: dict[str, Json] = {"name": one.name}
    if one.parameter.description:
        found["description"] = one.parameter.description
    if one.default is not MISSING:
        found[key] = text(one.default)
    elif one.parameter.default is not None:
        found[key] = one.parameter.default
    if one.parameter.enum:
        found["enum"] = list(one.parameter.enum)
    return {**found, **data(one.parameter.extra)}


def input_artifact(one: Input, file: bool = False) -> dict[str, Json]:
    """Give one input artifact; with ``file``, also where its file is in the pod."""
    found = {"name": one.name}
    if file:
        found["path"] = one.artifact.path or f"/tmp/inputs/{one.name}"
    return {**found, **_artifact(one.artifact)}


def _artifact(artifact: Artifact) -> dict[str, Json]:
    found: dict[str, Json] = {}
    if artifact.optional:
        found["optional"] = True
    if artifact.archive is not None:
        found["archive"] = data(artifact.archive)
    if artifact.global_name:
        found["globalName"] = artifact.global_name
    found.update({k: data(getattr(artifact, k)) for k in _LOCATIONS if getattr(artifact, k) is not None})
    return {**found, **data(artifact.extra)}


def pod_outputs(signature: Signature) -> dict[str, Json]:
    """Give the ``outputs`` of a template whose pod writes files: a parameter or artifact for each."""
    return _outputs(signature, lambda o: {"path": output_path(o)}, lambda o: {"path": output_path(o)})


def output_path(one: Output) -> str:
    """Give the file of the pod that holds an output."""
    return one.parameter.path or one.artifact.path or f"/tmp/outputs/{one.name}"


def resource_outputs(signature: Signature) -> dict[str, Json]:
    """Give the ``outputs`` of a resource template. Raises CompileError where it isn't said where a value stands."""

    def where(one: Output) -> dict[str, Json]:
        if not (one.parameter.json_path or one.parameter.jq):
            fail(
                f"where in the object is {one.python!r}?",
                hint="Annotated[str, Parameter(json_path='{.metadata.name}')]",
            )
        return {"jsonPath": one.parameter.json_path} if one.parameter.json_path else {"jqFilter": one.parameter.jq}

    return _outputs(signature, where, lambda o: {"path": output_path(o)})


def supplied_outputs(signature: Signature) -> dict[str, Json]:
    """Give the ``outputs`` of a suspend template: what the person who resumes it supplies."""
    return _outputs(signature, lambda o: {"supplied": {}}, lambda o: {"path": output_path(o)})


def _outputs(signature: Signature, parameter: Any, artifact: Any) -> dict[str, Json]:
    parameters: list[Json] = []
    artifacts: list[Json] = []
    for one in signature.outputs:
        if one.kind == "artifact":
            artifacts.append({"name": one.name, **artifact(one), **_artifact(one.artifact)})
        elif one.kind == "parameter":
            parameters.append(_output_parameter(one, {"valueFrom": parameter(one)}))
    return grouped(parameters, artifacts)


def _output_parameter(one: Output, source: dict[str, Json]) -> dict[str, Json]:
    found: dict[str, Json] = {"name": one.name}
    if one.parameter.description:
        found["description"] = one.parameter.description
    if one.parameter.global_name:
        found["globalName"] = one.parameter.global_name
    if one.parameter.enum:
        found["enum"] = list(one.parameter.enum)
    if one.parameter.default is not None and "valueFrom" in source:
        source = {"valueFrom": {**source["valueFrom"], "default": one.parameter.default}}
    return {**found, **source, **data(one.parameter.extra)}


def flow_outputs(signature: Signature, returned: Any) -> dict[str, Json]:
    """Give the ``outputs`` of a steps or DAG template from what its body returned."""
    values = list(returned) if isinstance(returned, tuple) and len(signature.outputs) > 1 else [returned]
    parameters: list[Json] = []
    artifacts: list[Json] = []
    for one, value in zip(signature.outputs, values, strict=True):
        if isinstance(value, Expression) and not hints.accepts(one.hint, value.hint):
            fail(f"it returns {hints.name_of(value.hint)} where {hints.name_of(one.hint)} is declared")
        if one.kind == "artifact":
            artifacts.append({"name": one.name, **_artifact_source(value), **_artifact(one.artifact)})
        else:
            parameters.append(_output_parameter(one, _value_source(value)))
    return grouped(parameters, artifacts)


def _value_source(value: Any) -> dict[str, Json]:
    if isinstance(value, Variable):
        return {"valueFrom": {"parameter": text(value)}}
    if isinstance(value, Expression):
        return {"valueFrom": {"expression": expression(value)}}
    if isinstance(value, str) and value.startswith("{{") and value.find("}}") == len(value) - 2:
        return {"valueFrom": {"parameter": value}}
    return {"value": text(value)}


def _artifact_source(value: Any) -> dict[str, Json]:
    if isinstance(value, Artifact):
        return _artifact(value)
    if isinstance(value, Variable):
        return {"from": Variable.__str__(value)}
    if isinstance(value, Expression):
        return {"fromExpression": expression(value)}
    return fail("an output artifact is what a step gives", hint="return the result of a step")


def grouped(parameters: list[Json], artifacts: list[Json]) -> dict[str, Json]:
    """Give ``outputs``, or nothing where there are none."""
    found: dict[str, Json] = {}
    if parameters:
        found["parameters"] = parameters
    if artifacts:
        found["artifacts"] = artifacts
    return {"outputs": found} if found else {}


def call_arguments(signature: Signature, arguments: Mapping[str, Any]) -> dict[str, Json]:
    """Give the ``arguments`` of a step: parameters as text, artifacts by reference."""
    parameters: list[Json] = []
    artifacts: list[Json] = []
    for one in signature.parameters():
        if one.python not in arguments:
            continue
        value = arguments[one.python]
        if one.kind == "parameter":
            parameters.append({"name": one.name, "value": text(value)})
        elif isinstance(value, Artifact):
            artifacts.append({"name": one.name, **_artifact(value)})
        elif value is not None:
            artifacts.append({"name": one.name, **_artifact_source(value)})
    found = grouped(parameters, artifacts)
    return {"arguments": found["outputs"]} if found else {}
