"""JSON Schemas of what the laboratory prints as JSON, and of the invariants that it reads."""

from __future__ import annotations

from typing import Any

from argosy.source import Json

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TEXT: Json = {"type": "string"}
_TRUTH: Json = {"type": "boolean"}
_COUNT: Json = {"type": "integer", "minimum": 0}
_LINE: Json = {"type": "integer", "minimum": 0, "description": "From 1; 0 where it is not known."}


def schemas(base: str) -> dict[str, Json]:
    """Give the schemas by name: explore, twice, test, coverage, diff, replay, invariants."""
    bodies = {"explore": _explore(), "test": _test(), "coverage": _coverage(), "diff": _diff(), "replay": _replay()}
    bodies["twice"] = _twice()
    options = {"coverage": "test --coverage", "twice": "explore --twice"}
    titles = {name: f"What argosy {options.get(name, name)} prints" for name in bodies}
    out = {
        name: {"$schema": _DRAFT, "$id": f"{base}/{name}.schema.json", "title": titles[name], **body}
        for name, body in bodies.items()
    }
    return out | {"invariants": _invariants(base)}


def _invariants(base: str) -> Json:
    from argosy.explore.invariants import InvariantsFile
    from argosy.simulate.shape import schema

    return schema(InvariantsFile, "Invariants of a workflow", f"{base}/invariants.schema.json")


def _explore() -> dict[str, Json]:
    import msgspec

    from argosy.explore.observe import Observed

    (observed,), definitions = msgspec.json.schema_components([Observed], ref_template="#/$defs/{name}")
    fault = _object(
        {
            "name": _said(_TEXT, "Unique in an exploration."),
            "where": _said(_TEXT, "What goes wrong: the path of a leaf, workflow, entrypoint or arguments."),
            "what": _said(_TEXT, "How it goes wrong."),
            "kind": _TEXT,
            "observed": observed,
        },
        {"after": _said(_list(_TEXT), "Faults that happen before.")},
    )
    never = _object(
        {
            "reason": _TEXT,
            "survivable": _said(_TRUTH, "The workflow could be written so that its handler runs."),
            "path": _TEXT,
            "line": _LINE,
            "hint": _TEXT,
            "faults": _list(_TEXT),
        }
    )
    untaken = _object(
        {"template": _TEXT, "step": _TEXT, "taken": _TRUTH, "condition": _TEXT, "path": _TEXT, "line": _LINE}
    )
    broken = _object({"fault": _TEXT, "message": _TEXT})
    body = _object(
        {
            "version": {"const": 1},
            "workflow": _TEXT,
            "argoVersion": _TEXT,
            "explored": _said(_TEXT, "The same for the same workflow, version and seed."),
            "handler": _said({"type": ["string", "null"]}, "The template of the exit handler."),
            "faults": _said(_list(fault), "The first is the run in which nothing goes wrong."),
            "leftToOtherShards": _COUNT,
            "leavesLeftAlone": _said(_COUNT, "Leaves that are too many alike, or too deep, to be faulted each."),
            "handlerSteps": _list(_TEXT),
            "hooks": _list(_TEXT),
            "neverRuns": _said(_list(never), "Why the handler did not run, each with its faults."),
            "neverTaken": _said(_list(untaken), "Branches that no fault ever took."),
            "invariants": _list(_object({"invariant": _TEXT, "broken": _list(broken)})),
        }
    )
    return {**body, "$defs": definitions}


def _twice() -> dict[str, Json]:
    kinds: Json = {"enum": ["exit", "output", "artifact", "file", "request"]}
    handler = _object(
        {
            "node": _said(_TEXT, "Its path in the workflow."),
            "template": _TEXT,
            "same": _said(_TRUTH, "The second time changes nothing."),
            "differences": _list(_object({"kind": kinds, "message": _TEXT}, {})),
        },
        {
            "again": _said(_list(_TEXT), "Requests that were sent again, to no further effect."),
            "notRun": _said(_TEXT, "Why it could not be run."),
            "failed": _said(_TEXT, "How it ended both times, where that is no success."),
        },
    )
    situation = _object({"fault": _said(_TEXT, "What goes wrong in the run."), "handlers": _list(handler)}, {})
    return _object({"version": {"const": 1}, "workflow": _TEXT, "same": _TRUTH, "situations": _list(situation)}, {})


def _test() -> dict[str, Json]:
    problem = _object({"message": _TEXT}, {"line": _LINE, "column": _COUNT})
    case = _object(
        {"path": _TEXT, "document": _COUNT, "name": _TEXT, "passed": _TRUTH},
        {"problems": _list(problem), "error": _TEXT, "phase": _TEXT, "ended": _TEXT},
    )
    return _object({"version": {"const": 1}, "passed": _TRUTH, "cases": _list(case)})


def _coverage() -> dict[str, Json]:
    kinds = {"enum": ["template", "branch", "hook", "handler"]}
    item = _object({"kind": kinds, "what": _TEXT, "path": _TEXT, "line": _LINE, "times": _COUNT})
    workflow = _object({"path": _TEXT, "name": _TEXT, "scenarios": _COUNT, "items": _list(item)})
    return _object({"version": {"const": 1}, "percent": {"type": "number"}, "workflows": _list(workflow)})


def _diff() -> dict[str, Json]:
    worse = _said({"type": ["boolean", "null"]}, "Whether it is for the worse; null: neither.")
    change = _object({"change": _TEXT, "worse": worse, "faults": _list(_TEXT)})
    names = _list(_TEXT)
    return _object(
        {
            "version": {"const": 1},
            "old": _TEXT,
            "new": _TEXT,
            "compared": _COUNT,
            "changes": _list(change),
            "onlyOld": _said(names, "Faults that only the old version knows."),
            "onlyNew": _said(names, "Faults that only the new version knows."),
        }
    )


def _replay() -> dict[str, Json]:
    difference = _object({"node": _TEXT, "what": _TEXT, "real": _TEXT, "simulated": _TEXT})
    scenario = _said({"type": "object"}, "As a scenario file has it: scenario.schema.json.")
    return _object(
        {
            "version": {"const": 1},
            "workflow": _TEXT,
            "phase": _TEXT,
            "differences": _list(difference),
            "scenario": scenario,
        }
    )


def _object(required: dict[str, Json], more: dict[str, Json] | None = None) -> dict[str, Any]:
    return {"type": "object", "properties": {**required, **(more or {})}, "required": sorted(required)}


def _list(item: Json) -> dict[str, Json]:
    return {"type": "array", "items": item}


def _said(schema: dict[str, Json], words: str) -> dict[str, Json]:
    return {**schema, "description": words}
