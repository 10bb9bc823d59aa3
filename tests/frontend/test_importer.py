"""Python written for manifests compiles to what means the same; stubs have the templates' types."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from argosy.frontend import compile_path
from argosy.frontend.importer.documents import import_documents
from argosy.frontend.importer.literals import block, literal, value
from argosy.frontend.importer.meaning import meaning
from argosy.frontend.importer.stubs import stubs
from argosy.yaml.read import read

ROOT = Path(__file__).parent.parent.parent
ARGOS = ROOT.parent / "shared" / "conformance" / "argo" / "lint"
KINDS = ("Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate", "CronWorkflow")
GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.yaml"))


def documents(path: Path) -> list[dict[str, Any]]:
    found = [d for d in read(path.read_bytes(), str(path)) if not d.problems]
    return [d.data for d in found if d.kind in KINDS]


def check(path: Path, tmp_path: Path) -> dict[str, str]:
    given = documents(path)
    imported = import_documents(given)
    source = tmp_path / "imported.py"
    source.write_text(imported.text, encoding="utf-8")
    assert [meaning(m.data) for m in compile_path(source)] == [meaning(d) for d in given]
    return imported.kept


def kept_as_data() -> dict[str, str]:
    """Read the table of the documentation: which of Argo's files are kept as data, and why."""
    text = (ROOT / "docs" / "importing.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\S+\.yaml)` \| (.*?) \|$", text, flags=re.MULTILINE)
    return dict(rows)


@pytest.mark.skipif(not ARGOS.is_dir(), reason="Argo's own examples are not here")
def test_argos_examples_mean_the_same_after_import_and_compiling(tmp_path: Path) -> None:
    paths = [p for p in sorted(ARGOS.glob("*/*.yaml")) if documents(p)]
    kept = {name_of(p): check(p, tmp_path) for p in paths}
    assert len(kept) > 500
    reasons = {name: "; ".join(dict.fromkeys(why.values())) for name, why in kept.items() if why}
    assert reasons == kept_as_data()


def test_the_sample_of_the_documentation_is_what_import_writes() -> None:
    text = (ROOT / "docs" / "importing.md").read_text(encoding="utf-8")
    [given] = re.findall(r"```yaml\n(.*?)```", text, flags=re.DOTALL)
    [written] = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    assert import_documents([d.data for d in read(given)]).text == written


def name_of(path: Path) -> str:
    """Give the name that a file has in Argo's repository, where those of tests are in folders."""
    folder, _, rest = path.name.partition("_")
    return path.name if path.parent.name == "examples" or not rest else f"{folder}/{rest}"


TYPED = ("dag-diamond", "loops-maps", "nested-workflow", "life-cycle-hooks-tmpl-level", "dag-conditional-parameters")


@pytest.mark.skipif(not ARGOS.is_dir(), reason="Argo's own examples are not here")
def test_imported_examples_pass_mypy_strict(tmp_path: Path) -> None:
    for name in TYPED:
        imported = import_documents(documents(ARGOS / "examples" / f"{name}.yaml"))
        (tmp_path / f"{name.replace('-', '_')}.py").write_text(imported.text, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", os.devnull, "--cache-dir"]
    done = subprocess.run(
        [*command, str(ROOT / ".mypy_cache" / "frontend-tests"), "."],
        capture_output=True, text=True, check=False, cwd=tmp_path,
        env={"MYPYPATH": str(ROOT / "compiler"), "PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", GOLDEN, ids=lambda p: p.stem)
def test_what_we_compile_can_be_imported(path: Path, tmp_path: Path) -> None:
    check(path, tmp_path)


def test_an_imported_workflow_reads_as_if_written_by_hand() -> None:
    given = """
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: hello-}
        spec:
          entrypoint: main
          templates:
          - name: main
            inputs: {parameters: [{name: who, value: world}]}
            steps:
            - - name: say-hello
                template: say-hello
                arguments: {parameters: [{name: message, value: "hello {{inputs.parameters.who}}"}]}
                when: "{{inputs.parameters.who}} != nobody"
          - name: say-hello
            inputs: {parameters: [{name: message}]}
            container: {image: "alpine:3.22", command: [echo], args: ["{{inputs.parameters.message}}"]}
    """
    import textwrap

    data = [d.data for d in read(textwrap.dedent(given))]
    assert import_documents(data).text == textwrap.dedent(
        """\
        from argosy import command, container, steps, workflow


        @container(image="alpine:3.22")
        def say_hello(message: str) -> None:
            command("echo", message)


        @workflow(generate_name="hello-", extra={"arguments": None})
        @steps
        def main(who: str = "world") -> None:
            say_hello.options(when=f"{who} != nobody")(message=f"hello {who}")
        """
    )


def test_what_steps_give_to_each_other_becomes_variables_loops_and_hooks() -> None:
    given = """
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: flow-}
        spec:
          entrypoint: main
          templates:
          - name: main
            outputs: {parameters: [{name: sum, valueFrom: {parameter: "{{tasks.add.outputs.parameters.sum}}"}}]}
            dag:
              tasks:
              - {name: serve, template: serve}
              - name: add
                template: add
                dependencies: [list, serve]
                arguments: {parameters: [{name: numbers, value: "{{tasks.list.outputs.result}}"},
                                         {name: server, value: "http://{{tasks.serve.ip}}"}]}
                hooks:
                  exit: {template: say, arguments: {parameters: [{name: word, value: "{{tasks.add.status}}"}]}}
                  late: {template: say, expression: "now() > 1",
                         arguments: {parameters: [{name: word, value: late}]}}
              - {name: list, template: list}
              - name: say
                template: say
                dependencies: [add]
                withItems: [{w: a}, {w: b}]
                when: "{{tasks.list.outputs.result}} != 0"
                arguments: {parameters: [{name: word, value: "{{item.w}}"}]}
              - name: each-number
                template: say
                dependencies: [list]
                withParam: "{{tasks.list.outputs.result}}"
                arguments: {parameters: [{name: word, value: "no. {{item}}"}]}
          - {name: serve, container: {image: nginx}, daemon: true}
          - {name: list, container: {image: alpine, command: [ls]}}
          - name: add
            inputs: {parameters: [{name: numbers}, {name: server}]}
            outputs: {parameters: [{name: sum, valueFrom: {path: /sum}}, {name: count, valueFrom: {path: /count}}]}
            container: {image: alpine, command: [sum, "{{inputs.parameters.numbers}}"]}
          - {name: say, inputs: {parameters: [{name: word}]}, container: {image: alpine, command: [echo]}}
    """
    import textwrap

    data = [d.data for d in read(textwrap.dedent(given))]
    imported = import_documents(data)
    assert imported.kept == {}
    assert imported.text.partition("@workflow")[2] == textwrap.dedent(
        """\
        (generate_name="flow-")
        @dag
        def main() -> Annotated[str, Parameter(name="sum")]:
            serve_step = serve.step()
            list_result = list_()
            add_result = add.options(
                on_exit=lambda _: say(word="{{tasks.add.status}}"),
                hooks={
                    "late": hook(lambda _: say(word="late"), when=lambda _: expr("now() > 1")),
                },
            )(numbers=list_result, server=f"http://{serve_step.ip}")
            for item in each([{"w": "a"}, {"w": "b"}]):
                say.options(after=[add_result], when=f"{list_result} != 0")(word=item["w"])
            for item in each(list_result):
                say.options(name="each-number")(word=f"no. {item}")
            return add_result.sum_
        """
    )


def test_a_workflow_that_nothing_can_say_is_kept_as_data_with_the_reason() -> None:
    given = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow", "metadata": {}, "spec": {"templates": []}}
    imported = import_documents([given])
    assert "raw_workflow(" in imported.text
    assert list(imported.kept.values()) == ["it has no templates of its own"]


def test_stubs_are_typed_functions_that_refer_to_templates() -> None:
    library = {
        "kind": "WorkflowTemplate",
        "metadata": {"name": "library"},
        "spec": {
            "templates": [
                {
                    "name": "build-image",
                    "inputs": {"parameters": [{"name": "repo"}, {"name": "git-tag", "value": "latest"}]},
                    "outputs": {"parameters": [{"name": "digest", "valueFrom": {"path": "/d"}}]},
                    "container": {"image": "kaniko"},
                },
                {"name": "list", "script": {"image": "alpine", "source": "ls"}},
                {"name": "all", "steps": [[{"name": "a", "template": "list"}]]},
            ]
        },
    }
    assert stubs([library]) == (
        "from typing import Annotated\n\nfrom argosy import Parameter, supplied, template_ref\n\n\n"
        '@template_ref("library")\n'
        'def build_image(repo: str, git_tag: Annotated[str, Parameter(name="git-tag")] = "latest") -> '
        'Annotated[str, Parameter(name="digest")]:\n'
        '    """The template build-image of library."""\n    return supplied()\n\n\n'
        '@template_ref("library", prints=True)\ndef list_() -> str:\n'
        '    """The template list of library."""\n    return supplied()\n\n\n'
        '@template_ref("library")\ndef all_() -> None:\n    """The template all of library."""\n    ...\n'
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("{{inputs.parameters.a}}", "a"),
        ("x {{inputs.parameters.a}} {y}", 'f"x {a} {{y}}"'),
        ("{{inputs.parameters.a}} {{steps.b.ip}}", '"{{inputs.parameters.a}} {{steps.b.ip}}"'),
        ("plain", '"plain"'),
        ('say "hi"', "'say \"hi\"'"),
    ],
)
def test_tags_with_a_variable_become_python(text: str, written: str) -> None:
    assert value(text, {"inputs.parameters.a": "a"}) == written


@pytest.mark.parametrize("text", ["a\nb\n", "a\n  b\n\nc\n", " a\nb", "a\\n\nb\n", 'a"""\nb\n', "tab\t\nb\n", "x"])
def test_a_block_is_read_back_as_it_was(text: str) -> None:
    from argosy.frontend.options import clean

    assert clean(eval(block(text, "\n")), "\n") == text


def test_literals_are_python() -> None:
    data = {"a": [1, 2.5, None, True, {"b": "x" * 90}], "c": "q\"'\n"}
    assert eval(literal(data)) == data
