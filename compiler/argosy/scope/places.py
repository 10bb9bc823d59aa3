"""Which variables really have a value at a place when the workflow runs: three-valued, there, not there, or can't know.

This is the view for stricter rules; Argo's own linter believes more (:mod:`argosy.scope.names`). Both take their
names from the catalogue. Source: Argo v4.1 ``workflow/controller``: ``setGlobalParameters``, ``steps.go``,
``dag.go``, ``hooks.go``, ``exit_handler.go``, ``operator.go``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from msgspec import Struct

from argosy import model
from argosy.scope.facts import has_result, kind_of
from argosy.scope.graph import Graph, graph
from argosy.scope.names import has_tag
from argosy.source import Address
from argosy.variables import Phase, TemplateKind, Variable, matches

Holder = model.WorkflowStep | model.DAGTask
Called = Callable[[Holder], model.Template | None]
"""Gives the template that a step or task calls; None where it can't be known."""


class Presence(StrEnum):
    """Whether a variable has a value at a place."""

    THERE = "there"
    NOT_THERE = "not there"
    UNKNOWN = "can't know"


class Setting(Struct, frozen=True):
    """What surrounds a place."""

    phases: frozenset[Phase]
    template: model.Template | None = None
    """The template that it is in."""
    holder: Holder | None = None
    """The step or task that it is in."""
    position: tuple[int, int] = (0, 0)
    """Of a step: its group and its place in it; of a task: 0 and its place."""

    @property
    def kind(self) -> TemplateKind | None:
        """The kind of the template."""
        return kind_of(self.template) if self.template is not None else None


def setting(spec: model.WorkflowSpec, address: Address, handlers: frozenset[str] = frozenset()) -> Setting:
    """Say what surrounds an address below a workflow spec; ``handlers`` are the templates of the exit handler."""
    match address:
        case ("templates", int(number), *rest) if number < len(spec.templates):
            template = spec.templates[number]
            extra = {Phase.EXIT_HANDLER} if template.name in handlers else set()
            defaults = spec.template_defaults
            if spec.retry_strategy is not None or (defaults is not None and defaults.retry_strategy is not None):
                extra.add(Phase.RETRY)
            return _inside(template, tuple(rest), extra)
        case ("hooks", "exit", *_):
            return Setting(frozenset({Phase.WORKFLOW_HOOK, Phase.EXIT_HANDLER}))
        case ("hooks", *_):
            return Setting(frozenset({Phase.WORKFLOW_HOOK}))
    return Setting(frozenset({Phase.SPEC}))


def _inside(template: model.Template, rest: Address, extra: set[Phase]) -> Setting:
    if template.retry_strategy is not None:
        extra = extra | {Phase.RETRY}
    found: tuple[Holder, tuple[int, int], Address] | None = None
    match rest:
        case ("steps", int(i), int(j), *below) if i < len(template.steps) and j < len(template.steps[i]):
            found = template.steps[i][j], (i, j), tuple(below)
        case ("dag", "tasks", int(n), *below) if template.dag is not None and n < len(template.dag.tasks):
            found = template.dag.tasks[n], (0, n), tuple(below)
    if found is None:
        calls_others = kind_of(template) in ("steps", "dag")
        phase = Phase.OUTPUTS if rest[:1] == ("outputs",) and calls_others else Phase.BODY
        phases = {Phase.METRICS} if rest[:1] == ("metrics",) else {phase}
        return Setting(frozenset(phases | extra), template)
    holder, position, inner = found
    if inner[:1] == ("inline",) and holder.inline is not None:
        return _inside(holder.inline, inner[1:], extra)
    if inner[:1] == ("hooks",):
        phases = {Phase.EXIT_HOOK if inner[1:2] == ("exit",) else Phase.HOOK}
    else:
        loops = bool(holder.with_items or holder.with_param or holder.with_sequence is not None)
        phases = {Phase.CALL, Phase.LOOP} if loops else {Phase.CALL}
    return Setting(frozenset(phases | extra), template, holder, position)


def presence(name: str, where: Setting, spec: model.WorkflowSpec, called: Called, *, is_template: bool) -> Presence:
    """Say whether a variable has a value at a place.

    ``is_template`` is for (cluster) workflow templates: whoever submits or calls one may add parameters and be in an
    exit handler, so less is certain.
    """
    entries = matches(name)
    if not entries:
        return Presence.NOT_THERE
    here = [one for one in entries if one.phases & where.phases and _fits(one, where)]
    if not here:
        late = any(Phase.EXIT_HANDLER in one.phases for one in entries)
        return Presence.UNKNOWN if late and is_template else Presence.NOT_THERE
    best = here[0]
    bound = best.match(name) or {}
    special = _SPECIAL.get(best.pattern.partition(".<")[0]) if bound or best.pattern in _SPECIAL_AS_IT_IS else None
    return special(bound, best, where, spec, called, is_template) if special else Presence.THERE


def _fits(variable: Variable, where: Setting) -> bool:
    return where.kind is None or where.kind in variable.templates


def _yes(condition: bool, *, unsure: bool = False) -> Presence:
    return Presence.THERE if condition else Presence.UNKNOWN if unsure else Presence.NOT_THERE


Check = Callable[[Mapping[str, str], Variable, Setting, model.WorkflowSpec, Called, bool], Presence]


def _workflow_parameter(
    bound: Mapping[str, str], _: Variable, __: Setting, spec: model.WorkflowSpec, ___: Called, is_template: bool
) -> Presence:
    unsure = is_template or spec.workflow_template_ref is not None
    return _yes(any(one.name == bound.get("name") for one in spec.arguments.parameters), unsure=unsure)


def _maybe(*_: object) -> Presence:
    return Presence.UNKNOWN


def _priority(_: object, __: object, ___: object, spec: model.WorkflowSpec, *____: object) -> Presence:
    return _yes(spec.priority is not None, unsure=spec.workflow_template_ref is not None)


def _input(bound: Mapping[str, str], variable: Variable, where: Setting, *_: object) -> Presence:
    if where.template is None:
        return Presence.NOT_THERE
    inputs = where.template.inputs
    of = inputs.parameters if "parameters" in variable.pattern else inputs.artifacts
    return _yes(any(one.name == bound.get("name") for one in of))


def _own_output(bound: Mapping[str, str], variable: Variable, where: Setting, *_: object) -> Presence:
    if where.template is None:
        return Presence.NOT_THERE
    outputs = where.template.outputs
    of = outputs.parameters if "parameters" in variable.pattern else outputs.artifacts
    return _yes(any(one.name == bound.get("name") for one in of))


def _global_output(
    bound: Mapping[str, str], variable: Variable, _: Setting, spec: model.WorkflowSpec, __: Called, is_template: bool
) -> Presence:
    parameters = "parameters" in variable.pattern
    names = [
        one.global_name
        for template in spec.templates
        for one in (template.outputs.parameters if parameters else template.outputs.artifacts)
    ]
    elsewhere = is_template or any(
        call.template_ref is not None for template in spec.templates for call in _calls(template)
    )
    certain_not = bound.get("name") not in names and not elsewhere and not any(map(has_tag, names))
    return Presence.NOT_THERE if certain_not else Presence.UNKNOWN


def _calls(template: model.Template) -> list[Holder]:
    steps: list[Holder] = [step for group in template.steps for step in group]
    return steps + (list(template.dag.tasks) if template.dag is not None else [])


def _item(bound: Mapping[str, str], _: Variable, where: Setting, *__: object) -> Presence:
    holder, key = where.holder, bound.get("key")
    if holder is None or key is None or holder.with_param:
        return Presence.UNKNOWN if key is not None else Presence.THERE
    return _yes(any(isinstance(item, dict) and key.partition(".")[0] in item for item in holder.with_items))


def _node(
    bound: Mapping[str, str], variable: Variable, where: Setting, _: model.WorkflowSpec, called: Called, __: bool
) -> Presence:
    if where.template is None:
        return Presence.NOT_THERE
    holder = _sibling(bound.get("name", ""), where)
    if holder is None:
        return Presence.NOT_THERE
    parts = variable.parts[2:]
    if parts[0] not in ("outputs", "exitCode", "ip"):
        return Presence.THERE
    template = called(holder)
    if template is None:
        return Presence.UNKNOWN
    if parts[0] == "ip":
        return _yes(bool(template.daemon))
    if parts[0] == "exitCode" or parts[1] == "result":
        return _yes(has_result(template), unsure=parts[0] == "exitCode")
    if len(parts) == 2:
        return _yes(bool(holder.with_items or holder.with_param or holder.with_sequence is not None))
    made = template.outputs.parameters if parts[1] == "parameters" else template.outputs.artifacts
    return _yes(any(one.name in (bound.get("parameter"), bound.get("artifact")) for one in made))


def _sibling(name: str, where: Setting) -> Holder | None:
    """Give the step or task of that name, if it has ended when the place is resolved."""
    template, ended = where.template, Phase.OUTPUTS in where.phases
    own = bool(where.phases & {Phase.HOOK, Phase.EXIT_HOOK})
    if template is None:
        return None
    for i, group in enumerate(template.steps):
        for step in group:
            if step.name == name and (ended or i < where.position[0] or (own and step is where.holder)):
                return step
    if template.dag is not None:
        order: Graph = graph(template.dag.tasks)
        number = order.index.get(name)
        if number is not None:
            task, at = template.dag.tasks[number], where.position[1]
            if ended or (own and task is where.holder) or order.is_before(name, at):
                return task
    return None


_SPECIAL: dict[str, Check] = {
    "workflow.parameters": _workflow_parameter,
    "workflow.labels": _maybe,
    "workflow.annotations": _maybe,
    "workflow.scheduledTime": _maybe,
    "workflow.priority": _priority,
    "workflow.outputs.parameters": _global_output,
    "workflow.outputs.artifacts": _global_output,
    "inputs.parameters": _input,
    "inputs.artifacts": _input,
    "outputs.parameters": _own_output,
    "outputs.artifacts": _own_output,
    "item": _item,
    "steps": _node,
    "tasks": _node,
}
"""By what stands before the first placeholder of a pattern: what decides besides the phase."""
_SPECIAL_AS_IT_IS = ("workflow.priority", "workflow.scheduledTime")
