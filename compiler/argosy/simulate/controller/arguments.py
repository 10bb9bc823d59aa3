"""Arguments into templates, and substitution (v4.1 workflow/common/util.go ProcessArgs, SubstituteParams)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from argosy.errors import LanguageError
from argosy.language.substitution import from_json, substitute_template, to_json
from argosy.language.substitution import substitute as substitute_text
from argosy.language.tags import OPEN
from argosy.simulate.controller import artifacts
from argosy.simulate.controller.expressions import of_tag
from argosy.simulate.controller.operation import Refused
from argosy.simulate.controller.state import Obj, State
from argosy.simulate.controller.values import go_parameters
from argosy.source import Json

ABSENT = "__argo-internal.absent-optional-output__"
"""Stands for an argument that refers to what a skipped node never made (common.AbsentOptionalArgumentValue)."""

_CONFIG_MAP_LABEL = "workflows.argoproj.io/configmap-type"


class MissingKey(Refused):
    """A ConfigMap, or a key of it, is not there."""


def replace(obj: Any, params: Mapping[str, Any], *, strict: tuple[str, ...] | None = None, lenient: bool = True) -> Any:
    """Substitute in an object (template.Replace; ReplaceStrictAny with ``strict``). Raises Refused."""
    try:
        return substitute_template(obj, params, allow_unresolved=lenient, strict_prefixes=strict)
    except LanguageError as error:
        raise Refused(of_tag(error)) from None


def parameter(args: Obj | None, name: str) -> Obj | None:
    """Give an argument by name."""
    return next((p for p in (args or {}).get("parameters") or () if p.get("name") == name), None)


def process(
    state: State,
    template: Obj,
    args: Obj | None,
    local: dict[str, str],
    *,
    validate_only: bool = False,
    variables: dict[str, str] | None = None,
) -> Obj:
    """Give a template with the inputs that arguments give it, substituted (ProcessArgs). Raises Refused.

    ``variables`` stand in for the global ones before a workflow runs; ConfigMaps are not looked at then.
    """
    inputs = template.get("inputs")
    if inputs:
        new = dict(inputs)
        if inputs.get("parameters"):
            given = {p.get("name"): p for p in reversed((args or {}).get("parameters") or ())}
            new["parameters"] = [
                _input(state, p, given.get(p["name"]), look=variables is None) for p in inputs["parameters"]
            ]
        if inputs.get("artifacts"):
            new["artifacts"] = _input_artifacts(inputs["artifacts"], args, validate_only)
        template = {**template, "inputs": new}
    return substitute(state, template, local, variables)


def _input(state: State, declared: Obj, given: Obj | None, *, look: bool) -> Obj:
    result = dict(declared)
    if result.get("value") is None and result.get("default") is not None:
        result["value"] = result["default"]
    if given is not None and given.get("value") == ABSENT:
        if result.get("value") is None and result.get("valueFrom") is None:
            raise Refused(
                f"inputs.parameters.{declared['name']}: argument references an absent optional "
                "(skipped/omitted node output with no default)"
            )
    elif given is not None:
        result.pop("value", None)
        result.pop("valueFrom", None)
        if given.get("value") is not None:
            result["value"] = given["value"]
        elif given.get("valueFrom") is not None:
            result["valueFrom"] = given["valueFrom"]
    source = result.get("valueFrom")
    if source is not None and source.get("configMapKeyRef") is not None:
        if look:
            result["value"] = _from_config_map(state, declared["name"], source)
    elif result.get("value") is None:
        raise Refused(f"inputs.parameters.{declared['name']} was not supplied")
    return result


def _from_config_map(state: State, name: str, source: Obj) -> str:
    """substituteAndGetConfigMapValue."""
    reference = source["configMapKeyRef"]
    try:
        resolved = replace([reference.get("name", ""), reference.get("key", "")], dict(state.globals), lenient=False)
    except Refused as error:
        raise Refused(f"failed to substitute configMapKeyRef: {error.message}") from None
    try:
        return config_map_value(state, resolved[0], resolved[1])
    except Refused as error:
        if source.get("default") is None or not isinstance(error, MissingKey):
            raise Refused(f"unable to retrieve inputs.parameters.{name} from ConfigMap: {error.message}") from None
        return str(source["default"])


def config_map_value(state: State, name: str, key: str) -> str:
    """Give the value of a ConfigMap that may hold parameters (common.GetConfigMapValue). Raises Refused."""
    found = state.cluster.get("ConfigMap", state.namespace, name)
    labels = ((found or {}).get("metadata") or {}).get("labels") or {}
    if found is None or _CONFIG_MAP_LABEL not in labels:  # the informer sees only those with the label
        raise MissingKey(
            f"ConfigMap '{name}' does not exist. Please make sure it has the label {_CONFIG_MAP_LABEL}: Parameter "
            "to be detectable by the controller"
        )
    if labels[_CONFIG_MAP_LABEL] != "Parameter":
        raise Refused(f"ConfigMap '{name}' needs to have the label {_CONFIG_MAP_LABEL}: Parameter to load parameters")
    data = found.get("data") or {}
    if key not in data:
        raise MissingKey(f"ConfigMap '{name}' does not have the key '{key}'")
    return str(data[key])


def _input_artifacts(declared: list[Json], args: Obj | None, validate_only: bool) -> list[Json]:
    given = {a.get("name"): a for a in reversed((args or {}).get("artifacts") or ())}
    result = []
    for artifact in declared:
        argument = given.get(artifact["name"])
        if not artifact.get("optional") and not artifacts.has_location_or_key(artifact):
            if argument is None:
                raise Refused(f"inputs.artifacts.{artifact['name']} was not supplied")
            if not artifacts.has_location_or_key(argument) and not validate_only:
                raise Refused(f"inputs.artifacts.{artifact['name']} missing location information")
        if argument is not None:
            kept = {k: artifact[k] for k in ("path", "mode", "recurseMode") if k in artifact}
            artifact = {k: v for k, v in argument.items() if k not in ("path", "mode", "recurseMode")} | kept
        result.append(artifact)
    return result


def substitute(state: State, template: Obj, local: dict[str, str], variables: dict[str, str] | None = None) -> Obj:
    """Give a template with global, local and input variables in their places (SubstituteParams). Raises Refused."""
    params: dict[str, Any] = {**(state.globals if variables is None else variables), **local}
    first, text = _pass(template, params)
    inputs = first.get("inputs") or {}
    for p in inputs.get("parameters") or ():
        if p.get("value") is not None:
            params[f"inputs.parameters.{p['name']}"] = p["value"]
        elif p.get("valueFrom") is None:
            raise Refused(f"inputs.parameters.{p['name']} had no value")
    if OPEN not in text:
        return first
    params["inputs.parameters"] = go_parameters(inputs.get("parameters"))
    for artifact in inputs.get("artifacts") or ():
        if artifact.get("path"):
            params[f"inputs.artifacts.{artifact['name']}.path"] = artifact["path"]
    outputs = first.get("outputs") or {}
    for artifact in outputs.get("artifacts") or ():
        if artifact.get("path"):
            params[f"outputs.artifacts.{artifact['name']}.path"] = artifact["path"]
    for p in outputs.get("parameters") or ():
        if (p.get("valueFrom") or {}).get("path"):
            params[f"outputs.parameters.{p['name']}.path"] = p["valueFrom"]["path"]
    return _pass(first, params, text)[0]


def _pass(template: Obj, params: Mapping[str, Any], text: str | None = None) -> tuple[Obj, str]:
    """Give a template after one pass of substitution, and its JSON, which may be known before. Raises Refused."""
    try:
        text = to_json(template) if text is None else text
        result = substitute_text(text, params, allow_unresolved=True) if OPEN in text else text
        return (template if result == text else from_json(result)), result
    except LanguageError as error:
        raise Refused(of_tag(error)) from None
