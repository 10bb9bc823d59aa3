"""What really has a value where, when the workflow runs."""

import pytest

from argosy import model
from argosy.scope.places import Presence, presence, setting

SPEC = model.decode_spec(
    {
        "entrypoint": "main",
        "arguments": {"parameters": [{"name": "p", "value": "1"}]},
        "templates": [
            {
                "name": "main",
                "inputs": {"parameters": [{"name": "in"}]},
                "outputs": {"parameters": [{"name": "o", "valueFrom": {"parameter": "x"}}]},
                "steps": [
                    [{"name": "a", "template": "leaf"}, {"name": "b", "template": "leaf", "withItems": [{"k": 1}]}],
                    [{"name": "c", "template": "leaf", "hooks": {"exit": {"template": "leaf"}}}],
                    [{"name": "d", "templateRef": {"name": "x", "template": "y"}}],
                ],
            },
            {
                "name": "graph",
                "dag": {
                    "tasks": [
                        {"name": "a", "template": "leaf"},
                        {"name": "b", "template": "leaf", "depends": "a"},
                        {"name": "c", "template": "pause", "depends": "b"},
                    ]
                },
            },
            {
                "name": "leaf",
                "retryStrategy": {"limit": 2},
                "script": {"image": "i", "source": "s"},
                "outputs": {"parameters": [{"name": "o", "globalName": "g", "valueFrom": {"path": "/o"}}]},
            },
            {"name": "pause", "suspend": {}},
        ],
    }
)
BY_NAME = {one.name: one for one in SPEC.templates}
MAIN, GRAPH, LEAF, PAUSE = (("templates", n) for n in range(4))
THERE, NOT, UNSURE = Presence.THERE, Presence.NOT_THERE, Presence.UNKNOWN


def called(holder: model.WorkflowStep | model.DAGTask) -> model.Template | None:
    return BY_NAME.get(holder.template)


@pytest.mark.parametrize(
    ("name", "address", "wanted"),
    [
        ("workflow.name", ("volumes", 0), THERE),
        ("workflow.status", ("volumes", 0), NOT),
        ("workflow.status", (*LEAF, "script"), THERE),
        ("workflow.failures", (*LEAF, "script"), NOT),
        ("workflow.failures", ("hooks", "exit", "arguments"), THERE),
        ("workflow.failures", ("hooks", "other", "arguments"), NOT),
        ("workflow.parameters.p", (*LEAF, "script"), THERE),
        ("workflow.parameters.q", (*LEAF, "script"), NOT),
        ("workflow.labels.x", (*LEAF, "script"), UNSURE),
        ("workflow.priority", (*LEAF, "script"), NOT),
        ("workflow.scheduledTime", (*LEAF, "script"), UNSURE),
        ("workflow.outputs.parameters.g", (*LEAF, "script"), UNSURE),
        ("inputs.parameters.in", (*MAIN, "steps", 0, 0, "when"), THERE),
        ("inputs.parameters.out", (*MAIN, "steps", 0, 0, "when"), NOT),
        ("inputs.parameters.in", (*LEAF, "script"), NOT),
        ("steps.a.outputs.result", (*MAIN, "steps", 0, 1, "when"), NOT),
        ("steps.a.outputs.result", (*MAIN, "steps", 1, 0, "when"), THERE),
        ("steps.a.outputs.parameters.o", (*MAIN, "steps", 1, 0, "when"), THERE),
        ("steps.a.outputs.parameters.x", (*MAIN, "steps", 1, 0, "when"), NOT),
        ("steps.a.ip", (*MAIN, "steps", 1, 0, "when"), NOT),
        ("steps.b.outputs.parameters", (*MAIN, "steps", 1, 0, "when"), THERE),
        ("steps.a.outputs.parameters", (*MAIN, "steps", 1, 0, "when"), NOT),
        ("steps.c.outputs.result", (*MAIN, "steps", 1, 0, "when"), NOT),
        ("steps.c.outputs.result", (*MAIN, "steps", 1, 0, "hooks", "exit", "arguments"), THERE),
        ("steps.d.outputs.parameters.z", (*MAIN, "outputs", "parameters", 0), UNSURE),
        ("steps.d.status", (*MAIN, "outputs", "parameters", 0), THERE),
        ("steps.a.status", (*LEAF, "script"), NOT),
        ("tasks.a.status", (*GRAPH, "dag", "tasks", 1, "when"), THERE),
        ("tasks.a.outputs.result", (*GRAPH, "dag", "tasks", 2, "when"), THERE),
        ("tasks.b.status", (*GRAPH, "dag", "tasks", 0, "when"), NOT),
        ("steps.a.status", (*GRAPH, "dag", "tasks", 1, "when"), NOT),
        ("item", (*MAIN, "steps", 0, 1, "when"), THERE),
        ("item.k", (*MAIN, "steps", 0, 1, "when"), THERE),
        ("item.j", (*MAIN, "steps", 0, 1, "when"), NOT),
        ("item", (*MAIN, "steps", 0, 0, "when"), NOT),
        ("retries", (*LEAF, "script"), THERE),
        ("lastRetry.message", (*PAUSE, "suspend"), NOT),
        ("pod.name", (*LEAF, "script"), THERE),
        ("pod.name", (*PAUSE, "suspend"), NOT),
        ("outputs.parameters.o.path", (*LEAF, "script"), THERE),
        ("outputs.parameters.x.path", (*LEAF, "script"), NOT),
        ("duration", (*LEAF, "metrics", "prometheus", 0), THERE),
        ("duration", (*LEAF, "script"), NOT),
        ("cronworkflow.name", (*LEAF, "script"), NOT),
        ("input.parameters.x", (*LEAF, "script"), NOT),
    ],
)
def test_a_variable_is_there_or_not_or_cannot_be_known(
    name: str, address: tuple[str | int, ...], wanted: Presence
) -> None:
    assert presence(name, setting(SPEC, address), SPEC, called, is_template=False) is wanted


def test_failures_are_there_in_what_the_handler_runs() -> None:
    where = setting(SPEC, (*LEAF, "script"), frozenset({"leaf"}))
    assert presence("workflow.failures", where, SPEC, called, is_template=False) is THERE


def test_of_a_workflow_template_less_is_certain() -> None:
    where = setting(SPEC, (*LEAF, "script"))
    assert presence("workflow.failures", where, SPEC, called, is_template=True) is UNSURE
    assert presence("workflow.parameters.q", where, SPEC, called, is_template=True) is UNSURE
