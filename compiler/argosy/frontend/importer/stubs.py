"""``argosy stubs``: the templates of WorkflowTemplates as typed functions, to call by reference from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from argosy.frontend.importer.documents import imports
from argosy.frontend.importer.literals import literal, quoted
from argosy.frontend.importer.names import Names, camel_case
from argosy.frontend.importer.templates import File, NotSayableError, decorator, read_signature
from argosy.source import Json

_KINDS = ("WorkflowTemplate", "ClusterWorkflowTemplate")


def stubs(documents: Sequence[dict[str, Json]]) -> str:
    """Write a typed function for each template of each WorkflowTemplate and ClusterWorkflowTemplate.

    One with a value may be left out. What pods print is the result where a
    template has no other outputs.
    """
    file = File(Names())
    parts = [part for d in documents if d.get("kind") in _KINDS for part in _document(d, file)]
    return "\n\n".join([imports(file), *parts])


def _document(document: dict[str, Json], file: File) -> list[str]:
    name = str((document.get("metadata") or {}).get("name"))
    cluster = document["kind"] == "ClusterWorkflowTemplate"
    templates = (document.get("spec") or {}).get("templates") or []
    return [_template(t, name, cluster, file) for t in templates if isinstance(t, dict) and t.get("name")]


def _template(template: dict[str, Json], owner: str, cluster: bool, file: File) -> str:
    name = str(template["name"])
    python = file.names.new(name)
    try:
        signature = read_signature({"name": name, "inputs": _called(template.get("inputs") or {})}, file, "flow")
    except NotSayableError as error:
        return f"# {name} of {owner} has no stub: {error}\n"
    options = {} if python.strip("_").replace("_", "-") == name else {"template": quoted(name)}
    if cluster:
        options["cluster_scope"] = "True"
    classes, returns, prints = _results(template, file)
    if prints:
        options["prints"] = "True"
    file.use("template_ref", *(["supplied"] if returns != "None" else []))
    head = decorator("template_ref", {"": quoted(owner), **options}).replace("=", "", 1)
    body = "return supplied()" if returns != "None" else "..."
    inside = ", ".join(signature.parameters)
    made = f"{head}\ndef {python}({inside}) -> {returns}:\n    {_doc(template, owner)}    {body}\n"
    return "".join(f"{c}\n\n" for c in classes) + made


def _called(inputs: dict[str, Json]) -> dict[str, Json]:
    """Give the inputs as a caller sees them: where files go in the pod is not its business."""
    artifacts = [
        {"name": a["name"], **({"optional": True} if _has_source(a) else {})} for a in inputs.get("artifacts") or []
    ]
    return {"parameters": inputs.get("parameters") or [], "artifacts": artifacts}


def _has_source(artifact: dict[str, Json]) -> bool:
    return bool(set(artifact) - {"name", "path", "archive", "mode", "recurseMode"})


def _doc(template: dict[str, Json], owner: str) -> str:
    annotations = (template.get("metadata") or {}).get("annotations") or template.get("annotations") or {}
    said = annotations.get("workflows.argoproj.io/description") if isinstance(annotations, dict) else None
    first = str(said or f"The template {template['name']} of {owner}.").strip().splitlines()[0]
    return f"{quoted(first).replace(chr(34), chr(34) * 3) if chr(34) not in first else repr(first)}\n"


def _results(template: dict[str, Json], file: File) -> tuple[list[str], str, bool]:
    """Give the classes that the result needs, its type, and whether it is what the pod prints."""
    outputs = template.get("outputs") or {}
    hints = [(str(p["name"]), "str", "Parameter") for p in outputs.get("parameters") or []]
    hints += [(str(a["name"]), "Path", "Artifact") for a in outputs.get("artifacts") or []]
    if not hints:
        prints = bool({"container", "script", "http"} & set(template))
        return [], "str" if prints else "None", prints
    names = Names({"count", "index"})
    fields = []
    for name, hint, of in hints:
        python = names.new(name)
        file.path = file.path or hint == "Path"
        if python != name or len(hints) == 1:
            file.typing.add("Annotated")
            file.use(of)
            hint = f"Annotated[{hint}, {of}(name={literal(name)})]"
        fields.append((python, hint))
    if len(fields) == 1:
        return [], fields[0][1], False
    file.typing.add("NamedTuple")
    made = file.names.new(camel_case(str(template["name"])) + "Outputs")
    return [f"class {made}(NamedTuple):\n" + "".join(f"    {n}: {h}\n" for n, h in fields)], made, False
