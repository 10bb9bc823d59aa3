"""What the agent answers for a task: an HTTP request's response, or what a plugin says, from the scenario's script."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from argosy.simulate.controller.expressions import holds
from argosy.simulate.controller.operation import Refused
from argosy.simulate.kubelet import Controller, over
from argosy.simulate.names import natural
from argosy.simulate.outcomes import Outcomes
from argosy.simulate.outputs import text
from argosy.simulate.pods import Started
from argosy.simulate.scenario import Outcome, Response
from argosy.simulate.seam import AddTask, TaskAnswer, View
from argosy.simulate.steps import Steps
from argosy.source import Json


class _Pod(NamedTuple):
    """The agent's own pod, as outcomes match it."""

    node_id: str = ""
    node_name: str = "agent"
    display_name: str = ""
    template: dict[str, Json] = {"name": "agent"}
    hooked: bool = False


class Agent:
    """The agent of one workflow: its pod starts with the first task, and it takes on each task once."""

    def __init__(
        self, steps: Steps, outcomes: Outcomes, view: View, controller: Controller, log: list[Started]
    ) -> None:
        self._steps = steps
        self._outcomes = outcomes
        self._view = view
        self._controller = controller
        self._log = log
        self._made = self._up = False
        self._tasks: list[AddTask] = []

    def add(self, task: AddTask) -> None:
        """Take note of a new task."""
        self._tasks.append(task)
        if not self._made:
            self._made = True
            self._steps.at(0, self._start)
        elif self._up and len(self._tasks) == 1:
            self._steps.at(0, self._take_on)

    def done(self, node_id: str) -> None:
        """Forget an answer that the controller has taken in."""
        self._view.answers.pop(node_id, None)

    def leave(self) -> None:
        """End the agent's pod: the workflow is complete."""
        self._made = self._up = False

    def _start(self) -> None:
        outcome, _ = self._outcomes.choose(_Pod())
        if outcome.pending_forever:
            return
        if outcome.phase in ("Failed", "Error"):
            self._view.agent_failed = outcome.message
            self._controller.notify("agent")
            return
        self._up = True
        self._steps.at(0, self._take_on)

    def _take_on(self) -> None:
        tasks, self._tasks = self._tasks, []
        first_seen = self._controller.first_seen
        for task in sorted(tasks, key=lambda t: (first_seen(t.node_id), natural(t.node_name))):
            self._steps.at(0, partial(self._work, task))

    def _work(self, task: AddTask) -> None:
        outcome, index, shown = self._outcomes.play(task)
        self._log.append(Started(self._steps.clock.now, task.node_name, task.node_id, task.template, index, shown))
        if not outcome.pending_forever and not outcome.run_forever:
            self._steps.at(outcome.duration or 0.0, partial(self._answer, task, outcome))

    def _answer(self, task: AddTask, outcome: Outcome) -> None:
        self._view.answers[task.node_id] = answer(task.template, outcome)
        self._controller.notify(task.node_id)
        self._steps.wait(partial(over, self._controller, task.node_id))


def answer(template: dict[str, Json], outcome: Outcome) -> TaskAnswer:
    """Give what the agent reports for one task (v4.1 workflow/executor/agent.go)."""
    request = template.get("http")
    if request is None or (outcome.phase and outcome.http is None):
        return _scripted(outcome)
    return _responded(request, _response(outcome))


def _scripted(outcome: Outcome) -> TaskAnswer:
    outputs: dict[str, Json] = {}
    script = outcome.outputs
    if script and script.parameters:
        outputs["parameters"] = [{"name": k, "value": text(v)} for k, v in sorted(script.parameters.items())]
    if script and script.result is not None:
        outputs["result"] = script.result
    phase = outcome.phase or ("Failed" if outcome.exit_code else "Succeeded")
    return TaskAnswer(phase, outcome.message, outputs if script else None)


def _response(outcome: Outcome) -> Response:
    given = outcome.http or Response(body=(outcome.outputs.result if outcome.outputs else None) or "")
    if given.status_code:
        return given
    return Response(500 if outcome.exit_code else 200, given.body, given.headers)


def _responded(request: dict[str, Json], response: Response) -> TaskAnswer:
    outputs: dict[str, Json] = {"result": response.body}
    condition = request.get("successCondition")
    code = response.status_code
    if not condition:
        if 200 <= code < 300:
            return TaskAnswer("Succeeded", "", outputs)
        return TaskAnswer("Failed", f"received non-2xx response code: {code}", outputs)
    try:
        held = holds(condition, _scope(request, response))
    except Refused as error:
        return TaskAnswer("Failed", error.message)
    if held:
        return TaskAnswer("Succeeded", "", outputs)
    return TaskAnswer("Failed", f"successCondition '{condition}' evaluated false", outputs)


def _scope(request: dict[str, Json], response: Response) -> dict[str, Json]:
    """Give what successCondition can speak of (v4.1 workflow/executor/agent.go evalResponse)."""
    body = request.get("body") or ""
    sent: dict[str, list[str]] = {}
    for header in request.get("headers") or []:
        sent.setdefault(_canonical(header["name"]), []).append(header.get("value") or "")
    return {
        "request": {
            "method": request.get("method") or "",
            "url": request.get("url") or "",
            "body": body,
            "bodyBytes": list(body.encode()),
            "headers": sent,
        },
        "response": {
            "statusCode": response.status_code,
            "body": response.body,
            "headers": {_canonical(name): values for name, values in (response.headers or {}).items()},
        },
    }


def _canonical(name: str) -> str:
    """Write a header's name as Go's net/http does: ``x-a`` is ``X-A``."""
    return "-".join(part[:1].upper() + part[1:].lower() for part in name.split("-"))
