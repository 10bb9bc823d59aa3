"""HTTP and plugin templates: tasks of the agent (v4.1 http_template.go, plugin_template.go, taskset.go)."""

from __future__ import annotations

from argosy.simulate.controller import memoize, nodes
from argosy.simulate.controller.execute import Call, Result
from argosy.simulate.controller.operation import Operation
from argosy.simulate.controller.state import Node, Obj
from argosy.simulate.controller.templates import Base
from argosy.simulate.seam import AddTask, TaskDone

_NO_PLUGINS = (
    "workflow-level executor plugins are disabled in the controller. "
    "To enable them, set the environment variable ARGO_WORKFLOW_LEVEL_EXECUTOR_PLUGINS=true"
)


def run_http(op: Operation, call: Call, base: Base, template: Obj) -> Result:
    """executeHTTPTemplate."""
    return _run(op, call, template, "HTTP")


def run_plugin(op: Operation, call: Call, base: Base, template: Obj) -> Result:
    """executePluginTemplate."""
    return _run(op, call, template, "Plugin")


def _run(op: Operation, call: Call, template: Obj, type_: str) -> Result:
    node = op.state.by_name.get(call.name)
    if node is None:
        node = nodes.init_executable(
            op, call.name, type_, call.base.scope, template, call.holder, call.options, "Pending"
        )
        op.state.tasks[node.id] = node
        node.leaf = node.flag is None and not any(
            template.get(field) for field in ("synchronization", "timeout", "pendingTimeout")
        )
    if not node.fulfilled:
        op.tasks[node.id] = template
    return node, None


def requires(op: Operation, node: Node) -> bool:
    """Say whether a node, or one below it, is a task of the agent (nodeRequiresTaskSetReconciliation)."""
    return node.is_task or any(child.is_task for child in nodes.descendants(op.state, node))


def reconcile(op: Operation) -> None:
    """Take the agent's answers over, and hand it new tasks (taskSetReconciliation)."""
    state = op.state
    for node_id, answer in list(op.view.answers.items()):
        node = state.nodes.get(node_id)
        if node is None:
            return
        if node_id not in state.tasks:
            continue
        state.touch(node)
        node.outputs = answer.outputs
        if node.phase != answer.phase:
            state.set_phase(node, answer.phase)
        node.message = answer.message
        node.finished_at = nodes.second(op.now)
        if node.memo is not None and node.phase == "Succeeded":
            memoize.save(op, node, node.outputs)
    if op.tasks and state.spec.get("executorPlugins") and state.version >= "4.0":
        fail_all(op, f'create agent pod failed with reason:"{_NO_PLUGINS}"')
        return
    for node_id, template in op.tasks.items():
        if node_id not in state.in_task_set:
            node = state.nodes[node_id]
            state.in_task_set.add(node_id)
            op.commands.append(AddTask(node_id, node.name, node.display_name, template, node.hooked))


def clear(op: Operation) -> None:
    """Take what is done out of the task set (removeCompletedTaskSetStatus)."""
    state = op.state
    for node in [n for n in state.tasks.values() if n.fulfilled]:
        state.tasks.pop(node.id)
        state.in_task_set.discard(node.id)
        op.commands.append(TaskDone(node.id))


def fail_all(op: Operation, message: str) -> None:
    """markTaskSetNodesError."""
    for node in list(op.state.tasks.values()):
        if not node.fulfilled:
            nodes.mark_error(op, node, message)
