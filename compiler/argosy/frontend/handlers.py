"""Hooks of steps and tasks: which template they run, and the arguments that carry the handler's context."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from argosy.errors import Place
from argosy.frontend import hints
from argosy.frontend.context import NODE_FIELDS
from argosy.frontend.expressions import Expression, Variable
from argosy.frontend.graph import Node, Recorder, record
from argosy.frontend.interface import call_arguments
from argosy.frontend.options import Hook
from argosy.frontend.places import caller, fail
from argosy.frontend.render import expression, text
from argosy.frontend.templates import Template, Written, results
from argosy.source import Json

C = TypeVar("C")


def hook(run: Callable[[C], object], *, when: Callable[[C], bool] | None = None) -> Hook[C]:
    """Run a template when a condition comes true: ``hook(announce, when=lambda step: step.status == "Running")``.

    ``run`` is a template that takes a NodeExit (an Exit, for a hook of the workflow), or a lambda that calls one.
    """
    return Hook(run, when, caller())


class NodeOf:
    """The NodeExit of a step, where the step is called: its fields are Argo's variables of the step."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name not in NODE_FIELDS:
            fail(f"a NodeExit has no {name!r}", hint=hints.known_are(name, NODE_FIELDS))
        if name == "name":
            return self._node.name
        if name == "result":
            return self._result()
        path, hint = NODE_FIELDS[name]
        return Variable((self._node.recorder.scope, self._node.name, *path), self._node, hint=hint)

    def _result(self) -> Any:
        if any(o.kind == "stdout" for o in self._node.callee.signature().outputs):
            fail(
                f"a hook does not get what {self._node.callee.name} prints: Argo passes it output parameters only",
                hint="let the template write a file: `-> Annotated[str, Parameter(path=...)]`, or return a NamedTuple",
            )
        return results(self._node)


def node_hooks(node: Node, written: Written) -> dict[str, Json]:
    """Give the ``hooks`` of a step or task."""
    found: dict[str, Json] = {}
    for name, given in (node.options.get("hooks") or {}).items():
        one = given if isinstance(given, Hook) else Hook(given, None, node.place)
        if name != "exit" and one.when is None:
            fail(
                f"the hook {name!r} needs a condition",
                hint='hook(run, when=lambda step: step.status == "Running")',
                place=node.place,
            )
        found[name] = _node_hook(one, node, written)
    on_exit = node.options.get("on_exit")
    if on_exit is not None and "exit" in found:
        fail("the step has two exit handlers", hint="give it on_exit= or the hook `exit`", place=node.place)
    if on_exit is not None:
        one = on_exit if isinstance(on_exit, Hook) else Hook(on_exit, None, node.place)
        found["exit"] = _node_hook(one, node, written)
    return found


def _node_hook(one: Hook[Any], node: Node, written: Written) -> dict[str, Json]:
    context = NodeOf(node)
    found: dict[str, Json] = {}
    if one.when is not None:
        found["expression"] = expression(one.when(context))
    called = call_once(one.run, context, node.recorder, node.place)
    found.update(reference_of(called, written))
    found.update(hook_arguments(called))
    return found


def call_once(run: Callable[[Any], object], context: object, host: Recorder | None, place: Place) -> Node:
    """Run a handler given by the user with its context; give the one call that it made.

    Raises CompileError where it is no template, or calls none or several.
    """
    recorder = Recorder(host.scope if host else "steps", "the handler", host=host)
    with record(recorder):
        if isinstance(run, type) or not callable(run):
            fail("a handler is a template, or a lambda that calls one", place=place)
        run(context)
    if len(recorder.nodes) != 1:
        fail(
            f"a handler calls one template, not {len(recorder.nodes)}",
            hint="make it a template: decorate it with @steps, or pass `lambda run: template(run, ...)`",
            place=place,
        )
    return recorder.nodes[0]


def reference_of(called: Node, written: Written) -> dict[str, Json]:
    """Say which template a hook runs."""
    from argosy.frontend.flow import template_of

    return template_of(called.callee, written)


def hook_arguments(called: Node) -> dict[str, Json]:
    """Give the arguments of a hook: what the user passed, and what the handler's NodeExit needs."""
    signature = called.callee.signature()
    found = call_arguments(signature, called.arguments)
    parameters = found.get("arguments", {}).get("parameters", [])
    for one in signature.inputs:
        if one.kind != "node-exit" or one.python not in called.arguments:
            continue
        context = called.arguments[one.python]
        if not isinstance(context, NodeOf):
            fail(f"{called.callee.name} takes a NodeExit, which only hooks of steps and tasks have", place=called.place)
        prefix = f"{one.python}_"
        for name in _needed(cast("Template[..., Any]", called.callee), prefix):
            value = getattr(context, name.removeprefix(prefix))
            if isinstance(value, tuple):
                fields = ", ".join(getattr(value, "_fields", ()))
                fail(
                    f"{called.callee.name} asks for one result, but the step has several: {fields}",
                    hint="pass what it needs: on_exit=lambda step: handler(step, step.result.FIELD)",
                    place=called.place,
                )
            parameters.append({"name": name, "value": text(value) if isinstance(value, (str, Expression)) else ""})
    if parameters:
        found = {"arguments": {**found.get("arguments", {}), "parameters": parameters}}
    return found


def _needed(callee: Template[..., Any], prefix: str) -> list[str]:
    """Give the inputs that the body of a handler turned out to need of its NodeExit."""
    data: Mapping[str, Any] = callee.kind.write(callee).data
    own = {i.name for i in callee.signature().inputs}
    names = [p["name"] for p in data.get("inputs", {}).get("parameters", [])]
    return [n for n in names if n.startswith(prefix) and n not in own]
