"""What to tell people about a field that does not fit: in words, with what they probably meant."""

from __future__ import annotations

from collections.abc import Iterable

from argosy.model.fields import Fields, field_table
from argosy.source import Address, Json, format_address
from argosy.spelling import nearest
from argosy.versions import ArgoVersion

_EXPECTED = {
    "string": "text",
    "bool": "true or false",
    "int": "a whole number",
    "int32": "a whole number of 32 bits",
    "int64": "a whole number",
    "uint64": "a whole number, not negative",
    "bytes": "text in base64",
    "argo.Plugin": "a map with exactly one key",
    "intstr.IntOrString": "a whole number or text",
    "meta.Time": "a time such as 2026-01-31T12:00:00Z",
    "resource.Quantity": "a quantity such as 100m, 2 or 1.5Gi",
    "argo.AnyString": "text or a number",
    "argo.ParallelSteps": "a list of steps",
    "apiVersion": "a group and a version such as argoproj.io/v1alpha1",
}
_TEXTUAL = ("string", "intstr.IntOrString")
_MOVED = {
    ("argo.CronWorkflowSpec", "schedule"): "write schedules, a list",
    ("argo.Synchronization", "mutex"): "write mutexes, a list",
    ("argo.Synchronization", "semaphore"): "write semaphores, a list",
    ("argo.Template", "priority"): "use priorityClassName, or podSpecPatch",
    ("argo.WorkflowSpec", "podPriority"): "use podPriorityClassName, or podSpecPatch",
}
_NAMES = {"argo.WorkflowSpec": "a workflow's spec", "argo.DAGTask": "a DAG task", "argo.WorkflowStep": "a step"}


def other_case(key: str, fields: Iterable[str]) -> str | None:
    """Give the field that a name is, but for the case of its letters."""
    folded = key.casefold()
    return next((name for name in fields if name.casefold() == folded), None)


def wrong_type(data: Json, code: str, address: Address) -> tuple[str, str | None]:
    """Give the message and the hint for a value that its field cannot hold."""
    where = format_address(address) or "the document"
    return f"{where} must be {_expected(code)}, not {describe(data)}", _type_hint(data, code)


def _expected(code: str) -> str:
    if code.startswith("[]"):
        return "a list"
    return _EXPECTED.get(code, "a map")


def _type_hint(data: Json, code: str) -> str | None:
    if code in _TEXTUAL and isinstance(data, bool):
        return 'quote it: "true" or "false", or what stood here: YAML takes y, n, yes, no, on and off for these'
    if code in _TEXTUAL and isinstance(data, (int, float)):
        return f'quote it: "{data}"'
    if code == "argo.ParallelSteps" and isinstance(data, dict):
        return "steps are a list of lists: write `- - name:` for a step that runs alone"
    if code.startswith("[]") and isinstance(data, (str, int, float, dict)):
        return "write a list with one entry: put `- ` before it"
    if code in ("bool", "int", "int32", "int64", "uint64") and isinstance(data, str):
        return "leave the quotes out" if data.lstrip("-").isdigit() or data in ("true", "false") else None
    return None


def describe(data: Json) -> str:
    """Say what a value is, shortly."""
    match data:
        case None:
            return "nothing"
        case bool():
            return "true" if data else "false"
        case int() | float():
            return f"the number {data}"
        case str():
            return f'the text "{data}"' if len(data) <= 40 else f'the text "{data[:37]}..."'
        case list():
            return "a list"
    return "a map"


def unknown_field(key: str, name: str, address: Address, version: ArgoVersion) -> tuple[str, str | None]:
    """Give the message and the hint for a field that a type does not have."""
    place = format_address(address)
    message = f"unknown field {key}" + (f" in {place}" if place else "")
    return message, _field_hint(key, name, version)


def _field_hint(key: str, name: str, version: ArgoVersion) -> str | None:
    fields = field_table(version).types[name]
    return (
        _other_version(key, name, version)
        or _similar(key, fields)
        or _below(key, fields, field_table(version).types)
        or _elsewhere(key, version)
    )


def _other_version(key: str, name: str, version: ArgoVersion) -> str | None:
    having = [v for v in ArgoVersion if key in field_table(v).types.get(name, {})]
    if not having:
        return None
    if having[-1] < version:
        instead = _MOVED.get((name, key))
        return f"Argo has it until {having[-1]}" + (f": {instead}" if instead else "")
    return f"Argo has it since {having[0]}; this is checked for {version}"


def similar(key: str, fields: Fields) -> str | None:
    """Give the field that a misspelt one is nearest to, or None."""
    return other_case(key, fields) or next(iter(nearest(key, fields, cutoff=0.7)), None)


def _similar(key: str, fields: Fields) -> str | None:
    meant = similar(key, fields)
    return f"did you mean {meant}?" if meant else None


def _below(key: str, fields: Fields, types: dict[str, Fields]) -> str | None:
    """Look for the field one level down, in what the type holds itself."""
    under = next((field for field, code in fields.items() if key in types.get(code, {}) and field != "status"), None)
    return f"it belongs under {under}" if under else None


def _elsewhere(key: str, version: ArgoVersion) -> str | None:
    """Name the one type of Argo's own that has such a field."""
    types = field_table(version).types
    having = [name for name, fields in types.items() if key in fields and name in _NAMES]
    return f"it is a field of {_NAMES[having[0]]}" if len(having) == 1 else None
