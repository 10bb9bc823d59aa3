"""Which templates run under which lock."""

import pytest

from argosy.lint.run import lint_text

MANIFEST = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: w-}
spec:
  entrypoint: main
  onExit: after
  synchronization: {mutexes: [{name: %s}]}
  templates:
    - name: main
      steps:
        - - name: part
            template: part
            hooks: {exit: {template: told}}
    - name: part
      synchronization: {mutexes: [{name: %s}]}
      dag: {tasks: [{name: work, template: work, hooks: {exit: {template: noted}}}]}
    - name: work
      synchronization: {mutexes: [{name: %s}]}
      container: {image: "alpine:3.20", command: [make]}
    - name: noted
      synchronization: {mutexes: [{name: %s}]}
      container: {image: "alpine:3.20", command: [note]}
    - name: told
      synchronization: {mutexes: [{name: %s}]}
      container: {image: "alpine:3.20", command: [tell]}
    - name: after
      container: {image: "alpine:3.20", command: [tell]}
"""


def hangs(*names: str) -> list[str]:
    found = lint_text(MANIFEST % names).findings
    return [one.finding.message for one in found if one.finding.rule == "lock-taken-twice"]


def test_different_locks_are_fine() -> None:
    assert hangs("a", "b", "c", "d", "e") == []


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("a", "a", "c", "d", "e"), "'part' waits for the mutex 'a', which the workflow holds until it has ended"),
        (("a", "b", "b", "d", "e"), "'work' waits for the mutex 'b', which 'part' holds until it has ended"),
        (("a", "b", "c", "b", "e"), "'noted' waits for the mutex 'b', which 'part' holds until it has ended"),
        (("a", "b", "c", "d", "a"), "'told' waits for the mutex 'a', which the workflow holds until it has ended"),
    ],
)
def test_what_runs_while_a_lock_is_held_cannot_take_it(names: tuple[str, ...], message: str) -> None:
    assert hangs(*names) == [f"{message}: it hangs"]


@pytest.mark.parametrize("names", [("a", "b", "c", "c", "e"), ("a", "b", "c", "d", "b"), ("a", "b", "c", "d", "c")])
def test_the_hook_of_a_step_may_take_the_lock_that_the_step_had(names: tuple[str, ...]) -> None:
    assert hangs(*names) == []


def test_names_that_are_made_at_run_time_are_not_compared() -> None:
    assert (
        hangs("'{{workflow.parameters.x}}'", "b", "'{{inputs.parameters.x}}'", "'{{inputs.parameters.x}}'", "e") == []
    )
    assert len(hangs("'{{workflow.name}}'", "'{{workflow.name}}'", "c", "d", "e")) == 1
