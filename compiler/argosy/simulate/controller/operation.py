"""One reconciliation's context, and the errors that Argo's functions hand up."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from argosy.simulate.controller.state import Flag, Node, Obj, State
from argosy.simulate.seam import Command, Requeue, RequeueAfter, View


class Reason(Enum):
    """Errors that callers tell apart (operator.go's Err...)."""

    OTHER = "other"
    PARALLELISM = "parallelism"
    DEPTH = "depth"
    TIMEOUT = "timeout"
    REQUEUE = "requeue"


class Fault(NamedTuple):
    """An error as a value: Argo's text, and which of the known ones it is."""

    message: str
    reason: Reason = Reason.OTHER


class Refused(Exception):  # noqa: N818  # not an error of ours: it carries one of Argo's up through a few calls
    """Argo refuses something, with this text; becomes a Fault, or a node's message."""

    def __init__(self, message: str, reason: Reason = Reason.OTHER) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason

    @property
    def fault(self) -> Fault:
        """The same as a value."""
        return Fault(self.message, self.reason)


class Stop(Exception):  # noqa: N818  # ends a reconciliation, as Argo's early returns do
    """The workflow cannot be operated: it gets this phase and message."""

    def __init__(self, phase: str, message: str) -> None:
        super().__init__(message)
        self.phase = phase
        self.message = message


MAX_PARALLELISM = Fault("Max parallelism reached", Reason.PARALLELISM)
TIMEOUT = Fault("timeout", Reason.TIMEOUT)
MAX_DEPTH = Fault(
    "Maximum recursion depth exceeded. "
    "See https://argo-workflows.readthedocs.io/en/latest/scaling/#maximum-recursion-depth",
    Reason.DEPTH,
)


@dataclass(slots=True)
class Options:
    """What executeTemplate is told beside the template (executeTemplateOpts)."""

    boundary_id: str = ""
    on_exit: bool = False
    deadline: float = 0.0
    """Of retryStrategy.backoff.maxDuration; 0: none."""
    flag: Flag | None = None
    owner: Node | None = None
    order: int = 0
    volatile: bool = False
    """The template, before substitution, refers to variables that change while a workflow runs."""


@dataclass(slots=True, eq=False)
class Operation:
    """One call of ``reconcile`` (wfOperationCtx)."""

    state: State
    view: View
    now: float
    full: bool
    commands: list[Command] = field(default_factory=list)
    depth: int = 0
    pods: int = 0
    """activePods, kept only if the workflow has ``parallelism``."""
    deadline: float | None = None
    """workflowDeadline."""
    requeued: bool = False
    tasks: dict[str, Obj] = field(default_factory=dict)
    """The task set of this reconciliation: nodes that wait for the agent, with their templates."""
    awaits_result: bool = False
    """Some node has ended whose task result has not come yet."""
    pod_running: bool = False

    @property
    def shutdown(self) -> str:
        """GetShutdownStrategy: ``Stop``, ``Terminate``, or nothing."""
        return str(self.state.spec.get("shutdown") or "")

    def may_execute(self, on_exit: bool) -> bool:
        """ShutdownStrategy.ShouldExecute."""
        strategy = self.state.spec.get("shutdown")
        return not strategy or (strategy == "Stop" and on_exit)

    def past_deadline(self) -> bool:
        """The workflow's deadline has passed."""
        return self.deadline is not None and self.now >= self.deadline

    def requeue(self) -> None:
        """Ask for another reconciliation soon."""
        if not self.requeued:
            self.requeued = True
            self.commands.append(Requeue())

    def requeue_at(self, due: float) -> None:
        """Ask for a reconciliation at a moment."""
        self.commands.append(RequeueAfter(max(0.0, due - self.now)))
