"""A watchdog from outside: it finds runs that should have ended long ago, and those whose handler never ran.

An exit handler cannot tell of its own absence: the controller may be down, the quota used up, the handler's image gone.
This cron workflow asks Argo's server every ten minutes, and alarms through another way than the pipelines do.
"""

import datetime
import json
import ssl
import urllib.request
from typing import Any

from argosy import cron_workflow, length, parameter, script, secret, when

ARGO_URL = parameter("argo-url", "https://argo-server.argo:2746", description="The server that is asked.")
ALARM_URL = parameter(
    "alarm-url", "https://events.pagerduty.com/v2/enqueue", description="Takes events in PagerDuty's form."
)
AUTHORITY = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt"


@script(retry=2, active_deadline_seconds=240)
def find_stray_runs(
    namespace: str, overdue_minutes: int, url: str = ARGO_URL, token: str = secret("argo-reader", "token")
) -> list[str]:
    """Give a line for each watched run that is overdue, or that ended without its exit handler."""
    request = urllib.request.Request(
        f"{url}/api/v1/workflows/{namespace}?listOptions.labelSelector=watched%3Dtrue",
        headers={"Authorization": f"Bearer {token}"},
    )
    context = ssl.create_default_context(cafile=AUTHORITY)
    with urllib.request.urlopen(request, timeout=60, context=context) as response:
        runs: list[dict[str, Any]] = json.load(response)["items"] or []
    now = datetime.datetime.now(datetime.UTC)
    return [line for run in runs if (line := judge(run, now, overdue_minutes))]


def judge(run: dict[str, Any], now: datetime.datetime, overdue_minutes: int) -> str:
    """Say what is wrong with a run; empty if nothing is."""
    name, status = run["metadata"]["name"], run.get("status", {})
    if not status.get("finishedAt"):
        started = datetime.datetime.fromisoformat(status.get("startedAt") or run["metadata"]["creationTimestamp"])
        minutes = (now - started).total_seconds() / 60
        phase = status.get("phase") or "waiting"
        return f"{name} has been {phase} for {minutes:.0f} min" if minutes > overdue_minutes else ""
    handled = any(node["name"] == f"{name}.onExit" for node in status.get("nodes", {}).values())
    return "" if handled else f"{name} ended {status['phase']} without its exit handler"


@script(retry=4, active_deadline_seconds=120)
def alarm(strays: list[str], url: str = ALARM_URL, key: str = secret("pagerduty", "routing-key")) -> None:
    """Open one incident; as long as it is open, further alarms add to it."""
    details = {"summary": f"{len(strays)} stray workflow runs", "source": "argo", "severity": "error"}
    payload = {**details, "custom_details": strays}
    event = {"routing_key": key, "event_action": "trigger", "dedup_key": "stray-runs", "payload": payload}
    request = urllib.request.Request(url, data=json.dumps(event).encode(), headers={"Content-Type": "application/json"})
    urllib.request.urlopen(request, timeout=30).close()


@cron_workflow(
    name="watchdog",
    schedules=["*/10 * * * *"],
    concurrency_policy="Replace",
    starting_deadline_seconds=300,
    active_deadline_seconds=540,
    successful_jobs_history_limit=1,
    failed_jobs_history_limit=3,
    service_account_name="argo-reader",
)
def watchdog(namespace: str = "production", overdue_minutes: int = 150) -> None:
    strays = find_stray_runs(namespace, overdue_minutes)
    with when(length(strays) > 0):
        alarm(strays)
