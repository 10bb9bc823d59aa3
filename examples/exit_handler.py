"""A step fails, and the exit handler runs all the same: it prints the status, and notifies only if need be."""

from argosy import Exit, container, script, sh, steps, when, workflow


@container(image="alpine:3.22")
def do_work() -> None:
    sh("echo working; exit 1")


@container(image="alpine:3.22")
def print_status(run: Exit) -> None:
    sh('echo "the workflow ended: $STATUS"', STATUS=run.status)


@script(image="python:3.13-alpine")
def notify_failure(name: str, status: str) -> None:
    print(f"ALERT: workflow {name} ended {status}")


@steps
def cleanup(run: Exit) -> None:
    print_status(run)
    with when(run.status != "Succeeded"):
        notify_failure(name=run.name, status=run.status)


@workflow(generate_name="exit-handler-", on_exit=cleanup)
def main() -> None:
    do_work()
