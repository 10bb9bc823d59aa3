"""What is looked at in one run: whether the exit handler and the hooks ran, what they saw, what was left undone."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from argosy.simulate.controller.state import ACTIVE, Node, State
from argosy.simulate.given import Given
from argosy.simulate.names import attempt, stable
from argosy.simulate.run import Played, play, waiting
from argosy.simulate.scenario import Scenario
from argosy.simulate.world import World
from argosy.versions import ArgoVersion

ENTRY = "<entrypoint>"
LEAVES = frozenset({"Pod", "HTTP", "Plugin", "Suspend"})
INNER = frozenset({"Steps", "DAG", "StepGroup", "TaskGroup", "Container"})
"""Types of nodes that only hold others, or are part of one."""
SAW = ("workflow.status", "workflow.failures")
_GROUP = re.compile(r"\[\d+\]")
_ITEM = re.compile(r"\(\d+(:.*)?\)")
_WORST = {
    phase: i for i, phase in enumerate(("Succeeded", "Skipped", "Omitted", "Pending", "Running", "Failed", "Error"))
}


class Place(msgspec.Struct, frozen=True, array_like=True):
    """A leaf that was started: a pod, a task of the agent, or a node that waits for a person."""

    node: str
    """Its stable name, without the number of an attempt."""
    template: str
    type: str
    attempt: int = 0
    retried: bool = False
    """It is one attempt of several."""
    hook: bool = False
    """It belongs to a hook or to the exit handler."""
    members: tuple[str, ...] = ()
    """Of a container set: the names of its containers."""
    at: float = 0.0
    """Seconds from the start until it came up."""


class Step(msgspec.Struct, frozen=True, array_like=True):
    """How a step of the handler, or a hook, ended."""

    path: str
    phase: str
    message: str = ""


class Branch(msgspec.Struct, frozen=True, array_like=True, order=True):
    """A step or task of a template, taken or not; ``template`` is empty for the workflow's own hooks."""

    template: str
    name: str
    taken: bool


class Observed(msgspec.Struct, frozen=True, omit_defaults=True, rename="camel"):
    """What came of one run, as far as an exploration looks at it."""

    phase: str
    ended: str
    message: str = ""
    waits_for: tuple[str, ...] = ()
    handler: str = ""
    """Phase of the exit handler; empty: it did not run."""
    handler_message: str = ""
    handler_at: float = 0.0
    """Seconds from the start until the handler began."""
    handler_took: float = 0.0
    """Seconds that the handler took, as far as it got."""
    steps: tuple[Step, ...] = ()
    """The steps of the exit handler that came up."""
    hooks: tuple[Step, ...] = ()
    """The other hooks that ran, and exit handlers of steps."""
    saw: dict[str, str] = {}
    """What the handler's variables were when it began, to the byte."""
    left: tuple[str, ...] = ()
    """Nodes of a workflow that is over, or goes no further, that are not done."""
    branches: tuple[Branch, ...] = ()
    places: tuple[Place, ...] = ()
    pods: dict[str, int] = {}
    """How many pods of each template were started."""
    inputs: dict[str, dict[str, str]] = {}
    """Of templates that ran in the handler or a hook: the input parameters that the last such node got."""
    templates: tuple[str, ...] = ()
    """Templates that were executed."""
    succeeded: tuple[str, ...] = ()
    """Templates of which a node succeeded."""
    unused: bool = False
    """Something of the scenario never came about."""


def path(name: str) -> str:
    """Give what to call a node: its stable name without what Argo adds.

    >>> path("<wf>[0].build[1].compile"), path("<wf>.onExit[0].tell"), path("<wf>")
    ('build.compile', 'onExit.tell', '<entrypoint>')
    """
    return _GROUP.sub("", name.removeprefix("<wf>")).strip(".") or ENTRY


def observe(
    given: Given, scenario: Scenario, version: ArgoVersion, seed: int = 0, parts: tuple[int, int] = (0, 0)
) -> Observed:
    """Run a workflow and give what came of it; ``parts`` are the outcomes and actions that have to come about."""
    saw: dict[str, str] = {}
    return look(play(given, scenario, version, seed, lambda world: watching(world, saw)), saw, parts)


def watching(world: World, saw: dict[str, str]) -> Callable[[], None]:
    """Give an observer of a run that notes what the handler's variables are when it begins."""
    state, handler = world.state, world.state.name + ".onExit"

    def note() -> None:
        if not saw and handler in state.by_name:
            saw.update({name: state.globals[name] for name in SAW if name in state.globals})

    return note


def look(played: Played, saw: dict[str, str], parts: tuple[int, int] = (0, 0)) -> Observed:
    """Read a run that is over."""
    world, state = played.world, played.world.state
    handler = state.by_name.get(state.name + ".onExit")
    steps, hooks = _handler_and_hooks(state)
    pods: dict[str, int] = {}
    started = {one.node_id for one in world.started}
    for one in world.started:
        node = state.nodes.get(one.node_id)
        name = node.template if node else one.template.get("name", "")
        pods[name] = pods.get(name, 0) + 1
    began = state.started_at
    ended = handler.finished_at or played.stage.clock.now if handler else 0.0
    return Observed(
        phase=state.phase or "Pending",
        ended=played.ended,
        message=state.message,
        waits_for=tuple(waiting(world)) if played.ended != "completed" else (),
        handler=handler.phase if handler else "",
        handler_message=handler.message if handler else "",
        handler_at=round(handler.started_at - began, 3) if handler else 0.0,
        handler_took=round(ended - handler.started_at, 3) if handler else 0.0,
        steps=steps,
        hooks=hooks,
        saw=saw,
        left=tuple(sorted(path(stable(state.name, n.name)) for n in state.nodes.values() if _is_left(n))),
        branches=tuple(sorted(set(_branches(state)))),
        places=tuple(places(state, started)) if played.ended != "endless" else (),
        pods=pods,
        inputs=_inputs(state),
        templates=tuple(sorted({n.template for n in state.nodes.values() if n.template and _executed(n)})),
        succeeded=tuple(sorted({n.template for n in state.nodes.values() if n.phase == "Succeeded" and n.template})),
        unused=any(i < parts[0] for i in world.outcomes.unused()) or any(i < parts[1] for i in played.people.unfired()),
    )


def _executed(node: Node) -> bool:
    return node.phase not in ("Skipped", "Omitted")


def _is_left(node: Node) -> bool:
    return node.phase in ACTIVE and node.type in LEAVES and not node.daemoned


def places(state: State, started: set[str]) -> list[Place]:
    """Give the leaves of a run that were started, in the order in which they came up."""
    out = []
    for node in state.nodes.values():
        if node.type not in LEAVES or (node.type != "Suspend" and node.id not in started):
            continue
        retried = bool(node.flag and node.flag.retried)
        name = stable(state.name, node.name)
        members = tuple(child.display_name for child in _members(state, node)) if node.children else ()
        out.append(
            Place(
                node=name[: name.rindex("(")] if retried else name,
                template=node.template,
                type=node.type,
                attempt=attempt(name) if retried else 0,
                retried=retried,
                hook=_in_hook(state, node),
                members=members,
                at=round(max(0.0, node.started_at - state.started_at), 3),
            )
        )
    return out


def _members(state: State, node: Node) -> list[Node]:
    return [state.nodes[i] for i in node.children if i in state.nodes and state.nodes[i].type == "Container"]


def _in_hook(state: State, node: Node) -> bool:
    if node.name.startswith(state.name + ".onExit"):
        return True
    at: Node | None = node
    while at is not None:
        if at.flag and at.flag.hooked:
            return True
        at = at.owner or state.nodes.get(at.boundary_id)
    return False


def _handler_and_hooks(state: State) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """Give the steps of the exit handler and the other hooks; items of a loop as one, with the worst phase."""
    prefix = state.name + ".onExit"
    steps: dict[str, Step] = {}
    hooks: dict[str, Step] = {}
    for node in state.nodes.values():
        flag = node.flag
        name = path(stable(state.name, node.name))
        if node.name.startswith(prefix):
            if node.type not in INNER and not (flag and flag.retried):
                _add(steps, name.removeprefix("onExit").lstrip(".") or node.template, node)
        elif flag and flag.hooked and not flag.retried:
            _add(hooks, name, node)
    return tuple(steps.values()), tuple(hooks.values())


def _add(found: dict[str, Step], name: str, node: Node) -> None:
    name = _ITEM.sub("", name)
    known = found.get(name)
    if known is None or _WORST[node.phase] > _WORST[known.phase]:
        found[name] = Step(name, node.phase, node.message)


def _inputs(state: State) -> dict[str, dict[str, str]]:
    return {
        node.template: {p["name"]: str(p.get("value", "")) for p in (node.inputs or {}).get("parameters") or []}
        for node in state.nodes.values()
        if node.type in LEAVES and node.inputs and node.template and _in_hook(state, node)
    }


def _branches(state: State) -> list[Branch]:
    out = []
    for node in state.nodes.values():
        boundary = state.nodes.get(node.boundary_id)
        hooked = node.flag and node.flag.hooked
        if boundary is None and not hooked:
            continue
        if node.type == "TaskGroup" and node.children:
            continue  # a loop: its items tell
        owner = boundary.name if boundary else state.name
        name = step_name(_GROUP.sub("", node.name[len(owner) :]).lstrip("."))
        if name:
            out.append(Branch(boundary.template if boundary else "", name, _executed(node)))
    return out


def step_name(name: str) -> str:
    """Give the name of a step or task without item and attempt, with its hook if it is one.

    >>> step_name("work(0:a.b)(1)"), step_name("work(0).onExit"), step_name("hooks.running")
    ('work', 'work.onExit', 'hooks.running')
    """
    head, opened, rest = name.partition("(")
    tail = rest[rest.rindex(")") + 1 :] if opened and ")" in rest else ""
    return head + tail
