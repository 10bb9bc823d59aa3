"""Finding templates (v4.1 workflow/templateresolution/context.go, and GetTemplateByBoundaryID of workflowpod.go)."""

from __future__ import annotations

from typing import NamedTuple

from argosy.simulate.controller.decode import workflow_like
from argosy.simulate.controller.merge import strategic_merge
from argosy.simulate.controller.nodes import TYPES, kind_of
from argosy.simulate.controller.operation import Refused
from argosy.simulate.controller.state import Node, Obj, State


class Base(NamedTuple):
    """Where local template names are looked up (TemplateContext.tmplBase)."""

    resource: str
    """``local``, ``namespaced`` or ``cluster``."""
    name: str

    @property
    def scope(self) -> str:
        """Give the templateScope of nodes made from here."""
        return f"{self.resource}/{self.name}"


LOCAL = "local"


def local(state: State) -> Base:
    """Give the workflow itself as the base."""
    return Base(LOCAL, "" if state.stored_spec is not None else state.name)


def base_of(state: State, node: Node) -> Base:
    """Give the base that a node's template was found from (GetTemplateScope, createTemplateContext)."""
    resource, _, name = node.template_scope.partition("/")
    return local(state) if not node.template_scope or resource == LOCAL else Base(resource, name)


def _spec(state: State, base: Base) -> Obj:
    if base.resource == LOCAL:
        return state.spec
    found = _library(state, base.resource == "cluster", base.name)
    if found is None:
        kind = "clusterworkflowtemplate" if base.resource == "cluster" else "workflowtemplate"
        raise Refused(f'{kind}.argoproj.io "{base.name}" not found')
    return found


def _library(state: State, cluster: bool, name: str) -> Obj | None:
    """Give the spec of a WorkflowTemplate, decoded; once seen it stays as it was for this workflow's sake."""
    kind = "ClusterWorkflowTemplate" if cluster else "WorkflowTemplate"
    found = state.cluster.get(kind, "" if cluster else state.namespace, name)
    if found is None:
        return None
    cache: dict[int, tuple[Obj, Obj]] = state.caches.setdefault("libraries", {})
    known = cache.get(id(found))
    if known is None or known[0] is not found:
        known = cache[id(found)] = (found, workflow_like(found).get("spec") or {})
    return known[1]


def library(state: State, reference: Obj) -> Obj | None:
    """Give the spec of what a templateRef or workflowTemplateRef names, or None."""
    return _library(state, bool(reference.get("clusterScope")), str(reference.get("name") or ""))


def _named(spec: Obj, name: str) -> Obj | None:
    return next((t for t in spec.get("templates") or () if t.get("name") == name), None)


def by_name(state: State, name: str) -> Obj | None:
    """Give a template of the workflow itself by name."""
    index: dict[str, Obj] | None = state.caches.get("by_name")
    if index is None:
        index = {}
        for template in (state.spec.get("templates") or []) + ((state.stored_spec or {}).get("templates") or []):
            index.setdefault(template.get("name") or "", template)
        state.caches["by_name"] = index
    return index.get(name)


def _with_pod_metadata(state: State, spec: Obj, template: Obj) -> Obj:
    """addPodMetadata: the template's own labels and annotations win (in 3.7, the workflow's)."""
    metadata = spec.get("podMetadata")
    if not metadata:
        return template
    own = template.get("metadata") or {}
    merged = dict(own)
    for part in ("annotations", "labels"):
        if metadata.get(part):
            mine, theirs = own.get(part) or {}, metadata[part]
            merged[part] = {**theirs, **mine} if state.version >= "4.0" else {**mine, **theirs}
    return {**template, "metadata": merged} if merged else template


def _find(state: State, base: Base, holder: Obj) -> Obj:
    """TemplateContext.GetTemplate."""
    inline = holder.get("inline")
    if inline is not None:
        return dict(inline)
    reference = holder.get("templateRef")
    if reference:
        spec = library(state, reference)
        if spec is None:
            raise Refused(f"workflow template {reference.get('name', '')} not found")
        template = _named(spec, reference.get("template") or "")
        if template is None:
            raise Refused(
                f"template {reference.get('template', '')} not found in workflow template {reference.get('name', '')}"
            )
        return _with_pod_metadata(state, spec, template)
    name = holder.get("template")
    if name:
        spec = _spec(state, base)
        template = by_name(state, name) if base.resource == LOCAL else _named(spec, name)
        if template is None:
            raise Refused(f"template {name} not found")
        return _with_pod_metadata(state, spec, template)
    raise Refused("failed to get a template")


def resolve(state: State, base: Base, holder: Obj) -> tuple[Base, Obj]:
    """Give the template that a step, task, hook or node means, and the base for what it refers to in turn.

    Follows ResolveTemplate: what came from a WorkflowTemplate is stored at first sight. Raises Refused.
    """
    reference = holder.get("templateRef")
    new_base = base
    stored_key = ""
    if reference:
        new_base = Base("cluster" if reference.get("clusterScope") else "namespaced", str(reference.get("name") or ""))
        stored_key = f"{new_base.resource}/{new_base.name}/{reference.get('template', '')}"
    elif holder.get("inline") is None:
        stored_key = f"{base.resource}/{base.name}/{holder.get('template') or ''}"
    template = state.templates.get(stored_key) if stored_key else None
    if template is None:
        template = _find(state, base, holder)
        if stored_key:
            state.templates[stored_key] = template
    if not kind_of(template):
        raise Refused(f"template '{template.get('name', '')}' type is unknown")
    return new_base, template


def with_defaults(state: State, template: Obj) -> Obj:
    """Give a template with the workflow's templateDefaults below it (mergedTemplateDefaultsInto)."""
    defaults = state.spec.get("templateDefaults")
    if not defaults:
        return template
    kind = kind_of(template)
    applicable = {k: v for k, v in defaults.items() if k == kind or k not in TYPES or isinstance(v, list)}
    merged = strategic_merge(applicable, template)
    return {k: v for k, v in merged.items() if k == kind or k not in TYPES or k in _KEPT}


_KEPT = ("http", "plugin", "containerSet")
"""Template.SetType clears the other kinds, but not these."""


def of_node(state: State, node: Node) -> Obj | None:
    """Give the template of a node (GetNodeTemplate); None when it has none. Raises Refused."""
    if node.template_ref:
        spec = library(state, node.template_ref)
        if spec is None:
            raise Refused(f"workflow template {node.template_ref.get('name', '')} not found")
        template = _named(spec, node.template_ref.get("template") or "")
        if template is None:
            raise Refused(
                f"template {node.template_ref.get('template', '')} not found in workflow template "
                f"{node.template_ref.get('name', '')}"
            )
        return template
    return by_name(state, node.template_name)


def of_boundary(state: State, boundary_id: str) -> Obj | None:
    """Give the template of a boundary, unsubstituted; None for an inline one (GetTemplateByBoundaryID)."""
    node = state.nodes.get(boundary_id)
    if node is None or not (node.template_name or node.template_ref):
        return None
    known: dict[str, tuple[Node, Obj]] = state.caches.setdefault("boundaries", {})
    found = known.get(boundary_id)
    if found is None or found[0] is not node:
        holder: Obj = {"template": node.template_name, "templateRef": node.template_ref}
        found = known[boundary_id] = (node, resolve(state, base_of(state, node), holder)[1])
    return found[1]


def holder_of(node: Node) -> Obj:
    """Give a node as the holder of its template reference."""
    return {"template": node.template_name, "templateRef": node.template_ref}


def retry_strategy(state: State, template: Obj) -> Obj | None:
    """Give the retry strategy of a template: its own, or the workflow's."""
    own = template.get("retryStrategy")
    found: Obj | None = own if own is not None else state.spec.get("retryStrategy")
    return found
