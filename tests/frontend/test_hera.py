"""Hera's workflows beside ours: they compile, lint and simulate; what Hera gets wrong is an error."""

from pathlib import Path
from typing import Any

import pytest
from hera.workflows import DAG, Container, CronWorkflow, EmptyDirVolume, Env, Parameter, Resources, RetryStrategy, Steps
from hera.workflows import Workflow as HeraWorkflow
from hera.workflows import WorkflowTemplate as HeraTemplate

import argosy
from argosy.errors import CompileError
from argosy.frontend import compile_path, to_hera, to_manifests, to_yaml


def hera_workflow(kind: type[HeraWorkflow] = HeraWorkflow, **options: object) -> HeraWorkflow:
    with kind(entrypoint="main", name="hello", **options) as made:  # type: ignore[arg-type]  # options of each kind
        say = Container(name="say", image="alpine:3.22", args=["{{inputs.parameters.x}}"], inputs=[Parameter(name="x")])
        with Steps(name="main"):
            say(arguments={"x": "1"})
    return made


@pytest.mark.parametrize(
    ("kind", "options"), [(HeraWorkflow, {}), (HeraTemplate, {}), (CronWorkflow, {"schedules": ["@daily"]})]
)
def test_heras_workflows_compile(kind: type[HeraWorkflow], options: dict[str, object]) -> None:
    [manifest] = to_manifests(hera_workflow(kind, **options))
    assert (manifest.kind, manifest.name) == (kind.__name__, "hello")
    assert list(manifest.data)[:2] == ["apiVersion", "kind"]


def test_a_file_with_heras_workflow_compiles_beside_ours(tmp_path: Path) -> None:
    file = tmp_path / "case.py"
    file.write_text(
        "from hera.workflows import Container, Workflow\nfrom argosy import container, sh, workflow\n"
        "with Workflow(generate_name='hera-', entrypoint='main') as theirs:\n"
        "    Container(name='main', image='alpine:3.22')\n"
        "@workflow(generate_name='ours-')\n@container(image='alpine:3.22')\ndef main() -> None:\n    sh('true')\n"
    )
    assert [m.name for m in compile_path(file)] == ["hera-", "ours-"]


def test_heras_workflow_simulates() -> None:
    run = argosy.simulate(hera_workflow(), fail=["say:exit=3"])
    assert run.workflow["status"]["phase"] == "Failed"


def test_a_function_as_on_exit_is_an_error_not_a_python_tag() -> None:
    def cleanup() -> None: ...

    made = hera_workflow()
    made.on_exit = cleanup  # type: ignore[assignment]  # the mistake
    with pytest.raises(CompileError, match=r"spec\.onExit is the Python object cleanup"):
        to_manifests(made)


def test_ours_gives_heras_model() -> None:
    @argosy.workflow(name="hello")
    @argosy.container(image="alpine:3.22")
    def main() -> None:
        argosy.sh("true")

    model = to_hera(main)
    assert type(model).__module__.startswith("hera.workflows.models")
    assert model.spec.templates[0].container.image == "alpine:3.22"
    [again] = to_manifests(model)
    assert again.data == to_manifests(main)[0].data


def test_heras_models_are_taken_as_options() -> None:
    @argosy.container(
        image="alpine:3.22",
        resources=Resources(cpu_limit=1, memory_limit="1Gi"),
        env=[Env(name="A", value="b")],
        retry=RetryStrategy(limit=3, retry_policy="Always"),
        volumes=[EmptyDirVolume(name="work", mount_path="/work")],
    )
    def say() -> None:
        argosy.sh("true")

    @argosy.workflow(name="hello")
    def main() -> None:
        say()

    [manifest] = to_manifests(main)
    template = manifest.data["spec"]["templates"][1]
    assert template["container"]["resources"] == {"limits": {"cpu": "1", "memory": "1Gi"}}
    assert template["container"]["env"] == [{"name": "A", "value": "b"}]
    assert template["retryStrategy"] == {"limit": 3, "retryPolicy": "Always"}
    assert template["volumes"] == [{"name": "work", "emptyDir": {}}]


def test_a_dag_of_heras_is_left_as_hera_makes_it() -> None:
    with HeraWorkflow(generate_name="dag-", entrypoint="main") as made:
        say = Container(name="say", image="alpine:3.22")
        with DAG(name="main"):
            tasks: list[Any] = [say(name="one"), say(name="two")]
            tasks[0] >> tasks[1]
    assert to_manifests(made)[0].data == made.to_dict()
    assert "depends: one" in to_yaml(made)


HERAS = """\
from hera.workflows import Container, Steps, Workflow, script

@script()
def echo(x: str): print(x)

@script()
def clean_up(): print("bye")

with Workflow(
    generate_name="a-",
    entrypoint="all",
) as first:
    with Steps(name="all"):
        echo(name="say", arguments={"x": "1"})
    Container(name="bad", image="alpine:3.22", command=["true"], args=["{{inputs.parameters.nope}}"])
"""


def test_findings_in_heras_workflows_are_at_the_line_that_names_the_template(tmp_path: Path) -> None:
    source = tmp_path / "heras.py"
    source.write_text(HERAS)
    [finding] = [f for f in argosy.lint([str(source)], cache=False).findings() if f.finding.severity.value == "error"]
    assert finding.finding.rule == "variable-undefined"
    assert (finding.span().path, finding.span().line) == (str(source), 15)


def test_what_hera_gets_wrong_is_an_error_at_its_argument(tmp_path: Path) -> None:
    source = tmp_path / "heras.py"
    source.write_text(HERAS.replace('    entrypoint="all",\n', '    entrypoint="all",\n    on_exit=clean_up,\n'))
    with pytest.raises(CompileError, match="onExit is the Python object clean_up") as caught:
        compile_path(source)
    assert caught.value.place is not None
    assert (caught.value.place.path, caught.value.place.line) == (str(source), 12)


def test_fields_that_heras_models_do_not_know_are_an_error_rather_than_lost() -> None:
    leaves = compile_path(Path(__file__).parent / "golden" / "leaves.py")
    with pytest.raises(CompileError, match=r"Hera's models do not know spec.templates\[1\].podResources"):
        argosy.to_hera(leaves[0])
