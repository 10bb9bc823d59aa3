from pydantic import BaseModel

from argosy import (
    Exit,
    command,
    container,
    current,
    dag,
    raw_workflow,
    script,
    steps,
    when,
    workflow,
    workflow_of,
    workflow_template,
)


class Order(BaseModel):
    item: str
    count: int = 1


@container(image="alpine:3.22")
def say(message: str) -> None:
    command("echo", message)


@script(image="registry.example.com/python-with-pydantic:3.13")
def double(order: Order) -> Order:
    return Order(item=order.item, count=order.count * 2)


@workflow_template(name="orders", templates=[say], defaults={"parallelism": 3, "namespace": "shop"})
@dag
def orders(item: str, count: int = 1) -> int:
    doubled = double(double(Order(item="tea")))
    say.options(inline=True, name="inline")(f"{item} {doubled.item}: {doubled.count + count}")
    return doubled.count


@steps
def countdown(n: int) -> None:
    say(f"{n} of {current.workflow.labels['team']}")
    with when(n > 1):
        countdown(n - 1)


@workflow(generate_name="reuse-", labels={"team": "tea"}, on_exit=lambda run: orders.ref(say)(run.status))
def reuse(n: int = 3) -> None:
    total = orders.options(name="first")("tea", count=2)
    countdown(total)
    countdown(n)


@workflow(generate_name="recursive-")
@steps
def recursive(n: int = 3) -> None:
    say("again")
    with when(n > 0):
        recursive(n - 1)


tea = workflow_of(orders, generate_name="tea-", arguments={"item": "tea", "count": 2})
daily = workflow_of("coffee", name="coffee-daily", schedules=["0 8 * * *"], cluster_scope=True, entrypoint="brew")
as_data = raw_workflow(
    {"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow", "metadata": {"name": "raw"}, "spec": {}}
)


@script
def unused(run: Exit) -> None: ...
