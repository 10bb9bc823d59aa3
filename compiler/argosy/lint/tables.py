"""The tables that rules go over: every template, step, task, hook, container, tag and expression, with its address.

A table is made once for each document, when a rule first asks for it; entries come in the order of the document.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from argosy import model
from argosy.lint.context import Context, table
from argosy.model.container import Container, ContainerNode, ScriptTemplate, UserContainer
from argosy.scope import Arrival, Call, Unknown, Visit
from argosy.scope.facts import kind_of
from argosy.source import Address, at
from argosy.variables import TemplateKind

Loop = model.WorkflowStep | model.DAGTask
"""What may have a loop."""


def documents(context: Context) -> tuple[Context]:
    """Give the document itself, of whatever kind.

    It is not kept: a context that holds itself is only freed when garbage is looked for, which takes long.
    """
    return (context,)


@table
def specs(context: Context) -> Iterator[model.WorkflowSpec]:
    """Give the workflow spec of the document, if Argo lints its kind; it stands at ``context.spec_address``."""
    if context.is_argo:
        yield context.spec


class TemplateAt(Struct, eq=False):
    """A template of this document."""

    template: model.Template
    address: Address
    kind: TemplateKind | None
    """None where it has no body."""
    is_default: bool = False
    """It is ``templateDefaults``: no template itself."""

    @property
    def name(self) -> str:
        """Its name; empty for an inline template."""
        return self.template.name

    def at(self, *steps: str | int) -> Address:
        """Give the address of something below it."""
        return (*self.address, *steps)


class CallAt(Struct, eq=False):
    """A step or a task of this document."""

    call: model.WorkflowStep | model.DAGTask
    address: Address
    kind: Literal["step", "task"]
    inside: TemplateAt
    """The template that it is a part of."""
    number: int
    """Its group, of a step; its place in the list, of a task."""

    @property
    def name(self) -> str:
        """Its name."""
        return self.call.name

    @property
    def has_loop(self) -> bool:
        """Whether it runs once for each of some items."""
        return bool(self.call.with_items or self.call.with_param or self.call.with_sequence is not None)

    def at(self, *steps: str | int) -> Address:
        """Give the address of something below it."""
        return (*self.address, *steps)


class HookAt(Struct, eq=False):
    """A hook of the workflow, a step or a task: an entry of ``hooks``, or ``onExit``."""

    name: str
    """``exit``, or whatever the author called it; ``exit`` for ``onExit``."""
    hook: model.LifecycleHook
    address: Address
    level: Literal["workflow", "step", "task"]
    holder: CallAt | None
    """The step or task that has it; None for the workflow's."""
    is_on_exit: bool
    """It is written as ``onExit: TEMPLATE``: then ``hook`` has nothing but the template."""

    @property
    def is_exit(self) -> bool:
        """Whether it is an exit handler."""
        return self.name == "exit"

    @property
    def template_address(self) -> Address:
        """Where the template is named."""
        if self.is_on_exit:
            return self.address
        return (*self.address, "templateRef" if self.hook.template_ref is not None else "template")

    def at(self, *steps: str | int) -> Address:
        """Give the address of something below it."""
        return (*self.address, *steps)


class ContainerAt(Struct, eq=False):
    """A container of a template: main container, script, one of a set, init container or sidecar."""

    container: Container | ScriptTemplate | ContainerNode | UserContainer
    address: Address
    role: Literal["main", "script", "set", "init", "sidecar"]
    inside: TemplateAt

    def at(self, *steps: str | int) -> Address:
        """Give the address of something below it."""
        return (*self.address, *steps)


@table
def templates(context: Context) -> Iterator[TemplateAt]:
    """Give every template of the document, inline ones after the one that holds them; not ``templateDefaults``."""
    if not context.is_argo:
        return
    for number, template in enumerate(context.spec.templates):
        yield from _with_inline(context, template, (*context.spec_address, "templates", number))


def _with_inline(context: Context, template: model.Template, address: Address) -> Iterator[TemplateAt]:
    found = TemplateAt(template, address, kind_of(template, at(context.manifest.data, address)))
    yield found
    for call in _calls(found):
        if call.call.inline is not None:
            yield from _with_inline(context, call.call.inline, call.at("inline"))


@table
def defaults(context: Context) -> Iterator[TemplateAt]:
    """Give ``templateDefaults``, if there are any."""
    if context.is_argo and context.spec.template_defaults is not None:
        template = context.spec.template_defaults
        yield TemplateAt(template, (*context.spec_address, "templateDefaults"), kind_of(template), is_default=True)


def _calls(inside: TemplateAt) -> Iterator[CallAt]:
    for i, group in enumerate(inside.template.steps):
        for j, step in enumerate(group):
            yield CallAt(step, inside.at("steps", i, j), "step", inside, i)
    if inside.template.dag is not None:
        for i, task in enumerate(inside.template.dag.tasks):
            yield CallAt(task, inside.at("dag", "tasks", i), "task", inside, i)


@table
def calls(context: Context) -> Iterator[CallAt]:
    """Give every step and task of the document."""
    for one in templates(context):
        yield from _calls(one)


@table
def hooks(context: Context) -> Iterator[HookAt]:
    """Give every hook of the document: those of the workflow first, ``onExit`` among them."""
    if context.is_argo:
        spec = context.spec
        yield from _hooks(spec.on_exit, spec.hooks, context.spec_address, "workflow", None)
        for one in calls(context):
            if one.call.on_exit or one.call.hooks:
                yield from _hooks(one.call.on_exit, one.call.hooks, one.address, one.kind, one)


def _hooks(
    on_exit: str,
    hooks: dict[str, model.LifecycleHook],
    address: Address,
    level: Literal["workflow", "step", "task"],
    holder: CallAt | None,
) -> Iterator[HookAt]:
    if on_exit:
        hook = model.LifecycleHook(template=on_exit)
        yield HookAt("exit", hook, (*address, "onExit"), level, holder, is_on_exit=True)
    for name, hook in hooks.items():
        yield HookAt(name, hook, (*address, "hooks", name), level, holder, is_on_exit=False)


@table
def containers(context: Context) -> Iterator[ContainerAt]:
    """Give every container of every template, ``templateDefaults`` included."""
    for one in (*templates(context), *defaults(context)):
        template = one.template
        if template.container is not None:
            yield ContainerAt(template.container, one.at("container"), "main", one)
        if template.script is not None:
            yield ContainerAt(template.script, one.at("script"), "script", one)
        if template.container_set is not None:
            for n, node in enumerate(template.container_set.containers):
                yield ContainerAt(node, one.at("containerSet", "containers", n), "set", one)
        for n, user in enumerate(template.init_containers):
            yield ContainerAt(user, one.at("initContainers", n), "init", one)
        for n, user in enumerate(template.sidecars):
            yield ContainerAt(user, one.at("sidecars", n), "sidecar", one)


@table
def arrivals(context: Context) -> Iterator[Arrival]:
    """Give every template that Argo's linter reaches, those of referenced documents too."""
    yield from context.walk.arrivals


@table
def visits(context: Context) -> Iterator[Visit]:
    """Give every template that Argo's linter looks into, with what it knows there."""
    yield from context.walk.visits


@table
def walked_calls(context: Context) -> Iterator[Call]:
    """Give every call that Argo's linter follows."""
    yield from context.walk.calls


@table
def unknown_tags(context: Context) -> Iterator[Unknown]:
    """Give every tag that Argo's linter does not know at its place."""
    yield from context.walk.unknown
