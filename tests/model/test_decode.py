"""Documents become structs; what does not fit is left out, and everything else stays where it was."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from argosy import model
from argosy.errors import UsageError
from argosy.model.fields import field_table
from argosy.model.template import Template
from argosy.model.workflow import CronWorkflow, Workflow
from argosy.versions import ArgoVersion


def test_a_workflow_is_reached_by_attributes() -> None:
    workflow = model.decode(
        {
            "kind": "Workflow",
            "metadata": {"generateName": "exit-", "labels": {"a": "b"}},
            "spec": {
                "entrypoint": "main",
                "onExit": "cleanup",
                "podGC": {"strategy": "OnPodCompletion"},
                "hooks": {"exit": {"template": "h", "expression": "true"}},
                "templates": [
                    {
                        "name": "main",
                        "steps": [[{"name": "a", "template": "work", "continueOn": {"failed": True}}]],
                        "retryStrategy": {"limit": 3, "backoff": {"duration": "1s", "factor": "2"}},
                    },
                    {
                        "name": "work",
                        "container": {"image": "x", "command": ["sh"], "env": [{"name": "A", "value": "b"}]},
                        "outputs": {"artifacts": [{"name": "o", "path": "/o", "from": "{{x}}", "s3": {"key": "k"}}]},
                    },
                ],
            },
        },
        "Workflow",
    )
    assert isinstance(workflow, Workflow)
    spec = workflow.spec
    assert (spec.on_exit, spec.hooks["exit"].template, workflow.metadata.generate_name) == ("cleanup", "h", "exit-")
    assert spec.pod_gc is not None and spec.pod_gc.strategy == "OnPodCompletion"
    main, work = spec.templates
    assert main.steps[0][0].continue_on is not None and main.steps[0][0].continue_on.failed
    assert main.retry_strategy is not None and main.retry_strategy.limit == 3
    assert work.container is not None and work.container.env[0].value == "b"
    artifact = work.outputs.artifacts[0]
    assert (artifact.from_, artifact.s3 and artifact.s3.key, artifact.artifact_gc) == ("{{x}}", "k", None)
    assert work.inputs.parameters == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x", "x"),
        (True, "true"),
        (1, "1"),
        (1000, "1000"),
        (1.5, "1.5"),
        (1e-7, "0.0000001"),
        (2**63, "9223372036854776000"),
        (12345678901234567, "12345678901234568"),
        (1e21, "1000000000000000000000"),
        ([1], ""),
        ({"a": 1}, ""),
    ],
)
def test_the_value_of_a_parameter_is_text_as_argo_writes_it(value: Any, text: str) -> None:
    template = model.decode_template({"inputs": {"parameters": [{"name": "p", "value": value, "enum": [value]}]}})
    parameter = template.inputs.parameters[0]
    assert (parameter.value, parameter.enum) == (text, [text])


def test_what_does_not_fit_is_left_out_and_indexes_stay() -> None:
    spec = model.decode_spec(
        {
            "entrypoint": 1,
            "onExit": "x",
            "bogus": 1,
            "hooks": {"exit": None, "a": 5},
            "arguments": {"parameters": [None, {"name": "a", "value": 1}, "x"]},
            "templates": ["x", {"name": "b", "steps": [None, [{"name": "s", "when": True}, 7]], "daemon": "yes"}],
            "nodeSelector": {"a": "b", "c": 1},
        }
    )
    assert (spec.entrypoint, spec.on_exit) == ("", "x")
    assert set(spec.hooks) == {"exit", "a"}
    assert [p.name for p in spec.arguments.parameters] == ["", "a", ""]
    assert [t.name for t in spec.templates] == ["", "b"]
    assert [[s.name for s in group] for group in spec.templates[1].steps] == [[], ["s", ""]]
    assert spec.templates[1].daemon is None
    assert spec.node_selector == {"a": "b", "c": ""}


def test_names_below_a_step_match_in_any_case() -> None:
    step = {
        "name": "a",
        "Template": "not taken",
        "arguments": {"Parameters": [{"NAME": "p", "value": "v", "other": 1}], "parameter": []},
        "inline": {"DAG": {"Tasks": [{"Name": "t"}]}, "steps": [[{"Name": "x", "hooks": {"exit": {"Template": "h"}}}]]},
    }
    data = {"templates": [{"name": "m", "steps": [[step]], "Container": {"image": "x"}}]}
    template = model.decode_spec(data).templates[0]
    taken = template.steps[0][0]
    assert [(p.name, p.value) for p in taken.arguments.parameters] == [("p", "v")]
    assert taken.inline is not None and taken.inline.dag is not None
    assert taken.inline.dag.tasks[0].name == "t"
    assert taken.inline.steps[0][0].name == ""
    assert taken.inline.steps[0][0].hooks["exit"].template == "h"
    assert (taken.template, template.container) == ("", None)


@pytest.mark.parametrize("data", [None, [], "x", 5, {"spec": []}, {"metadata": None}])
def test_any_data_decodes(data: Any) -> None:
    assert isinstance(model.decode(data, "CronWorkflow"), CronWorkflow)


def test_an_unknown_kind_is_an_error() -> None:
    with pytest.raises(UsageError, match="ConfigMap"):
        model.decode({}, "ConfigMap")


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.text(max_size=2)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["name", "steps", "dag", "tasks", "inputs", "parameters", "hooks"]), inner),
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(JSON)
def test_decoding_never_fails(data: Any) -> None:
    assert isinstance(model.decode_template(data), Template)


def test_every_field_of_every_version_is_in_the_model() -> None:
    structs = all_structs()
    missing = [
        (name, field)
        for version in ArgoVersion
        for name, fields in field_table(version).types.items()
        for field in fields
        if name.split(".")[1] in structs and name.split(".")[0] in ("argo", "core", "meta")
        if field not in structs[name.split(".")[1]] and (name.startswith("argo.") or name == "core.Container")
    ]
    assert not missing


def all_structs() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    pending = list(model.ArgoStruct.__subclasses__())
    while pending:
        struct = pending.pop()
        pending += struct.__subclasses__()
        found[struct.__name__] = {field.encode_name for field in msgspec.structs.fields(struct)}
    return found


def test_argos_own_types_of_a_spec_are_all_there() -> None:
    table = field_table(ArgoVersion.V4_1)
    reached, pending = set(), ["argo.Workflow", "argo.CronWorkflow", "argo.WorkflowEventBinding"]
    while pending:
        name = pending.pop()
        if name in table.types and name not in reached and name.startswith("argo."):
            reached.add(name)
            pending += [code.lstrip("[]{}") for field, code in table.types[name].items() if field != "status"]
    assert {name.split(".")[1] for name in reached} <= set(all_structs())
