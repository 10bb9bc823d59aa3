"""A release pipeline for production: whatever happens, people are told, systems are told, and nothing is left behind.

Its exit handler cleans up the cloud, posts to Slack, reports the status to a webhook, and, if the release failed,
starts ``recovery.py``. Addresses are parameters, secrets are Kubernetes secrets; ``watchdog.py`` looks after the case
that not even the handler runs.
"""

from argosy import (
    Exit,
    Failure,
    after,
    command,
    container,
    current,
    dag,
    json_of,
    manifest,
    parameter,
    resource,
    script,
    secret,
    sh,
    steps,
    when,
    workflow,
)

SERVICE = parameter("service", "shop", description="The deployment to release.")
WEBHOOK_URL = parameter("webhook-url", "https://status.example.com/api/runs", description="Is told how each run ended.")
SLACK_CHANNEL = parameter("slack-channel", "#releases")
CLOUD_PROJECT = parameter("cloud-project", "shop-staging", description="Where the test environment is made.")
CLOUD_ZONE = parameter("cloud-zone", "europe-west1-b")

PATIENT = {"limit": 3, "retryPolicy": "Always", "backoff": {"duration": "5s", "factor": 2, "maxDuration": "2m"}}


@container(
    image="gcr.io/google.com/cloudsdktool/google-cloud-cli:541.0.0-slim", retry=PATIENT, active_deadline_seconds=1200
)
def create_environment(run_name: str) -> str:
    """Make a machine to test on, labelled with the run, and give its name; one machine, however often it is tried."""
    return sh(
        """
        set -eu
        gcloud compute instances describe "$RUN" --project "$PROJECT" --zone "$ZONE" >&2 ||
          gcloud compute instances create "$RUN" --project "$PROJECT" --zone "$ZONE" --labels "run=$RUN" >&2
        echo "$RUN"
        """,
        RUN=run_name,
        PROJECT=CLOUD_PROJECT,
        ZONE=CLOUD_ZONE,
    )


@container(image="registry.example.com/acceptance-tests:12", active_deadline_seconds=1800)
def test(machine: str, version: str) -> None:
    command("run-tests", "--machine", machine, "--version", version)


@container(image="aquasec/trivy:0.67.2", active_deadline_seconds=1800)
def scan(version: str) -> None:
    sh('trivy image --exit-code 1 "registry.example.com/$SERVICE:$VERSION"', SERVICE=SERVICE, VERSION=version)


@container(
    image="alpine/k8s:1.34.1",
    retry=PATIENT,
    active_deadline_seconds=900,
    synchronization={"mutexes": [{"name": "release"}]},
)
def release(version: str) -> None:
    sh(
        """
        set -eu
        kubectl set image "deployment/$SERVICE" "$SERVICE=registry.example.com/$SERVICE:$VERSION"
        kubectl rollout status "deployment/$SERVICE" --timeout=10m
        """,
        SERVICE=SERVICE,
        VERSION=version,
    )


@container(
    image="gcr.io/google.com/cloudsdktool/google-cloud-cli:541.0.0-slim", retry=PATIENT, active_deadline_seconds=600
)
def clean_cloud(run: Exit) -> None:
    """Delete what carries the run's label; it is no error if that is nothing, so it can run twice."""
    sh(
        """
        set -eu
        gcloud compute instances list --project "$PROJECT" --filter "labels.run=$RUN" --format "value(name,zone)" |
        while read -r name zone; do
          gcloud compute instances delete "$name" --zone "$zone" --project "$PROJECT" --quiet
        done
        """,
        RUN=run.name,
        PROJECT=CLOUD_PROJECT,
    )


def describe(failures: list[Failure]) -> str:
    """Give a line for each failed step; the workflow itself, which is among them, has no message."""
    return "\n".join(f"• {failure.display_name}: {failure.message}" for failure in failures if failure.message)


@script(retry=PATIENT, active_deadline_seconds=120)
def post_to_slack(
    run: Exit, channel: str = SLACK_CHANNEL, service: str = SERVICE, token: str = secret("slack", "token")
) -> None:
    """Post how the run ended, with the failed steps."""
    import json
    import urllib.request

    text = f"Release of {service} by {run.name}: {run.status}\n{describe(run.failures)}"
    request = urllib.request.Request(
        "https://slack.com/api/chat.postMessage",
        data=json.dumps({"channel": channel, "text": text.strip()}).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json; charset=utf-8"},
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        answer = json.load(response)
    if not answer["ok"]:
        raise SystemExit(f"Slack says: {answer['error']}")


@script(retry=PATIENT, active_deadline_seconds=120)
def report_status(run: Exit, url: str = WEBHOOK_URL, token: str = secret("status-webhook", "token")) -> None:
    """Tell the status page; it knows a run by its uid, so telling it twice does no harm."""
    import json
    import urllib.request

    body = {"id": run.uid, "name": run.name, "status": run.status, "seconds": run.duration}
    request = urllib.request.Request(
        url,
        data=json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        method="PUT",
    )
    urllib.request.urlopen(request, timeout=30).close()


@resource(action="apply", active_deadline_seconds=120)
def start_recovery(run: Exit) -> None:
    """Start the recovery, one for each run: ``apply`` makes it only once."""
    manifest(
        f"""
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata:
          name: recovery-{run.uid}
        spec:
          workflowTemplateRef:
            name: recovery
          arguments:
            parameters:
            - name: service
              value: {json_of(SERVICE)}
            - name: why
              value: "{run.name} ended {run.status}"
        """
    )


@steps
def finish(run: Exit) -> None:
    clean_cloud.options(continue_on="both")(run)
    report_status.options(continue_on="both")(run)
    post_to_slack.options(continue_on="both")(run)
    with when(run.status != "Succeeded"):
        start_recovery(run)


@workflow(
    generate_name="release-",
    on_exit=finish,
    service_account_name="releaser",
    active_deadline_seconds=2 * 3600,
    ttl_strategy={"secondsAfterCompletion": 7 * 24 * 3600},
    pod_gc={"strategy": "OnPodSuccess"},
    labels={"team": "shop", "watched": "true"},
    environments={
        "production": {"namespace": "production", "parameters": {"cloud-project": "shop-production"}},
        "staging": {"namespace": "staging"},
    },
)
@dag
def production_pipeline(version: str = "1.0.0") -> None:
    machine = create_environment(current.workflow.name)
    tested = test.step(machine, version)
    scanned = scan.step(version)
    with after(tested, scanned):
        release(version)
