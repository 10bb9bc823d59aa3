"""JSON Schemas of what Argosy prints as JSON: they go to ``schemas/``, and other tools may rely on them.

A field that is there today stays, with its meaning; more fields may come.
"""

from __future__ import annotations

from argosy.source import Json

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TEXT = {"type": "string"}
_TRUTH = {"type": "boolean"}
_COUNT = {"type": "integer", "minimum": 0}
_PLACE = {"type": ["integer", "null"], "minimum": 1}
_PHASES = ["Pending", "Running", "Succeeded", "Skipped", "Failed", "Error", "Omitted", ""]


def lint_schema(base: str) -> dict[str, Json]:
    """Give the schema of ``argosy lint --format json``."""
    finding = _object(
        {
            "rule": _said(_TEXT, "The rule; `argosy rule NAME` shows its page."),
            "severity": {"enum": ["error", "warning", "info"]},
            "rejected": _said(_TRUTH, "Argo, at the selected version, refuses the manifest for this reason."),
            "message": _TEXT,
            "hint": _said({"type": ["string", "null"]}, "What to do about it."),
            "document": _said({"type": ["integer", "null"], "minimum": 0}, "Index of the document; null: the file."),
            "address": _said(_TEXT, "Where in the document, such as spec.templates[0].name."),
            "line": _said(_PLACE, "From 1; null where it is not known."),
            "column": _said(_PLACE, "From 1, in characters."),
            "endLine": _PLACE,
            "endColumn": _said(_PLACE, "The first column after it."),
            "fixable": _TRUTH,
            "url": _TEXT,
        }
    )
    document = _object({"index": _COUNT, "kind": _TEXT, "name": _TEXT, "accepted": _said(_TRUTH, "Argo takes it.")})
    file = _object(
        {"path": _TEXT, "documents": _list(document), "findings": _list(finding)},
        {"accepted": _said(_TRUTH, "false: Argo refuses the file as a whole.")},
    )
    return _head(base, "lint", "What argosy lint found") | _object({"version": {"const": 1}, "files": _list(file)})


def run_schema(base: str) -> dict[str, Json]:
    """Give the schema of ``argosy simulate --format json`` for a workflow: what stands beside the Workflow object."""
    event = _object(
        {
            "at": _said(_TEXT, "The moment, as RFC 3339."),
            "node": _said({"type": ["string", "null"]}, "Full name of the node; null: the workflow."),
            "from": {"enum": _PHASES},
            "to": {"enum": _PHASES},
            "message": _TEXT,
        }
    )
    request = _object(
        {"method": _TEXT, "url": _TEXT},
        {
            "headers": {"type": "object", "additionalProperties": _TEXT},
            "body": _said(_TEXT, "As text; at most 1 MiB."),
            "cut": _said(_COUNT, "How many bytes the body had, where it is not whole."),
            "answered": _said({"type": "integer"}, "The status code that it got."),
            "unseen": _said(_TEXT, "Why no more is known of it."),
        },
    )
    pod = _object(
        {"node": _TEXT, "templateName": _TEXT, "template": _said({"type": "object"}, "As substituted.")},
        {
            "exitCode": _said({"type": "integer"}, "Of the script, if it was really run."),
            "log": _said(_list(_TEXT), "The lines that it wrote."),
            "requests": _said(_list(request), "The HTTP requests that it made, as they were caught."),
            "notes": _said(_list(_TEXT), "What there is to be said of how it was run."),
        },
    )
    ours = _object(
        {"events": _list(event), "pods": _list(pod), "ended": _said(_TEXT, "completed, or why the run ended before.")},
        {
            "waitsFor": _said(_list(_TEXT), "What a run waits for that did not complete."),
            "failures": _said(_list(_TEXT), "Expectations of the scenario that do not hold."),
            "unused": _said(_list(_TEXT), "Outcomes and actions of the scenario that never applied."),
            "actions": _said(_list({"type": "object"}), "What was done from outside."),
        },
    )
    status = {"type": "object", "properties": {"phase": {"enum": _PHASES}, "nodes": {"type": "object"}}}
    workflow = {"kind": {"const": "Workflow"}, "metadata": {"type": "object"}, "spec": {"type": "object"}}
    return _head(base, "run", "A simulated run of a workflow") | _object({**workflow, "status": status, "argosy": ours})


def _head(base: str, name: str, title: str) -> dict[str, Json]:
    return {"$schema": _DRAFT, "$id": f"{base}/{name}.schema.json", "title": title}


def _object(required: dict[str, Json], more: dict[str, Json] | None = None) -> dict[str, Json]:
    return {"type": "object", "required": list(required), "properties": {**required, **(more or {})}}


def _list(items: dict[str, Json]) -> dict[str, Json]:
    return {"type": "array", "items": items}


def _said(schema: dict[str, Json], description: str) -> dict[str, Json]:
    return {"description": description, **schema}
