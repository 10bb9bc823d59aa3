"""The pytest plugin: scenario files are tests, and workflows are simulated with fixtures.

Loading it imports nothing of Argosy; that is left to the tests that use it. ``-p no:argosy`` leaves it out.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from argosy.explore.cases import Case
    from argosy.simulate.scenario import Scenario
    from argosy.testing.checked import CheckedRun, GivenOutcome
    from argosy.testing.snapshot import Snapshots

ENDINGS = (".scenario.yaml", ".scenario.yml")
_KEPT = 3
"""So many of a test's runs are drawn when it fails: the last ones."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare what can be set."""
    group = parser.getgroup("argosy")
    group.addoption("--argosy-update", action="store_true", help="write the snapshots of runs anew")
    parser.addini("argosy_scenarios", "collect *.scenario.yaml files (default: true)", type="bool", default=True)


def pytest_configure(config: pytest.Config) -> None:
    """Make the place where runs are remembered."""
    config.stash[_SIMULATOR] = Simulator()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect scenario files."""
    if file_path.name.endswith(ENDINGS) and parent.config.getini("argosy_scenarios"):
        collected: pytest.Collector = ScenarioFile.from_parent(parent, path=file_path)
        return collected
    return None


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Forget the runs of the test before."""
    item.config.stash[_SIMULATOR].begin(item.path)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Draw the runs of a test that failed."""
    report = yield
    if report.when == "call" and report.failed:
        for run in item.config.stash[_SIMULATOR].runs:
            report.sections.append((f"run {run.name}", run.tree()))
    return report


class ScenarioFile(pytest.File):
    """A file of scenarios, each a test."""

    def collect(self) -> Iterable[pytest.Item]:
        """Give a test for each scenario in the file."""
        from argosy.errors import ArgosyError
        from argosy.simulate import scenario

        try:
            found = scenario.load(self.path)
        except ArgosyError as error:
            raise self.CollectError(_words(error)) from None
        for index, one in enumerate(found):
            name = one.name if one.name != "scenario" or len(found) > 1 else self.path.name.partition(".")[0]
            yield ScenarioItem.from_parent(self, name=name, scenario=one, index=index)


class ScenarioItem(pytest.Item):
    """A scenario as a test: it passes if its run ends as expected, all of it applied, and invariants hold."""

    def __init__(self, *, scenario: Scenario, index: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.scenario = scenario
        self.index = index

    def runtest(self) -> None:
        """Run it. Raises UnexpectedRun, ArgosyError."""
        from argosy.explore.cases import judge
        from argosy.versions import argo_version

        case = judge(str(self.path), self.index, self.scenario, argo_version(None))
        if case.wrong is not None:
            raise case.wrong
        if not case.passed:
            raise UnexpectedRun(case)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Draw the run, with what was expected of it; say what is wrong with the files."""
        from argosy.errors import ArgosyError

        error = excinfo.value
        if isinstance(error, UnexpectedRun):
            from argosy.report import render

            case = error.case
            drawn = render("run", "tree", case.run) if case.run is not None else ""
            return "\n".join([*map(str, case.problems), "", drawn])
        if isinstance(error, ArgosyError):
            return _words(error)
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Name it in reports."""
        return self.path, None, f"scenario {self.name}"


class UnexpectedRun(Exception):  # noqa: N818  it says what was not expected
    """A run that did not end as its scenario expects, or broke an invariant of its workflow."""

    def __init__(self, case: Case) -> None:
        super().__init__("; ".join(map(str, case.problems)))
        self.case = case


class Simulator:
    """Simulates workflows for tests, and remembers the last runs of the current one."""

    def __init__(self) -> None:
        self.runs: list[CheckedRun] = []
        self._folder = Path()

    def begin(self, test: Path) -> None:
        """Begin a test."""
        self.runs = []
        self._folder = test.parent

    def __call__(
        self, workflow: Any = None, *outcomes: GivenOutcome, scenario: Any = None, **options: Any
    ) -> CheckedRun:
        """Run a workflow; see :func:`argosy.testing.simulate`. Paths are looked up beside the test, too."""
        from argosy.testing.checked import simulate

        run = simulate(self._beside(workflow), *outcomes, scenario=self._beside(scenario), **options)
        self.runs = [*self.runs[1 - _KEPT :], run]
        return run

    def _beside(self, given: Any) -> Any:
        if isinstance(given, (str, Path)) and "\n" not in str(given) and (self._folder / given).exists():
            return self._folder / given
        return given


_SIMULATOR: pytest.StashKey[Simulator] = pytest.StashKey()


@pytest.fixture(scope="session")
def simulate(request: pytest.FixtureRequest) -> Simulator:
    """Simulate a workflow: ``run = simulate("workflow.yaml", "build:exit=2")``, then ask the run.

    Of the scope of a session, so that Hypothesis may call it many times in a test.
    """
    return request.config.stash[_SIMULATOR]


@pytest.fixture
def run_snapshot(request: pytest.FixtureRequest) -> Snapshots:
    """Compare a run with its snapshot: ``run_snapshot(run)``; ``--argosy-update`` writes it."""
    from argosy.testing.snapshot import Snapshots

    return Snapshots(request.path, request.node.name, update=bool(request.config.getoption("--argosy-update")))


def _words(error: Exception) -> str:
    from argosy.errors import ArgosyError
    from argosy.report.errors import render
    from argosy.report.style import PLAIN

    assert isinstance(error, ArgosyError)
    return render(error, PLAIN)
