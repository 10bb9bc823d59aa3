"""What `argosy explore` shows of an exploration, compared whole; and the reasons for which a handler never runs."""

import re
from collections.abc import Callable

import pytest

from argosy.explore.exploration import explore
from argosy.explore.play import named
from argosy.report import render
from argosy.report.matrix_fault import render as in_full
from argosy.report.style import PLAIN, Style
from tests.explore.conftest import WORKFLOWS, Explored

Golden = Callable[[str, str], None]
ONE_SCREEN = 60


def shown(text: str) -> str:
    """Give a report with paths from the top of the checkout."""
    return re.sub(r"(?:\.\./)*(?:[\w.-]*/)*((?:tests|examples)/)", r"\1", text)


@pytest.mark.parametrize("format", ["text", "markdown"])
@pytest.mark.parametrize("name", WORKFLOWS)
def test_each_format_shows_each_exploration(name: str, format: str, explored: Explored, golden: Golden) -> None:
    found = explored(name)
    golden(f"{name}.{format}", shown(render("explore", format, found, style=Style(width=120))))


def test_the_seed_workflow_fits_on_one_screen(explored: Explored) -> None:
    text = render("explore", "text", explored("exit-handler"), style=Style(width=120))
    assert len(text.splitlines()) <= ONE_SCREEN
    assert text.splitlines()[-1].startswith("The handler runs after 36 of 43 faults")


def test_colours_change_nothing_but_colours(explored: Explored) -> None:
    found = explored("exit-handler")
    coloured = render("explore", "text", found, style=Style(colour=True))
    plain = [line.rstrip() for line in re.sub(r"\x1b\[[\d;]*m", "", coloured).splitlines()]
    assert plain == render("explore", "text", found, style=PLAIN).splitlines()


def test_one_fault_is_shown_in_full(explored: Explored, golden: Golden) -> None:
    found = explored("exit-handler")
    [result] = named(found, "do-work: exit 1")
    golden("one-fault.text", in_full(found, result, PLAIN))


def test_faults_are_found_by_what_they_are_called(explored: Explored) -> None:
    found = explored("exit-handler")
    assert [r.fault.name for r in named(found, "do-work: oom")] == ["do-work: OOM"]
    after = [r.fault.name for r in named(found, ": oom, after do-work")]
    assert after == ["onExit.notify-failure: OOM, after do-work: exit 1"]
    assert named(found, "nothing of the kind") == []


@pytest.mark.parametrize(
    ("workflow", "fault", "reason", "line", "survivable"),
    [
        ("exit-handler", "do-work: lost", "nobody knows of its handler", 8, False),
        ("exit-handler", "do-work: controller gone", "there is no controller", 8, False),
        ("exit-handler", "do-work: terminated", "terminate ends everything at once", 8, False),
        ("exit-handler", "workflow: invalid spec", "refuses the spec", 8, False),
        ("exit-handler", "entrypoint: error in itself", "an error of the entrypoint's own template", 10, False),
        ("exit-handler", "do-work: hangs", "it never ends by itself", 15, True),
        ("exit-handler", "do-work: no image", "its pod never starts", 15, True),
        ("asks", "ask: nobody answers", "it waits for a person", 22, True),
        ("leaf", "work: lost", "nobody knows of its handler", 8, False),
    ],
)
def test_a_handler_that_cannot_run_has_a_reason_and_a_line(
    workflow: str, fault: str, reason: str, line: int, survivable: bool, explored: Explored
) -> None:
    [never] = [never for never in explored(workflow).never() if fault in never.faults]
    assert reason in never.reason
    assert (never.line, never.survivable) == (line, survivable)
    assert never.path == str(WORKFLOWS[workflow])


def test_a_deadline_makes_faults_survivable(explored: Explored) -> None:
    never = {name for one in explored("leaf").never() for name in one.faults}
    assert not {"work: hangs", "work: no image"} & never


def test_only_an_entrypoint_that_is_a_leaf_can_be_helped_one_level_up(explored: Explored) -> None:
    hints = {w: [n.hint for n in explored(w).never() if "own template" in n.reason] for w in ("leaf", "exit-handler")}
    assert hints["leaf"] == ["one level down, the handler would run: let the entrypoint be steps that call it"]
    assert hints["exit-handler"] == [""]


def test_a_workflow_that_argo_refuses_is_said_to_be_so() -> None:
    found = explore({"kind": "Workflow", "metadata": {"name": "w"}, "spec": {"entrypoint": "x", "onExit": "x"}})
    text = render("explore", "text", found)
    assert "Even if nothing goes wrong, the workflow ends Failed: invalid spec" in text


def test_branches_that_nothing_took_are_shown_with_their_line() -> None:
    manifest = """kind: Workflow
metadata: {name: w}
spec:
  entrypoint: main
  templates:
    - name: main
      steps:
        - - name: never
            template: work
            when: "1 == 2"
        - - name: always
            template: work
            when: "1 == 1"
        - - {name: last, template: work}
    - name: work
      container: {image: "alpine:3.22"}
"""
    found = explore(manifest)
    assert [(one.words, one.span.line) for one in found.untaken()] == [
        ("main.never runs", 10),
        ("main.always is left out", 13),
    ]


def test_items_of_a_loop_take_branches_for_it() -> None:
    each = {"name": "each", "template": "work", "withItems": [1, 2], "when": "{{item}} == 1"}
    work = {"name": "work", "container": {"image": "alpine:3.22"}}
    spec = {"entrypoint": "main", "templates": [{"name": "main", "steps": [[each]]}, work]}
    found = explore({"kind": "Workflow", "metadata": {"name": "w"}, "spec": spec})
    assert found.untaken() == []


def test_the_hooks_have_columns_beside_the_steps_of_the_handler(explored: Explored) -> None:
    found = explored("hooked-dag")
    assert found.columns() == ["clean", "tell", "last"]
    assert set(found.hooks()) >= {
        "hooks.running",
        "hooks.failed",
        "build.hooks.run",
        "build.onExit",
        "prod.many.onExit",
    }
