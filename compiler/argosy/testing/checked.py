"""A run as assertions read it: ``run.exit_handler.ran``, ``run.node("work").phase``, ``run.pod("notify").args``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from argosy.errors import UsageError
from argosy.report.became import values
from argosy.report.run_view import RunView, view
from argosy.report.style import PLAIN
from argosy.report.tree import draw
from argosy.simulate.api import read_scenario
from argosy.simulate.api import simulate as run_it
from argosy.simulate.run import Run
from argosy.simulate.scenario import Outcome, Scenario, from_data
from argosy.source import Json
from argosy.spelling import did_you_mean

GivenOutcome = str | Outcome | Mapping[str, Any]
"""``"work:exit=2"``, an Outcome, or one as a scenario file writes it."""


@dataclass(frozen=True)
class Request:
    """An HTTP request as it was caught."""

    method: str
    url: str
    headers: dict[str, str]
    body: str
    answered: int | None
    """The status code that it got; None: nothing is known but the host."""

    @property
    def json(self) -> Any:
        """The body, read as JSON. Raises ValueError if it is none."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Pod:
    """A pod as it was started, or a task of the agent: its template is what the executor gets, after substitution."""

    node: str
    """The full name of its node."""
    template_name: str
    template: dict[str, Json]
    log: tuple[str, ...] = ()
    """The lines that it wrote, if it was really run."""
    requests: tuple[Request, ...] = ()
    """The HTTP requests that it made, if it was really run."""
    exit_code: int | None = None
    """The exit code of what was really run; None: nothing was."""

    @property
    def _body(self) -> dict[str, Json]:
        return self.template.get("container") or self.template.get("script") or {}

    @property
    def image(self) -> str:
        """The image of the main container."""
        return str(self._body.get("image", ""))

    @property
    def command(self) -> list[str]:
        """The command of the main container."""
        return list(self._body.get("command") or [])

    @property
    def args(self) -> list[str]:
        """The arguments of the main container."""
        return list(self._body.get("args") or [])

    @property
    def script(self) -> str:
        """The source of a script, empty for what is none."""
        return str(self._body.get("source", ""))

    @property
    def env(self) -> dict[str, str]:
        """The variables that are set to plain values."""
        return {one["name"]: one.get("value", "") for one in self._body.get("env") or [] if "valueFrom" not in one}

    @property
    def inputs(self) -> dict[str, str]:
        """The values of the input parameters."""
        return _parameters(self.template.get("inputs"))


@dataclass(frozen=True)
class Node:
    """A node as it ended."""

    name: str
    """The full name."""
    display_name: str
    phase: str
    message: str
    inputs: dict[str, str]
    outputs: dict[str, str]
    result: str | None
    pods: tuple[Pod, ...]
    """Its own pods and those of everything below it, in the order in which they were started."""

    @property
    def ran(self) -> bool:
        """Whether a pod was started for it."""
        return bool(self.pods)

    @property
    def runs(self) -> int:
        """How many pods were started for it."""
        return len(self.pods)


@dataclass(frozen=True)
class ExitHandler:
    """The exit handler of a run."""

    ran: bool
    phase: str | None
    """Its phase; None: it did not run."""
    message: str
    status: str | None
    """What ``{{workflow.status}}`` was for it; None: it did not run."""
    variables: dict[str, str]
    """What the variables became that can be read from what its pods were given."""
    pods: tuple[Pod, ...]


class CheckedRun:
    """A run, to be asked about. What is asked for and is not there is an AssertionError that draws the run."""

    def __init__(self, run: Run) -> None:
        self.run = run
        """The run as ``argosy.simulate`` gives it."""
        self.pods = tuple(map(_pod, run.pods))

    @property
    def name(self) -> str:
        """The workflow's name."""
        return str(self.run.workflow["metadata"]["name"])

    @property
    def phase(self) -> str:
        """The workflow's phase at the end."""
        return self.run.phase

    @property
    def message(self) -> str:
        """The workflow's message at the end."""
        return self.run.message

    @property
    def ended(self) -> str:
        """``completed``, or why the run was ended before."""
        return self.run.ended

    @property
    def outputs(self) -> dict[str, str]:
        """The global output parameters."""
        return _parameters(self.run.workflow["status"].get("outputs"))

    @property
    def requests(self) -> tuple[Request, ...]:
        """All HTTP requests that were caught, in the order of the pods that made them."""
        return tuple(request for pod in self.pods for request in pod.requests)

    @property
    def exit_handler(self) -> ExitHandler:
        """The exit handler, whether it ran or not."""
        seen = self._view()
        if seen.handler is None:
            return ExitHandler(False, None, "", None, {}, ())
        node = seen.handler.node
        status = seen.entry.phase if seen.entry else seen.phase
        return ExitHandler(
            True,
            seen.handler.phase,
            seen.handler.message,
            status,
            {"workflow.status": status} | values(seen.handler),
            self._below(node["name"]),
        )

    def has_node(self, name: str) -> bool:
        """Say whether there is a node of that name: display name, full name, or ``<wf>.name``."""
        return self.run.node(name) is not None

    def node(self, name: str) -> Node:
        """Give a node by its display name, full name, or ``<wf>.name``; the first by name if there are several."""
        found = self.run.node(name)
        if found is None:
            known = {str(n.get("displayName") or n["name"]) for n in self._nodes()}
            raise AssertionError(self._missing("node", name, known))
        return Node(
            found["name"],
            str(found.get("displayName") or found["name"]),
            str(found.get("phase") or "Pending"),
            str(found.get("message") or ""),
            _parameters(found.get("inputs")),
            _parameters(found.get("outputs")),
            (found.get("outputs") or {}).get("result"),
            self._below(found["name"]),
        )

    def ran(self, template: str) -> bool:
        """Say whether a pod of a template was started."""
        return any(pod.template_name == template for pod in self.pods)

    def pod(self, name: str) -> Pod:
        """Give the last pod that was started of a template, or of a node, by name."""
        found = self.pods_of(name)
        if not found:
            raise AssertionError(self._missing("pod of", name, {pod.template_name for pod in self.pods}))
        return found[-1]

    def pods_of(self, name: str) -> tuple[Pod, ...]:
        """Give the pods of a template, or else of a node, in the order in which they were started."""
        named = tuple(pod for pod in self.pods if pod.template_name == name)
        node = self.run.node(name)
        return named or (self._below(node["name"]) if node else ())

    def tree(self) -> str:
        """Draw the run as ``argosy simulate`` does."""
        return draw(self._view(), PLAIN)

    def to_dict(self) -> dict[str, Json]:
        """Give the JSON of the run."""
        return self.run.to_dict()

    def __repr__(self) -> str:
        return f"<run {self.name}: {self.phase}>"

    def _view(self) -> RunView:
        return view(self.run.to_dict())

    def _nodes(self) -> Iterable[dict[str, Json]]:
        nodes: dict[str, dict[str, Json]] = self.run.workflow["status"].get("nodes") or {}
        return nodes.values()

    def _below(self, name: str) -> tuple[Pod, ...]:
        """Give the pods of a node and of what stands under it."""
        return tuple(p for p in self.pods if p.node == name or (p.node.startswith(name) and p.node[len(name)] in ".[("))

    def _missing(self, what: str, name: str, known: Iterable[str]) -> str:
        hint = did_you_mean(name, sorted(known))
        return f"there is no {what} {name!r} in this run{f'; {hint}' if hint else ''}\n{self.tree()}"


def simulate(
    workflow: Any = None,
    *outcomes: GivenOutcome,
    scenario: str | Path | Mapping[str, Any] | Scenario | None = None,
    run_scripts: Iterable[str] = (),
    answers: Iterable[Mapping[str, Any]] = (),
    **options: Any,
) -> CheckedRun:
    """Run a workflow, and give a run to be asked about.

    ``workflow``, ``scenario`` and ``options`` are as for ``argosy.simulate``; ``outcomes`` and ``answers`` come before
    those of the scenario. The pods of the templates in ``run_scripts``, and of those that the scenario names, are
    really run on this machine. Raises what ``argosy.simulate`` raises.
    """
    chosen = read_scenario(scenario)
    short = [one for one in outcomes if isinstance(one, str)]
    read = [_outcome(one) for one in outcomes if not isinstance(one, str)]
    more = from_data({"answers": [dict(one) for one in answers]}).answers or []
    chosen = replace(chosen, outcomes=[*read, *(chosen.outcomes or [])], answers=[*more, *(chosen.answers or [])])
    options["fail"] = [*short, *options.pop("fail", ())]
    if (really := list(run_scripts)) or chosen.run_scripts:
        from argosy.local.really import run_really

        done = run_really(workflow, chosen, really, options=options)
    else:
        done = run_it(workflow, scenario=chosen, **options)
    if not isinstance(done, Run):
        raise UsageError("this asks about one run", hint="leave cronFor out of the scenario of a CronWorkflow")
    return CheckedRun(done)


def _outcome(given: Outcome | Mapping[str, Any]) -> Outcome:
    if isinstance(given, Outcome):
        return given
    read = from_data({"outcomes": [dict(given)]}).outcomes
    assert read is not None
    return read[0]


def _pod(data: dict[str, Json]) -> Pod:
    return Pod(
        data["node"],
        data.get("templateName") or "",
        data.get("template") or {},
        tuple(data.get("log") or ()),
        tuple(map(_request, data.get("requests") or ())),
        data.get("exitCode"),
    )


def _request(data: dict[str, Json]) -> Request:
    return Request(data["method"], data["url"], data.get("headers") or {}, data.get("body") or "", data.get("answered"))


def _parameters(holder: Json) -> dict[str, str]:
    return {p["name"]: str(p.get("value", "")) for p in (holder or {}).get("parameters") or []}
