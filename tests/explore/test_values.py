"""Which values are tried of outputs and arguments: those that conditions, loops and expressions ask for."""

from typing import Any

import pytest

from argosy.explore.forms import of_use
from argosy.explore.templates import templates_of
from argosy.explore.values import CODE, RESULT, Source, durations, literals, wanted
from argosy.simulate.given import Given
from argosy.source import Manifest

MAKE = {"name": "make", "container": {"image": "alpine:3.22"}}
USE = {"name": "use", "inputs": {"parameters": [{"name": "x"}]}, "container": {"image": "alpine:3.22"}}


def templates(*calls: dict[str, Any], more: tuple[dict[str, Any], ...] = (), **spec: Any) -> Any:
    """Give the templates of a workflow that calls ``make`` first, and then these."""
    main = {"name": "main", "steps": [[{"name": "made", "template": "make"}], *([call] for call in calls)]}
    data = {"entrypoint": "main", "templates": [main, MAKE, USE, *more], **spec}
    return templates_of(Given(Manifest({"kind": "Workflow", "spec": data})))


def step(**fields: Any) -> dict[str, Any]:
    return {"name": "used", "template": "use", **fields}


def gives(value: str) -> dict[str, Any]:
    return {"parameters": [{"name": "x", "value": value}]}


RESULT_OF = "{{steps.made.outputs.result}}"


@pytest.mark.parametrize(
    ("call", "values"),
    [
        (step(when=f"{RESULT_OF} == heads"), ["heads", "other"]),
        (step(when=f"'{RESULT_OF}' == 'a b'"), ["a b", "other"]),
        (step(when=f"{RESULT_OF} > 3"), ["3", "2", "4"]),
        (step(when=f"{RESULT_OF} in ('x', 'y')"), ["x", "y", "other"]),
        (step(when="{{=steps.made.outputs.result == 'x'}}"), ["x", "other"]),
        (step(when="{{=steps['made'].outputs.result == 'x'}}"), ["x", "other"]),
        (step(when="{{=asInt(steps.made.outputs.result) >= 10}}"), ["10", "9", "11", "not a number"]),
        (step(when="{{=len(fromJSON(steps.made.outputs.result)) > 0}}"), ['["a","b"]', "[]", '["a"]', "not JSON"]),
        (step(when="{{=fromJSON(steps.made.outputs.result)['k'] == 'n'}}"), ['{"k":"n"}', '{"k":"other"}', "not JSON"]),
        (step(when="{{=jsonpath(steps.made.outputs.result, '$.a') == ''}}"), ['{"a":"some-value"}', "not JSON"]),
        (step(withParam=RESULT_OF), ['["a","b"]', "[]", "not a list"]),
        (step(withSequence={"count": RESULT_OF}), ["2", "not a number"]),
        (step(arguments=gives("{{=fromJSON(steps.made.outputs.result).name}}")), ['{"name":"some-value"}', "not JSON"]),
    ],
    ids=lambda value: str(value)[:60],
)  # fmt: skip
def test_the_result_of_a_step_is_tried_with_what_its_use_asks_for(call: dict[str, Any], values: list[str]) -> None:
    assert wanted(templates(call)) == {Source("make", RESULT): values}


def test_a_result_that_is_only_handed_on_needs_no_value() -> None:
    assert wanted(templates(step(arguments=gives(RESULT_OF)))) == {}


def test_values_are_traced_through_arguments_of_templates_between() -> None:
    inner = {
        "name": "inner",
        "inputs": {"parameters": [{"name": "x"}]},
        "steps": [[step(when="{{inputs.parameters.x}} == go")]],
    }
    call = {"name": "in", "template": "inner", "arguments": gives(RESULT_OF)}
    assert wanted(templates(call, more=(inner,))) == {Source("make", RESULT): ["go", "other"]}


def test_values_are_traced_through_outputs_of_templates_between() -> None:
    from_inside = {"name": "out", "valueFrom": {"parameter": "{{steps.made.outputs.parameters.file}}"}}
    outer = {
        "name": "outer",
        "steps": [[{"name": "made", "template": "make"}]],
        "outputs": {"parameters": [from_inside]},
    }
    call = {"name": "far", "template": "outer"}
    used = step(when="{{steps.far.outputs.parameters.out}} == go")
    assert wanted(templates(call, used, more=(outer,))) == {Source("make", "file"): ["go", "other"]}


def test_the_results_of_a_loop_are_json() -> None:
    loop = {"name": "each", "template": "make", "withItems": [1, 2]}
    assert wanted(templates(loop, step(arguments=gives("{{steps.each.outputs.result}}")))) == {
        Source("make", RESULT): ["1"]
    }


def test_arguments_are_tried_with_what_conditions_ask_for_and_with_their_choices() -> None:
    arguments = {"parameters": [{"name": "env", "value": "dev"}, {"name": "size", "value": "s", "enum": ["s", "l"]}]}
    found = wanted(templates(step(when="{{workflow.parameters.env}} == prod"), arguments=arguments))
    assert found == {Source("", "env"): ["prod", "other"], Source("", "size"): ["s", "l"]}


def test_exit_codes_are_tried_that_a_retry_expression_asks_for() -> None:
    again = {**MAKE, "name": "again", "retryStrategy": {"limit": 1, "expression": "asInt(lastRetry.exitCode) == 75"}}
    call = {"name": "again", "template": "again"}
    assert wanted(templates(call, more=(again,))) == {Source("again", CODE): ["75", "74", "76"]}


def test_conditions_on_the_duration_are_tried_with_a_run_that_lasts() -> None:
    assert durations(templates(step(when="{{workflow.duration}} > 60"))) == [61]


def test_names_of_fields_and_steps_are_no_values() -> None:
    assert literals("{{=fromJSON(steps['some step'].outputs.result)['field'] == 'value'}}") == ["value", "other"]


def test_a_reference_that_is_not_decoded_needs_no_form() -> None:
    text = "{{=upper(steps.a.outputs.result)}}"
    assert of_use(text, 9, 31, []) == []
