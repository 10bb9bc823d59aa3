"""A whole file: what it imports, its templates, its workflows; compiled again, and compared with what it came from."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from argosy.errors import ArgosyError
from argosy.frontend import workflows
from argosy.frontend.hints import encode
from argosy.frontend.importer.flows import Callable_, Callables, write_flow
from argosy.frontend.importer.leaves import write_leaf, write_raw
from argosy.frontend.importer.literals import literal, quoted
from argosy.frontend.importer.meaning import meaning, template_meaning
from argosy.frontend.importer.names import Names
from argosy.frontend.importer.references import printing
from argosy.frontend.importer.templates import (
    File,
    NotSayableError,
    Signature,
    decorator,
    flow_outputs,
    read_signature,
    split_options,
)
from argosy.frontend.load import compile_path
from argosy.source import Json

_KINDS = {
    "Workflow": ("workflow", workflows.WorkflowOptions),
    "WorkflowTemplate": ("workflow_template", workflows.TemplateKindOptions),
    "ClusterWorkflowTemplate": ("cluster_workflow_template", workflows.TemplateKindOptions),
    "CronWorkflow": ("cron_workflow", workflows.CronOptions),
}


@dataclass(slots=True)
class Imported:
    """The Python of some manifests, and what could not be said in typed words, with reasons."""

    text: str
    kept: dict[str, str] = field(default_factory=dict)
    """Why a template, or a whole document, is kept as plain data; by ``document`` or ``document/template``."""


def import_documents(documents: Sequence[dict[str, Json]]) -> Imported:
    """Write typed Python that compiles to what means the same as the documents."""
    kept: dict[str, str] = {}
    plain: set[str] = set()
    for _ in range(60):
        text, reasons = _write(documents, kept, plain)
        if set(reasons) - set(kept):
            kept = {**reasons, **kept}
            continue
        wrong = _differences(documents, text)
        if not wrong:
            return Imported(text, kept)
        if not wrong.keys() <= plain | kept.keys():
            plain |= wrong.keys()  # a second try without Python names for what steps give to each other
            continue
        new = {key: reason for key, reason in wrong.items() if key not in kept}
        kept.update(
            new or {_key(i, d): "compiled again, it would mean something else" for i, d in enumerate(documents)}
        )
    return Imported(text, kept)


def _key(index: int, document: dict[str, Json]) -> str:
    metadata = document.get("metadata") or {}
    return f"{index}:{metadata.get('name') or metadata.get('generateName') or document.get('kind')}"


def _write(documents: Sequence[dict[str, Json]], kept: dict[str, str], plain: set[str]) -> tuple[str, dict[str, str]]:
    file = File(Names())
    reasons: dict[str, str] = {}
    parts: list[str] = []
    for index, document in enumerate(documents):
        key = _key(index, document)
        try:
            if key in kept:
                raise NotSayableError(kept[key])
            parts += _Document(copy.deepcopy(document), key, kept, file, reasons, plain).write()
        except NotSayableError as error:
            reasons[key] = str(error)
            file.use("raw_workflow")
            parts.append(f"{file.names.new(key.partition(':')[2])} = raw_workflow(\n    {literal(document, 4)}\n)\n")
    return "\n\n".join([imports(file), *parts]), reasons


def imports(file: File) -> str:
    """Give the import lines of a file."""
    lines = []
    if file.path:
        lines.append("from pathlib import Path")
    if file.typing:
        lines.append(f"from typing import {', '.join(sorted(file.typing))}")
    names = sorted(file.argosy)
    if not names:
        return ""
    line = f"from argosy import {', '.join(names)}"
    if len(line) > 110:
        line = "from argosy import (\n" + "".join(f"    {n},\n" for n in names) + ")"
    return "\n".join([*lines, *([""] if lines else []), line]) + "\n"


class _Document:
    """One document in the making."""

    def __init__(
        self,
        document: dict[str, Json],
        key: str,
        kept: dict[str, str],
        file: File,
        reasons: dict[str, str],
        plain: set[str],
    ) -> None:
        self.kind = str(document.get("kind"))
        if self.kind not in _KINDS:
            raise NotSayableError(f"a {self.kind} is not a workflow")
        left = set(document) - {"apiVersion", "kind", "metadata", "spec", "status"}
        if left or not isinstance(document.get("spec"), dict):
            raise NotSayableError(f"it has {', '.join(sorted(left)) or 'no spec'}")
        self.metadata = dict(document.get("metadata") or {})
        self.outer = dict(document["spec"])
        self.spec = self.outer.pop("workflowSpec", None) or {} if self.kind == "CronWorkflow" else self.outer
        if self.kind != "CronWorkflow":
            self.outer = {}
        self.key, self.kept, self.file, self.reasons = key, kept, file, reasons
        self.plain = plain
        self.callables: Callables = {}

    def write(self) -> list[str]:
        """Give the parts of the file."""
        if isinstance(self.spec.get("workflowTemplateRef"), dict) and not self.spec.get("templates"):
            return [self._refer()]
        templates = self.spec.pop("templates", None) or []
        if not templates or not all(isinstance(t, dict) and isinstance(t.get("name"), str) for t in templates):
            raise NotSayableError("it has no templates of its own")
        entry = self.spec.get("entrypoint")
        names = [t["name"] for t in templates]
        first = names.index(entry) if entry in names else 0
        handler = str(self.spec.get("onExit") or "")
        as_handler = (
            handler in names
            and handler != names[first]
            and f"{self.key}/{handler}" not in self.kept
            and not _called(templates, handler)
        )
        self.file.prints = printing(templates)
        for one in templates:
            self._declare(one)
        parts = self._references(templates)
        for one in [t for i, t in enumerate(templates) if i != first]:
            parts.append(self._template(one, as_handler and one["name"] == handler))
        body = self._template(templates[first], False)
        if as_handler:
            self.spec.pop("onExit")
        parts.append(self._decorate(body, templates, first, handler if as_handler else None))
        return parts

    def _refer(self) -> str:
        """Write a workflow whose spec is a template's."""
        reference = self.spec.pop("workflowTemplateRef")
        if set(reference) - {"name", "clusterScope"} or self.kind not in ("Workflow", "CronWorkflow"):
            raise NotSayableError("its workflowTemplateRef has unknown fields")
        options = self._metadata_options()
        if reference.get("clusterScope"):
            options["cluster_scope"] = "True"
        if "entrypoint" in self.spec:
            options["entrypoint"] = quoted(str(self.spec.pop("entrypoint")))
        parameters = (self.spec.get("arguments") or {}).get("parameters") or []
        if parameters and all(set(p) == {"name", "value"} for p in parameters) and len(self.spec["arguments"]) == 1:
            options["arguments"] = literal({p["name"]: encode(p["value"]) for p in parameters}, 4)
            del self.spec["arguments"]
        more, extra = self._spec_options(dict(self.spec))
        options.update(more)
        if extra:
            options["extra"] = literal(extra, 4)
        self.file.use("workflow_of")
        python = self.file.names.new(self.key.partition(":")[2])
        inside = "".join(f"    {k}={v},\n" for k, v in options.items())
        return f"{python} = workflow_of(\n    {quoted(str(reference.get('name')))},\n{inside})\n"

    def _metadata_options(self) -> dict[str, str]:
        options: dict[str, str] = {}
        for key, option in {"name": "name", "generateName": "generate_name", "namespace": "namespace"}.items():
            if key in self.metadata:
                options[option] = quoted(str(self.metadata.pop(key)))
        for key in ("labels", "annotations"):
            if self.metadata.get(key):
                options[key] = literal(self.metadata.pop(key), 4)
        if any(self.metadata.values()):
            raise NotSayableError(f"its metadata has {', '.join(self.metadata)}")
        if self.kind == "Workflow" and not options.keys() & {"name", "generate_name"}:
            raise NotSayableError("it has no name")
        return options

    def _spec_options(self, spec: dict[str, Json]) -> tuple[dict[str, str], dict[str, Json]]:
        """Give the fields of the spec, and of a CronWorkflow around it, as options; and what is left of the spec."""
        known = _KINDS[self.kind][1]
        options: dict[str, str] = {}
        options.update({k: literal(self.outer.pop(k), 4) for k in ("schedules", "when") if self.outer.get(k)})
        cron, left = split_options(self.outer, known, container=False)
        if left:
            raise NotSayableError(f"its spec has {', '.join(left)}")
        more, extra = split_options(spec, known, container=False)
        if self.kind == "CronWorkflow" and "suspend" in more:
            extra["suspend"] = spec["suspend"]
            del more["suspend"]
        return {**options, **cron, **more}, extra

    def _declare(self, template: dict[str, Json]) -> None:
        name = template["name"]
        python = self.file.names.new(name)
        signature = Signature()
        try:
            bare = {k: v for k, v in template.items() if k in ("name", "inputs")}
            signature = read_signature(bare, File(Names(), prints=self.file.prints), "flow")
            if f"{self.key}/{name}" in self.kept:
                signature.outputs.clear()
            else:
                signature.outputs.update(self._outputs_of(template))
        except NotSayableError:
            pass
        self.callables[name] = Callable_(python, signature, {})

    def _outputs_of(self, template: dict[str, Json]) -> dict[str, str]:
        """Say how callers reach the outputs of a template."""
        if "steps" in template or "dag" in template:
            return flow_outputs(template)
        style = "resource" if "resource" in template else "supplied" if {"suspend", "plugin"} & set(template) else "pod"
        bare = {k: v for k, v in template.items() if k in ("name", "outputs")}
        try:
            return read_signature(bare, File(Names()), style).outputs
        except NotSayableError:
            return {}

    def _references(self, templates: list[dict[str, Json]]) -> list[str]:
        """Give a stub for each template elsewhere that a step runs, with the arguments that are passed."""
        found: dict[str, tuple[dict[str, Json], dict[str, None]]] = {}
        for reference, arguments in (pair for t in templates for pair in _template_refs(t)):
            key = f"{reference.get('name')}/{reference.get('template')}"
            used = found.setdefault(key, (reference, {}))[1]
            used.update({p["name"]: None for p in arguments.get("parameters") or [] if "name" in p})
            if arguments.get("artifacts"):
                raise NotSayableError(f"it passes artifacts to {key}")
        return [self._stub(key, reference, list(used)) for key, (reference, used) in found.items()]

    def _stub(self, key: str, reference: dict[str, Json], used: list[str]) -> str:
        if set(reference) - {"name", "template", "clusterScope"}:
            raise NotSayableError("a reference has unknown fields")
        python = self.file.names.new(str(reference.get("template")))
        bare = {"name": "x", "inputs": {"parameters": [{"name": n} for n in used]}}
        signature = read_signature(bare, self.file, "flow")
        options = {}
        if python.strip("_").replace("_", "-") != reference.get("template"):
            options["template"] = quoted(str(reference.get("template")))
        if reference.get("clusterScope"):
            options["cluster_scope"] = "True"
        self.file.use("template_ref")
        words = [quoted(str(reference.get("name"))), *(f"{k}={v}" for k, v in options.items())]
        self.callables[key] = Callable_(python, signature, {})
        parameters = [f"{p} = {quoted('')}" for p in signature.parameters]
        return f"@template_ref({', '.join(words)})\ndef {python}({', '.join(parameters)}) -> None: ...\n"

    def _template(self, template: dict[str, Json], handler: bool) -> str:
        key = f"{self.key}/{template['name']}"
        python = self.callables[template["name"]].python
        template = {k: v for k, v in template.items() if v not in (None, {}, []) or k == "suspend"}
        try:
            if key in self.kept:
                raise NotSayableError(self.kept[key])
            if "steps" in template or "dag" in template:
                plain = key in self.plain or self.key in self.plain
                made, called = write_flow(copy.deepcopy(template), python, self.callables, self.file, handler, plain)
                self.file.calls[key] = called
                return made
            return write_leaf(copy.deepcopy(template), python, self.file, handler)
        except NotSayableError as error:
            self.reasons[key] = str(error)
            return write_raw(template, python, [], self.file)

    def _decorate(self, body: str, templates: list[dict[str, Json]], first: int, handler: str | None) -> str:
        decorated = _KINDS[self.kind][0]
        options = self._metadata_options()
        if handler is not None:
            options["on_exit"] = self.callables[handler].python
        spec = {k: v for k, v in self.spec.items() if k != "entrypoint"}
        more, extra = self._spec_options(spec)
        if "entrypoint" not in self.spec:
            extra["entrypoint"] = None
        if "arguments" not in extra and self.callables[templates[first]["name"]].signature.arguments:
            extra["arguments"] = None
        reached = self._reached(str(templates[first]["name"]), handler)
        others = [self.callables[t["name"]].python for t in templates if t["name"] not in reached]
        options.update(more)
        if others:
            options["templates"] = (
                f"[{', '.join(others)}]"
                if len(", ".join(others)) < 80
                else "[\n        " + ",\n        ".join(others) + ",\n    ]"
            )
        if extra:
            options["extra"] = literal(extra, 4)
        self.file.use(decorated)
        return _below_classes(body, decorator(decorated, options))

    def _reached(self, entry: str, handler: str | None) -> set[str]:
        """Give the templates that calls reach, so that they need not be named."""
        reached: set[str] = set()
        waiting = [entry, *([handler] if handler else [])]
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                waiting += self.file.calls.get(f"{self.key}/{name}", ())
        return reached


def _below_classes(body: str, head: str) -> str:
    """Put a decorator above the function's own, below the classes that it needs."""
    at = max(body.rfind("\n@"), -1) + 1
    return body[:at] + head + "\n" + body[at:]


def _called(templates: list[dict[str, Json]], name: str) -> bool:
    """Tell whether any step, task or hook runs a template."""
    return any(_mentions(t, name) for t in templates)


def _mentions(value: Json, name: str) -> bool:
    if isinstance(value, dict):
        return value.get("template") == name or any(_mentions(v, name) for v in value.values())
    return isinstance(value, list) and any(_mentions(v, name) for v in value)


def _template_refs(template: dict[str, Json]) -> list[tuple[dict[str, Json], dict[str, Json]]]:
    steps = [s for g in template.get("steps") or [] for s in (g if isinstance(g, list) else [g])]
    tasks = (template.get("dag") or {}).get("tasks") or []
    return [
        (s["templateRef"], s.get("arguments") or {}) for s in [*steps, *tasks] if isinstance(s.get("templateRef"), dict)
    ]


def _differences(documents: Sequence[dict[str, Json]], text: str) -> dict[str, str]:
    """Compile the text; say which templates or documents do not mean what they meant."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "imported.py"
        path.write_text(text, encoding="utf-8")
        try:
            made = [m.data for m in compile_path(path)]
        except ArgosyError as error:
            return {_key(i, d): f"compiling it again fails: {error.message}" for i, d in enumerate(documents)}
    wrong: dict[str, str] = {}
    for index, document in enumerate(documents):
        key = _key(index, document)
        found = made[index] if index < len(made) else {}
        if meaning(found) == meaning(document):
            continue
        ours, theirs = _templates(found), _templates(document)
        different = [n for n in theirs if ours.get(n) != theirs[n]]
        reason = "compiled again, it would mean something else"
        wrong.update({f"{key}/{n}": reason for n in different} if different else {key: reason})
    return wrong


def _templates(document: dict[str, Any]) -> dict[str, Any]:
    spec = document.get("spec") or {}
    spec = spec.get("workflowSpec", spec)
    return {t.get("name"): template_meaning(t) for t in spec.get("templates") or []}
