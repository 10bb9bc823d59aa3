"""From a real run back to its scenario: what its pods did, what people did; and where the simulation differs from it.

It reads a Workflow object with ``status``, as ``argo get -o json`` prints it. Messages are those of Argo v4.1
workflow/controller/operator.go (inferFailedReason, assessNodeStatus) and util.go.
"""

from __future__ import annotations

import gzip
import re
import zlib
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec

from argosy.errors import UsageError
from argosy.explore.observe import LEAVES, path
from argosy.simulate.names import attempt, stable
from argosy.simulate.run import Run
from argosy.simulate.scenario import (
    Action,
    ContainerOutcome,
    Expectation,
    Match,
    Outcome,
    Outputs,
    Response,
    Scenario,
    When,
)
from argosy.simulate.shape import Regex, Seconds
from argosy.source import Json, Manifest

Obj = dict[str, Json]
_FAILED = re.compile(
    r"(?:(?P<name>[\w.-]+): )?(?P<reason>\w*) ?\(exit code (?P<code>\d+)\)(?:: (?P<said>.*))?", re.DOTALL
)
_ENDED = ("Succeeded", "Failed", "Error")
_KEPT = ("name", "generateName", "namespace", "labels", "annotations")


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the simulation and the real run do not agree."""

    node: str
    """Its stable name; empty: the workflow itself."""
    what: str
    real: str
    simulated: str

    def __str__(self) -> str:
        """Give it as one line."""
        who = path(self.node) if self.node else "the workflow"
        return f"{who}: {self.what} was {self.real or 'none'}, simulated {self.simulated or 'none'}"


def recover(workflow: Obj) -> Scenario:
    """Give the scenario of a real run: its workflow as it was submitted, the outcomes of its pods, what people did.

    Raises UsageError for what is not a workflow with status.
    """
    status = workflow.get("status")
    if not isinstance(workflow.get("spec"), dict) or not isinstance(status, dict) or not status.get("nodes"):
        raise UsageError("this is not a workflow with status", hint="argo get NAME -o json > run.json")
    name = str(workflow["metadata"]["name"])
    nodes = list(status["nodes"].values())
    leaves = [node for node in nodes if node.get("type") in LEAVES and node.get("phase")]
    shut = any(workflow["spec"].get(field) for field in ("shutdown", "activeDeadlineSeconds"))
    outcomes = _together([(node, _outcome(name, node, _template_of(node, workflow), shut)) for node in leaves])
    actions = [*_answers(name, leaves, workflow), *_shutdown(name, leaves, workflow), *_suspended(leaves, workflow)]
    return Scenario(
        name=name,
        description=f"Recovered from a run that ended {status.get('phase')}.",
        workflow=submitted(workflow),
        templates=_stored(status.get("storedTemplates") or {}) or None,
        outcomes=outcomes or None,
        actions=actions or None,
        expect=Expectation(phase=status.get("phase") if status.get("phase") in _ENDED else None),
    )


def submitted(workflow: Obj) -> Obj:
    """Give a workflow as it was before it ran."""
    status = workflow["status"]
    stored = status.get("storedWorkflowTemplateSpec")
    spec = {k: v for k, v in (stored or workflow["spec"]).items() if k not in ("shutdown", "suspend")}
    spec.pop("workflowTemplateRef", None)
    metadata = {k: v for k, v in workflow["metadata"].items() if k in _KEPT and v}
    metadata.pop("generateName", None)
    for field in ("labels", "annotations"):
        own = {k: v for k, v in metadata.get(field, {}).items() if not k.startswith("workflows.argoproj.io/")}
        metadata = {**metadata, field: own} if own else {k: v for k, v in metadata.items() if k != field}
    return {"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow", "metadata": metadata, "spec": spec}


def _stored(templates: Obj) -> list[Json]:
    """Give the templates of other manifests that the run used, as the manifests that held them."""
    found: dict[str, list[Json]] = {}
    for key, template in templates.items():
        kind, _, rest = key.partition("/")
        name = rest.partition("/")[0]
        if kind == "namespaced" and name:
            found.setdefault(name, []).append(template)
    return [{"metadata": {"name": name}, "spec": {"templates": listed}} for name, listed in found.items()]


def _outcome(workflow: str, node: Obj, template: Obj, shut: bool) -> Outcome | None:
    """Give what a pod or task did; None where that is plain success. ``shut``: something may have ended it."""
    if node["type"] == "Suspend":
        return None
    outcome = _OF_PHASE.get(node["phase"], _unended)(node)
    if outcome.run_forever and node["type"] == "Pod" and node["phase"] == "Failed":
        outcome = _ended_by_others(node, template, shut)
    outputs = _outputs(node)
    if outputs is not None:
        outcome = replace(outcome, outputs=outputs)
    if node["type"] == "HTTP" and node["phase"] in ("Succeeded", "Failed"):
        outcome = Outcome(http=_response(node, template))
        outcome = Outcome() if outcome.http == Response(status_code=200) else outcome
    if node["type"] == "Plugin" and node.get("message") and not outcome.message:
        outcome = replace(outcome, message=str(node["message"]))
    took = _seconds(node)
    if took >= 1 and not outcome.run_forever and node["phase"] in _ENDED:
        outcome = replace(outcome, duration=Seconds(took))
    if outcome == Outcome():
        return None
    retried = (node.get("nodeFlag") or {}).get("retried")
    name = stable(workflow, node["name"])
    return replace(
        outcome,
        match=Match(
            template=_template(node),
            node=Regex(f"^{re.escape(name)}$"),
            attempt=attempt(name) if retried else None,
        ),
    )


def _ended_by_others(node: Obj, template: Obj, shut: bool) -> Outcome:
    """Give what a pod did that was ended by a signal or a deadline, or never ran."""
    if _never_ran(node):
        return Outcome(image_pull_back_off=True) if node.get("hostNodeName") else Outcome(pending_forever=True)
    limited = any(template.get(field) for field in ("activeDeadlineSeconds", "timeout", "daemon"))
    signalled = "exit code 143" in str(node.get("message"))
    return Outcome(exit_code=143) if signalled and not shut and not limited else Outcome(run_forever=True)


def _never_ran(node: Obj) -> bool:
    """Say whether a pod was taken away while it was Pending: its message stays that of the shutdown."""
    return str(node.get("message") or "").startswith("workflow shutdown") and not (node.get("outputs") or {})


def _response(node: Obj, template: Obj) -> Response:
    """Give what the server answered: the code of the message, or the one that the condition for success asks for."""
    body = str((node.get("outputs") or {}).get("result") or "")
    condition = str((template.get("http") or {}).get("successCondition") or "")
    asked = re.search(r"statusCode\s*==\s*(\d{3})", condition)
    told = re.search(r"response code: (\d{3})", str(node.get("message") or ""))
    if node["phase"] == "Succeeded":
        return Response(status_code=int(asked[1]) if asked else 200, body=body)
    code = int(told[1]) if told else 500 if not condition or (asked and asked[1] == "200") else 200
    return Response(status_code=code, body=body)


def _failed(node: Obj) -> Outcome:
    message = str(node.get("message") or "")
    for sign, outcome in _SIGNS:
        if sign(message):
            return outcome
    found = _FAILED.search(message)
    code = (node.get("outputs") or {}).get("exitCode")
    if found is None:
        return Outcome(exit_code=int(code) if code not in (None, "", "0") else 1, message=message)
    if found["name"] == "init":
        return Outcome(init_error=found["said"] or "")
    if found["code"] == "143":
        return Outcome(run_forever=True)
    if found["name"] not in (None, "main"):
        members = {found["name"]: ContainerOutcome(exit_code=int(found["code"]), message=found["said"] or "")}
        return Outcome(containers=members)
    oom = found["reason"] == "OOMKilled"
    return Outcome(
        exit_code=None if oom else int(found["code"]), reason="OOMKilled" if oom else "", message=found["said"] or ""
    )


def _error(node: Obj) -> Outcome:
    message = str(node.get("message") or "")
    if message.startswith("pod deleted"):
        return Outcome(reason="Evicted") if (node.get("outputs") or {}).get("exitCode") else Outcome(deleted=True)
    if "exceeded its deadline" in message or "shutdown with strategy" in message:
        return Outcome(run_forever=True)
    found = _FAILED.search(message)
    if found and found["name"] == "init":
        return Outcome(init_error=found["said"] or "")
    return Outcome(phase="Error", message=(found["said"] or "") if found else message)


def _unended(node: Obj) -> Outcome:
    if node["phase"] == "Pending":
        image = "ImagePull" in str(node.get("message") or "")
        return Outcome(image_pull_back_off=True) if image else Outcome(pending_forever=True)
    return Outcome(run_forever=True) if node["phase"] == "Running" else Outcome()


_OF_PHASE: dict[str, Callable[[Obj], Outcome]] = {"Failed": _failed, "Error": _error}
_SIGNS: tuple[tuple[Callable[[str], bool], Outcome], ...] = (
    (lambda m: "low on resource" in m or "was evicted" in m, Outcome(reason="Evicted")),
    (lambda m: "active on the node longer than" in m or "exceeded its deadline" in m, Outcome(run_forever=True)),
    (lambda m: "shutdown with strategy" in m, Outcome(run_forever=True)),
)


def _outputs(node: Obj) -> Outputs | None:
    outputs = node.get("outputs") or {}
    made = [p for p in outputs.get("parameters") or [] if "value" in p]
    values = {p["name"]: p["value"] for p in made if "valueFrom" in p or node["type"] == "Plugin"}
    result = outputs.get("result")
    return Outputs(parameters=values or None, result=result) if values or result else None


def _seconds(node: Obj) -> int:
    began, ended = node.get("startedAt"), node.get("finishedAt")
    if not began or not ended:
        return 0
    return max(0, round((_moment(ended) - _moment(began)).total_seconds()))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _together(found: list[tuple[Obj, Outcome | None]]) -> list[Outcome]:
    """Give the outcomes in the order of the nodes' names; that of a template's only node matches by the template."""
    nodes: dict[str | None, int] = {}
    for node, _ in found:
        nodes[_template(node)] = nodes.get(_template(node), 0) + 1
    outcomes = sorted((o for _, o in found if o is not None), key=lambda o: str(o.match.node))
    return [
        replace(one, match=Match(template=one.match.template))
        if one.match.template and nodes[one.match.template] == 1
        else one
        for one in outcomes
    ]


def _template_of(node: Obj, whole: Obj) -> Obj:
    """Give the template of a node, as the run knows it."""
    spec = whole["status"].get("storedWorkflowTemplateSpec") or whole["spec"]
    listed = [*(spec.get("templates") or []), *(whole["status"].get("storedTemplates") or {}).values()]
    return next((t for t in listed if t.get("name") == _template(node)), {})


def _template(node: Obj) -> str | None:
    return node.get("templateName") or (node.get("templateRef") or {}).get("template")


def _answers(workflow: str, leaves: list[Obj], whole: Obj) -> Iterator[Action]:
    """Give what people answered where the workflow waited for them."""
    for node in leaves:
        if node["type"] != "Suspend" or (_template_of(node, whole).get("suspend") or {}).get("duration"):
            continue
        when, after = When(node=stable(workflow, node["name"])), Seconds(_seconds(node)) or None
        alone = sum(1 for one in leaves if one["type"] == "Suspend") == 1
        selector = f"displayName={node['displayName']}"
        values = {
            p["name"]: str(p["value"]) for p in (node.get("outputs") or {}).get("parameters") or [] if "value" in p
        }
        if node["phase"] == "Succeeded" and values:
            yield Action(do="set", when=when, after=after, selector=selector, phase="Succeeded", outputs=values)
        elif node["phase"] == "Succeeded":
            yield Action(do="resume", when=when, after=after, selector="" if alone else selector)
        elif node["phase"] in ("Failed", "Error"):
            yield Action(do="stop", when=when, after=after, selector=selector, message=str(node.get("message") or ""))


def _shutdown(workflow: str, leaves: list[Obj], whole: Obj) -> Iterator[Action]:
    """Give how the workflow was stopped, while the first leaf ran that this ended."""
    strategy = whole["spec"].get("shutdown")
    if strategy not in ("Stop", "Terminate"):
        return
    verb: Any = strategy.lower()
    ended = [n for n in leaves if "shutdown with" in str(n.get("message")) or "exit code 143" in str(n.get("message"))]
    if ended:
        first = min(ended, key=lambda n: (n.get("startedAt") or "", n["name"]))
        after = _seconds(first)
        when = When(node=stable(workflow, first["name"]), phase="Pending" if _never_ran(first) else "Running")
        yield Action(do=verb, when=when, after=Seconds(after) if after else None)
        return
    began = whole["status"].get("startedAt")
    last = max((n["startedAt"] for n in leaves if n.get("startedAt")), default=began)
    yield Action(do=verb, after=Seconds(max(0.0, (_moment(last) - _moment(began)).total_seconds()) if began else 0.0))


def _suspended(leaves: list[Obj], whole: Obj) -> Iterator[Action]:
    """Say that somebody suspended the workflow, if it still is."""
    if whole["spec"].get("suspend") and leaves:
        last = max((n for n in leaves if n.get("startedAt")), key=lambda n: n["startedAt"], default=None)
        if last is not None:
            yield Action(
                do="suspend", after=Seconds(max(0.5, _since(whole["status"].get("startedAt"), last["startedAt"])))
            )


def _since(began: str | None, at: str) -> float:
    return (_moment(at) - _moment(began)).total_seconds() if began else 0.0


def unpacked(workflow: Obj) -> Obj:
    """Give a workflow with its nodes as they are: a large one keeps them compressed, or elsewhere. Raises UsageError.

    Follows v4.1 util/file (GetGzipReader) and workflow/packer.
    """
    status = workflow.get("status")
    if not isinstance(status, dict) or status.get("nodes"):
        return workflow
    if status.get("offloadNodeStatusVersion"):
        raise UsageError("the nodes of this run are kept in the database", hint="argo get NAME -o json has them")
    packed = status.get("compressedNodes")
    if not packed:
        return workflow
    try:
        nodes = msgspec.json.decode(gzip.decompress(b64decode(packed)))
    except (ValueError, OSError, EOFError, zlib.error, msgspec.DecodeError):
        raise UsageError("status.compressedNodes is damaged", hint="argo get NAME -o json has the nodes") from None
    return {**workflow, "status": {**status, "nodes": nodes}}


def with_manifests(scenario: Scenario, others: list[Manifest]) -> Scenario:
    """Give a scenario in which these manifests are there before, too."""
    by_kind: dict[str, list[Json]] = {"WorkflowTemplate": [], "ClusterWorkflowTemplate": [], "": []}
    for one in others:
        by_kind[one.kind if one.kind in by_kind else ""].append(one.data)
    return replace(
        scenario,
        templates=by_kind["WorkflowTemplate"] or None,
        cluster_templates=by_kind["ClusterWorkflowTemplate"] or None,
        objects=by_kind[""] or None,
    )


def compare(workflow: Obj, run: Run) -> list[Difference]:
    """Give where a simulated run differs from the real one: phases and messages, nodes that only one of them has."""
    name = workflow["metadata"]["name"]
    real = {stable(name, n["name"]): n for n in workflow["status"]["nodes"].values()}
    own = run.workflow["metadata"]["name"]
    ours = {stable(own, n["name"]): n for n in run.workflow["status"].get("nodes", {}).values()}
    out = list(_differing("", workflow["status"], run.workflow["status"], name, own))
    for node in sorted(real.keys() | ours.keys()):
        if node not in ours or node not in real:
            there, phase = node in real, (real.get(node) or ours[node]).get("phase", "")
            out.append(Difference(node, "node", phase if there else "not there", "not there" if there else phase))
        else:
            out += _differing(node, real[node], ours[node], name, own)
    return out


def _differing(node: str, real: Obj, ours: Obj, name: str, own: str) -> Iterator[Difference]:
    for what in ("phase", "message"):
        one, other = str(real.get(what) or ""), str(ours.get(what) or "")
        if one.replace(name, "<wf>") != other.replace(own, "<wf>"):
            yield Difference(node, what, one, other)
