"""How a workflow's handlers get into its spec: ``onExit``, ``hooks.exit`` or other hooks, whichever works."""

from __future__ import annotations

import dataclasses
from typing import Any, cast

from argosy.errors import Place
from argosy.frontend.context import NodeStatus
from argosy.frontend.document import Lowering, reach
from argosy.frontend.expressions import Variable
from argosy.frontend.flow import template_of
from argosy.frontend.handlers import call_once, hook_arguments
from argosy.frontend.options import Hook
from argosy.frontend.places import fail
from argosy.frontend.render import expression
from argosy.frontend.templates import EXIT_REFERENCE, Template, Written
from argosy.frontend.workflows import Workflow
from argosy.source import Json

_RUNNING = dataclasses.replace(EXIT_REFERENCE, status=cast(Any, Variable(("workflow", "status"), hint=NodeStatus)))
"""The workflow as its hooks see it: other than an exit handler, they see it pending and running, too."""


def handle_exit(state: Lowering) -> None:
    """``onExit`` or ``hooks.exit``: the former where it will do or ``workflow.failures`` is needed, which only it has.

    Argo v4.1: ``hooks.exit`` takes arguments and references, but ``{{workflow.failures}}`` in what it runs is rejected
    (``validate.go:validateHooks``), and its expression is ignored (``operator.go``).
    """
    given = state.options.get("on_exit")
    if given is None:
        return
    place = state.workflow.place
    if isinstance(given, Hook):
        if given.when is not None:
            fail(
                "Argo ignores the condition of a workflow's exit hook",
                hint="ask within the handler: `with when(run.status ...)`",
                place=given.place,
            )
        given = given.run
    if isinstance(given, Template) and _takes_exit(given):
        _bind_to_parameters(state, given, place)
        reach(state, given)
        state.spec["onExit"] = given.name
        return
    if isinstance(given, Template) or not callable(given):
        name = getattr(given, "name", None) or getattr(given, "__name__", repr(given))
        fail(
            f"{name} takes no Exit, so it cannot be an exit handler",
            hint="give it one: `def cleanup(run: Exit) -> None`",
            place=place,
        )
    if not isinstance(given, Workflow) and getattr(given, "__name__", "") != "<lambda>":
        fail(
            f"{getattr(given, '__name__', given)} is a plain function, not a template",
            hint="decorate it with @steps, @script or @container",
            place=place,
        )
    called = call_once(given, EXIT_REFERENCE, None, place)
    hooked = _hook(state, called)
    reached = [w.data for _, w in state.templates.values()]
    if _mentions_failures([hooked, *reached]):
        _wrap_handler(state, hooked)
    else:
        state.handlers["exit"] = hooked


def _takes_exit(template: Template[..., Any]) -> bool:
    return any(i.kind == "exit" for i in template.signature().inputs)


def _bind_to_parameters(state: Lowering, handler: Template[..., Any], place: Place) -> None:
    """Argo fills the inputs of an exit handler from the workflow's parameters of the same names."""
    known = [i.name for i in state.workflow.signature().inputs]
    for one in handler.signature().inputs:
        if one.kind == "node-exit":
            fail(f"{handler.name} is for steps and tasks: it takes a NodeExit", hint="take an Exit", place=place)
        if one.kind in ("parameter", "artifact") and one.name not in known and not one.optional:
            fail(
                f"the handler {handler.name} needs {one.name!r}, which the workflow does not take",
                hint=f"add it to the workflow, or pass it: on_exit=lambda run: {handler.function.__name__}(run, ...)",
                place=place,
            )


def _hook(state: Lowering, called: Any) -> dict[str, Json]:
    written = Written({})
    hooked = {**template_of(called.callee, written), **hook_arguments(called)}
    for one in written.reached:
        reach(state, one)
    return hooked


def _mentions_failures(value: Json) -> bool:
    if isinstance(value, str):
        return "workflow.failures" in value
    if isinstance(value, dict):
        return any(_mentions_failures(v) for v in value.values())
    return isinstance(value, list) and any(_mentions_failures(v) for v in value)


def _wrap_handler(state: Lowering, hooked: dict[str, Json]) -> None:
    name = "on-exit"
    if name in state.templates:
        fail("a template named 'on-exit' is in the way of the handler's", hint="rename it", place=state.workflow.place)
    step = {"name": hooked.get("template") or hooked["templateRef"]["template"], **hooked}
    state.spec["onExit"] = name
    state.handlers["wrapped"] = {"name": name, "steps": [[step]]}


def handle_hooks(state: Lowering) -> None:
    """``hooks`` of the workflow other than ``exit``."""
    for name, given in (state.options.get("hooks") or {}).items():
        one = given if isinstance(given, Hook) else Hook(given, None, state.workflow.place)
        if name == "exit":
            fail("the exit hook of a workflow is `on_exit=`", place=one.place)
        if one.when is None:
            fail(
                f"the hook {name!r} needs a condition",
                hint='hook(run, when=lambda run: run.status == "Running")',
                place=one.place,
            )
        called = call_once(one.run, EXIT_REFERENCE, None, one.place)
        state.handlers[name] = {"expression": expression(one.when(_RUNNING)), **_hook(state, called)}
