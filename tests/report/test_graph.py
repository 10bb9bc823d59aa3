"""What is drawn of a run, and where."""

import random
import re

import pytest

from argosy.report import render
from argosy.report.graph import Graph, graph
from argosy.report.layout import Layout, layout
from argosy.report.run_view import view
from argosy.simulate.api import simulate
from argosy.source import Json


class Made:
    """A run that was made up."""

    def __init__(self, data: dict[str, Json]) -> None:
        self.data = data

    def to_dict(self) -> dict[str, Json]:
        return self.data


HEAD = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {name: w}
spec:
  entrypoint: main
"""
WORK = """\
    - name: work
      container: {image: "alpine:3.20", command: [work]}
"""
STEPS = """\
  onExit: work
  hooks: {running: {template: work, expression: workflow.status == "Running"}}
  templates:
    - name: main
      steps:
        - - {name: a, template: work, hooks: {exit: {template: work}}}
        - - {name: b, template: work}
          - {name: c, template: work}
        - - {name: d, template: work}
          - {name: e, template: work}
        - - {name: f, template: work, when: "1 == 2"}
"""
LOOP = """\
  templates:
    - name: main
      dag:
        tasks:
          - {name: first, template: work}
          - {name: many, template: work, depends: first, withSequence: {count: "30"}}
          - {name: last, template: work, depends: many.Succeeded || many.Failed}
"""


def drawn(text: str, most: int = 1500, **options: object) -> tuple[Graph, dict[str, str]]:
    run = view(simulate(HEAD + text + WORK, **options).to_dict())  # type: ignore[arg-type]
    found = graph(run, most)
    return found, {shown.key: shown.label for shown in found.nodes}


def arrows(found: Graph, names: dict[str, str]) -> set[tuple[str, str, str]]:
    return {(names[edge.start], names[edge.end], edge.kind) for edge in found.edges}


def test_steps_follow_each_other_and_the_exit_handler_the_last() -> None:
    found, names = drawn(STEPS)
    # groups are points on arrows, but for the one that joins two arrows and parts into two
    assert arrows(found, names) == {
        ("main", "a", "next"),
        ("main", "work", "hook"),
        ("a", "work", "hook"),
        ("a", "b", "next"),
        ("a", "c", "next"),
        ("b", "[2]", "next"),
        ("c", "[2]", "next"),
        ("[2]", "d", "next"),
        ("[2]", "e", "next"),
        ("d", "f", "next"),
        ("e", "f", "next"),
        ("f", "work", "exit"),
    }
    assert [shown.part for shown in found.nodes if shown.label == "work"] == ["run", "hook", "handler"]


def test_many_of_the_same_are_a_stack_and_those_that_failed_another() -> None:
    fails = {"outcomes": [{"match": {"node": "many.[12]"}, "exitCode": 1}]}
    found, names = drawn(LOOP, scenario=fails)
    well = ["many(0:0)", *(f"many({i}:{i})" for i in range(3, 10))]
    badly = ["many(1:1)", "many(2:2)", "many(10:10)", "19 more"]
    assert sorted(names.values()) == sorted(["main", "first", *well, *badly, "last"])
    assert {(a, b) for a, b, _ in arrows(found, names)} == {
        ("main", "first"),
        *(("first", name) for name in (*well, *badly)),
        *((name, "last") for name in (*well, *badly)),
    }
    assert {s.label: s.item.phase for s in found.nodes if s.stack} == {"19 more": "Failed"}
    assert sum(len(shown.items) for shown in found.nodes) == 33  # all but the group of tasks


def test_lists_fold_items_that_do_not_differ() -> None:
    run = simulate(HEAD + LOOP + WORK, scenario={"outcomes": [{"match": {"node": "many.7"}, "exitCode": 1}]})
    tree = render("run", "tree", run)
    assert "├─ ✔ many(2:2) (work)\n│  … 26 more like this one\n" in tree.replace("│  │", "│").replace("│  ├", "├")
    assert "✖ many(7:7)" in tree
    timeline = render("run", "timeline", run).splitlines()
    assert timeline[0] == "w Succeeded: no virtual time passed; outcomes of a scenario can have a duration"
    assert [line.split()[:2] for line in timeline[2:]] == [
        ["✔", "first"],
        *(["✔", f"many({i}:{i})"] for i in range(3)),
        ["…", "26"],
        ["✖", "many(7:7)"],
        ["✔", "last"],
    ]


def test_a_flowchart_is_what_mermaid_reads() -> None:
    """Its grammar, as far as it is used here; texts hold nothing that it, Markdown or HTML would read as markup."""
    hostile = 'x"q" <b>&amp; #35; {c} [s] |p| `code` *em* _em_ 1. end; --> %% \n~~~'
    node = {"id": "w", "name": "w", "type": "Pod", "templateName": hostile, "phase": "Failed", "message": hostile}
    made = Made({"metadata": {"name": "w"}, "spec": {}, "status": {"phase": "Failed", "nodes": {"w": node}}})
    text = r'"[^"&<>`\\\[\]{}|*_~]*(<br/>[^"&<>`\\\[\]{}|*_~]*)?"'
    line = re.compile(
        rf'flowchart TD|  subgraph handler "?.*|  end|  classDef \w+ .*|  n\d+ --> n\d+|  n\d+ -\. {text} \.-> n\d+'
        rf"| {{2,4}}n\d+(\[{text}\]|\[\[{text}\]\]|\(\({text}\)\)):::\w+"
    )
    for run in (made, simulate(HEAD + LOOP + WORK), simulate(HEAD + STEPS + WORK)):
        drawn = render("run", "mermaid", run)
        assert [one for one in drawn.splitlines() if not line.fullmatch(one)] == []


def test_a_graph_has_a_limit_and_keeps_what_failed() -> None:
    # a chain, so that no task is like another
    after = [f', depends: "t{i - 1} || t{i - 1}.Failed"' if i else "" for i in range(50)]
    tasks = "".join(f"          - {{name: t{i}, template: work{after[i]}}}\n" for i in range(50))
    chain = f"  onExit: work\n  templates:\n    - name: main\n      dag:\n        tasks:\n{tasks}"
    fails = {"outcomes": [{"match": {"node": "t40$"}, "exitCode": 1}]}
    found, names = drawn(chain, most=10, scenario=fails)
    assert len(found.nodes) == 11
    assert {"main", "t0", "t40", "work", "42 more"} <= set(names.values())
    assert {edge.start for edge in found.edges} | {edge.end for edge in found.edges} <= set(names)


def test_every_edge_leads_down_and_no_two_nodes_stand_in_one_place() -> None:
    for seed in range(40):
        chance = random.Random(seed)
        keys = [str(i) for i in range(chance.randrange(1, 60))]
        pairs = {tuple(sorted(chance.sample(range(len(keys)), 2))) for _ in range(len(keys)) if len(keys) > 1}
        edges = [(str(a), str(b)) for a, b in sorted(pairs)]
        found = layout(keys, edges)
        assert sorted(found.places) == sorted(keys)
        assert len(set(found.places.values())) == len(keys)
        assert all(found.places[a][1] < found.places[b][1] for a, b in edges)
        for (a, b), route in found.routes.items():
            assert (route[0], route[-1]) == (found.places[a], found.places[b])
            assert [y for _, y in route] == list(range(int(route[0][1]), int(route[-1][1]) + 1))
        assert all(0 <= x <= found.width and 0 <= y <= found.height for x, y in found.places.values())


def test_a_long_edge_goes_round_the_nodes_between() -> None:
    found = layout(["a", "b", "c"], [("a", "b"), ("b", "c"), ("a", "c")])
    assert found.places["b"] not in found.routes["a", "c"]
    assert len(found.routes["a", "c"]) == 3


@pytest.mark.parametrize("keys", [[], ["a"], ["a", "b"]])
def test_nodes_without_edges_have_places(keys: list[str]) -> None:
    assert list(layout(keys, []).places) == keys
    assert layout([], []) == Layout({}, {}, 0, 0)


def test_a_circle_does_no_harm() -> None:
    found = layout(["a", "b", "c"], [("a", "b"), ("b", "c"), ("c", "a"), ("a", "a")])
    assert found.places["a"][1] < found.places["b"][1] < found.places["c"][1]
    assert set(found.routes) == {("a", "b"), ("b", "c")}


def test_siblings_stand_in_their_order() -> None:
    found = layout(["r", "a", "b", "c"], [("r", "a"), ("r", "b"), ("r", "c")])
    assert found.places["a"][0] < found.places["b"][0] < found.places["c"][0]


def test_a_tangled_graph_takes_no_more_than_a_moment() -> None:
    chance = random.Random(2)
    edges = [(f"{i}.{chance.randrange(30)}", f"{i + 1}.{j}") for i in range(29) for j in range(30) for _ in range(2)]
    keys = [f"{i}.{j}" for i in range(30) for j in range(30)]
    assert len(layout(keys, edges).places) == 900
