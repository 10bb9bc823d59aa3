"""What the expression of a hook can see when Argo evaluates it.

Of the step or task that has the hook, only its ``status`` is there: its outputs, exit code and message are not. Source:
Argo v4.1 ``workflow/controller``: ``executeWfLifeCycleHook``, ``executeTmplLifeCycleHook``, ``runOnExitNode``,
``executeStepGroup``, ``executeDAGTask``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from argosy import model
from argosy.lint import tables
from argosy.lint.context import Context, Target
from argosy.lint.possible import FINAL, NODE_PHASES, workflow_status
from argosy.lint.trial import ABSENT, Domain, sample
from argosy.scope.places import Presence, Setting, presence, setting
from argosy.variables import find

if TYPE_CHECKING:
    from argosy.language.expr import Node
    from argosy.lint.paths import Path

RUNNING = ("Running", "Pending")


def domains(tree: Node, read: Iterable[Path], hook: tables.HookAt, context: Context) -> Mapping[str, Domain] | None:
    """Give the values of every variable that an expression reads, or None where they can't be known.

    Names that are no variables are left out: they are unknown to Argo, too.
    """
    found: dict[str, Domain] = _always(hook, context)
    for path in read:
        name = _variable(path.parts)
        if name is None:
            if path.parts[0] in _roots(hook) and len(path.parts) < 3:
                return None  # a map as a whole: steps.a, workflow.labels
            continue
        domain = _domain(name, tree, hook, context)
        if domain is None:
            return None
        found[name] = domain
    return found


def _variable(parts: tuple[str, ...]) -> str | None:
    """Give the name of the variable that a chain of names begins with."""
    for length in range(len(parts), 1, -1):
        name = ".".join(parts[:length])
        if find(name) is not None:
            return name
    return None


def _roots(hook: tables.HookAt) -> frozenset[str]:
    own = {"step": "steps", "task": "tasks"}.get(hook.level, "workflow")
    return frozenset({"workflow", "inputs", own})


def _always(hook: tables.HookAt, context: Context) -> dict[str, Domain]:
    """Give some variables that are there in any case: they tell a map that lacks a name from a map that is missing."""
    found = {"workflow.name": Domain(("a",))}
    for parameter in context.spec.arguments.parameters[:1]:
        found[f"workflow.parameters.{parameter.name}"] = Domain(("a",))
    if hook.holder is not None:
        root = "steps" if hook.level == "step" else "tasks"
        found[f"{root}.{hook.holder.name}.status"] = Domain(FINAL if hook.is_exit else NODE_PHASES)
        for parameter in hook.holder.inside.template.inputs.parameters[:1]:
            found[f"inputs.parameters.{parameter.name}"] = Domain(("a",))
    return found


def _domain(name: str, tree: Node, hook: tables.HookAt, context: Context) -> Domain | None:
    parts = name.split(".")
    if parts[0] not in _roots(hook):
        return ABSENT
    if name == "workflow.status":
        if hook.level == "workflow":
            return Domain((*FINAL, *RUNNING))
        return Domain(workflow_status(hook.holder.inside if hook.holder else None, context))
    own = hook.holder is not None and parts[0] in ("steps", "tasks") and parts[1] == hook.holder.name
    if own:
        return Domain(FINAL if hook.is_exit else NODE_PHASES) if parts[2:] == ["status"] else ABSENT
    where = _setting(hook, context)
    is_template = context.kind not in ("Workflow", "CronWorkflow")
    if parts[2:] == ["status"] and _is_earlier(parts[1], hook):
        return Domain(NODE_PHASES)
    there = presence(name, where, context.spec, lambda holder: _called(holder, context), is_template=is_template)
    if there is Presence.NOT_THERE:
        return ABSENT
    variable = find(name)
    if variable is None or variable.type in ("artifact", "map"):
        return None
    of_node = parts[0] in ("steps", "tasks")
    if of_node and parts[2:] == ["status"] and there is Presence.THERE:
        return Domain(NODE_PHASES)
    return sample(variable.type, tree, absent=of_node or there is not Presence.THERE)


def _is_earlier(name: str, hook: tables.HookAt) -> bool:
    """Whether a step stands before the hook's in the same group: Argo has noted its status by then."""
    if hook.level != "step" or hook.holder is None:
        return False
    for step in hook.holder.inside.template.steps[hook.holder.number]:
        if step is hook.holder.call:
            return False
        if step.name == name:
            return True
    return False


def _setting(hook: tables.HookAt, context: Context) -> Setting:
    return setting(context.spec, hook.address[len(context.spec_address) :])


def _called(holder: model.WorkflowStep | model.DAGTask, context: Context) -> model.Template | None:
    target = context.resolve(holder)
    return target.template if isinstance(target, Target) else None
