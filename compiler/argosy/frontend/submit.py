"""Sending manifests to an Argo server with Hera's client, and following what comes of them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from argosy.errors import Place, UsageError
from argosy.source import Json, Manifest

ENDED = ("Succeeded", "Failed", "Error")
"""The phases in which a workflow stays."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where an Argo server is, and as whom to speak to it."""

    host: str
    token: str | None = None
    namespace: str = "default"
    verify: bool = True


@dataclass(frozen=True, slots=True)
class Change:
    """A node of the run, or the workflow itself (no name), in a new phase."""

    name: str
    phase: str
    message: str = ""


class _Request:
    """A request in the shape that Hera's client sends: the document as it is, with fields newer than Hera's models."""

    def __init__(self, field: str, document: Mapping[str, Json], namespace: str) -> None:
        self._body = {field: document, "namespace": namespace}

    def json(self, **_: Any) -> str:
        """Give the body of the request."""
        return json.dumps(self._body)


_CREATE = {
    "Workflow": ("create_workflow", "workflow"),
    "WorkflowTemplate": ("create_workflow_template", "template"),
    "ClusterWorkflowTemplate": ("create_cluster_workflow_template", "template"),
    "CronWorkflow": ("create_cron_workflow", "cronWorkflow"),
}
"""The method of Hera's client that creates each kind, and the field that holds the document."""


def submit(manifest: Manifest, server: Server) -> str:
    """Create what the manifest says; give its name. Raises UsageError where the server refuses or does not answer."""
    method, field = _CREATE[manifest.kind]
    client = _client(server)
    document = _with_namespace(manifest, server)
    arguments = {} if manifest.kind == "ClusterWorkflowTemplate" else {"namespace": server.namespace}
    created = _ask(server, lambda: getattr(client, method)(_Request(field, document, server.namespace), **arguments))
    return str(created.metadata.name)


def _with_namespace(manifest: Manifest, server: Server) -> dict[str, Json]:
    if manifest.kind == "ClusterWorkflowTemplate":
        return manifest.data
    metadata = manifest.data.get("metadata") or {}
    return {**manifest.data, "metadata": {"namespace": server.namespace, **metadata}}


def _client(server: Server) -> Any:
    from hera.workflows import WorkflowsService

    if not server.host.startswith(("http://", "https://")):
        raise UsageError(f"{server.host!r} is no address of a server", hint="write https://HOST:2746")
    return WorkflowsService(host=server.host, token=server.token, namespace=server.namespace, verify_ssl=server.verify)


def _ask(server: Server, call: Callable[[], Any]) -> Any:
    from hera.exceptions import HeraException
    from requests import RequestException

    try:
        return call()
    except HeraException as error:
        raise UsageError(f"{server.host} refuses: {error}", place=Place("")) from None
    except ValueError as error:
        first = str(error).splitlines()[0]
        raise UsageError(f"{server.host} answers what Hera's models do not know: {first}") from None
    except RequestException as error:
        raise UsageError(f"{server.host} cannot be reached: {type(error).__name__}", hint="is it running?") from None


def follow(
    name: str, server: Server, *, every: float = 2.0, rest: Callable[[float], None] = time.sleep
) -> Iterator[Change]:
    """Give each change of phase of a workflow's nodes, until the workflow ends; the last is the workflow's own."""
    seen: dict[str, tuple[str, str]] = {}
    while True:
        status = state(name, server)
        yield from changes(status, seen)
        phase = str(status.get("phase") or "")
        if phase in ENDED:
            yield Change("", phase, str(status.get("message") or ""))
            return
        rest(every)


def state(name: str, server: Server) -> dict[str, Json]:
    """Give the status of a workflow, as Argo's JSON has it."""
    client = _client(server)
    found = _ask(server, lambda: client.get_workflow(name, namespace=server.namespace))
    dumped: dict[str, Json] = json.loads(found.model_dump_json(by_alias=True, exclude_none=True))
    return dumped.get("status") or {}


def changes(status: Mapping[str, Json], seen: dict[str, tuple[str, str]]) -> Iterator[Change]:
    """Give the nodes whose phase or message is not what was seen last, in order of their start; note them as seen."""
    nodes = (status.get("nodes") or {}).values()
    for node in sorted(nodes, key=lambda n: (str(n.get("startedAt") or ""), str(n.get("name")))):
        now = (str(node.get("phase") or ""), str(node.get("message") or ""))
        if seen.get(str(node.get("name"))) != now:
            seen[str(node.get("name"))] = now
            yield Change(str(node.get("displayName") or node.get("name")), *now)


def differences(actual: Mapping[str, Json], simulated: Mapping[str, Json]) -> list[str]:
    """Say where a run ended differently from its simulation, node by node; nothing if nowhere.

    Nodes are matched by their full names, without the workflow's own, which differs from run to run.
    """
    found: list[str] = []
    if actual.get("phase") != simulated.get("phase"):
        found.append(f"the workflow ended {actual.get('phase')}, in the simulation {simulated.get('phase')}")
    ours, theirs = _phases(actual), _phases(simulated)
    for name in dict.fromkeys([*ours, *theirs]):
        one, other = ours.get(name, "was not there"), theirs.get(name, "was not there")
        if one != other:
            found.append(f"{name}: {one}, in the simulation {other}")
    return found


def _phases(status: Mapping[str, Json]) -> dict[str, str]:
    nodes = list((status.get("nodes") or {}).values())
    root = min((str(n.get("name")) for n in nodes), key=len, default="")
    return {_below_root(str(n.get("name")), root): str(n.get("phase")) for n in nodes}


def _below_root(name: str, root: str) -> str:
    """Give a node's name without the workflow's: ``build``, ``onExit``, or ``the entrypoint``."""
    return name.removeprefix(root).lstrip(".") or "the entrypoint"
