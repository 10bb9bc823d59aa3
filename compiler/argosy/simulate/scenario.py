# ruff: noqa: RUF009  # shown() makes a field, as dataclasses.field() does
"""The scenario: what the world does to a run. What its pods do, what people do, how it is expected to end.

This is the format of a scenario file, field by field; ``schemas/scenario.schema.json`` is made from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from argosy.errors import Place, ReadError, ScenarioError
from argosy.simulate.shape import Regex, Seconds, ShapeError, read, shown
from argosy.source import Json, Manifest, Origin

Verb = Literal[
    "stop",
    "terminate",
    "suspend",
    "resume",
    "retry",
    "resubmit",
    "set",
    "delete-pod",
    "restart-controller",
    "controller-down",
    "delete",
    "lose",
    "patch",
]
NodePhase = Literal["Pending", "Running", "Succeeded", "Skipped", "Failed", "Error", "Omitted"]
WorkflowPhase = Literal["Pending", "Running", "Succeeded", "Failed", "Error"]
HandlerPhase = Literal["Pending", "Running", "Succeeded", "Skipped", "Failed", "Error", "Omitted", "None"]
Ended = Literal["completed", "deleted", "hung", "endIdle", "endAfter", "timeout", "rejected"]


@dataclass(frozen=True, slots=True)
class Match:
    """Which pods and agent tasks an outcome is for; all fields given must hold, and none given fits every pod."""

    template: str | None = shown("Name of the template.", None)
    attempt: int | None = shown("Number of the retry attempt, from 0; 0 for what is not retried.", None)
    node: Regex | None = shown('Searched in the display name and in the stable name ("<wf>.deploy").', None)
    inputs: dict[str, str] | None = shown("Values of input parameters, after substitution.", None)
    hooked: bool | None = shown("Is, or is not, the node of a hook or exit handler itself.", None)
    container: str | None = shown("Name of a container; fits no pod as a whole.", None)


@dataclass(frozen=True, slots=True)
class Outputs:
    """What the main container leaves behind."""

    parameters: dict[str, Any] | None = shown("Values of output parameters that come from a file.", None)
    result: str | None = shown("Standard output; one trailing newline is cut off, as argoexec does.", None)
    artifacts: dict[str, bool] | None = shown("Whether the file of an output artifact is there (default: yes).", None)


@dataclass(frozen=True, slots=True)
class ContainerOutcome:
    """What a container other than main does: a member of a container set, or a sidecar."""

    exit_code: int = shown("Its exit code.", 0)
    message: str = shown("Its termination message.", "")
    reason: str = shown("Its termination reason.", "")
    exits: bool = shown("A sidecar that ends by itself, together with main, and not on a signal.", False)


@dataclass(frozen=True, slots=True)
class Response:
    """What the server of an HTTP template answers."""

    status_code: int = shown("The status code (default 200).", 0)
    body: str = shown("The body.", "")
    headers: dict[str, list[str]] | None = shown("The headers, each with its values.", None)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a pod, or a task of the agent, does; without any field: it succeeds at once."""

    match: Match = shown("Which pods this is for; the first outcome that matches counts.", factory=Match)
    exit_code: int | None = shown("Exit code of the main container.", None)
    phase: Literal["Succeeded", "Failed", "Error"] | None = shown(
        "Failed: exit code 1. Error: the wait container ends with 64 and `message`.", None
    )
    message: str = shown("Termination message of main (of wait with phase Error).", "")
    reason: str = shown("OOMKilled: exit code 137. Evicted: the pod fails as a whole, nothing is reported.", "")
    duration: Seconds | None = shown("From Running to the end (default 0).", None)
    outputs: Outputs | None = shown("What main leaves behind.", None)
    progress: str = shown('Self-reported while it runs: "1/2".', "")
    pending_forever: bool = shown("Never scheduled, and nothing is said.", False)
    unschedulable: str = shown("Never scheduled, with this message.", "")
    image_pull_back_off: bool = shown("The image is never there.", False)
    init_error: str = shown("The init container ends with 64 and this message.", "")
    deleted: bool = shown("The pod vanishes after `duration`.", False)
    delivered_twice: bool = shown(
        "The first time the pod vanishes after main has done its work and before that is recorded.", False
    )
    start_delay: Seconds | None = shown("How long the pod is Pending before it runs (default 0).", None)
    pod_message: str = shown("status.message of the pod at its end.", "")
    run_forever: bool = shown("It runs until it is signalled (daemons do by default).", False)
    not_ready: bool = shown("A daemon that never gets ready.", False)
    ignore_term: bool = shown("Main ignores SIGTERM.", False)
    term_exit_code: int | None = shown("Exit code of main on SIGTERM (default 143).", None)
    containers: dict[str, ContainerOutcome] | None = shown("Members of a container set, sidecars, by name.", None)
    http: Response | None = shown("Response to an HTTP template; successCondition is evaluated on it.", None)


@dataclass(frozen=True, slots=True)
class When:
    """The event that an action waits for."""

    node: str | None = shown("Display name or stable name of a node.", None)
    phase: NodePhase = shown("Phase of that node.", "Running")
    workflow: WorkflowPhase | None = shown("Phase of the workflow.", None)
    count: int = shown("With `workflow`: the n-th time it gets there.", 1)


@dataclass(frozen=True, slots=True)
class Action:
    """Something done from outside, by people or to the control plane."""

    do: Verb = shown("What is done.")
    when: When | None = shown("The event it comes after (about 200 ms).", None)
    after: Seconds | None = shown("So long after `when`, or after the start.", None)
    node: str = shown("Of delete-pod: display name or stable name of the node.", "")
    force: bool = shown("Of delete-pod: without grace.", False)
    selector: str = shown("Node field selector for stop, resume, set, retry: displayName=ask", "")
    message: str = shown("For stop and set.", "")
    phase: NodePhase | None = shown("Of set: the phase to give the node.", None)
    outputs: dict[str, str] | None = shown("Of set: values of the node's output parameters.", None)
    parameters: list[str] | None = shown("Of retry and resubmit: new workflow parameters, name=value.", None)
    restart_successful: bool = shown("Of retry: restart the selected nodes that succeeded, too.", False)
    memoized: bool = shown("Of resubmit: reuse what succeeded.", False)
    patch: Any = shown("Of patch: a merge patch of the workflow.", None)
    lasts: Seconds | None = shown("Of controller-down: how long (default: for ever).", None, key="for")


@dataclass(frozen=True, slots=True)
class NodeExpectation:
    """How a node is expected to end."""

    phase: NodePhase | None = shown("Its phase.", None)
    message: Regex | None = shown("Searched in its message.", None)
    inputs: dict[str, str] | None = shown("Values of its input parameters.", None)
    outputs: dict[str, str] | None = shown("Values of its output parameters.", None)
    ran: bool | None = shown("Whether a pod (or agent task) of it, or below it, was started.", None)
    runs: int | None = shown("How many pods of it, of its attempts and of what is below it were started.", None)


@dataclass(frozen=True, slots=True)
class RequestExpectation:
    """An HTTP request that what was really run is expected to make; all fields given must fit."""

    template: str | None = shown("Name of the template that makes it.", None)
    method: str | None = shown("The method: GET, POST, ...", None)
    url: Regex | None = shown("Searched in the URL.", None)
    headers: dict[str, Regex] | None = shown("Searched in the values of headers, by name.", None)
    body: Regex | None = shown("Searched in the body.", None)
    count: int | None = shown("How many such requests there are (default: at least one).", None)


@dataclass(frozen=True, slots=True)
class Expectation:
    """How the run is expected to end; all fields given must hold."""

    phase: WorkflowPhase | None = shown("Phase of the workflow.", None)
    message: Regex | None = shown("Searched in the workflow's message.", None)
    ended: Ended | None = shown("Why the run ended.", None)
    exit_handler: HandlerPhase | None = shown("Phase of the exit handler; None: it did not run.", None)
    nodes: dict[str, NodePhase | NodeExpectation] | None = shown(
        "By display name or stable name: a phase, or more.", None
    )
    absent: list[str] | None = shown("Display names of nodes that must not be there.", None)
    ran: list[str] | None = shown("Templates of which a pod must have been started.", None)
    not_run: list[str] | None = shown("Templates of which no pod may have been started.", None)
    order: list[str] | None = shown("Display names of nodes, in the order in which they come up.", None)
    outputs: dict[str, str] | None = shown("Values of global output parameters.", None)
    requests: list[RequestExpectation] | None = shown("HTTP requests that what was really run makes.", None)
    logs: dict[str, Regex] | None = shown(
        "Searched in what pods wrote that were really run, by template or node.", None
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """What the catcher of HTTP requests answers; the first that fits counts."""

    url: Regex | None = shown("Searched in the URL.", None)
    method: str | None = shown("The method: GET, POST, ...", None)
    response: Response = shown("The response (default: 200, and no body).", factory=Response)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario: what is there before, the workflow, what happens to it, how it is expected to end."""

    name: str = shown("Unique; the stem of the file.", "scenario")
    description: str = shown("One line of text.", "")
    workflow: Any = shown("The workflow under test: an object, or a text of YAML.", None)
    manifest: str | None = shown("Path of the workflow's manifest, from this file's folder, instead of it.", None)
    arguments: dict[str, Any] | None = shown(
        "Values of the workflow's parameters, by name, as whoever submits it gives them.", None
    )
    objects: list[Any] | None = shown("ConfigMaps, Secrets, PersistentVolumeClaims, ... that are there before.", None)
    templates: list[Any] | None = shown("WorkflowTemplates; kind and apiVersion may be left out.", None)
    cluster_templates: list[Any] | None = shown("ClusterWorkflowTemplates, likewise.", None)
    workflows: list[Any] | None = shown("Further workflows, created first; their pods never run.", None)
    outcomes: list[Outcome] | None = shown("What pods and agent tasks do.", None)
    actions: list[Action] | None = shown("What is done from outside.", None)
    run_scripts: list[str] | None = shown(
        "Templates whose scripts and containers are really run on this machine: names, or patterns such as '*'.", None
    )
    answers: list[Answer] | None = shown("What HTTP requests get that are caught when scripts are really run.", None)
    missing_outputs: Literal["error", "auto"] = shown(
        "An output file that nobody scripted and without default: an error, or made up.", "error"
    )
    kubelet_deadline_delay: Seconds = shown(
        "Postpones the kubelet's own activeDeadlineSeconds; negative: off.", Seconds(0.0)
    )
    cron_for: Seconds | None = shown(
        "How long the schedule of a CronWorkflow is followed (default: one run); outcomes and actions are for each "
        "workflow that it starts, and expect is for each that ends.",
        None,
    )
    start: str | None = shown("Moment at which the run starts, as RFC 3339.", None)
    timeout: Seconds | None = shown("Ends the run, at the latest.", None)
    end_idle: Seconds | None = shown("Ends a run whose workflow has not changed for so long.", None)
    end_after: Seconds | None = shown("Ends a run so long after its start.", None)
    expect: Expectation | None = shown("How it is expected to end.", None)


def load(path: str | Path) -> list[Scenario]:
    """Read a scenario file; it may hold several documents.

    Raises ReadError for a file that cannot be read; ScenarioError, with its place, for one that does not fit.
    """
    file = Path(path)
    try:
        text = file.read_bytes()
    except OSError as error:
        raise ReadError(f"cannot read the scenario: {error.strerror}", place=Place(str(path))) from None
    return parse(text, str(path))


def parse(text: str | bytes, path: str = "<scenario>") -> list[Scenario]:
    """Read scenarios from text; ``path`` is for messages, and what ``manifest`` is relative to."""
    from argosy.yaml.read import read as read_yaml

    out = []
    for document in read_yaml(text, path):
        for problem in document.problems:
            if problem.dropped != "never":
                place = Place(problem.span.path, problem.span.line, problem.span.column)
                raise ReadError(problem.message, place=place)
        if document.data is not None:
            out.append(from_data(document.data, document.origin))
    if not out:
        raise ScenarioError("there is no scenario in it", place=Place(path))
    return out


def from_data(data: Json, origin: Origin | None = None) -> Scenario:
    """Read a scenario from plain data. Raises ScenarioError where it doesn't fit the format."""
    try:
        scenario = read(Scenario, data)
        _check(scenario)
    except ShapeError as error:
        raise _located(error, origin) from None
    if scenario.manifest is None or origin is None:
        return scenario
    return _with_folder(scenario, Path(origin.path).parent)


def _located(error: ShapeError, origin: Origin | None) -> ScenarioError:
    place = None
    message = error.message
    if origin is not None:
        span = origin.locate(error.address, "key" if error.key else "value")
        place = Place(span.path, span.line, span.column)
    elif error.address:
        from argosy.source import format_address

        message = f"{format_address(error.address)}: {message}"
    return ScenarioError(message, place=place, hint=error.hint)


def _check(scenario: Scenario) -> None:
    if scenario.workflow is not None and scenario.manifest is not None:
        raise ShapeError("give `workflow` or `manifest`, not both", ("manifest",), key=True)
    for i, action in enumerate(scenario.actions or ()):
        at = ("actions", i)
        if action.when is None and action.after is None:
            raise ShapeError(f"action {action.do!r} has neither `when` nor `after`", at)
        if action.when and not action.when.node and not action.when.workflow:
            raise ShapeError("`when` names neither a node nor a phase of the workflow", (*at, "when"))
        if action.do == "delete-pod" and not action.node:
            raise ShapeError("delete-pod needs `node`", at)
        if action.do == "patch" and not isinstance(action.patch, dict):
            raise ShapeError("patch needs `patch`, an object", at)
        for j, text in enumerate(action.parameters or ()):
            if "=" not in text:
                raise ShapeError(f"expected name=value, got {text!r}", (*at, "parameters", j))


def _with_folder(scenario: Scenario, folder: Path) -> Scenario:
    from dataclasses import replace
    from os.path import normpath

    return replace(scenario, manifest=normpath(folder / (scenario.manifest or "")))


def manifests(scenario: Scenario) -> list[Manifest]:
    """Give what is there before the run, in order: objects, templates, cluster templates, other workflows.

    Raises ScenarioError for one that is not an object.
    """
    groups = (
        (None, scenario.objects),
        ("WorkflowTemplate", scenario.templates),
        ("ClusterWorkflowTemplate", scenario.cluster_templates),
        ("Workflow", scenario.workflows),
    )
    out = []
    for kind, items in groups:
        for item in items or ():
            data = plain(item)
            if kind:
                data = {"apiVersion": "argoproj.io/v1alpha1", "kind": kind} | {k: v for k, v in data.items() if v}
            out.append(Manifest(data))
    return out


def plain(item: Json) -> dict[str, Json]:
    """Give an object that stands in a scenario as itself, or as a text of YAML."""
    if isinstance(item, str):
        from argosy.yaml.read import read as read_yaml

        documents = read_yaml(item, "<scenario>")
        item = documents[0].data if documents else None
    if not isinstance(item, dict):
        raise ScenarioError(f"expected an object, got {type(item).__name__}")
    return item
