"""Daemons end with the steps or DAG template that they are of (v4.1 exec_control.go killDaemonedChildren)."""

from __future__ import annotations

from argosy.simulate.controller.operation import Operation
from argosy.simulate.seam import Signal


def stop_within(op: Operation, boundary_id: str) -> None:
    """Mark the daemons of a boundary Succeeded, and signal their pods."""
    for node in list(op.state.daemons.values()):
        if node.boundary_id == boundary_id:
            op.commands.append(Signal(node.id))
            op.state.set_phase(node, "Succeeded")
            op.state.set_daemoned(node, False)
