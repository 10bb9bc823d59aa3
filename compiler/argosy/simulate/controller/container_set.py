"""Container sets: one pod, with a node for each container (v4.1 container_set_template.go)."""

from __future__ import annotations

from argosy.simulate.controller import nodes, pods
from argosy.simulate.controller.execute import Call, Result
from argosy.simulate.controller.leaf import pod_node
from argosy.simulate.controller.operation import Operation, Options, Refused
from argosy.simulate.controller.state import Obj
from argosy.simulate.controller.templates import Base


def run(op: Operation, call: Call, base: Base, template: Obj) -> Result:
    """executeContainerSet."""
    state = op.state
    node = pod_node(op, call, template)
    try:
        include = pods.include_result(op, call.name, call.options.boundary_id)
        pods.create(op, node, template, call.options, include_result=include)
    except Refused as error:
        return node, error.fault
    containers = template["containerSet"].get("containers") or ()
    inner = Options(boundary_id=node.id)
    for container in containers:
        name = f"{call.name}.{container['name']}"
        if name not in state.by_name:
            nodes.init(op, name, "Container", call.base.scope, call.holder, inner, "Pending", flag=call.options.flag)
    for container in containers:
        name = f"{call.name}.{container['name']}"
        before = container.get("dependencies") or ()
        if not before:
            nodes.add_child(state, node, name)
        for other in before:
            nodes.add_child(state, state.by_name[f"{call.name}.{other}"], name)
    return node, None
