"""Reports of runs, on recorded runs of the real controller (with made-up times)."""

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from argosy.errors import UsageError
from argosy.report import names, render
from argosy.report.became import recover
from argosy.report.run_view import view
from argosy.report.style import PLAIN, Style
from argosy.simulate.api import simulate
from argosy.source import Json

RUNS = sorted((Path(__file__).parent / "runs").glob("*.json"))
DRAWN = [name for name in names("run") if name != "json"]
GOLDEN = [name for name in DRAWN if name != "html"]


class Recorded:
    """A run that was read from a file."""

    def __init__(self, path: Path) -> None:
        self.data: dict[str, Json] = json.loads(path.read_text())

    def to_dict(self) -> dict[str, Json]:
        return self.data


@pytest.mark.parametrize("format", GOLDEN)
@pytest.mark.parametrize("path", RUNS, ids=lambda path: path.stem)
def test_each_format_draws_each_run(path: Path, format: str, golden: Callable[[str, str], None]) -> None:
    golden(f"run-{path.stem}-{format}.txt", render("run", format, Recorded(path), style=PLAIN))


@pytest.mark.parametrize("path", RUNS, ids=lambda path: path.stem)
def test_no_node_is_lost(path: Path) -> None:
    data = Recorded(path).to_dict()
    shown = [item.node["name"] for item in view(data).items()]
    assert sorted(shown) == sorted(node["name"] for node in data["status"]["nodes"].values())


@pytest.mark.parametrize("path", RUNS, ids=lambda path: path.stem)
def test_colours_change_nothing_but_colours(path: Path) -> None:
    coloured = render("run", "tree", Recorded(path), style=Style(colour=True))
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == render("run", "tree", Recorded(path), style=PLAIN)


def test_json_is_the_run_itself() -> None:
    assert json.loads(render("run", "json", Recorded(RUNS[0]))) == Recorded(RUNS[0]).to_dict()


class Outline(HTMLParser):
    """Checks that what is opened is closed, and keeps the text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in ("meta", "link"):
            self.open.append(tag)
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.links += [value or "" for name, value in attrs if name in ("src", "href", "srcset", "action")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("path", RUNS, ids=lambda path: path.stem)
def test_the_page_is_whole_and_needs_nothing_else(path: Path) -> None:
    outline = Outline()
    outline.feed(render("run", "html", Recorded(path)))
    assert outline.open == []
    assert len(set(outline.ids)) == len(outline.ids)
    assert set(outline.links) - {"data:,"} <= {f"#{one}" for one in outline.ids}
    for item in view(Recorded(path).to_dict()).items():
        assert item.name in outline.text or item.template_name in outline.text


HOSTILE = "</script></title><img src=x onerror=alert(1)> \"'& \x1b[31mred\x00"


def test_what_a_workflow_holds_is_text_on_the_page() -> None:
    data = workflow(phase="Failed", message=HOSTILE)
    node = data["status"]["nodes"]["w"]
    node |= {"displayName": HOSTILE, "templateName": HOSTILE, "message": HOSTILE, "boundaryID": "x"}
    node["inputs"] = {"parameters": [{"name": HOSTILE, "value": HOSTILE}]}
    pod: dict[str, Json] = {
        "node": "w",
        "template": {"script": {"image": HOSTILE, "source": HOSTILE}},
        "log": [HOSTILE],
    }
    pod["requests"] = [{"method": "POST", "url": HOSTILE, "body": HOSTILE}]
    data["argosy"] = {"pods": [pod], "failures": [HOSTILE], "events": [{"node": HOSTILE, "to": HOSTILE}]}
    page = render("run", "html", Made(data))
    outline = Outline()
    outline.feed(page)
    assert (outline.open, outline.tags & {"img"}, page.count("</script>")) == ([], set(), 2)
    assert outline.text.count("<img src=x onerror=alert(1)>") > 10
    assert not set(page) & {"\x1b", "\x00"}
    assert page == render("run", "html", Made(data))


CRON = """\
name: three nights
cronFor: 72h
manifest: cron.yaml
outcomes: [{match: {template: main}, exitCode: 1, duration: 30s}]
"""
CRON_WORKFLOW = """\
apiVersion: argoproj.io/v1alpha1
kind: CronWorkflow
metadata: {name: nightly}
spec:
  schedules: ["0 3 * * *"]
  failedJobsHistoryLimit: 2
  workflowSpec:
    entrypoint: main
    onExit: bye
    templates:
      - name: main
        container: {image: "alpine:3.20", command: [echo, working]}
      - name: bye
        container: {image: "alpine:3.20", command: [echo, "{{workflow.status}}"]}
"""


def test_the_schedule_of_a_cron_workflow_is_drawn(tmp_path: Path, golden: Callable[[str, str], None]) -> None:
    (tmp_path / "cron.yaml").write_text(CRON_WORKFLOW)
    (tmp_path / "scenario.yaml").write_text(CRON)
    run = simulate(scenario=tmp_path / "scenario.yaml")
    golden("cron-tree.txt", render("run", "tree", run, style=PLAIN))
    golden("cron-timeline.txt", render("run", "timeline", run, style=PLAIN))
    assert render("run", "html", run).count('<svg class="graph"') == 3
    with pytest.raises(UsageError):
        render("run", "mermaid", run)


def workflow(**status: Json) -> dict[str, Json]:
    node = {"id": "w", "name": "w", "displayName": "w", "type": "Pod", "templateName": "main", "phase": "Failed"}
    return {
        "metadata": {"name": "w"},
        "spec": {"onExit": "bye", "templates": [{"name": "main"}, {"name": "bye"}]},
        "status": {"phase": "Failed", "nodes": {"w": node}} | status,
    }


class Made(Recorded):
    def __init__(self, data: dict[str, Json]) -> None:
        self.data = data


def test_an_exit_handler_that_did_not_run_is_told() -> None:
    assert "Exit handler bye: it did not run.\n" in render("run", "tree", Made(workflow()))


def test_a_run_without_nodes_is_drawn() -> None:
    nothing = workflow(phase="Error", message="invalid spec", nodes={})
    for format in DRAWN:
        assert render("run", format, Made(nothing)).endswith("\n")
    assert render("run", "tree", Made(nothing)).startswith("w Error: invalid spec\n")


@pytest.mark.parametrize(
    ("pattern", "text", "values"),
    [
        ("{{workflow.status}}", "Failed", {"workflow.status": "Failed"}),
        (
            "is {{ workflow.status }}, {{workflow.name}}",
            "is Error, w",
            {"workflow.status": "Error", "workflow.name": "w"},
        ),
        ("{{a.b}} and {{a.b}}", "x and x", {"a.b": "x"}),
        ("{{a.b}} and {{a.b}}", "x and y", {}),
        ("{{a.b}}{{c.d}}", "xy", {}),
        ("{{=workflow.status}}", "Failed", {}),
        ("no tag", "no tag", {}),
        ("{{a.b}}\n", "two\nlines\n", {"a.b": "two\nlines"}),
        (None, "x", {}),
    ],
)
def test_values_are_recovered_from_what_they_became(pattern: Json, text: Json, values: dict[str, str]) -> None:
    assert recover(pattern, text) == values


def test_what_does_not_hold_is_told() -> None:
    ours = {
        "ended": "hung",
        "waitsFor": ["the pod of w is Pending"],
        "failures": ["the phase: ..."],
        "unused": ["outcome 0"],
    }
    told = render("run", "tree", Made(workflow() | {"argosy": ours})).partition("did not run.\n")[2]
    assert told == (
        "\nThe run did not come to its end (hung):\n  the pod of w is Pending\n"
        "\nExpected, but not so:\n  the phase: ...\n"
        "\nIn the scenario, but it never came to that:\n  outcome 0\n"
    )
