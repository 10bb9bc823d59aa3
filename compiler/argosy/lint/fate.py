"""What becomes of the exit handler when the controller finds a fault in a template."""

from __future__ import annotations

from argosy.lint import tables
from argosy.lint.context import Context


def handler_never_runs(one: tables.TemplateAt, context: Context) -> bool:
    """Whether a fault that the controller finds in this template keeps the workflow's exit handler from running.

    It does where the template is the entrypoint itself: ``operate`` then returns before it comes to the handler. One
    level down, in a step or a task, the handler runs. Source: Argo v4.1 ``workflow/controller/operator.go``
    (``operate``).
    """
    spec = context.spec
    return bool(one.name and one.name == spec.entrypoint and (spec.on_exit or "exit" in spec.hooks))


def aftermath(one: tables.TemplateAt, context: Context) -> str:
    """Say what the fault means for the workflow, to end a message with."""
    return ": the workflow ends in Error, and its exit handler never runs" if handler_never_runs(one, context) else ""
