"""What the agent answers for a task: an HTTP request's response, or what a plugin says, from the scenario's script."""

from __future__ import annotations

from typing import NamedTuple

from argosy.errors import LanguageError
from argosy.simulate.outputs import text
from argosy.simulate.scenario import Outcome, Response
from argosy.source import Json


class Answer(NamedTuple):
    """The result of a task, as the agent writes it into the task set."""

    phase: str
    message: str = ""
    outputs: dict[str, Json] | None = None


def answer(template: dict[str, Json], outcome: Outcome) -> Answer:
    """Give what the agent reports for one task (v4.1 workflow/executor/agent.go)."""
    request = template.get("http")
    if request is None or (outcome.phase and outcome.http is None):
        return _scripted(outcome)
    return _responded(request, _response(outcome))


def _scripted(outcome: Outcome) -> Answer:
    outputs: dict[str, Json] = {}
    script = outcome.outputs
    if script and script.parameters:
        outputs["parameters"] = [{"name": k, "value": text(v)} for k, v in sorted(script.parameters.items())]
    if script and script.result is not None:
        outputs["result"] = script.result
    phase = outcome.phase or ("Failed" if outcome.exit_code else "Succeeded")
    return Answer(phase, outcome.message, outputs if script else None)


def _response(outcome: Outcome) -> Response:
    given = outcome.http or Response(body=(outcome.outputs.result if outcome.outputs else None) or "")
    if given.status_code:
        return given
    return Response(500 if outcome.exit_code else 200, given.body, given.headers)


def _responded(request: dict[str, Json], response: Response) -> Answer:
    outputs: dict[str, Json] = {"result": response.body}
    condition = request.get("successCondition")
    code = response.status_code
    if not condition:
        if 200 <= code < 300:
            return Answer("Succeeded", "", outputs)
        return Answer("Failed", f"received non-2xx response code: {code}", outputs)
    from argosy.language import evaluate_bool

    try:
        holds = evaluate_bool(condition, _scope(request, response))
    except LanguageError as error:
        return Answer("Failed", error.message)
    if holds:
        return Answer("Succeeded", "", outputs)
    return Answer("Failed", f"successCondition '{condition}' evaluated false", outputs)


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
