"""The name of a node's pod, whether or not it has one."""

from __future__ import annotations

from argosy.simulate.controller.names import pod_name
from argosy.simulate.controller.state import Node, State


def pod_name_of(state: State, node: Node) -> str:
    """Give the name that a node's pod has, or would have (v4.1 workflow/util GeneratePodName)."""
    return pod_name(state.name, node.name, node.template)
