"""Making and marking nodes (v4.1 workflow/controller/operator.go: initializeNode, markNodePhase, addChildNode, ...)."""

from __future__ import annotations

from typing import Any

from argosy.simulate.controller import names
from argosy.simulate.controller.operation import Fault, Operation, Options
from argosy.simulate.controller.state import FAILED, FULFILLED, Flag, Node, Obj, State

TYPES = {
    "container": "Pod",
    "containerSet": "Pod",
    "steps": "Steps",
    "dag": "DAG",
    "script": "Pod",
    "resource": "Pod",
    "data": "Pod",
    "suspend": "Suspend",
    "http": "HTTP",
    "plugin": "Plugin",
}
"""Types of nodes by kind of template, in the order in which Template.GetType looks for the kind."""
_SYNCED_TYPES = frozenset({"Pod", "Container"})


def kind_of(template: Obj) -> str:
    """Give the kind of a template, or "" (Template.GetType)."""
    if "container" in template and template["container"] is not None:
        return "container"
    for kind in TYPES:
        if kind in template and template[kind] is not None:
            return kind
    return ""


def is_pod(template: Obj) -> bool:
    """Template.IsPodType."""
    return TYPES.get(kind_of(template)) == "Pod"


def second(moment: float) -> float:
    """Give a moment as the API server keeps it, in whole seconds."""
    return float(int(moment))


def init(
    op: Operation,
    name: str,
    type_: str,
    scope: str,
    holder: Obj,
    options: Options,
    phase: str,
    message: str = "",
    *,
    flag: Flag | None = None,
    await_result: bool = False,
) -> Node:
    """Make a node (initializeNode). ``await_result`` is the negation of omitTaskResultSynced."""
    state = op.state
    boundary = state.nodes.get(options.boundary_id) if options.boundary_id else None
    node = Node(names.node_id(state.name, name), name, type_, phase, options.boundary_id)
    node.display_name = names.display_name(name, boundary.name if boundary else None)
    node.template_name = holder.get("template") or ""
    node.template_ref = holder.get("templateRef") or None
    node.template_scope = scope
    node.flag = flag
    node.started_at = second(op.now)
    node.message = message
    node.owner = options.owner
    node.order = options.order
    if await_result and type_ in _SYNCED_TYPES and state.version >= "4.0":
        node.synced = True
    if phase in FULFILLED:
        node.finished_at = node.started_at
    add(state, node)
    return node


def add(state: State, node: Node) -> None:
    """Put a new node into the state and all its indexes."""
    state.nodes[node.id] = node
    state.by_name[node.name] = node
    state.by_boundary.setdefault(node.boundary_id, []).append(node)
    state.touched.setdefault(node.id, ("", "", False))
    if node.id in state.linked:
        node.linked = True
        state.linked.discard(node.id)
    state.count(node, 1)
    if node.hooked:
        state.open_hooks[node.id] = node
    if node.phase != "Pending" or node.type != "Pod" or state.has_hooks():
        state.mark(node)


def init_executable(
    op: Operation,
    name: str,
    type_: str,
    scope: str,
    template: Obj,
    holder: Obj,
    options: Options,
    phase: str,
    message: str = "",
    *,
    await_result: bool = False,
) -> Node:
    """Make a node that executes a template (initializeExecutableNode)."""
    node = init(op, name, type_, scope, holder, options, phase, message, flag=options.flag, await_result=await_result)
    inputs = template.get("inputs")
    if inputs and (inputs.get("parameters") or inputs.get("artifacts")):
        node.inputs = inputs
    memoize = template.get("memoize")
    if memoize:
        node.memo = {"hit": False, "key": memoize.get("key", ""), "cacheName": cache_name(memoize)}
    node.lock = template.get("synchronization")
    if type_ == "Suspend":
        _add_raw_outputs(node, template)
    return node


def cache_name(memoize: Obj) -> str:
    """Give the name of the ConfigMap of a memoization."""
    return str(((memoize.get("cache") or {}).get("configMap") or {}).get("name", ""))


def _add_raw_outputs(node: Node, template: Obj) -> None:
    """addRawOutputFields: what a suspend template waits to be supplied with."""
    inputs = {p["name"]: p for p in (template.get("inputs") or {}).get("parameters") or []}
    supplied = []
    for parameter in (template.get("outputs") or {}).get("parameters") or []:
        source = parameter.get("valueFrom") or {}
        if source.get("supplied") is None:
            continue
        default = inputs.get(parameter["name"], {}).get("default")
        if source.get("default") is None and default is not None:
            parameter = {**parameter, "valueFrom": {**source, "default": default}}
        supplied.append(parameter)
    if supplied:
        node.outputs = {"parameters": supplied}


def mark(op: Operation, node: Node, phase: str, message: str | None = None) -> Node:
    """Change a node's phase and message (markNodePhase)."""
    state = op.state
    if node.phase != "Running" and phase in ("Failed", "Error") and node.synced is not None:
        state.set_synced(node, True)
    if node.phase != phase:
        state.set_phase(node, phase)
        if phase in FAILED and node.id in op.view.pods:
            state.doubtful[node.id] = None
    if message is not None and message != node.message:
        state.touch(node)
        node.message = message
    if node.fulfilled and not node.finished_at:
        state.touch(node)
        node.finished_at = second(op.now)
    return node


def mark_error(op: Operation, node: Node, message: str) -> Node:
    """markNodeError."""
    return mark(op, node, "Error", message)


def init_or_mark_error(
    op: Operation, node: Node | None, name: str, scope: str, holder: Obj, options: Options, fault: Fault
) -> Node:
    """initializeNodeOrMarkError."""
    if node is not None:
        return mark_error(op, node, fault.message)
    return init(op, name, "Skipped", scope, holder, options, "Error", fault.message, flag=options.flag)


def add_child(state: State, parent: Node, child: str) -> None:
    """Make the node of this name a child of another (addChildNode); it need not be there yet."""
    node = state.by_name.get(child)
    child_id = node.id if node else names.node_id(state.name, child)
    if node:
        node.linked = True
    else:
        state.linked.add(child_id)
    parent.children[child_id] = None


def children(state: State, node: Node) -> list[Node]:
    """Give a node's children that are there."""
    nodes = state.nodes
    return [nodes[child] for child in node.children if child in nodes]


def descendants(state: State, node: Node) -> list[Node]:
    """Give all nodes below (Nodes.NestedChildrenStatus), each once."""
    found: dict[str, Node] = {}
    stack = children(state, node)
    while stack:
        child = stack.pop()
        if child.id not in found:
            found[child.id] = child
            stack.extend(children(state, child))
    return list(found.values())


def children_fulfilled(state: State, node: Node, seen: dict[str, bool] | None = None) -> bool:
    """Tell whether all leaves below a node are fulfilled (childrenFulfilled)."""
    seen = {} if seen is None else seen
    known = seen.get(node.id)
    if known is not None:
        return known
    below = [state.nodes[c] for c in node.children if c in state.nodes]
    if not node.children:
        result = node.fulfilled
    else:
        result = all(children_fulfilled(state, child, seen) for child in below)
    seen[node.id] = result
    return result


def hooks_fulfilled(state: State, node: Node) -> bool:
    """common.CheckAllHooksFullfilled."""
    return all(child.fulfilled for child in children(state, node) if child.hooked)


def is_part_of_exit_handler(state: State, node: Node) -> bool:
    """NodeStatus.IsPartOfExitHandler."""
    current: Node | None = node
    while current is not None:
        if current.display_name.endswith(".onExit"):
            return True
        current = state.nodes.get(current.boundary_id) if current.boundary_id else None
    return False


def is_active_suspend(node: Node) -> bool:
    """NodeStatus.IsActiveSuspendNode."""
    return node.type == "Suspend" and node.phase == "Running"


def parameter_value(parameter: Obj) -> Any:
    """Give a parameter's value, or None."""
    return parameter.get("value")
