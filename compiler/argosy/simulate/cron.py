"""CronWorkflows: their schedules in virtual time, and the policies that decide whether a firing becomes a run.

Follows v4.1 workflow/cron/operator.go and controller.go. A schedule without time zone is in UTC, as in Argo's image.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from argosy.errors import LanguageError, UsageError
from argosy.simulate import schedule as schedules
from argosy.simulate.actions import terminate
from argosy.simulate.status import moment
from argosy.simulate.world import World
from argosy.source import Json, Manifest

SYNC = 10.0
"""CRON_SYNC_PERIOD: how often the cron controller looks at the workflows of a CronWorkflow."""
_LABEL = "workflows.argoproj.io/cron-workflow"
_SCHEDULED = "workflows.argoproj.io/scheduled-time"
_PASSED_ON = tuple(f"workflows.argoproj.io/creator{end}" for end in ("", "-email", "-preferred-username"))

Submit = Callable[[dict[str, Json]], World | None]
"""Creates a workflow in the cluster; None if one of that name is there already."""


@dataclass(slots=True)
class Firing:
    """One moment of a schedule, and what was made of it."""

    at: float
    workflow: str = ""
    """Name of the workflow that it started, or empty."""
    skipped: str = ""
    """Why it started none."""
    replaced: list[str] = field(default_factory=list)
    """Workflows that it terminated."""

    def to_dict(self) -> dict[str, Json]:
        """Give it as JSON."""
        out: dict[str, Json] = {"at": moment(self.at)}
        return out | {k: v for k in ("workflow", "skipped", "replaced") if (v := getattr(self, k))}


def first_workflow(cron: Manifest, scheduled: float = 0.0) -> Manifest:
    """Give the workflow that a CronWorkflow runs at a time (ConvertCronWorkflowToWorkflowWithProperties)."""
    metadata = cron.data.get("metadata") or {}
    spec = cron.data.get("spec") or {}
    given = spec.get("workflowMetadata") or {}
    labels = {k: v for k, v in (metadata.get("labels") or {}).items() if k in _PASSED_ON}
    labels |= {_LABEL: metadata.get("name", "")} | (given.get("labels") or {})
    made: dict[str, Json] = {"labels": labels, "annotations": dict(given.get("annotations") or {})}
    if scheduled:
        made["name"] = f"{metadata.get('name', '')}-{int(scheduled)}"
        made["annotations"] = {_SCHEDULED: moment(scheduled)} | made["annotations"]
    else:
        made["generateName"] = f"{metadata.get('name', '')}-"
    if metadata.get("namespace"):
        made["namespace"] = metadata["namespace"]
    data = {
        "apiVersion": cron.data.get("apiVersion", "argoproj.io/v1alpha1"),
        "kind": "Workflow",
        "metadata": made,
        "spec": spec.get("workflowSpec") or {},
    }
    return Manifest(data, cron.origin)


class Cron:
    """One CronWorkflow under way."""

    def __init__(self, manifest: Manifest, clock: Any, submit: Submit) -> None:
        self.manifest = manifest
        self.spec: dict[str, Json] = manifest.data.get("spec") or {}
        self.firings: list[Firing] = []
        self.worlds: dict[str, World] = {}
        """All workflows that it started and that are still there, by name."""
        self.removed: list[str] = []
        """Workflows that the history limits took away."""
        self.active: list[str] = []
        self.succeeded = self.failed = 0
        self.stopped = False
        self.last_scheduled: float | None = None
        self.conditions: dict[str, str] = {}
        self._clock = clock
        self._submit = submit
        self._down = False
        self._syncs = False
        self._counted: set[str] = set()
        zone = self.spec.get("timezone") or ""
        self._schedules = [schedules.parse(text, zone) for text in self._texts()]
        for each in self._schedules:
            self._arm(each)

    def _texts(self) -> list[str]:
        texts = self.spec.get("schedules") or ([self.spec["schedule"]] if self.spec.get("schedule") else [])
        if not texts:
            raise UsageError("the CronWorkflow has no schedule")
        return [str(text) for text in texts]

    def _arm(self, each: schedules.Schedule | schedules.Every) -> None:
        due = each.next(datetime.fromtimestamp(self._clock.now, UTC))
        if due is not None:
            self._clock.at(due.timestamp(), lambda: self._fire(each))

    def _fire(self, each: schedules.Schedule | schedules.Every) -> None:
        if not self._down and not self.stopped:
            self._run(self._clock.now)
        self._arm(each)

    # ------------------------------------------------------------------ one firing

    def _run(self, scheduled: float) -> None:
        """Start a workflow, if nothing speaks against it (cronWfOperationCtx.run)."""
        firing = Firing(scheduled)
        self.firings.append(firing)
        try:
            self.stopped = self.stopped or self._stops()
            firing.skipped = self._refusal(firing)
        except LanguageError as error:
            firing.skipped = f"run policy error: {error.message}"
            self.conditions["SubmissionError"] = firing.skipped
            self.failed += 1
        if firing.skipped:
            return
        workflow = first_workflow(self.manifest, scheduled).data
        name = workflow["metadata"]["name"]
        world = self._submit(workflow)
        if world is None:
            firing.skipped = "a workflow of this moment is there already"
            return
        firing.workflow = name
        self.worlds[name] = world
        self.active.append(name)
        self.last_scheduled = scheduled
        self.conditions.pop("SubmissionError", None)
        world.observers.append(lambda: self._look_at(world))

    def _refusal(self, firing: Firing) -> str:
        """Say why no workflow is to be started now (enforceRuntimePolicy)."""
        if self.spec.get("suspend"):
            return "the CronWorkflow is suspended"
        if self.stopped:
            return "its stopStrategy holds"
        when = self.spec.get("when")
        if when and not self._holds(str(when)):
            return f"when {when!r} is false"
        policy = self.spec.get("concurrencyPolicy") or "Allow"
        if policy == "Forbid" and self.active:
            return f"concurrencyPolicy Forbid, and {', '.join(self.active)} is active"
        if policy == "Replace":
            for name in self.active:
                world = self.worlds.get(name)
                if world is not None and not world.state.fulfilled:
                    terminate(world)
                    firing.replaced.append(name)
        elif policy not in ("Allow", "Forbid"):
            return f"run policy error: invalid ConcurrencyPolicy: {policy}"
        return ""

    def _scope(self) -> dict[str, Any]:
        metadata = self.manifest.data.get("metadata") or {}
        last = self.last_scheduled
        return {
            "name": metadata.get("name", ""),
            "namespace": metadata.get("namespace", ""),
            "labels": metadata.get("labels") or {},
            "annotations": metadata.get("labels") or {},  # as in Argo, which takes the labels here
            "failed": self.failed,
            "succeeded": self.succeeded,
            "lastScheduledTime": None if last is None else datetime.fromtimestamp(last, UTC),
        }

    def _stops(self) -> bool:
        """Evaluate ``stopStrategy`` (checkStopingCondition)."""
        from argosy.language import evaluate_bool

        strategy = self.spec.get("stopStrategy") or {}
        expression = strategy.get("expression") or strategy.get("condition")
        return bool(expression) and evaluate_bool(str(expression), {"cronworkflow": self._scope()})

    def _holds(self, when: str) -> bool:
        """Evaluate ``when`` (evalWhen)."""
        from argosy.language import is_true, substitute

        values = {f"cronworkflow.{name}": value for name, value in self._scope().items()}
        return bool(is_true(substitute(when, values, allow_unresolved=False)))

    # ------------------------------------------------------------------ looking after what runs

    def _look_at(self, world: World) -> None:
        if world.state.fulfilled:
            self._sync_soon()

    def _sync_soon(self) -> None:
        if not self._syncs:
            self._syncs = True
            now = self._clock.now
            self._clock.at(now - now % SYNC + SYNC, self._sync)

    def _sync(self) -> None:
        """Count what has ended, and keep the history limits (syncCronWorkflow)."""
        self._syncs = False
        if self._down:
            self._sync_soon()
            return
        gone = self._beyond("successfulJobsHistoryLimit", 3, succeeded=True)
        gone += self._beyond("failedJobsHistoryLimit", 1, succeeded=False)
        for name in list(self.active):
            world = self.worlds.get(name)
            if world is not None and not world.state.fulfilled:
                continue
            self.active.remove(name)
            if world is not None:
                self.succeeded += world.state.phase == "Succeeded"
                self.failed += world.state.phase != "Succeeded"
        for name in gone:
            del self.worlds[name]
        self.removed += gone
        self.stopped = self.stopped or self._stops()

    def _beyond(self, key: str, default: int, *, succeeded: bool) -> list[str]:
        """Give the oldest workflows beyond a history limit, which are deleted (deleteOldestWorkflows)."""
        limit = self.spec.get(key)
        keep = limit if isinstance(limit, int) and limit >= 0 else default
        done = [w for w in self.worlds.values() if w.state.fulfilled and (w.state.phase == "Succeeded") is succeeded]
        done.sort(key=lambda w: w.state.finished_at, reverse=True)
        return [world.state.name for world in done[keep:]]

    # ------------------------------------------------------------------ faults

    def controller_down(self, lasts: float | None) -> None:
        """Take the controller away for a while: firings are missed."""
        self._down = True
        if lasts is not None:
            self._clock.after(lasts, self._up)

    def _up(self) -> None:
        """Run what was missed, if ``startingDeadlineSeconds`` allows it (runOutstandingWorkflows)."""
        self._down = False
        deadline = self.spec.get("startingDeadlineSeconds")
        if self.last_scheduled is None or deadline is None:
            return
        now = self._clock.now
        for each in self._schedules:
            missed = None
            due = each.next(datetime.fromtimestamp(self.last_scheduled, UTC))
            while due is not None and due.timestamp() < now:
                missed = due
                due = each.next(missed)
            if missed is not None and now < missed.timestamp() + deadline:
                self._run(missed.timestamp())
                return

    def status(self) -> dict[str, Json]:
        """Give the CronWorkflow's status."""
        out: dict[str, Json] = {
            "active": [{"kind": "Workflow", "name": name} for name in self.active],
            "phase": "Stopped" if self.stopped else "Active",
            "succeeded": self.succeeded,
            "failed": self.failed,
        }
        if self.last_scheduled is not None:
            out["lastScheduledTime"] = moment(self.last_scheduled)
        if self.conditions:
            out["conditions"] = [{"type": k, "status": "True", "message": v} for k, v in self.conditions.items()]
        return out
