"""Templates that are one pod: container, script, resource, data (v4.1 operator.go executeContainer, ...)."""

from __future__ import annotations

from argosy.simulate.controller import goyaml, nodes, pods
from argosy.simulate.controller.execute import Call, Result
from argosy.simulate.controller.operation import Operation, Refused
from argosy.simulate.controller.state import Node, Obj
from argosy.simulate.controller.templates import Base

_GUARDED = ("synchronization", "timeout", "pendingTimeout", "memoize", "annotations")
"""What makes a leaf more than a wait for its pod."""


def pod_node(op: Operation, call: Call, template: Obj, *, await_result: bool = True) -> Node:
    """Give the node of a pod, making it if need be."""
    node = op.state.by_name.get(call.name)
    if node is None:
        node = nodes.init_executable(
            op, call.name, "Pod", call.base.scope, template, call.holder, call.options, "Pending",
            await_result=await_result,
        )  # fmt: skip
        node.leaf = node.flag is None and not any(map(template.get, _GUARDED))
    return node


def run_container(op: Operation, call: Call, base: Base, template: Obj) -> Result:
    """executeContainer."""
    node = pod_node(op, call, template, await_result=not template.get("daemon"))
    return _create(op, call, node, template)


def run_once(op: Operation, call: Call, base: Base, template: Obj) -> Result:
    """executeScript: as a container, but never looked at again once it is not Pending."""
    node = op.state.by_name.get(call.name)
    if node is not None and node.phase != "Pending":
        return node, None
    return _create(op, call, pod_node(op, call, template), template)


def run_resource(op: Operation, call: Call, base: Base, template: Obj) -> Result:
    """executeResource; setOwnerReference adds the workflow to the manifest."""
    node = op.state.by_name.get(call.name)
    if node is not None and node.phase != "Pending":
        return node, None
    node = pod_node(op, call, template)
    resource = template["resource"]
    if resource.get("setOwnerReference"):
        manifest = _owned(op, resource.get("manifest") or "")
        template = {**template, "resource": {**resource, "manifest": manifest}}
    return _create(op, call, node, template, include=False)


def run_data(op: Operation, call: Call, base: Base, template: Obj) -> Result:
    """executeData: its result is always captured."""
    node = op.state.by_name.get(call.name)
    if node is not None and node.phase != "Pending":
        return node, None
    return _create(op, call, pod_node(op, call, template), template, include=True)


def _owned(op: Operation, manifest: str) -> str:
    from argosy.yaml.read import read

    documents = read(manifest, "manifest")
    data = documents[0].data if documents else None
    if not isinstance(data, dict):
        raise Refused("error unmarshaling JSON: while decoding JSON: json: cannot unmarshal")
    owner = {
        "apiVersion": "argoproj.io/v1alpha1",
        "blockOwnerDeletion": True,
        "controller": True,
        "kind": "Workflow",
        "name": op.state.name,
        "uid": str((op.state.workflow.get("metadata") or {}).get("uid") or ""),
    }
    metadata = {**(data.get("metadata") or {})}
    metadata["ownerReferences"] = [*(metadata.get("ownerReferences") or ()), owner]
    return goyaml.dump({**data, "metadata": metadata})


def _create(op: Operation, call: Call, node: Node, template: Obj, *, include: bool | None = None) -> Result:
    try:
        if include is None:
            include = pods.include_result(op, call.name, call.options.boundary_id)
        pods.create(op, node, template, call.options, include_result=include)
    except Refused as error:
        return node, error.fault
    return node, None
