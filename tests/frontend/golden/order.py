from typing import Annotated

from argosy import (
    NodeExit,
    Parameter,
    after,
    container,
    dag,
    hook,
    in_order,
    parameter,
    script,
    sh,
    steps,
    workflow,
)

CHANNEL = parameter("channel", "#ops")


@container(image="alpine:3.22")
def work(n: int = 1) -> str:
    return sh('echo "$N"', N=n)


@script
def report(step: NodeExit[str], channel: str = "#dev") -> None:
    print(step.name, step.status, channel)


@container(image="alpine:3.22")
def announce(step: NodeExit[str]) -> None:
    sh('echo "$STATUS"', STATUS=step.status)


@script
def look(name: str, url: str = CHANNEL) -> None:
    print(name, url)


@container(image="alpine:3.22")
def measure() -> Annotated[int, Parameter(path="/tmp/n")]:
    return sh("echo 3 > /tmp/n")


@script
def judge(step: NodeExit[int]) -> None:
    print("nothing" if step.result is None else step.result + 1)


@container(image="alpine:3.22")
def note(step: NodeExit[int]) -> None:
    sh('echo "$RESULT"', RESULT=step.result)


@dag
def ordered() -> None:
    a = work.step()
    b = work.options(name="b", continue_on="failed").step(2)
    with after(a, b):
        c = work.options(name="c").step(3)
    with after(c.failed | c.errored, b):
        work.options(name="d")(4)
    with in_order():
        work.options(name="e")(5)
        work.options(name="f")(6)
    work.options(name="g", after=[~a.succeeded & c.skipped])(7)


@steps
def hooked() -> None:
    work.options(on_exit=report)(1)
    work.options(name="two", on_exit=lambda step: report(step, channel=CHANNEL))(2)
    work.options(
        name="three",
        on_exit=hook(announce, when=lambda step: step.status != "Succeeded"),
        hooks={"running": hook(announce, when=lambda step: step.status == "Running")},
    )(3)
    work.options(name="four", on_exit=lambda step: look(f"{step.name} ended {step.status}"))(4)
    measure.options(on_exit=note)()
    measure.options(on_exit=judge)()


@workflow(
    generate_name="order-",
    hooks={"started": hook(lambda run: look(f"{run.name} runs"), when=lambda run: run.status == "Running")},
)
def main() -> None:
    ordered()
    hooked()
