"""The schedule of a CronWorkflow that was followed for a while: its firings, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from argosy.report.run_view import RunView, view
from argosy.report.style import Style


def is_cron(data: Mapping[str, Any]) -> bool:
    """Say whether this is the JSON of a CronWorkflow and not of one run."""
    return data.get("kind") == "CronWorkflow"


def runs(data: Mapping[str, Any]) -> list[RunView]:
    """Give the runs in the JSON that a simulation gives: one, or those of a CronWorkflow."""
    if not is_cron(data):
        return [view(data)]
    return [view(workflow) for workflow in (data.get("argosy") or {}).get("workflows") or []]


def firings(data: Mapping[str, Any], style: Style) -> list[str]:
    """Give a line for each firing."""
    ours = data.get("argosy") or {}
    spec, status = data.get("spec") or {}, data.get("status") or {}
    schedule = ", ".join(spec.get("schedules") or [spec.get("schedule") or ""])
    zone = f" {spec['timezone']}" if spec.get("timezone") else ""
    fired = ours.get("firings") or []
    head = f"{style.paint(data['metadata'].get('name', ''), 'bold')} fires at {schedule!r}{zone}: {len(fired)} times"
    counts = f"{status.get('succeeded', 0)} succeeded, {status.get('failed', 0)} failed"
    out = [f"{head}, {counts}.", ""]
    for firing in fired:
        what = firing.get("workflow") or style.paint(f"skipped: {firing.get('skipped', '')}", "yellow")
        replaced = firing.get("replaced")
        out.append(f"  {firing['at']}  {what}" + (f"  in place of {', '.join(replaced)}" if replaced else ""))
    if removed := ours.get("removed"):
        out += ["", f"  removed by the history limits: {', '.join(removed)}"]
    return out
