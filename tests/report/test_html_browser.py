"""Pages in a real browser, without a network: what is drawn, in which colours, and what keys do."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from argosy.explore.exploration import Exploration, explore
from argosy.report import render
from argosy.report.html.matrix import MOST_OF_A_ROW
from argosy.simulate.api import simulate
from tests.report.browser import Browser, program

PROGRAM = program()
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no Chromium here: apt-get install chromium")
ROOT = Path(__file__).parent.parent.parent
SEED = ROOT / "examples" / "exit-handler.yaml"

HANGS = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {name: hangs}
spec:
  entrypoint: main
  templates:
    - name: main
      dag:
        tasks:
          - {name: waits, template: work}
          - {name: left-out, template: work, when: "1 == 2"}
          - {name: later, template: work, depends: waits}
    - name: work
      container: {image: "alpine:3.20", command: [work]}
"""

CONTRAST = """(() => {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (colour, under) => {
    for (const one of [under, colour]) { context.fillStyle = one; context.fillRect(0, 0, 1, 1); }
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (parts) => parts.map((part) => part / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    const over = [];
    for (let at = element; at; at = at.parentElement) over.push(getComputedStyle(at).backgroundColor);
    return over.reverse().reduce((under, colour) => `rgb(${rgb(colour, under)})`, "white");
  };
  const words = (element) => [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  return [...document.body.querySelectorAll("*:not(script)")]
    .filter((element) => words(element) && element.checkVisibility())
    .map((element) => {
      const under = behind(element), style = getComputedStyle(element);
      const [a, b] = [rgb(element.closest("svg") ? style.fill : style.color, under), rgb(under, under)].map(light);
      return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), `${element.className}: ${element.textContent}`];
    })
    .filter(([ratio]) => ratio < 4.5);
})()"""

NODES = """Object.fromEntries([...document.querySelectorAll("svg.graph .node")].map((node) =>
  [node.querySelector(".name")?.textContent, getComputedStyle(node.querySelector(".shape")).fill]))"""
FOCUS = "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    assert PROGRAM is not None
    with Browser(PROGRAM) as browser:
        yield browser


@pytest.fixture
def browser(chromium: Browser) -> Iterator[Browser]:
    """Give the browser, and see that pages ask nothing of a network and complain of nothing."""
    chromium.requests.clear()
    chromium.complaints.clear()
    chromium.scheme("light")
    yield chromium
    assert chromium.complaints == []
    assert all(url.startswith(("file:", "about:", "data:")) for url in chromium.requests)
    assert len({url.partition("#")[0] for url in chromium.requests if url.startswith("file:")}) == 1


def run_page(folder: Path, manifest: Any = SEED, **options: Any) -> Path:
    page = folder / "run.html"
    page.write_text(render("run", "html", simulate(manifest, **options)), encoding="utf-8")
    return page


def hue(colour: str) -> str:
    """Name a colour as people do."""
    red, green, blue = (int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(", "))
    if max(red, green, blue) - min(red, green, blue) < 30:
        return "grey"
    return max((red, "red"), (green, "green"), (blue, "blue"))[1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_phases_have_their_colours(browser: Browser, tmp_path: Path, scheme: str) -> None:
    browser.scheme(scheme)
    browser.open(run_page(tmp_path, fail=["do-work:exit=1"]))
    assert {name: hue(colour) for name, colour in browser.eval(NODES).items()} == {
        "main": "red",
        "do-work": "red",
        "cleanup": "green",
        "print-status": "green",
        "notify-failure": "green",
    }
    hung = {"outcomes": [{"match": {"node": "waits"}, "runForever": True}]}
    browser.requests.clear()
    browser.open(run_page(tmp_path, HANGS, scenario=hung))
    assert {name: hue(colour) for name, colour in browser.eval(NODES).items()} == {
        "main": "blue",
        "waits": "blue",
        "left-out": "grey",
    }


def test_the_graph_is_drawn_from_top_to_bottom(browser: Browser, tmp_path: Path) -> None:
    browser.open(run_page(tmp_path, fail=["do-work:exit=1"]))
    tops = browser.eval(
        '[...document.querySelectorAll("svg.graph .shape")].map((one) => one.getBoundingClientRect().top)'
    )
    assert tops == sorted(set(tops))
    assert browser.eval('document.querySelectorAll("svg.graph .edge").length') == 4
    assert browser.eval('document.querySelectorAll("svg.graph .edge.exit").length') == 1
    frame = 'document.querySelector(".frame rect").getBoundingClientRect()'
    inside = f'[...document.querySelectorAll(".node")].map((n) => n.getBoundingClientRect().top > {frame}.top)'
    assert browser.eval(inside) == [False, False, True, True, True]


def test_keys_lead_to_the_script_and_back(browser: Browser, tmp_path: Path) -> None:
    browser.open(run_page(tmp_path, fail=["do-work:exit=1"]))
    for _ in range(20):
        browser.press("Tab")
        if browser.eval('document.activeElement.classList.contains("node")'):
            break
    assert browser.eval(FOCUS) == "main, Failed: child 'do-work' failed (Steps)"
    browser.press("ArrowDown")
    assert browser.eval(FOCUS) == "do-work, Failed: main: Error (exit code 1) (Pod)"
    browser.press("ArrowDown", "ArrowDown", "ArrowDown")
    assert browser.eval(FOCUS) == "notify-failure, Succeeded (Pod)"
    browser.press("Enter")
    assert browser.eval("document.activeElement.textContent") == "notify-failure"
    assert browser.eval('getComputedStyle(document.getElementById("panel")).display') == "block"
    script = browser.eval('document.querySelector(".detail.open .script").textContent')
    assert ("ALERT" in script, "{{" in script) == (True, False)
    assert "Failed != Succeeded" in browser.eval('document.querySelector(".detail.open dl").textContent')
    assert browser.eval('[...document.querySelectorAll(".detail")].filter((d) => d.checkVisibility()).length') == 1
    browser.press("Escape")
    assert browser.eval('document.getElementById("panel").checkVisibility()') is False
    assert browser.eval(FOCUS) == "notify-failure, Succeeded (Pod)"
    browser.press("Home", " ")
    assert browser.eval("document.activeElement.textContent") == "main"


def test_the_steps_in_time_open_the_same_details(browser: Browser, tmp_path: Path) -> None:
    slow = {"outcomes": [{"match": {"template": "do-work"}, "exitCode": 1, "duration": "30s"}]}
    browser.open(run_page(tmp_path, scenario=slow))
    bars = browser.eval(
        '[...document.querySelectorAll(".chart .bar")].map((b) => [b.x.baseVal.value, b.width.baseVal.value])'
    )
    assert bars[:2] == [[0, 1000], [0, 1000]]
    assert all(left > 900 for left, _ in bars[2:])
    browser.eval('document.querySelector(".chart a").focus()')
    browser.press("ArrowDown", "Enter")
    assert browser.eval("document.activeElement.textContent") == "do-work"
    assert "30s" in browser.eval('document.querySelector(".detail.open dl").textContent')


def test_a_link_to_a_node_opens_it(browser: Browser, tmp_path: Path) -> None:
    browser.open(run_page(tmp_path, fail=["do-work:exit=1"]), "#n1")
    assert browser.eval('document.querySelector(".detail.open h2").textContent') == "do-work"


def test_the_button_has_the_last_word_on_colours(browser: Browser, tmp_path: Path) -> None:
    page = run_page(tmp_path)
    browser.scheme("dark")
    browser.open(page)
    ground = "getComputedStyle(document.body).backgroundColor"
    click = 'document.getElementById("theme").click(), document.getElementById("theme").textContent'
    dark = browser.eval(ground)
    browser.scheme("light")
    light = browser.eval(ground)
    assert sum(map(int, light[4:-1].split(", "))) > 600 > 150 > sum(map(int, dark[4:-1].split(", ")))
    assert [browser.eval(click), browser.eval(ground)] == ["Theme: light", light]
    assert [browser.eval(click), browser.eval(ground)] == ["Theme: dark", dark]
    assert [browser.eval(click), browser.eval(ground)] == ["Theme: system", light]


@pytest.fixture(scope="module")
def found() -> Exploration:
    return explore(str(SEED))


@pytest.fixture
def matrix_page(found: Exploration, tmp_path: Path) -> Path:
    page = tmp_path / "matrix.html"
    page.write_text(render("explore", "html", found), encoding="utf-8")
    return page


def test_the_matrix_has_a_row_a_fault_and_a_column_a_step(
    browser: Browser, found: Exploration, matrix_page: Path
) -> None:
    browser.open(matrix_page)
    heads = browser.eval('[...document.querySelectorAll(".matrix thead tr:last-child th")].map((h) => h.textContent)')
    assert heads == ["fault", "workflow", "handler", *found.columns(), *found.hooks()]
    visible = '[...document.querySelectorAll(".matrix tbody tr")].filter((row) => row.checkVisibility()).length'
    folded = browser.eval(visible)
    assert folded == browser.eval('document.querySelectorAll(".matrix tbody").length') < len(found.results)
    browser.eval('document.getElementById("unfold").click()')
    rows: list[list[str]] = browser.eval(
        '[...document.querySelectorAll(".matrix tr.single, .matrix tbody tr:only-child")].map((row) =>'
        ' [row.querySelector("a").textContent, ...[...row.querySelectorAll(".cell")].map((c) => c.className)])'
    )
    assert len(found.results) < MOST_OF_A_ROW
    assert sorted(row[0] for row in rows) == sorted(result.fault.name for result in found.results)
    wanted = {
        result.fault.name: [
            f"cell {here.get(name, 'quiet')}"
            for here in ({step.path: step.phase for step in (*result.observed.steps, *result.observed.hooks)},)
            for name in (*found.columns(), *found.hooks())
        ]
        for result in found.results
    }
    assert {row[0]: row[1:] for row in rows} == wanted
    assert browser.eval(visible) > folded


def test_the_matrix_is_used_by_keys(browser: Browser, matrix_page: Path) -> None:
    browser.open(matrix_page)
    browser.eval('document.querySelector(".matrix a.row").focus()')
    browser.press("ArrowRight", "ArrowDown")
    assert browser.eval("document.activeElement.textContent") == "nothing goes wrong"
    browser.press("ArrowDown", "Enter")
    assert browser.eval('document.activeElement.closest(".detail") !== null')
    assert "Succeeded" in browser.eval('document.querySelector(".detail.open pre").textContent')
    browser.press("Escape", "ArrowLeft")
    assert browser.eval('document.activeElement.closest("tbody").classList.contains("unfolded")') is False
    browser.eval(
        'document.getElementById("filter").value = "print-status OOM",'
        'document.getElementById("filter").dispatchEvent(new Event("input"))'
    )
    left = browser.eval('[...document.querySelectorAll(".matrix tbody")].filter((b) => b.checkVisibility()).length')
    assert left == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(browser: Browser, tmp_path: Path, matrix_page: Path, scheme: str) -> None:
    browser.scheme(scheme)
    browser.open(run_page(tmp_path, fail=["do-work:exit=1"]), "#n4")
    assert browser.eval(CONTRAST) == []
    browser.requests.clear()
    browser.open(matrix_page, "#f5")
    assert browser.eval(CONTRAST) == []
