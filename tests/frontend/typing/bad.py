"""Misuse that type checkers find: each marked line has an error, and no other line has one."""

from typing import Literal, NamedTuple

from argosy import (
    Exit,
    NodeExit,
    container,
    cron_workflow,
    dag,
    each,
    hook,
    parameter,
    script,
    sh,
    steps,
    when,
    workflow,
)


class Built(NamedTuple):
    image: str
    size: int


@container(image="alpine:3.22")
def say(message: str) -> None:
    sh('echo "$MESSAGE"', MESSAGE=message)


@container(image="alpine:3.22")
def answer() -> str:
    return sh("echo yes")


@script
def count(n: int) -> int:
    return n + 1


@script
def build(size: Literal["small", "large"]) -> Built:
    return Built(size, 3)


@container(imag="alpine:3.22")  # error
def misspelt() -> None:
    sh("true")


@container(image="alpine:3.22", image_pull_policy="Sometimes")  # error
def wrong_choice() -> None:
    sh("true")


@steps
def cleanup(run: Exit) -> None:
    with when(run.status == "Failure"):  # error
        say(run.name)
    with when(run.state == "Failed"):  # error
        say(run.name)
    say(run.duration)  # error


@script
def on_node(step: NodeExit[int]) -> None:
    print(step.result + 1)  # error
    print(step.status == "Done")  # error


@steps
def calls() -> str:
    say(3)  # error
    say(mesage="x")  # error
    say()  # error
    count(answer())  # error
    build("medium")  # error
    say(build("small").size)  # error
    say(build("small").weight)  # error
    say(count(1))  # error
    with when(count(1)):  # error
        say("x")
    for n in each([1, 2]):
        say(n)  # error
    totals = [count(n) for n in each([1, 2])]
    say(totals)  # error
    cleanup()  # error
    say.options(naem="x")("y")  # error
    answer.options(on_exit=on_node)()  # error
    answer.options(on_exit=hook(on_node))()  # error
    answer.options(on_exit=lambda step: say(step.results))()  # error
    answer.options(hooks={"exit": hook(on_node)})()  # error
    count.options(on_exit=on_node)(1)
    count.options(on_exit=hook(on_node, when=lambda step: step.status == "Done"))(1)  # error
    say.options(on_exit=hook(on_node, when=lambda step: step.status == "Ready"))("y")  # error
    return count(1)  # error


LIMIT = parameter("limit", 3)


@dag
def uses() -> None:
    say(LIMIT)  # error
    count(LIMIT)


@workflow(on_exit=say)  # error
def handler_without_exit() -> None:
    say("x")


@workflow(on_exit=calls)  # error
def handler_without_arguments() -> None:
    say("x")


@workflow(on_exit=lambda run: say(run.statu))  # error
def unknown_field() -> None:
    say("x")


@workflow(generatename="x-")  # error
def unknown_option() -> None:
    say("x")


@cron_workflow(schedule="@daily")  # error
def unknown_schedule() -> None:
    say("x")


@workflow(on_exit=cleanup)
def good(limit: int = 2) -> None:
    count(limit)
    say("x")
