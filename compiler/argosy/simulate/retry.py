"""What ``argo retry`` makes of a workflow: which nodes are taken away, which are set back to running.

Follows FormulateRetryWorkflow of v3.7 workflow/util/util.go. A node of a DAG may have several parents, of which Argo
takes a random one; here it is the first by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from argosy.errors import UsageError
from argosy.simulate import selector as selectors
from argosy.simulate.controller.state import FAILED, Node, State
from argosy.source import Json

_GROUPS = frozenset({"DAG", "TaskGroup", "StepGroup", "Steps"})
_EXECUTED = frozenset({"Container", "Pod", "HTTP", "Plugin"})
_COMPLETED_LABELS = ("workflows.argoproj.io/completed", "workflows.argoproj.io/workflow-archiving-status")
_PHASE_LABEL = "workflows.argoproj.io/phase"


def retry(
    state: State,
    now: float,
    *,
    restart_successful: bool = False,
    selector: str = "",
    parameters: Iterable[str] = (),
) -> list[str]:
    """Set a workflow back for a retry; give the ids of the nodes whose pods are to be deleted.

    Raises UsageError, with Argo's message, where Argo refuses.
    """
    if state.phase == "Succeeded" and not (restart_successful and selector):
        raise UsageError("To retry a succeeded workflow, set the options restartSuccessful and nodeFieldSelector")
    if state.phase not in ("Failed", "Error", "Succeeded"):
        raise UsageError(f"Cannot retry a workflow in phase {state.phase}")
    _check_links(state)
    roots = _roots(state, restart_successful, selector)
    reset, delete = _reach(state, roots)
    handler = f"{state.name}.onExit"
    pods = [i for i in state.nodes if i in delete and state.nodes[i].type == "Pod"]
    pods += [i for i in _below_handler(state, handler) if i not in delete]
    _restart(state, now, parameters)
    for i, node in state.nodes.items():  # in their order, which a set does not have
        if i in reset and i not in delete:
            _reset(state, node, now)
    for node in state.nodes.values():
        node.children = {i: None for i in node.children if i not in delete}
        if node.outbound is not None:
            node.outbound = [i for i in node.outbound if i not in delete]
    state.remove([i for i, node in state.nodes.items() if i in delete or node.name.startswith(handler)])
    state.invalidate()
    return pods


def _check_links(state: State) -> None:
    """Refuse a tree with gaps, as parallelism or a faulty hook may leave behind (newWorkflowsDag)."""
    known = {child for node in state.nodes.values() for child in node.children}
    for i, node in state.nodes.items():
        if i not in known and node.name != state.name and not node.name.startswith(f"{state.name}.onExit"):
            raise UsageError(f"couldn't find parent node for {i}")
    for child in sorted(known - state.nodes.keys()):
        raise UsageError(f"coudln't obtain child {child}")


def _restart(state: State, now: float, parameters: Iterable[str]) -> None:
    """Take away what says that the workflow is complete (createNewRetryWorkflow)."""
    metadata = dict(state.workflow["metadata"])
    labels = {k: v for k, v in (metadata.get("labels") or {}).items() if k not in _COMPLETED_LABELS}
    metadata["labels"] = labels | {_PHASE_LABEL: "Running"}
    spec = {k: v for k, v in state.workflow["spec"].items() if k != "shutdown"}
    if spec.get("activeDeadlineSeconds") == 0:  # it was terminated
        del spec["activeDeadlineSeconds"]
    given = list(parameters)
    spec = override_parameters(spec, given)
    state.workflow = {**state.workflow, "metadata": metadata, "spec": spec}
    if state.stored_spec is not None:
        state.stored_spec = {k: v for k, v in state.stored_spec.items() if k != "shutdown"}
        if given:
            stored = {**(state.stored_spec.get("arguments") or {}), "parameters": spec["arguments"]["parameters"]}
            state.stored_spec["arguments"] = stored
    state.conditions["Completed"] = {"type": "Completed", "status": "False"}
    state.phase, state.message = "Running", ""
    state.started_at, state.finished_at = now, 0.0
    state.claims = []


def override_parameters(spec: dict[str, Json], parameters: Iterable[str]) -> dict[str, Json]:
    """Give a spec with workflow parameters from ``name=value``; they come first (overrideParameters)."""
    given = dict(text.partition("=")[::2] for text in parameters)
    if not given:
        return spec
    arguments = spec.get("arguments") or {}
    kept = [p for p in arguments.get("parameters") or [] if p["name"] not in given]
    new = [{"name": k, "value": v} for k, v in given.items()]
    return {**spec, "arguments": {**arguments, "parameters": new + kept}}


def _roots(state: State, restart_successful: bool, selector: str) -> set[str]:
    """Give the nodes with which to begin anew: those selected, and what was executed and failed with nothing below."""
    nodes = state.nodes
    chosen: set[str] = set()
    if restart_successful and selector:
        terms = selectors.parse(selector)
        chosen = {i for i, node in nodes.items() if selectors.matches(terms, fields(node))}
    parents = {child: node for node in nodes.values() for child in node.children}
    memory: dict[str, bool] = {}
    failed = set()
    for i, node in nodes.items():
        if node.phase in FAILED and node.type in _EXECUTED:
            judged = parents[i] if node.retried else node
            if not _succeeded_below(nodes, judged.id, chosen, memory):
                failed.add(i)
    return chosen | failed


def _succeeded_below(nodes: dict[str, Node], start: str, chosen: set[str], memory: dict[str, bool]) -> bool:
    """Say whether something below a node has succeeded (isDescendantNodeSucceeded)."""
    stack = [(start, False)]
    while stack:
        i, below_known = stack.pop()
        children = nodes[i].children
        if below_known:
            memory[i] = any((c not in chosen and nodes[c].phase == "Succeeded") or memory[c] for c in children)
        elif i not in memory:
            memory[i] = False
            stack.append((i, True))
            stack += [(c, False) for c in children]
    return memory[start]


class _Tree:
    """The nodes, with one parent each."""

    def __init__(self, state: State) -> None:
        self.nodes = state.nodes
        self.root = next(i for i, node in state.nodes.items() if node.name == state.name)
        self._parents: dict[str, str] = {}
        for node in sorted(state.nodes.values(), key=lambda n: n.name, reverse=True):
            for child in node.children:
                self._parents[child] = node.id

    def parent(self, i: str) -> str | None:
        return self._parents.get(i)

    def below(self, i: str) -> dict[str, None]:
        """Give all nodes below one, level by level."""
        found: dict[str, None] = {}
        level = [i]
        while level:
            level = [c for above in level for c in self.nodes[above].children if c not in found]
            found.update(dict.fromkeys(level))
        return found

    def up(self, start: str, fits: Callable[[Node], bool], reset: set[str]) -> str:
        """Go up to the first node that fits, and reset it (resetUntil)."""
        current: str | None = start
        while current is not None:
            if fits(self.nodes[current]):
                reset.add(current)
                return current
            current = self.parent(current)
        raise UsageError("was seeking node but ran out of nodes to explore")


def _reach(state: State, roots: set[str]) -> tuple[set[str], set[str]]:
    """Give the nodes to reset and those to delete, for the nodes with which to begin anew."""
    reset: set[str] = set()
    delete: set[str] = set()
    if not roots:
        return reset, delete
    tree = _Tree(state)
    for i in (tree.root, *tree.below(tree.root)):
        if i in roots and i not in delete:
            more, gone = _path(tree, i)
            reset |= more
            delete |= gone
    return reset, delete


def _path(tree: _Tree, start: str) -> tuple[set[str], set[str]]:
    """Give what to reset above a node, and what to delete with it (resetPath)."""
    reset: set[str] = set()
    delete = {start, *tree.below(start)}
    if start == tree.root:
        return reset, delete
    current: str | None = start
    while current is not None:
        kind = tree.nodes[current].type
        if kind in _GROUPS:
            reset.add(current)
            current = _boundaries(tree, current, reset)
        elif kind == "Container":
            current = tree.up(current, lambda node: node.type == "Pod", reset)
            delete |= {current, *tree.below(current)}
        else:
            if kind == "Retry":
                reset.add(current)
            current = tree.parent(current)
    return reset, delete


def _boundaries(tree: _Tree, start: str, reset: set[str]) -> str | None:
    """Reset the boundaries around a group node (resetBoundaries)."""
    current = start
    while True:
        parent = tree.parent(current)
        if parent and tree.nodes[parent].type == "Retry":
            reset.add(parent)
            current = parent
            parent = tree.parent(current)
        if parent and tree.nodes[parent].type == "StepGroup":
            reset.add(parent)
        boundary = tree.nodes[current].boundary_id
        if not boundary:
            return parent
        current = _to(tree, current, boundary, reset)


def _to(tree: _Tree, start: str, boundary: str, reset: set[str]) -> str:
    return tree.up(start, lambda node: node.id == boundary, reset)


def _below_handler(state: State, handler: str) -> list[str]:
    """Give the exit handler's nodes: all their pods go."""
    order = [i for i, node in state.nodes.items() if node.name == handler]
    for i in order:
        order += [child for child in state.nodes[i].children if child in state.nodes and child not in order]
    return order


def _reset(state: State, node: Node, now: float) -> None:
    """Set a node back to running (resetNode); what was supplied to a suspended one is asked for again."""
    if node.type == "Suspend" and node.outputs and node.outputs.get("parameters"):
        asked = [{"name": p["name"], "valueFrom": {"supplied": {}}} for p in node.outputs["parameters"]]
        node.outputs = {**node.outputs, "parameters": asked}
    if node.phase != "Skipped":
        state.set_phase(node, "Running")
    state.touch(node)
    node.message = ""
    node.started_at, node.finished_at = now, 0.0
    node.work = None


def fields(node: Node) -> dict[str, str]:
    """Give what a node field selector can speak of (SelectorMatchesNode)."""
    found = {
        "displayName": node.display_name,
        "templateName": node.template,
        "phase": node.phase,
        "name": node.name,
        "id": node.id,
    }
    if node.template_ref:
        found["templateRef.name"] = str(node.template_ref.get("name", ""))
        found["templateRef.template"] = str(node.template_ref.get("template", ""))
    for parameter in (node.inputs or {}).get("parameters") or ():
        found[f"inputs.parameters.{parameter['name']}.value"] = str(parameter.get("value") or "")
    return found
