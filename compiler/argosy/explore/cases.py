"""Scenario files as tests: found, run, and judged by their expectations and by the workflow's invariants."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from argosy.errors import ArgosyError, ReadError
from argosy.errors import Place as Position
from argosy.explore.branches import reached_from
from argosy.explore.faults import Fault
from argosy.explore.invariants import Invariant, beside, problem
from argosy.explore.observe import Observed, Place, look, watching
from argosy.explore.templates import Templates, handler_name, templates_of
from argosy.simulate.expectations import Unmet
from argosy.simulate.given import Given, collect
from argosy.simulate.outcomes import Provider
from argosy.simulate.run import Run, play, report
from argosy.simulate.scenario import Outcome, Scenario, load
from argosy.source import Origin
from argosy.versions import ArgoVersion
from argosy.versions import argo_version as version_of

ENDINGS = (".scenario.yaml", ".scenario.yml")
SKIPPED = frozenset({".git", ".venv", "node_modules", "__pycache__"})
_OF_ACTION = {"terminate": "terminate", "lose": "lost", "delete": "lost", "controller-down": "down", "stop": "stop"}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as expected."""

    message: str
    place: Position | None = None
    """Where the scenario expects it otherwise."""

    def __str__(self) -> str:
        """Give one line: the place, if any, and what is not as expected."""
        return f"{self.place}: {self.message}" if self.place else self.message

    def to_dict(self) -> dict[str, Any]:
        """Give the problem for tools."""
        return {"message": self.message} | (
            {"line": self.place.line, "column": self.place.column} if self.place else {}
        )


@dataclass(slots=True)
class Case:
    """One scenario, run."""

    path: str
    index: int
    name: str
    problems: list[Problem] = field(default_factory=list)
    """What is not as expected; empty: the test passes."""
    wrong: ArgosyError | None = None
    """Why the scenario could not be run at all."""
    run: Run | None = None
    observed: Observed | None = None
    given: Given | None = None
    templates: Templates | None = None

    @property
    def error(self) -> str:
        """Why the scenario could not be run at all, in words; empty: it could."""
        return str(self.wrong) if self.wrong is not None else ""

    @property
    def passed(self) -> bool:
        """Nothing is wrong."""
        return not self.problems and not self.error

    def to_dict(self) -> dict[str, Any]:
        """Give the case for tools."""
        out: dict[str, Any] = {"path": self.path, "document": self.index, "name": self.name, "passed": self.passed}
        out |= {"problems": [problem.to_dict() for problem in self.problems]} if self.problems else {}
        out |= {"error": self.error} if self.error else {}
        return out | ({"phase": self.run.phase, "ended": self.run.ended} if self.run else {})


@dataclass(slots=True)
class Cases:
    """The scenarios of a test run, in order."""

    cases: list[Case] = field(default_factory=list)
    left_out: int = 0
    """How many were not chosen."""

    @property
    def failed(self) -> list[Case]:
        """Those that do not pass."""
        return [case for case in self.cases if not case.passed]

    def to_dict(self) -> dict[str, Any]:
        """Give the cases for tools."""
        return {"version": 1, "passed": not self.failed, "cases": [case.to_dict() for case in self.cases]}


def find(paths: Sequence[str]) -> list[Path]:
    """Give the scenario files in paths, sorted; a file that is named counts whatever it is called. Raises ReadError."""
    out: dict[Path, None] = {}
    for text in paths:
        path = Path(text)
        if path.is_dir():
            found = (f for ending in ENDINGS for f in path.rglob(f"*{ending}"))
            out.update(dict.fromkeys(sorted(f for f in found if not SKIPPED & set(f.parts))))
        elif path.exists():
            out[path] = None
        else:
            raise ReadError("there is no such file or folder", place=Position(text))
    return list(out)


def run_cases(
    paths: Sequence[str],
    *,
    keyword: str = "",
    argo_version: str | ArgoVersion | None = None,
    seed: int = 0,
) -> Cases:
    """Run the scenarios of files; ``keyword``: only those with it in their path or name. Raises ReadError."""
    version = version_of(argo_version)
    out = Cases()
    for path in find(paths):
        for index, scenario in _scenarios(path):
            name = scenario.name if isinstance(scenario, Scenario) else path.name
            if keyword.lower() not in f"{path}::{name}".lower():
                out.left_out += 1
                continue
            if isinstance(scenario, ArgosyError):
                out.cases.append(Case(str(path), index, name, wrong=scenario))
            else:
                out.cases.append(judge(str(path), index, scenario, version, seed))
    return out


def judge(path: str, index: int, scenario: Scenario, version: ArgoVersion, seed: int = 0) -> Case:
    """Run a scenario, and say what of it is not as expected; ``index`` is its number in the file."""
    case = Case(path, index, scenario.name)
    _run(case, scenario, version, seed)
    return case


def _scenarios(path: Path) -> Iterator[tuple[int, Scenario | ArgosyError]]:
    try:
        yield from enumerate(load(path))
    except ArgosyError as error:
        yield 0, error


def _run(case: Case, scenario: Scenario, version: ArgoVersion, seed: int) -> None:
    try:
        given = collect(None, scenario)
        if given.main.kind == "CronWorkflow":
            _run_cron(case, given, scenario, version, seed)
            if scenario.cron_for is not None:
                return
        with _really(given, scenario) as provider:
            saw: dict[str, str] = {}
            played = play(given, scenario, version, seed, lambda world: watching(world, saw), provider)
        case.run = report(*played)
        case.given, case.templates = given, templates_of(given)
        case.observed = look(played, saw)
        invariants = beside(given.main)
    except ArgosyError as error:
        case.wrong = error
        return
    case.problems = _located(case, case.run.unmet)
    case.problems += map(Problem, _broken(invariants, scenario, case.observed, case.templates))


def _located(case: Case, unmet: Sequence[Unmet]) -> list[Problem]:
    """Give what does not hold with its place in the scenario file, in the order of these."""
    origin = _origin(case) if unmet else None
    if origin is None:
        return [Problem(one.text) for one in unmet]
    spans = [(origin.locate(one.address), one.text) for one in unmet]
    spans.sort(key=lambda found: (found[0].line, found[0].column))
    return [Problem(text, Position(span.path, span.line, span.column)) for span, text in spans]


def _origin(case: Case) -> Origin | None:
    from argosy.yaml.read import read

    try:
        text = Path(case.path).read_bytes()
    except OSError:
        return None
    documents = [document for document in read(text, case.path) if document.data is not None]
    return documents[case.index].origin if case.index < len(documents) else None


def _really(given: Given, scenario: Scenario) -> AbstractContextManager[Provider | None]:
    """Give what really runs the scripts that a scenario wants to be run, if any."""
    if not scenario.run_scripts:
        return nullcontext()
    from argosy.local.really import local_for

    return local_for(given, scenario, scenario.run_scripts)


def _run_cron(case: Case, given: Given, scenario: Scenario, version: ArgoVersion, seed: int) -> None:
    from argosy.simulate.cron import first_workflow
    from argosy.simulate.cron_run import run_cron

    if scenario.cron_for is None:
        given.main = first_workflow(given.main)
        return
    with _really(given, scenario) as provider:
        done = run_cron(given, scenario, version, seed, scenario.cron_for, provider)
    case.problems = _located(case, done.unmet)


def _broken(invariants: Iterable[Invariant], scenario: Scenario, observed: Observed, templates: Templates) -> list[str]:
    """Give the invariants of the workflow that do not hold in a scenario, but for faults that no handler survives."""
    from argosy.explore.exploration import Result

    fault = Fault("", scenario.name, after=tuple(_faults(scenario, templates)))
    found = ((one, problem(one, Result(fault, observed))) for one in invariants)
    return [f"invariant: {one}: {message}" for one, message in found if message]


def _faults(scenario: Scenario, templates: Templates) -> Iterator[Fault]:
    """Give the faults that a scenario is made of, by their kinds."""
    spec = templates.spec.data
    hooks = [hook for hook in (spec.get("hooks") or {}).values() if isinstance(hook, dict)]
    handlers = set(reached_from(templates, [handler_name(spec), *(templates.called(hook)[0] for hook in hooks)]))
    handlers -= set(reached_from(templates, [str(spec.get("entrypoint") or "")]))
    for outcome in scenario.outcomes or ():
        own = outcome.match.template in handlers or bool(outcome.match.hooked)
        place = Place("", outcome.match.template or "", "Pod", hook=own)
        yield Fault("", scenario.name, kind_of(outcome), outcomes=(outcome,), place=place)
    for action in scenario.actions or ():
        yield Fault("", scenario.name, _OF_ACTION.get(action.do, ""), actions=(action,))


KINDS_OF_OUTCOMES: tuple[tuple[Callable[[Outcome], object], str], ...] = (
    (lambda o: o.run_forever or o.pending_forever or o.unschedulable, "hang"),
    (lambda o: o.image_pull_back_off, "image"),
    (lambda o: o.reason == "Evicted", "evicted"),
    (lambda o: o.reason == "OOMKilled", "oom"),
    (lambda o: o.delivered_twice, "twice"),
    (lambda o: o.phase == "Error" or o.init_error or o.deleted, "error"),
    (lambda o: o.exit_code or o.phase == "Failed" or o.containers, "exit"),
    (lambda o: o.http is not None and not 200 <= (o.http.status_code or 200) < 300, "exit"),
)


def kind_of(outcome: Outcome) -> str:
    """Give the kind of fault that an outcome is; empty: it is none.

    >>> kind_of(Outcome(exit_code=2)), kind_of(Outcome(reason="OOMKilled")), kind_of(Outcome(exit_code=0))
    ('exit', 'oom', '')
    """
    return next((kind for is_one, kind in KINDS_OF_OUTCOMES if is_one(outcome)), "")
