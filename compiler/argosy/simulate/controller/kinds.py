"""How each kind of template runs: one function a kind (the switch at the end of v4.1 operator.go executeTemplate)."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from argosy.simulate.controller.operation import Operation
from argosy.simulate.controller.state import Obj
from argosy.simulate.controller.templates import Base

if TYPE_CHECKING:
    from argosy.simulate.controller.execute import Call, Result

Run = Callable[[Operation, "Call", Base, Obj], "Result"]

_HOMES = {
    "container": ("leaf", "run_container"),
    "script": ("leaf", "run_once"),
    "resource": ("leaf", "run_resource"),
    "data": ("leaf", "run_data"),
    "containerSet": ("container_set", "run"),
    "steps": ("steps", "run"),
    "dag": ("dag", "run"),
    "suspend": ("suspend", "run"),
    "http": ("agent_tasks", "run_http"),
    "plugin": ("agent_tasks", "run_plugin"),
}


def _load(kind: str) -> Run:
    def first(op: Operation, call: Call, base: Base, template: Obj) -> Result:
        module, name = _HOMES[kind]
        function: Run = getattr(import_module(f"argosy.simulate.controller.{module}"), name)
        RUN[kind] = function
        return function(op, call, base, template)

    return first


RUN: dict[str, Run] = {kind: _load(kind) for kind in _HOMES}
"""By kind of template; the modules import each other through this table, and so are loaded when first needed."""
