"""The graph of a DAG: dependencies as Argo reads them, order, circles, ancestors."""

import random

import pytest

from argosy import model
from argosy.scope.graph import dependencies, graph, references


def tasks(**depends: str) -> list[model.DAGTask]:
    return [model.DAGTask(name=name.replace("_", "-"), depends=text) for name, text in depends.items()]


@pytest.mark.parametrize(
    ("depends", "names"),
    [
        ("a", ["a"]),
        ("a && (b.Failed || !c-1.AnySucceeded)", ["a", "b", "c-1"]),
        ("a and not b", ["a", "and", "not", "b"]),
        ("(a", ["a"]),
        ("a.succeeded", ["a", "succeeded"]),
        ("", []),
    ],
)
def test_every_word_of_depends_is_a_task(depends: str, names: list[str]) -> None:
    assert [name for name, _, _ in references(depends)] == names


def test_results_of_loops_are_told_apart() -> None:
    assert dependencies(model.DAGTask(depends="a.AnySucceeded || b || a.Failed")) == {"a": True, "b": False}


def test_a_list_of_dependencies_with_odd_names_is_read_as_argo_reads_it() -> None:
    assert dependencies(model.DAGTask(dependencies=["a", "b_c"])) == {"a": False, "b": False, "c": False}


def test_the_order_follows_the_dependencies() -> None:
    made = graph(tasks(c="b", b="a", a="", d="a && c"))
    assert [made.names[n] for n in made.order] == ["a", "b", "c", "d"]
    assert made.cycle == [] and made.missing == []


def test_a_circle_is_given_in_order() -> None:
    made = graph(tasks(x="", a="b", b="c && x", c="a", y="a"))
    assert sorted(made.names[n] for n in made.cycle) == ["a", "b", "c"]
    assert len(made.order) == 5


def test_unknown_and_repeated_names_are_told() -> None:
    made = graph([*tasks(a="", b="nobody"), model.DAGTask(name="a")])
    assert made.missing == [(1, "nobody")] and made.repeated == [2]


@pytest.mark.parametrize("seed", range(20))
def test_ancestors_are_those_found_by_walking(seed: int) -> None:
    chance = random.Random(seed)
    count = 30
    made = graph(
        [
            model.DAGTask(name=f"t{n}", dependencies=[f"t{m}" for m in range(n) if chance.random() < 0.1])
            for n in range(count)
        ]
    )
    for task in range(count):
        seen: set[int] = set()
        todo = [task]
        while todo:
            for one in made.edges[todo.pop()]:
                if one not in seen:
                    seen.add(one)
                    todo.append(one)
        assert made.ancestors(task) == sorted(seen)
        assert all(made.is_before(f"t{n}", task) == (n in seen) for n in range(count))
