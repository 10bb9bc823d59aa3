"""Argo's walk: what it knows where, and in which order it learns it."""

from typing import Any

import pytest

from argosy.model import decode_template
from argosy.scope import Walk, walk
from argosy.scope.go_json import go_json
from argosy.source import Manifest, format_address
from argosy.versions import NEWEST, ArgoVersion
from argosy.workspace import Workspace
from argosy.yaml.read import read


def walked(text: str, version: ArgoVersion = NEWEST) -> Walk:
    found = [one for document in read(text) if (one := document.manifest()) is not None]
    return walk(found[-1], Workspace(found), version)


def unknown(text: str, version: ArgoVersion = NEWEST) -> list[str]:
    return [f"{format_address(one.place.address)}: {one.content}" for one in walked(text, version).unknown]


def workflow(templates: str, spec: str = "entrypoint: main") -> str:
    indented = "\n".join("    " + line for line in templates.strip("\n").splitlines())
    return f"kind: Workflow\nmetadata: {{generateName: w-}}\nspec:\n  {spec}\n  templates:\n{indented}\n"


LEAF = "- name: leaf\n  script: {image: i, source: s}\n  outputs: {parameters: [{name: p, valueFrom: {path: /p}}]}\n"


def test_a_step_knows_steps_before_it_and_beside_it_only() -> None:
    text = workflow(
        "- name: main\n  steps:\n"
        "  - - {name: a, template: leaf, when: '{{steps.b.outputs.result}} {{steps.a.status}}'}\n"
        "    - {name: b, template: leaf, when: '{{steps.a.outputs.result}}'}\n"
        "  - - {name: c, template: leaf, when: '{{steps.a.outputs.parameters.p}} {{steps.c.outputs.result}}'}\n" + LEAF
    )
    assert unknown(text) == [
        "spec.templates[0].steps[0][0].when: steps.b.outputs.result",
        "spec.templates[0].steps[1][0].when: steps.c.outputs.result",
    ]


def test_a_task_knows_outputs_of_all_and_the_status_of_its_ancestors() -> None:
    text = workflow(
        "- name: main\n  dag:\n    tasks:\n"
        "    - {name: a, template: leaf}\n"
        "    - {name: b, template: leaf, when: '{{tasks.a.outputs.result}} {{tasks.a.status}}'}\n"
        "    - {name: c, template: leaf, depends: a, when: '{{tasks.a.status}}'}\n"
        "    - {name: d, template: leaf, depends: c, when: '{{tasks.a.status}}'}\n" + LEAF
    )
    assert unknown(text) == ["spec.templates[0].dag.tasks[1].when: tasks.a.status"]


def test_items_leak_into_later_steps_but_not_into_other_tasks() -> None:
    loop = "withItems: [{k: 1}], when: '{{item.k}} {{item.j}}'"
    later = "{name: b, template: leaf, when: '{{item.k}}'}"
    steps = f"- name: main\n  steps:\n  - - {{name: a, template: leaf, {loop}}}\n  - - {later}\n"
    dag = f"- name: main\n  dag:\n    tasks:\n    - {{name: a, template: leaf, {loop}}}\n    - {later}\n"
    assert unknown(workflow(steps + LEAF)) == ["spec.templates[0].steps[0][0].when: item.j"]
    assert unknown(workflow(dag + LEAF)) == [
        "spec.templates[0].dag.tasks[0].when: item.j",
        "spec.templates[0].dag.tasks[1].when: item.k",
    ]


def test_failures_are_known_with_on_exit_and_only_where_it_leads_first() -> None:
    body = (
        "- name: main\n  container: {image: i}\n- name: bye\n  container: {image: i, args: ['{{workflow.failures}}']}\n"
    )
    assert unknown(workflow(body, "{entrypoint: main, onExit: bye}".strip("{}").replace(", ", "\n  "))) == []
    assert unknown(workflow(body)) == ["spec.templates[1].container.args[0]: workflow.failures"]


def test_global_outputs_are_known_once_their_template_was_called() -> None:
    maker = (
        "- name: maker\n  script: {image: i, source: s}\n"
        "  outputs: {parameters: [{name: p, globalName: g, valueFrom: {path: /p}}]}\n"
    )
    user = "- name: user\n  container: {image: i, args: ['{{workflow.outputs.parameters.g}}']}\n"
    order = "- name: main\n  steps:\n  - - {name: a, template: %s}\n  - - {name: b, template: %s}\n"
    assert unknown(workflow(order % ("maker", "user") + maker + user)) == []
    assert unknown(workflow(order % ("user", "maker") + maker + user)) == [
        "spec.templates[2].container.args[0]: workflow.outputs.parameters.g"
    ]


def test_only_the_first_inline_template_of_a_document_is_looked_into() -> None:
    text = workflow(
        "- name: main\n  steps:\n"
        "  - - {name: a, inline: {container: {image: i}}}\n"
        "  - - {name: b, inline: {container: {image: i, args: ['{{inputs.parameters.x}}']}}}\n"
    )
    assert len([one for one in walked(text).visits if not one.source.name]) == 1


def test_a_reference_leads_into_the_other_document() -> None:
    text = (
        "kind: WorkflowTemplate\nmetadata: {name: lib}\n"
        "spec: {templates: [{name: t, container: {image: i, args: ['{{inputs.x}}']}}]}\n"
        "---\n" + workflow("- name: main\n  steps: [[{name: a, templateRef: {name: lib, template: t}}]]\n")
    )
    found = walked(text).unknown
    assert [one.content for one in found] == ["inputs.x"]
    assert found[0].place.owner.manifest.kind == "WorkflowTemplate"
    assert format_address(found[0].place.via) == "spec.templates[0].steps[0][0]"


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        ("template: nobody", "undefined-template"),
        ("template: leaf, templateRef: {name: lib, template: t}", "template-and-reference"),
        ("templateRef: {template: t}", "no-reference-name"),
        ("templateRef: {name: lib}", "no-reference-template"),
        ("templateRef: {name: lib, template: t}", "no-workflow-template"),
        ("when: 'true'", "nothing-to-call"),
        ("inline: {name: x}", "no-kind"),
    ],
)
def test_a_call_that_leads_nowhere_says_why(call: str, fault: str) -> None:
    found = walked(workflow(f"- name: main\n  steps: [[{{name: a, {call}}}]]\n" + LEAF)).calls
    assert [one.fault for one in found if one.by == "step"] == [fault]


def test_the_values_of_the_entrypoint_are_put_into_it() -> None:
    spec = "entrypoint: main\n  arguments: {parameters: [{name: how, value: create}]}"
    template = (
        "- name: main\n  inputs: {parameters: [{name: how}]}\n"
        "  resource: {action: '{{inputs.parameters.how}}', manifest: x}\n"
    )
    visit = walked(workflow(template, spec)).visits[0]
    assert visit.template.resource is not None and visit.template.resource.action == "create"
    assert visit.source.resource is not None and visit.source.resource.action == "{{inputs.parameters.how}}"


def test_an_unclosed_tag_ends_where_the_json_of_go_ends_it() -> None:
    template: dict[str, Any] = {"name": "a", "container": {"image": "i", "args": ["{{x"]}}
    assert go_json(decode_template(template)) == (
        '{"name":"a","inputs":{},"outputs":{},"metadata":{},"container":{"name":"","image":"i","args":["{{x"],"resources":{}}}'
    )
    assert unknown(workflow("- name: main\n  container: {image: i, args: ['{{x']}\n")) == []
    assert len(unknown(workflow("- name: main\n  container: {image: i, args: ['{{inputs.x']}\n"))) == 1


@pytest.mark.parametrize("kind", ["Deployment", "", "WorkflowEventBinding"])
def test_other_kinds_have_nothing_to_note(kind: str) -> None:
    found = walk(Manifest({"kind": kind, "spec": {"templates": [{"name": "a"}]}}), Workspace(), NEWEST)
    assert not found.visits and not found.calls


def test_pod_metadata_is_part_of_every_template_that_is_found_by_name() -> None:
    text = workflow(
        "- name: main\n  metadata: {labels: {own: '{{inputs.parameters.b}}'}}\n  container: {image: i}\n",
        "entrypoint: main\n  podMetadata: {labels: {own: x, all: '{{inputs.parameters.a}}'}}",
    )
    own = "spec.templates[0].metadata.labels.own: inputs.parameters.b"
    assert unknown(text) == [own, "spec.podMetadata.labels.all: inputs.parameters.a"]
    assert unknown(text, ArgoVersion.V3_6) == [own]


def test_pod_metadata_wins_over_a_template_in_4_0() -> None:
    text = workflow(
        "- name: main\n  metadata: {labels: {a: '{{inputs.parameters.b}}'}}\n  container: {image: i}\n",
        "entrypoint: main\n  podMetadata: {labels: {a: x}}",
    )
    assert unknown(text, ArgoVersion.V4_0) == []
    assert unknown(text, ArgoVersion.V3_7) == ["spec.templates[0].metadata.labels.a: inputs.parameters.b"]


@pytest.mark.parametrize(
    ("url", "missing"),
    [("http://h/a", []), ("http://h", ["a"]), ("http://{{workflow.name}}/a", ["a"]), ("a:b", ["a"]), ("x y/z", [])],
)
def test_an_artifactory_url_has_a_key_if_go_can_read_its_path(url: str, missing: list[str]) -> None:
    artifact = f"{{name: a, path: /a, artifactory: {{url: '{url}'}}}}"
    text = workflow(f"- name: main\n  inputs: {{artifacts: [{artifact}]}}\n  container: {{image: i}}\n")
    (call,) = (one for one in walked(text).calls if one.by == "entrypoint")
    assert call.filled is not None and call.filled.missing_artifacts == missing
