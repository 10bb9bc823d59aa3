"""Argo's checks before a workflow runs (v4.1 workflow/validate/validate.go Workflow): the first that fails ends it."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from argosy.simulate.controller import admission_fields as fields
from argosy.simulate.controller import templates
from argosy.simulate.controller.admission_templates import ANY_ARTIFACT, Admission
from argosy.simulate.controller.operation import Refused
from argosy.simulate.controller.state import Obj, State

_LONGEST_NAME = 63
_KEPT = 64
_POD_GC = ("", "OnPodCompletion", "OnPodSuccess", "OnWorkflowCompletion", "OnWorkflowSuccess")
_verdicts: dict[bytes, str | None] = {}
"""What became of specs that refer to nothing else, by their contents: the same workflow is often run many times."""


def check(state: State, spec: Obj) -> str | None:
    """Give what is wrong with a workflow, in Argo's words, or None."""
    metadata = state.workflow.get("metadata") or {}
    source = state.workflow.get("spec")
    names = sorted([*(metadata.get("labels") or ()), *(metadata.get("annotations") or ())])
    try:
        text = msgspec.json.encode((source, state.settings.workflow_defaults, state.version, names, len(state.name)))
    except (TypeError, ValueError, RecursionError):
        text = b""
    key = hashlib.blake2b(text, digest_size=16).digest() if text and b"emplateRef" not in text else b""
    if key in _verdicts:
        return _verdicts[key]
    try:
        _check(state, spec)
        problem = None
    except Refused as error:
        problem = error.message
    if key and len(state.name) <= _LONGEST_NAME:
        if len(_verdicts) >= _KEPT:
            _verdicts.pop(next(iter(_verdicts)))
        _verdicts[key] = problem
    return problem


def _check(state: State, spec: Obj) -> None:
    if len(state.name) > _LONGEST_NAME:
        raise Refused(
            f'workflow name "{state.name}" must not be more than 63 characters long (currently {len(state.name)})'
        )
    reference = spec.get("workflowTemplateRef")
    base: Obj | None = None
    entrypoint = spec.get("entrypoint") or ""
    if reference:
        if spec.get("templates"):
            raise Refused("Templates is invalid field in spec if workflow referred WorkflowTemplate reference")
        base = templates.library(state, reference)
        if base is None:
            kind = "clusterworkflowtemplates" if reference.get("clusterScope") else "workflowtemplates"
            raise Refused(f'{kind}.argoproj.io "{reference.get("name", "")}" not found')
        entrypoint = entrypoint or base.get("entrypoint") or ""
    problem = fields.names(spec.get("templates"), "field")
    if problem:
        raise Refused(f"spec.templates{problem}")
    arguments = _merged(spec.get("arguments"), (base or {}).get("arguments"))
    fields.arguments("spec.arguments.", arguments)
    admission = Admission(state)
    _add_globals(admission, state, spec, base, arguments)
    if not entrypoint:
        raise Refused("spec.entrypoint is required")
    admission.holder(_holder(reference, entrypoint), templates.local(state), arguments)
    _check_handler(admission, state, spec, base, reference)
    fields.hooks(spec.get("hooks"), "hooks")
    strategy = (spec.get("podGC") or {}).get("strategy") or ""
    if strategy not in _POD_GC:
        raise Refused(f"podGC.strategy unknown strategy '{strategy}'")
    for template in (base or spec).get("templates") or ():
        try:
            admission.holder(_holder(reference, template.get("name") or ""), templates.local(state), None)
        except Refused as error:
            raise Refused(f"templates.{template.get('name', '')} {error.message}") from None


def _holder(reference: Obj | None, name: str) -> Obj:
    if not reference:
        return {"template": name}
    scope = {"clusterScope": True} if reference.get("clusterScope") else {}
    return {"templateRef": {"name": reference.get("name"), "template": name, **scope}}


def _check_handler(admission: Admission, state: State, spec: Obj, base: Obj | None, reference: Obj | None) -> None:
    handler = spec.get("onExit") or (base or {}).get("onExit")
    if not handler:
        return
    admission.variables["workflow.failures"] = admission.placeholder()
    for source in (spec, base or {}):
        for template in source.get("templates") or ():
            for artifact in (template.get("outputs") or {}).get("artifacts") or ():
                if fields.is_tag(artifact.get("globalName") or ""):
                    admission.variables[ANY_ARTIFACT] = "true"
    admission.holder(_holder(reference, handler), templates.local(state), spec.get("arguments") or {})


def _merged(own: Obj | None, theirs: Obj | None) -> Obj:
    """Give a workflow's arguments, and those of its template that it does not name (util.MergeParameters)."""
    merged: Obj = {}
    for part in ("parameters", "artifacts"):
        found: dict[Any, Obj] = {}
        for item in [*((own or {}).get(part) or ()), *((theirs or {}).get(part) or ())]:
            found.setdefault(item.get("name") if theirs else len(found), item)
        merged[part] = list(found.values())
    return merged


def _add_globals(admission: Admission, state: State, spec: Obj, base: Obj | None, arguments: Obj) -> None:
    """Name the global variables; their values are placeholders, but for parameters that have one."""
    variables, placeholder = admission.variables, admission.placeholder
    for name in ("name", "namespace", "mainEntrypoint", "serviceAccountName", "uid", "status"):
        variables[f"workflow.{name}"] = placeholder()
    if arguments["parameters"]:
        variables["workflow.parameters"] = placeholder()
        variables["workflow.parameters.json"] = placeholder()
    for parameter in arguments["parameters"]:
        value = parameter.get("value")
        variables[f"workflow.parameters.{parameter['name']}"] = value if value is not None else placeholder()
    metadata = state.workflow.get("metadata") or {}
    defaults = ((state.settings.workflow_defaults or {}).get("spec")) or {}
    given = [s.get("workflowMetadata") or {} for s in (spec, defaults, base or {})]
    for part, more in (("annotations", ()), ("labels", ("labelsFrom",))):
        keys = dict.fromkeys(metadata.get(part) or ())
        for source in given:
            for field in (part, *more):
                keys.update(dict.fromkeys(source.get(field) or ()))
        for key in keys:
            variables[f"workflow.{part}.{key}"] = placeholder()
        variables[f"workflow.{part}"] = placeholder()
        variables[f"workflow.{part}.json"] = placeholder()
    if spec.get("priority") is not None:
        variables["workflow.priority"] = str(int(spec["priority"]))
