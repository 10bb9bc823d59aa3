"""Python written for manifests compiles to what means the same; stubs have the templates' types."""

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
EXAMPLES = ROOT.parent / "shared" / "conformance" / "argo" / "lint" / "examples"
KINDS = ("Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate", "CronWorkflow")
GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.yaml"))

NO_WORDS = {"fun-with-gifs.yaml": "it has no name", "k8s-jobs.yaml": "it has no name"}
"""Examples of Argo's that are kept as plain data, with the reason."""


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


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="Argo's own examples are not here")
def test_argos_examples_mean_the_same_after_import_and_compiling(tmp_path: Path) -> None:
    kept = {p.name: check(p, tmp_path) for p in sorted(EXAMPLES.glob("*.yaml")) if documents(p)}
    assert len(kept) > 200
    assert {name: next(iter(why.values())) for name, why in kept.items() if why} == NO_WORDS


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
