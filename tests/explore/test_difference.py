"""What changed in behaviour between two versions of a workflow."""

from collections.abc import Callable

import pytest

from argosy.explore.difference import Comparison, compare
from argosy.explore.exploration import explore
from argosy.report import render
from tests.explore.conftest import WORKFLOWS

SEED = WORKFLOWS["exit-handler"].read_text()


def changed(*edits: tuple[str, str]) -> Comparison:
    text = SEED
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return compare(explore(SEED), explore(text))


def words(found: Comparison) -> dict[str, bool | None]:
    return {change.words: change.worse for change in found.changes}


def test_the_same_workflow_behaves_the_same(golden: Callable[[str, str], None]) -> None:
    found = changed()
    assert (found.changes, found.gone, found.added, found.worse) == ([], [], [], False)
    golden("diff-same.text", render("diff", "text", found))


def test_a_handler_that_is_gone_no_longer_runs_after_a_failure(golden: Callable[[str, str], None]) -> None:
    found = changed(("  onExit: cleanup\n", ""))
    assert words(found)["the handler no longer runs"] is True
    [gone] = [change for change in found.changes if change.words == "the handler no longer runs"]
    assert "do-work: exit 1" in gone.faults
    golden("diff-handler-gone.text", render("diff", "text", found))
    golden("diff-handler-gone.markdown", render("diff", "markdown", found))


WHEN = '            when: "{{workflow.status}} != Succeeded"\n'
CALL = "            template: do-work\n"
LEAF = "    - name: do-work\n"
FORGIVEN = [(CALL, f"{CALL}            continueOn: {{failed: true}}\n")]


@pytest.mark.parametrize(
    ("edits", "said", "worse"),
    [
        ([(WHEN, WHEN.replace("!= Succeeded", "== Error"))], "the handler's notify-failure no longer runs", True),
        ([(WHEN, "")], "the handler's notify-failure runs now", None),
        ([(LEAF, f"{LEAF}      activeDeadlineSeconds: 60\n")], "the handler runs now", False),
        (FORGIVEN, "the workflow ends Succeeded, not Failed", False),
        (FORGIVEN, "the handler sees Succeeded, not Failed", None),
    ],
)
def test_each_kind_of_change_is_told_and_whether_it_is_worse(
    edits: list[tuple[str, str]], said: str, worse: bool | None
) -> None:
    assert words(changed(*edits)).get(said, "not told") is worse


def test_the_worst_comes_first_and_faults_of_one_version_are_listed() -> None:
    step = "        - - {name: more, template: do-work}\n"
    found = changed(("            template: do-work\n", f"            template: do-work\n{step}"))
    assert [c.worse for c in found.changes] == sorted(
        (c.worse for c in found.changes), key=lambda w: {True: 0, None: 1, False: 2}[w]
    )
    assert "more: exit 1" in found.added
    assert found.gone == []
