"""What a DAG task can refer to: its ancestors, inputs and global outputs (v4.1 dag.go buildLocalScopeFromTask)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from argosy.language.substitution import to_json
from argosy.simulate.controller import scope as scopes
from argosy.simulate.controller import templates
from argosy.simulate.controller.operation import Operation, Refused
from argosy.simulate.controller.scope import Scope
from argosy.simulate.controller.state import Node
from argosy.source import Json

if TYPE_CHECKING:
    from argosy.simulate.controller.task import Frame

_MENTION = re.compile(r"""tasks\.([-\w]+)|tasks\[\\?['"]([^'"\\]+)""")
_WHOLE = re.compile(r"\btasks\b(?!\.[-\w]|\[)")


def build(op: Operation, frame: Frame, name: str, text: Json = None) -> Scope:
    """Give the scope of a task; with its text, only what that mentions is put into it. Raises Refused."""
    if frame.work.spoilt:
        for ancestor in _ancestors(frame, name, None):
            if ancestor in frame.work.spoilt:
                raise Refused(frame.work.spoilt[ancestor])
    scope = Scope(frame.template)
    scope.set_workflow_outputs(op.state.outputs)
    for ancestor in _ancestors(frame, name, text):
        node = frame.node_of(op, ancestor)
        if node is None:
            raise Refused(f"Ancestor task node {ancestor} not found")
        prefix = f"tasks.{ancestor}"
        if node.type == "TaskGroup":
            scopes.set_aggregate(scope, prefix, items(op, frame, node))
            if op.state.version < "4.0":
                continue
        scopes.set_node(op.state, scope, prefix, node)
        scopes.set_skipped(op.state, frame.base, scope, prefix, node, frame.work.tasks[ancestor], with_artifacts=False)
    return scope


def problem_of_results(op: Operation, frame: Frame, group: Node) -> str | None:
    """Say why what comes after a loop cannot be resolved, if so: its results are no JSON, or its template is inline."""
    try:
        templates.resolve(op.state, frame.base, templates.holder_of(group))
        scopes.set_aggregate(Scope(), "", items(op, frame, group))
    except Refused as error:
        return error.message
    return None


def items(op: Operation, frame: Frame, group: Node) -> list[Node]:
    """Give the nodes of a loop's items."""
    start = group.name + "("
    return [
        op.state.nodes[child]
        for child in group.children
        if child in op.state.nodes and op.state.nodes[child].name.startswith(start)
    ]


def _ancestors(frame: Frame, name: str, text: Json) -> list[str]:
    """Give the tasks above one (common.GetTaskAncestry), all or those that a text mentions."""
    mentioned: set[str] | None = None
    if text is not None:
        written = to_json(text)
        if "{{" not in written and "tasks" not in written:
            return []
        if not _WHOLE.search(written):
            mentioned = {m[1] or m[2] for m in _MENTION.finditer(written)}
            if not mentioned:
                return []
    found: dict[str, None] = {}
    stack = list(frame.work.dependencies.get(name, ()))
    while stack:
        current = stack.pop()
        if current not in found:
            found[current] = None
            stack += frame.work.dependencies.get(current, ())
            if mentioned is not None and mentioned <= found.keys():
                break
    order = frame.work.order
    ancestors = sorted(found, key=lambda n: order.get(n, -1))
    return ancestors if mentioned is None else [a for a in ancestors if a in mentioned]
