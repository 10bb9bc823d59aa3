"""Retries: with growing pauses, only for some exit codes, and never for longer than a deadline."""

from argosy import container, current, sh, workflow


@container(
    image="curlimages/curl:8.16.0",
    retry={"limit": 4, "retryPolicy": "Always", "backoff": {"duration": "5s", "factor": 2, "maxDuration": "2m"}},
)
def download(url: str) -> None:
    sh('echo "attempt $ATTEMPT"; curl --fail --silent --show-error "$URL"', ATTEMPT=current.retry.attempt, URL=url)


@container(
    image="alpine:3.22",
    retry={"limit": 2, "expression": "asInt(lastRetry.exitCode) == 75"},
    active_deadline_seconds=600,
)
def load() -> None:
    """Exit code 75 says: try again later."""
    sh("echo loading")


@workflow(generate_name="retries-")
def retries(url: str = "https://example.com/data.csv") -> None:
    download(url)
    load()
