"""Pods, as the kubelet knows them: what was asked for, what its outcome says, and how containers end."""

from __future__ import annotations

from typing import NamedTuple

from argosy.simulate.scenario import Outcome
from argosy.simulate.seam import ContainerView, CreatePod, PodView
from argosy.source import Json

SIGTERM, SIGKILL = 15, 9
IP, HOST = "10.1.0.1", "oracle-node"


class Started(NamedTuple):
    """A pod, or a task of the agent, as it was taken up."""

    at: float
    node: str
    node_id: str
    template: dict[str, Json]
    """After substitution, as the controller hands it to the executor."""
    outcome: int
    """Index of the scenario's outcome for it; -1: none."""
    shown: dict[str, Json]
    """What it really did, if it was really run: ``log``, ``exitCode``, ``requests``."""


class PodRun:
    """A pod and what becomes of it.

    It is made (a command), taken up (it has a number in ``order``), started (its containers run), ended, removed; at
    each point it may stay for ever.
    """

    __slots__ = (
        "asked",
        "deleting",
        "ended",
        "gone",
        "left",
        "main_names",
        "outcome",
        "pending",
        "reported",
        "scheduled",
        "signalled",
        "started",
        "started_at",
        "view",
    )

    def __init__(self, asked: CreatePod, view: PodView) -> None:
        self.asked = asked
        self.view = view
        self.outcome: Outcome
        self.main_names = mains(asked.template)
        self.scheduled = self.started = self.ended = self.gone = self.deleting = False
        self.left = False
        """The task result exists: the wait container (or argoexec as main) has started."""
        self.reported = False
        self.started_at = 0.0
        self.signalled = 0
        self.pending: dict[str, int] = {}

    @property
    def has_wait(self) -> bool:
        """Whether there is a wait container: not for data, for a resource only to save its logs (createWorkflowPod)."""
        template = self.asked.template
        if "resource" in template:
            return bool((template.get("archiveLocation") or {}).get("archiveLogs"))
        return "data" not in template

    @property
    def executor_is_main(self) -> bool:
        """Whether argoexec itself is the main container, and reports."""
        return "resource" in self.asked.template or "data" in self.asked.template

    def sidecars(self) -> list[str]:
        """Give the names of the containers that are neither main nor wait."""
        return [name for name in self.asked.containers if name not in self.main_names]

    def begin(self, *, ready: bool) -> None:
        """Set all containers to running, as the kubelet lists them: by name."""
        names = [*self.asked.containers, "wait"] if self.has_wait else list(self.asked.containers)
        names.sort()
        self.view.containers = [ContainerView(name, "running", ready) for name in names]
        self.view.init = [ContainerView(name, "terminated") for name in ("init", *self.asked.init_containers)]

    def container(self, name: str) -> ContainerView:
        """Give a container's status."""
        for container in self.view.containers:
            if container.name == name:
                return container
        raise KeyError(name)

    def daemon_by_nature(self) -> bool:
        """Whether it is a daemon that no outcome brings to an end."""
        o = self.outcome
        return self.asked.daemon and o.duration is None and o.exit_code is None and not o.phase and not o.deleted


def still_open(containers: list[ContainerView], names: list[str] | None = None) -> bool:
    """Say whether one of the containers, or of those with these names, has not ended."""
    for container in containers:
        if container.state != "terminated" and (names is None or container.name in names):
            return True
    return False


def mains(template: dict[str, Json]) -> list[str]:
    """Give the names of the main containers: ``main``, or the members of a container set."""
    members = template.get("containerSet")
    return [c["name"] for c in members["containers"]] if members else ["main"]


def scripted_end(template: dict[str, Json], outcome: Outcome, name: str) -> tuple[int, str, str]:
    """Give how a main container ends by itself: exit code, reason, message."""
    given = (outcome.containers or {}).get(name)
    if given:
        return given.exit_code, given.reason, given.message
    if outcome.containers and template.get("containerSet"):
        return 0, "", ""
    code = outcome.exit_code
    if code is None:
        code = 137 if outcome.reason == "OOMKilled" else 1 if outcome.phase == "Failed" else 0
    return code, outcome.reason, "" if outcome.phase == "Error" else outcome.message


def end(container: ContainerView, now: float, code: int = 0, reason: str = "", message: str = "") -> None:
    """Set a container to terminated."""
    container.state = "terminated"
    container.ready = False
    container.exit_code = code
    container.reason = reason or ("Error" if code else "Completed")
    container.message = message
    container.finished_at = now


def end_members(pod: PodRun, now: float) -> None:
    """End the members of a container set in the order of their dependencies.

    One whose dependency has failed ends with 64, the emissary's own code (v4.1 cmd/argoexec/commands/emissary.go).
    """
    left = list(pod.asked.template["containerSet"]["containers"])
    status = {c.name: c for c in pod.view.containers}
    while left:
        later = []
        for member in left:
            before = [status[name] for name in member.get("dependencies") or ()]
            broken = any(c.state == "terminated" and c.exit_code for c in before)
            if not broken and any(c.state != "terminated" for c in before):
                later.append(member)
            elif status[member["name"]].state != "terminated":
                how = (64, "Error", "") if broken else scripted_end(pod.asked.template, pod.outcome, member["name"])
                end(status[member["name"]], now, *how)
        if len(later) == len(left):
            return
        left = later


def image(template: dict[str, Json], name: str) -> str:
    """Give the image of a main container."""
    for part in ("container", "script"):
        if part in template:
            return str(template[part].get("image", ""))
    members = (template.get("containerSet") or {}).get("containers") or []
    return next((str(c.get("image", "")) for c in members if c["name"] == name), "quay.io/argoproj/argoexec:latest")
