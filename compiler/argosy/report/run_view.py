"""A run as people see it: from the flat nodes of a workflow's status to a tree with its exit handler apart.

It reads the JSON of a workflow with ``status``, ours or that of a cluster. How nodes are named and what stands under
what: ``workflow/controller/steps.go``, ``dag.go``, ``hooks.go`` and ``exit_handler.go`` of Argo v4.1.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from argosy.source import Json

GROUPS = frozenset({"StepGroup", "TaskGroup", "Retry"})
"""Types of nodes that hold others of the same boundary."""

_CHILD = re.compile(r"child '(.*)' failed")

GOOD = frozenset({"Succeeded", "Skipped", "Omitted"})


@dataclass(slots=True)
class Item:
    """A node with what stands under it."""

    node: dict[str, Json]
    children: list[Item] = field(default_factory=list)
    hooks: list[Item] = field(default_factory=list)
    """Hooks and step-level exit handlers of this node."""
    pod: dict[str, Json] | None = None
    """The template as the pod got it, if it had one."""
    log: list[str] = field(default_factory=list)
    """What the pod wrote, if it was really run."""
    requests: list[dict[str, Json]] = field(default_factory=list)
    """The HTTP requests that it made, if it was really run."""
    notes: list[str] = field(default_factory=list)
    """What there is to be said of how it was really run."""
    step: dict[str, Json] | None = None
    """The step or task of the manifest that this node is of."""
    template: dict[str, Json] | None = None
    """The template of the manifest that this node is of."""

    @property
    def phase(self) -> str:
        """The phase; Pending for a node that has none yet."""
        return self.node.get("phase") or "Pending"

    @property
    def message(self) -> str:
        """The message on one line, or empty text."""
        return " ".join((self.node.get("message") or "").split("\n")).strip()

    @property
    def name(self) -> str:
        """The name to show: of the step or task, of the hook as its manifest calls it."""
        return str(self.node.get("displayName") or self.node["name"])

    @property
    def template_name(self) -> str:
        """The name of the template, also one of another manifest."""
        reference = self.node.get("templateRef") or {}
        return str(self.node.get("templateName") or reference.get("template") or "")

    def times(self) -> tuple[datetime | None, datetime | None]:
        """Give when it began and ended, as far as it did."""
        return moment(self.node.get("startedAt")), moment(self.node.get("finishedAt"))

    def walk(self) -> Iterator[Item]:
        """Give this item and all below it, hooks too."""
        yield self
        for below in (*self.children, *self.hooks):
            yield from below.walk()


@dataclass(slots=True)
class RunView:
    """A whole run."""

    name: str
    phase: str
    message: str
    started: datetime | None
    finished: datetime | None
    entry: Item | None = None
    handler: Item | None = None
    """The workflow's exit handler, if it ran."""
    handler_declared: str | None = None
    """The template that the manifest names as exit handler."""
    hooks: list[Item] = field(default_factory=list)
    """The workflow's other hooks that ran."""
    events: list[dict[str, Json]] = field(default_factory=list)
    ours: dict[str, Json] = field(default_factory=dict)
    """What Argosy says beside the workflow: how a run ended, what it waits for, which expectations do not hold."""

    def items(self) -> Iterator[Item]:
        """Give every item of the run."""
        for root in (self.entry, *self.hooks, self.handler):
            if root is not None:
                yield from root.walk()


def view(workflow: Mapping[str, Any]) -> RunView:
    """Read a run from the JSON of a workflow with ``status``."""
    status = workflow.get("status") or {}
    spec = status.get("storedWorkflowTemplateSpec") or workflow.get("spec") or {}
    ours = workflow.get("argosy") or {}
    nodes = status.get("nodes") or {}
    names = {node["id"]: node.get("displayName") or node["name"] for node in nodes.values()}
    out = RunView(
        name=workflow.get("metadata", {}).get("name", ""),
        phase=status.get("phase") or "Pending",
        message=_with_names(status, names).get("message") or "",
        started=moment(status.get("startedAt")),
        finished=moment(status.get("finishedAt")),
        handler_declared=_declared_handler(spec),
        events=ours.get("events") or [],
        ours=ours,
    )
    pods = {pod["node"]: pod for pod in ours.get("pods") or []}
    items = [_item(_with_names(node, names), pods.get(node["name"])) for node in _ordered(nodes, out.events)]
    by_name = {item.node["name"]: item for item in items}
    for item in items:
        _put(out, item, by_name)
    _describe(out, spec, status.get("storedTemplates") or {})
    return out


def _item(node: dict[str, Json], pod: dict[str, Json] | None) -> Item:
    if pod is None:
        return Item(node)
    log, requests, notes = (pod.get(name) or [] for name in ("log", "requests", "notes"))
    return Item(node, pod=pod.get("template") or {}, log=log, requests=requests, notes=notes)


def moment(text: str | None) -> datetime | None:
    """Read a time of a status; None where there is none."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None


def _declared_handler(spec: Mapping[str, Any]) -> str | None:
    exit_hook = (spec.get("hooks") or {}).get("exit") or {}
    reference = exit_hook.get("templateRef") or {}
    return exit_hook.get("template") or reference.get("template") or spec.get("onExit") or None


def _ordered(nodes: Mapping[str, Any], events: list[dict[str, Json]]) -> list[dict[str, Json]]:
    """Give the nodes in the order in which they came up."""
    first: dict[str, int] = {}
    for number, event in enumerate(events):
        if event.get("node"):
            first.setdefault(event["node"], number)
    late = len(events)

    def order(node: dict[str, Json]) -> tuple[int, str]:
        return first.get(node["name"], late), node.get("startedAt") or ""

    return sorted(nodes.values(), key=order)


def _with_names(node: dict[str, Json], names: Mapping[str, str]) -> dict[str, Json]:
    """Say in "child '<id>' failed" which one that is, by the name that people know."""
    message = node.get("message") or ""
    found = _CHILD.fullmatch(message)
    return {**node, "message": f"child {names[found[1]]!r} failed"} if found and found[1] in names else node


def _put(run: RunView, item: Item, by_name: Mapping[str, Item]) -> None:
    """Hang an item where it belongs."""
    name = item.node["name"]
    if name == run.name:
        run.entry = item
    elif name == f"{run.name}.onExit":
        run.handler = item
    elif parent := _parent(item, by_name):
        hooked = (item.node.get("nodeFlag") or {}).get("hooked") and not name[len(parent.node["name"]) :].startswith(
            "("
        )
        if hooked and parent is run.entry and _is_hook_of(run.name, name):
            run.hooks.append(item)
        else:
            (parent.hooks if hooked else parent.children).append(item)
    elif item.node.get("boundaryID") is None and name.startswith(f"{run.name}.hooks."):
        run.hooks.append(item)


def _is_hook_of(owner: str, name: str) -> bool:
    return name.startswith(f"{owner}.hooks.")


def _parent(item: Item, by_name: Mapping[str, Item]) -> Item | None:
    """Give the nearest item whose name begins this one's, and that may hold it."""
    name, boundary = item.node["name"], item.node.get("boundaryID")
    hooked = (item.node.get("nodeFlag") or {}).get("hooked")
    for cut in range(len(name) - 1, 0, -1):
        if name[cut] not in ".[(" or (found := by_name.get(name[:cut])) is None:
            continue
        grouped = found.node.get("type") in GROUPS and found.node.get("boundaryID") == boundary
        if hooked or grouped or found.node.get("id") == boundary:
            return found
    return None


def _describe(run: RunView, spec: Mapping[str, Any], stored: Mapping[str, Any]) -> None:
    """Tell each item its template, and its step or task, as far as the manifest says them."""
    templates = {template.get("name"): template for template in spec.get("templates") or []}
    for key, template in stored.items():
        templates.setdefault(template.get("name") or key.rpartition("/")[2], template)
    for item in run.items():
        item.template = templates.get(item.template_name)
    for root in (run.entry, run.handler, *run.hooks):
        if root is not None:
            _find_steps(root, root, templates)


def _find_steps(item: Item, boundary: Item, templates: Mapping[Any, Any]) -> None:
    inner = item if item.node.get("type") in ("Steps", "DAG") else boundary
    for below in item.children:
        label = below.name.partition("(")[0] if below.name.endswith(")") else below.name
        below.step = _steps_of(inner.template or {}).get(label)
        if below.step and below.template is None:
            below.template = below.step.get("inline") or templates.get(below.step.get("template"))
        _find_steps(below, inner, templates)
    for hook in item.hooks:
        _find_steps(hook, hook, templates)


def _steps_of(template: Mapping[str, Any]) -> dict[str, dict[str, Json]]:
    listed = [step for group in template.get("steps") or [] for step in (group if isinstance(group, list) else [group])]
    listed += (template.get("dag") or {}).get("tasks") or []
    return {step["name"]: step for step in listed if isinstance(step, dict) and "name" in step}
