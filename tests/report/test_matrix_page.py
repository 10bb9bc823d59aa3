"""The page of an exploration, read without a browser."""

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

from argosy.explore.exploration import Exploration, explore
from argosy.explore.invariants import check, from_data
from argosy.report import render
from argosy.simulate.api import simulate
from argosy.simulate.run import Run

ROOT = Path(__file__).parent.parent.parent
SEED = ROOT / "examples" / "exit-handler.yaml"


class Page(HTMLParser):
    """The text of each element that has an id or a class, by these."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self._open: list[list[str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("meta", "link", "br", "input"):
            return
        given = {name: value or "" for name, value in attrs}
        self._open.append([given.get("id", ""), *given.get("class", "").split()])
        for name in self._open[-1]:
            self.found.setdefault(name, []).append("")

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for name in {name for names in self._open for name in names}:
            self.found[name][-1] += data


@pytest.fixture(scope="module")
def found() -> Exploration:
    return explore(str(SEED))


def test_what_the_handler_saw_is_there_to_the_byte(found: Exploration) -> None:
    page = Page(render("explore", "html", found))
    details = [page.found[f"f{number}"][0] for number in range(len(found.results))]
    for result, detail in zip(found.results, details, strict=True):
        assert detail.startswith(result.fault.name)
        assert all(value in detail for value in result.observed.saw.values())
        assert all(step.message in detail for step in result.observed.steps)


def test_each_fault_has_a_scenario_that_plays_it(found: Exploration, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    texts = Page(render("explore", "html", found)).found["scenario"]
    named = {data["description"]: data for data in map(yaml.safe_load, texts)}
    results = [result for result in found.results if result.fault.name in named]
    assert len(results) > len(found.results) / 2
    for result in results[:10]:
        run = simulate(scenario=named[result.fault.name])
        assert isinstance(run, Run)
        assert (run.phase, run.ended) == (result.observed.phase, result.observed.ended)


def test_reasons_invariants_and_branches_are_told(found: Exploration) -> None:
    invariants = from_data([{"ran": "notify-failure"}])
    page = Page(render("explore", "html", replace(found, invariants=invariants, broken=check(found, invariants))))
    told = "".join(page.found["reasons"])
    for never in found.never():
        assert never.reason in told
        assert never.hint in told
    assert "notify-failure" in page.found["plain"][0]
    assert "broken after" in page.found["plain"][0]


def test_same_exploration_same_bytes(found: Exploration) -> None:
    assert render("explore", "html", explore(str(SEED))) == render("explore", "html", found)
