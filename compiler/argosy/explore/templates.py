"""The templates of what is explored, and where each stands: of the workflow and of all that was given with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from argosy.simulate.given import Given
from argosy.source import Address, Json, Manifest, Span

Obj = dict[str, Json]


@dataclass(frozen=True, slots=True)
class Placed:
    """Something of a manifest, with its address."""

    data: Obj
    manifest: Manifest
    address: Address

    def at(self, *steps: str | int) -> Span:
        """Give where something in it stands, in its file."""
        return self.manifest.origin.locate((*self.address, *steps))


@dataclass(slots=True)
class Templates:
    """Every template by name; of two with the same name, the workflow's own counts."""

    spec: Placed
    """The spec in force: of the workflow, or of the template that it refers to."""
    by_name: dict[str, Placed] = field(default_factory=dict)

    @staticmethod
    def calls(template: Obj, address: Address = ()) -> Iterator[tuple[Obj, Address]]:
        """Give the steps or tasks of a template, with their addresses in it."""
        for i, group in enumerate(_list(template.get("steps"))):
            listed = group if isinstance(group, list) else [group]
            for j, step in enumerate(listed):
                if isinstance(step, dict):
                    yield step, (*address, "steps", i, *((j,) if isinstance(group, list) else ()))
        dag = template.get("dag")
        for i, task in enumerate(_list(dag.get("tasks") if isinstance(dag, dict) else None)):
            if isinstance(task, dict):
                yield task, (*address, "dag", "tasks", i)

    def called(self, call: Obj) -> tuple[str, Obj]:
        """Give the name and the data of the template that a step, task or hook names; an empty one if it is not there.

        An inline template has no name.
        """
        inline = call.get("inline")
        if isinstance(inline, dict):
            return "", inline
        reference = call.get("templateRef")
        name = str((reference if isinstance(reference, dict) else call).get("template") or "")
        placed = self.by_name.get(name)
        return name, placed.data if placed else {}


def templates_of(given: Given) -> Templates:
    """Find the templates in what was given."""
    main = _spec_of(given.main)
    reference = main.data.get("workflowTemplateRef")
    name = reference.get("name") if isinstance(reference, dict) else None
    referred = next((_spec_of(m) for m in given.others if name and m.name == name), None)
    out = Templates(referred or main)
    for spec in (main, *([referred] if referred else []), *(_spec_of(m) for m in given.others)):
        for i, template in enumerate(_list(spec.data.get("templates"))):
            if isinstance(template, dict) and template.get("name"):
                placed = Placed(template, spec.manifest, (*spec.address, "templates", i))
                out.by_name.setdefault(str(template["name"]), placed)
    return out


def _spec_of(manifest: Manifest) -> Placed:
    address: Address = ("spec",)
    spec = manifest.data.get("spec")
    spec = spec if isinstance(spec, dict) else {}
    inner = spec.get("workflowSpec")
    if isinstance(inner, dict):
        return Placed(inner, manifest, ("spec", "workflowSpec"))
    return Placed(spec, manifest, address)


def _list(data: Json) -> list[Json]:
    return data if isinstance(data, list) else []


def handler_name(spec: Obj) -> str:
    """Give the template that a spec names as its exit handler, or empty text."""
    hook = (spec.get("hooks") or {}).get("exit") or {}
    reference = hook.get("templateRef") or {}
    return str(spec.get("onExit") or hook.get("template") or reference.get("template") or "")
