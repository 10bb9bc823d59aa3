"""Whether what was really run wrote and sent what its scenario expects; what doesn't hold, in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from argosy.simulate.expectations import EXPECT, Unmet
from argosy.simulate.scenario import Expectation, RequestExpectation
from argosy.source import Json

if TYPE_CHECKING:
    from argosy.simulate.run import Run

_MOST = 5
"""So many requests are named that do not fit."""


def unmet(expected: Expectation, run: Run) -> list[Unmet]:
    """Give the expectations of requests and logs that do not hold."""
    requests = enumerate(expected.requests or ())
    out = [Unmet(line, (*EXPECT, "requests", i)) for i, wanted in requests for line in _request(wanted, run)]
    logs = (expected.logs or {}).items()
    return out + [Unmet(line, (*EXPECT, "logs", name)) for name, text in logs for line in _log(name, text, run)]


def _request(wanted: RequestExpectation, run: Run) -> list[str]:
    made = [(pod["templateName"], one) for pod in run.pods for one in pod.get("requests") or ()]
    fitting = sum(1 for template, one in made if _fits(wanted, template, one))
    if (fitting > 0) if wanted.count is None else (fitting == wanted.count):
        return []
    if not any("log" in pod or "requests" in pod for pod in run.pods):
        return [f"{_words(wanted)}: nothing was really run"]
    many = "" if wanted.count is None else f", expected {wanted.count}"
    seen = "; ".join(f"{one['method']} {one['url']}" for _, one in made[:_MOST]) or "none"
    return [f"{_words(wanted)}: {fitting} such{many}; made were: {seen}{'; ...' if len(made) > _MOST else ''}"]


def _words(wanted: RequestExpectation) -> str:
    """Say which request is meant."""
    parts = ("request", wanted.method, wanted.url, wanted.body and f"with {wanted.body!r}")
    return " ".join(filter(None, (*parts, wanted.template and f"by {wanted.template}")))


def _fits(wanted: RequestExpectation, template: str, made: dict[str, Json]) -> bool:
    headers = {name.lower(): str(value) for name, value in (made.get("headers") or {}).items()}
    return (
        wanted.template in (None, template)
        and (wanted.method or made["method"]).upper() == made["method"]
        and re.search(wanted.url or "", made["url"]) is not None
        and re.search(wanted.body or "", made.get("body") or "") is not None
        and all(re.search(text, headers.get(name.lower(), "")) for name, text in (wanted.headers or {}).items())
    )


def _log(name: str, text: str, run: Run) -> list[str]:
    node = run.node(name)
    names = {node["name"]} if node else set()
    pods = [pod for pod in run.pods if pod["templateName"] == name or pod["node"] in names]
    logs = ["\n".join(pod["log"]) for pod in pods if "log" in pod]
    if any(re.search(text, log, re.MULTILINE) for log in logs):
        return []
    if not logs:
        return [f"log of {name}: it was not really run"]
    return [f"log of {name}: expected {text!r} in {logs[-1]!r}"]
