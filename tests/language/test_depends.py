from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from argosy.errors import LanguageError
from argosy.language import resolve_depends
from argosy.language.depends import (
    TASK_RESULTS,
    Both,
    Either,
    Group,
    Name,
    Node,
    Not,
    expand,
    invalid_results,
    names,
    parse,
    results,
    unparse,
)


def resolve(depends: str, **states: str | None) -> dict[str, Any]:
    tasks: list[dict[str, Any]] = [{"name": name.replace("_", "-"), "state": state} for name, state in states.items()]
    return resolve_depends("x", [*tasks, {"name": "x", "depends": depends}])


@pytest.mark.parametrize(
    ("depends", "execute"),
    [
        ("a", True),
        ("b", False),
        ("a && b", False),
        ("a || b", True),
        ("a.Succeeded && b.Failed", True),
        ("!(a.Failed || b.Succeeded)", True),
        ("my-task.Skipped", True),
        ("a.Succeeded == b.Failed", True),
        ("a.Succeeded ? b.Failed : a.Failed", True),
    ],
)
def test_logic(depends: str, execute: bool) -> None:
    assert resolve(depends, a="Succeeded", b="Failed", my_task="Skipped")["execute"] is execute


def test_a_task_waits_for_those_that_have_not_ended() -> None:
    found = resolve("a || b", a="Succeeded", b="Running")
    assert (found["waiting"], found["execute"]) == (True, None)


def test_names_that_are_no_task_are_told() -> None:
    assert resolve("ghost && a.Succeeded", a="Succeeded")["missing"] == ["ghost"]


@pytest.mark.parametrize("depends", ["a.Done", "a b", "(a", "a &&", "'a'", "a + a"])
def test_what_argo_cannot_evaluate_is_an_error(depends: str) -> None:
    with pytest.raises(LanguageError):
        resolve(depends, a="Succeeded", b="Failed")


def test_bare_names_are_written_out_with_what_the_task_tolerates() -> None:
    tasks = {"a": {"name": "a", "continueOn": {"failed": True}}}
    assert expand({"name": "x", "depends": "a && !a.Failed"}, tasks) == (
        {"a": "task"},
        "(a.Succeeded || a.Skipped || a.Daemoned || a.Failed) && !a.Failed",
    )
    assert expand({"name": "x", "dependencies": ["a", "b"]}, {})[1].count("||") == 4


def test_results_of_loops_look_at_the_items() -> None:
    assert results("Failed", ["Failed", "Succeeded"])["AnySucceeded"]
    assert not results("Failed", ["Failed", "Succeeded"])["AllFailed"]
    assert results("Failed", ["Failed", "Failed"])["AllFailed"]
    assert not results("Failed")["AllFailed"]
    assert expand({"depends": "a.AnySucceeded"}, {})[0] == {"a": "items"}


def test_names_and_wrong_results_have_their_places() -> None:
    assert [(n.task, n.result, n.start, n.end) for n in names("a && my-b.Failed")] == [
        ("a", None, 0, 1),
        ("my-b", "Failed", 5, 16),
    ]
    assert [n.result for n in invalid_results("a.Done || b.Failed")] == ["Done"]


def test_an_error_points_at_its_place() -> None:
    with pytest.raises(LanguageError) as raised:
        parse("a && (b || )")
    assert raised.value.position == 11


NAMES = st.builds(
    Name, st.from_regex(r"[a-z0-9][-a-z0-9]{0,5}", fullmatch=True), st.sampled_from([None, *TASK_RESULTS])
)


def compound(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    grouped = inner.map(Group)
    operands = st.lists(grouped | NAMES, min_size=2, max_size=3).map(tuple)
    return grouped | st.builds(Not, grouped | NAMES) | st.builds(Both, operands) | st.builds(Either, operands)


@given(st.recursive(NAMES, compound, max_leaves=10))
def test_printing_and_parsing_gives_the_same_tree(tree: Node) -> None:
    assert parse(unparse(tree)) == tree


TOKENS = st.sampled_from(
    ["a", "b.Failed", "a.Nope", "&&", "||", "!", "(", ")", "not", "true", "==", "?", ":", "'", "[", ".", "-", "{{"]
)


@given(st.text() | st.lists(TOKENS).map(" ".join))
def test_any_text_is_resolved_or_a_language_error(text: str) -> None:
    for call in (parse, lambda depends: resolve(depends, a="Succeeded", b="Failed")):
        try:
            call(text)
        except LanguageError as error:
            assert error.position >= 0


@pytest.mark.parametrize(
    "text", ["(" * 10_000 + "a" + ")" * 10_000, "!" * 10_000 + "a", "a && " * 30_000, "-" * 100_000]
)
def test_hostile_text_ends_in_an_error(text: str) -> None:
    with pytest.raises(LanguageError):
        resolve(text, a="Succeeded")


def test_a_task_can_depend_on_very_many_plainly() -> None:
    from argosy.language.depends import expand

    tasks: dict[str, dict[str, object]] = {f"t{i}": {"name": f"t{i}"} for i in range(10_000)}
    found, logic = expand({"name": "last", "dependencies": list(tasks)}, tasks)
    assert list(found) == list(tasks)
    assert logic.startswith("(t0.Succeeded || t0.Skipped || t0.Daemoned) && (t1.")
