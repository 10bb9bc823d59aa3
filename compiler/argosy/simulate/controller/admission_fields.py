"""Checks of single fields before a workflow runs (v4.1 workflow/validate/validate.go).

Each raises Refused, with Argo's words.
"""

from __future__ import annotations

import posixpath
import re
from typing import Any, Literal

from argosy.simulate.controller import artifacts
from argosy.simulate.controller.nodes import TYPES, kind_of
from argosy.simulate.controller.operation import Refused
from argosy.simulate.controller.state import Obj

PLACEHOLDER = "__argo__internal__placeholder-"
_FRAGMENT = re.compile(re.escape(PLACEHOLDER) + r"\d+")
_TAG = re.compile(r"{{[-a-zA-Z0-9]+(\.[-a-zA-Z0-9_]+)*}}")
_PARAMETER = re.compile(r"[-a-zA-Z0-9_]+\Z")
_FIELD = re.compile(r"[a-zA-Z0-9][-a-zA-Z0-9]*\Z")
_LONGEST = 128
_PARAMETER_RULE = (
    "Parameter/Artifact name must consist of alpha-numeric characters, '_' or '-' e.g. my_param_1, MY-PARAM-1"
)
_FIELD_RULE = (
    "name must consist of alpha-numeric characters or '-', and must start with an alpha-numeric character "
    "(e.g. My-name1-2, 123-NAME)"
)
LEAVES = ("container", "containerSet", "script", "resource", "data", "http", "plugin")
TYPE_NAMES = {
    "container": "Container", "containerSet": "ContainerSet", "steps": "Steps", "dag": "DAG", "script": "Script",
    "resource": "Resource", "data": "Data", "suspend": "Suspend", "http": "HTTP", "plugin": "Plugin",
}  # fmt: skip
"""Names of kinds in messages (TemplateType)."""


def is_tag(text: str) -> bool:
    """isParameter: somewhere in it is a tag."""
    return _TAG.search(text) is not None


def field_name(name: str) -> str:
    """Give what is wrong with the name of a template, step, task or container, or "" (isValidWorkflowFieldName)."""
    problems = [f"must be no more than {_LONGEST} characters"] if len(name) > _LONGEST else []
    problems += [] if _FIELD.match(name) else [_FIELD_RULE]
    return ";".join(problems)


def step_name(name: str) -> str:
    """Likewise of a step, in which a parameter may stand (isValidStepName)."""
    return field_name(_FRAGMENT.sub("x", name))


def names(items: Any, sort: Literal["parameter", "field"]) -> str:
    """Give what is wrong with the names in a list, as the end of a message, or "" (validateWorkflowFieldNames)."""
    seen: set[str] = set()
    for i, item in enumerate(items or ()):
        name = item.get("name") or ""
        if not name:
            return f"[{i}].name is required"
        problem = field_name(name) if sort == "field" else "" if _PARAMETER.match(name) else _PARAMETER_RULE
        if problem:
            return f"[{i}].name: '{name}' is invalid: {problem}"
        if name in seen:
            return f"[{i}].name '{name}' is not unique"
        seen.add(name)
    return ""


def hooks(given: Obj | None, where: str) -> None:
    """validateHooks."""
    for name, hook in sorted((given or {}).items()):
        if name != "exit" and not (hook or {}).get("expression"):
            raise Refused(f"{where}.{name} Expression required")


def arguments(prefix: str, given: Obj | None) -> None:
    """validateArguments."""
    given = given or {}
    for part in ("parameters", "artifacts"):
        problem = names(given.get(part), "parameter")
        if problem:
            raise Refused(f"{prefix}{part}{problem}")
    for parameter in given.get("parameters") or ():
        _argument(prefix + parameter["name"], parameter)
    for artifact in given.get("artifacts") or ():
        where = prefix + artifact["name"]
        if not artifact.get("from") and not artifacts.has_location_or_key(artifact):
            if not artifact.get("fromExpression"):
                raise Refused(f"{where}.from, artifact location, or key is required")
            raise Refused(f"{where}.from, artifact location, or key is required")
        if artifact.get("from") and artifact.get("fromExpression"):
            raise Refused(f"{where} shouldn't have both `from` and `fromExpression` in Artifact")


def _argument(where: str, parameter: Obj) -> None:
    value, source, choices = parameter.get("value"), parameter.get("valueFrom"), parameter.get("enum")
    if value is None and source is None:
        raise Refused(f"{where}.value or {where}.valueFrom is required")
    if source is not None:
        allowed = source.get("configMapKeyRef") is not None or source.get("event") or source.get("supplied") is not None
        if not allowed or any(source.get(f) for f in ("path", "jsonPath", "parameter", "expression")):
            raise Refused(f"{where}.valueFrom only allows: default, configMapKeyRef and supplied")
    if choices is None:
        return
    if not choices:
        raise Refused(f"{where}.enum should contain at least one value")
    if value is None:
        raise Refused(f"{where}.value is required")
    if value not in choices:
        raise Refused(f"{where}.value should be present in {where}.enum list")


def template_kind(template: Obj) -> None:
    """validateTemplateType."""
    found = sum(template.get(kind) is not None for kind in TYPES)
    if found == 1:
        return
    what = "template type unspecified" if not found else "multiple template types specified"
    raise Refused(
        f"templates.{template.get('name', '')} {what}. choose one of: container, containerSet, steps, script, "
        "resource, dag, suspend, template, template ref"
    )


def inputs(template: Obj) -> set[str]:
    """Check a template's inputs; give the variables that they make (validateInputs)."""
    name = template.get("name", "")
    given = template.get("inputs") or {}
    for part in ("parameters", "artifacts"):
        problem = names(given.get(part), "parameter")
        if problem:
            raise Refused(f"templates.{name}.inputs.{part}{problem}")
    known = {f"inputs.parameters.{p['name']}" for p in given.get("parameters") or ()}
    if known:
        known.add("inputs.parameters")
    leaf = kind_of(template) in LEAVES
    for artifact in given.get("artifacts") or ():
        reference = f"inputs.artifacts.{artifact['name']}"
        known.add(reference)
        if leaf:
            problem = path(artifact)
            if problem:
                raise Refused(f"error in templates.{name}.{reference}: {problem}")
            known.add(f"{reference}.path")
        elif artifact.get("path"):
            raise Refused(f"templates.{name}.{reference}.path only valid in container/script templates")
        if artifact.get("from"):
            raise Refused(f"templates.{name}.{reference}.from not valid in inputs")
        git = artifact.get("git")
        if git is not None and not git.get("repo"):
            raise Refused(f"templates.{name}.{reference}.git.repo is required")
    return known


def path(artifact: Obj) -> str:
    """Give what is wrong with an artifact's path, or "" (Artifact.CleanPath)."""
    name, given = artifact.get("name", ""), artifact.get("path") or ""
    if not given:
        return f"Artifact '{name}' did not specify a path"
    safe = ""
    if "/../" in given:
        safe = given.partition("/../")[0]
    elif given.endswith("/.."):
        safe = given[:-3]
    cleaned = posixpath.normpath(given)
    if safe and (not cleaned.startswith(safe + "/") or len(cleaned) <= len(safe) + 1):
        return f"Artifact '{name}' attempted to use a path containing '..'. Directory traversal is not permitted"
    return ""


_SOURCES = ("path", "jqFilter", "jsonPath", "parameter", "expression")


def outputs(template: Obj) -> None:
    """Check a template's outputs but for their tags (validateOutputs)."""
    name, kind = template.get("name", ""), kind_of(template)
    given = template.get("outputs") or {}
    for artifact in given.get("artifacts") or ():
        reference = f"outputs.artifacts.{artifact['name']}"
        if kind in LEAVES:
            problem = path(artifact)
            if problem:
                raise Refused(f"error in templates.{name}.{reference}: {problem}")
        elif artifact.get("path"):
            raise Refused(f"templates.{name}.{reference}.path only valid in container/script templates")
        _global_name(f"templates.{name}.{reference}", artifact)
    for parameter in given.get("parameters") or ():
        where = f"templates.{name}.outputs.parameters.{parameter['name']}"
        _output(where, parameter, kind)
        _global_name(where, parameter)


def _global_name(where: str, item: Obj) -> None:
    name = item.get("globalName") or ""
    if name and not is_tag(name) and not _PARAMETER.match(name):
        raise Refused(f"{where}.globalName: {_PARAMETER_RULE}")


def _output(where: str, parameter: Obj, kind: str) -> None:
    source, value = parameter.get("valueFrom"), parameter.get("value")
    if source is not None and value is not None:
        raise Refused(f"{where} has both valueFrom and value specified, choose one")
    if value is not None:
        return
    if source is None:
        raise Refused(f"{where} does not have valueFrom or value specified")
    count = sum(bool(source.get(s)) for s in _SOURCES) + (source.get("supplied") is not None)
    if count != 1:
        what = (
            "valueFrom type unspecified. choose one of: path, jqFilter, jsonPath, parameter, raw, expression"
            if not count
            else "multiple valueFrom types specified. choose one of: path, jqFilter, jsonPath, parameter, raw"
        )
        raise Refused(what)
    shown = TYPE_NAMES.get(kind, "")
    if kind in ("container", "containerSet", "script") and not source.get("path"):
        raise Refused(f"{where}.path must be specified for {shown} templates")
    if kind == "resource" and not source.get("jqFilter") and not source.get("jsonPath"):
        raise Refused(f"{where} .jqFilter or jsonPath must be specified for {shown} templates")
    if kind in ("dag", "steps") and not source.get("parameter") and not source.get("expression"):
        raise Refused(f"{where}.parameter or expression must be specified for {shown} templates")
