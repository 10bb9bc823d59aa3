import json
from pathlib import Path

import jsonschema
import pytest

from argosy.errors import ReadError, ScenarioError
from argosy.simulate import scenario as scenarios
from argosy.simulate.scenario import Outcome

ROOT = Path(__file__).parent.parent.parent
SCHEMA = json.loads((ROOT / "schemas" / "scenario.schema.json").read_text())

GOOD = """
name: all-of-it
description: every kind of field
objects:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {limit: "2"}}
templates:
- {metadata: {name: lib}, spec: {templates: []}}
workflow: {metadata: {name: w}, spec: {}}
outcomes:
- match: {template: work, attempt: 0, node: "\\\\.deploy$", inputs: {env: prod}, hooked: true}
  exitCode: 1
  duration: 2s
  outputs: {parameters: {p: value}, result: text, artifacts: {log: false}}
- containers: {helper: {exitCode: 2, exits: true}}
  http: {statusCode: 503, body: busy, headers: {X-A: [v]}}
actions:
- {when: {node: work, phase: Running}, after: 500ms, do: stop}
- {when: {workflow: Failed, count: 1}, do: retry, parameters: [mode=fixed], restartSuccessful: true}
- {after: 3, do: patch, patch: {spec: {suspend: true}}}
- {after: 1h30m, do: controller-down, for: 10m}
missingOutputs: auto
kubeletDeadlineDelay: -1s
timeout: 60
expect:
  phase: Failed
  nodes: {work: Failed, notify: {phase: Succeeded, message: ok}}
"""

BAD = {
    "actionz: []": ("unknown field 'actionz'", "did you mean 'actions'?", 1),
    "outcomes: [{exit: 1}]": ("unknown field 'exit'", "did you mean 'exitCode'?", 1),
    "outcomes: [{exitCode: '1'}]": ("expected a number, got text", None, 1),
    "name: x\noutcomes: [{phase: Faild}]": ("'Faild' is not one of", "did you mean 'Failed'?", 2),
    "outcomes: {}": ("expected a list, got an object", None, 1),
    "outcomes: [{duration: soon}]": ("not a length of time: 'soon'", "write 500ms", 1),
    "outcomes: [{match: {node: '('}}]": ("not a regular expression", None, 1),
    "actions: [{do: stpo, after: 1}]": ("'stpo' is not one of", "did you mean 'stop'?", 1),
    "actions: [{do: stop}]": ("has neither `when` nor `after`", None, 1),
    "actions: [{do: delete-pod, after: 1}]": ("delete-pod needs `node`", None, 1),
    "actions: [{after: 1s}]": ("field 'do' is missing", None, 1),
    "workflow: {}\nmanifest: x": ("`workflow` or `manifest`, not both", None, 2),
    "- 1": ("expected an object, got a list", None, 1),
}


def test_every_field_is_read() -> None:
    (scenario,) = scenarios.parse(GOOD)
    outcomes, actions = scenario.outcomes or [], scenario.actions or []
    assert outcomes[0].match.node == "\\.deploy$"
    assert (outcomes[0].exit_code, outcomes[0].duration) == (1, 2.0)
    assert [a.after for a in actions] == [0.5, None, 3.0, 5400.0]
    assert actions[3].lasts == 600.0
    assert (scenario.kubelet_deadline_delay, scenario.timeout) == (-1.0, 60.0)
    assert scenario.expect is not None and scenario.expect.nodes is not None
    assert scenario.expect.nodes["work"] == "Failed"


@pytest.mark.parametrize("text", BAD)
def test_what_does_not_fit_is_an_error_with_its_place(text: str) -> None:
    message, hint, line = BAD[text]
    with pytest.raises(ScenarioError) as caught:
        scenarios.parse(text, "s.yaml")
    assert message in caught.value.message
    assert (hint or "") in (caught.value.hint or "")
    assert caught.value.place is not None
    assert (caught.value.place.path, caught.value.place.line) == ("s.yaml", line)


def test_broken_yaml_is_an_error_with_its_place() -> None:
    with pytest.raises(ReadError) as caught:
        scenarios.parse("name: [", "s.yaml")
    assert caught.value.place is not None


def test_a_missing_file_is_an_error() -> None:
    with pytest.raises(ReadError, match="cannot read the scenario"):
        scenarios.load("no/such/file.yaml")


def test_several_scenarios_share_a_file() -> None:
    assert [s.name for s in scenarios.parse("name: a\n---\nname: b\n")] == ["a", "b"]


def test_the_defaults_are_a_plain_success() -> None:
    assert Outcome().exit_code is None
    assert scenarios.parse("name: x")[0].missing_outputs == "error"


def test_manifest_is_relative_to_the_scenario_file(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text("manifest: w.yaml\n")
    assert scenarios.load(tmp_path / "s.yaml")[0].manifest == str(tmp_path / "w.yaml")


def test_the_schema_is_what_the_parser_reads() -> None:
    from argosy.simulate.shape import schema

    made = schema(scenarios.Scenario, SCHEMA["title"], SCHEMA["$id"])
    assert json.loads(json.dumps(made)) == SCHEMA, "run: make schemas"
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_schema_accepts_what_the_parser_accepts() -> None:
    from argosy.yaml.read import read

    jsonschema.validate(read(GOOD)[0].data, SCHEMA)


OUTSIDE_A_SCHEMA = (
    "- 1",
    "neither `when`",
    "delete-pod needs",
    "not both",
    "not a length of time",
    "regular expression",
)


@pytest.mark.parametrize(
    "text", [t for t in BAD if not any(p in (t, BAD[t][0]) or p in BAD[t][0] for p in OUTSIDE_A_SCHEMA)]
)
def test_the_schema_refuses_what_the_parser_refuses(text: str) -> None:
    from argosy.yaml.read import read

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(read(text)[0].data, SCHEMA)
