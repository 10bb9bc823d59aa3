from typing import Annotated

from argosy import (
    Exit,
    Failure,
    Parameter,
    cluster_workflow_template,
    container,
    cron_workflow,
    each,
    global_output,
    length,
    script,
    sh,
    steps,
    template_ref,
    when,
    workflow,
    workflow_template,
)


@container(image="alpine:3.22")
def say(text: str) -> str:
    return sh('echo "$TEXT"', TEXT=text)


@workflow_template(name="library")
def library(text: str, times: int = 1) -> None:
    say(text)


@cluster_workflow_template(name="shared", templates=[say])
def shared() -> None:
    say("shared")


@template_ref("elsewhere", "build-image", prints=True)
def build(repository: str, tag: str = "latest") -> str:
    raise NotImplementedError


@template_ref("everywhere", cluster_scope=True)
def notify_all(status: str) -> None:
    raise NotImplementedError


@container(image="alpine:3.22")
def rent() -> Annotated[str, Parameter(path="/tmp/id", global_name="machine")]:
    return sh("rent > /tmp/id")


@container(image="alpine:3.22")
def give_back(run: Exit) -> None:
    sh('give-back "$MACHINE" --if-rented', MACHINE=global_output("machine", "none"))


@workflow(generate_name="rented-", on_exit=give_back)
def rented() -> None:
    rent()


@script
def tell(run: Exit) -> None:
    for failure in run.failures:
        print(failure.display_name, failure.message)


@steps
def cleanup(run: Exit, region: str) -> None:
    say(f"{region}: {run.status}")
    tell(run)


@cron_workflow(
    name="nightly",
    schedules=["0 3 * * *"],
    timezone="Europe/Berlin",
    concurrency_policy="Forbid",
    on_exit=cleanup,
    workflow_metadata={"labels": {"kind": "nightly"}},
)
def nightly(region: str = "eu") -> None:
    library("hello", times=2)
    shared.ref(say)(build("repo"))


@workflow(generate_name="hooked-", on_exit=lambda run: notify_all(run.status))
def hooked() -> None:
    say("x")


@script
def log(run: Exit, text: str) -> None:
    print(text, len(run.failures))


@script
def list_failures(failures: list[Failure]) -> str:
    return ", ".join(failure.display_name for failure in failures)


@steps
def after_failures(run: Exit) -> None:
    say(list_failures(run.failures))
    for failure in each(run.failures):
        say(f"{failure.display_name}: {failure.message}")
    with when(length(run.failures) > 0):
        say(run.failures[0].template_name)


@workflow(generate_name="failing-", on_exit=after_failures)
def failing() -> None:
    say("x")


@workflow(generate_name="wrapped-", on_exit=lambda run: log(run, "a"))
def wrapped() -> None:
    say("x")
