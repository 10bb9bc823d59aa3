"""The recovery of a failed release: a template that waits for a person, and does what that person decides.

``production_pipeline.py`` starts it when a release fails; a person can start it as well.
"""

from typing import Annotated, Literal

from argosy import Parameter, container, otherwise, secret, sh, supplied, suspend, when, workflow_template


@suspend(duration="12h")
def ask() -> Annotated[Literal["restore", "leave"], Parameter(default="leave")]:
    """Somebody resumes it with a decision; without one, all is left as it is after twelve hours."""
    return supplied()


@container(
    image="alpine/k8s:1.34.1",
    retry={"limit": 3, "retryPolicy": "Always", "backoff": {"duration": "10s", "factor": 2}},
    active_deadline_seconds=900,
)
def restore(service: str) -> None:
    sh(
        """
        set -eu
        kubectl rollout undo "deployment/$SERVICE"
        kubectl rollout status "deployment/$SERVICE" --timeout=10m
        """,
        SERVICE=service,
    )


@container(image="curlimages/curl:8.16.0", retry=2, active_deadline_seconds=60)
def note(service: str, text: str) -> None:
    sh(
        """
        curl --fail --silent --show-error --data-urlencode "service=$SERVICE" --data-urlencode "text=$TEXT" "$JOURNAL"
        """,
        SERVICE=service,
        TEXT=text,
        JOURNAL=secret("release-journal", "url"),
    )


@workflow_template(name="recovery", service_account_name="releaser")
def recovery(service: str, why: str = "started by hand") -> None:
    note.options(name="note-why")(service, why)
    decision = ask()
    with when(decision == "restore"):
        restore(service)
        note.options(name="note-restored")(service, "restored")
    with otherwise():
        note.options(name="note-left")(service, "left as it is")
