"""Lifecycle hooks and exit handlers of steps, tasks and the workflow (v4.1 hooks.go, exit_handler.go)."""

from __future__ import annotations

from argosy.simulate.controller import agent_tasks, names, nodes, templates
from argosy.simulate.controller.arguments import replace
from argosy.simulate.controller.execute import Call, execute_template
from argosy.simulate.controller.expressions import holds
from argosy.simulate.controller.operation import Fault, Operation, Options, Refused
from argosy.simulate.controller.references import artifacts
from argosy.simulate.controller.scope import Scope, last_attempt
from argosy.simulate.controller.state import Flag, Node, Obj
from argosy.simulate.controller.templates import Base

EXIT = "exit"


def others(hooks: Obj | None) -> list[tuple[str, Obj]]:
    """Give the hooks that are not the exit handler."""
    if not hooks:
        return []
    return [(name, hook or {}) for name, hook in sorted(hooks.items()) if name != EXIT]


def exit_hook(op: Operation, holder: Obj) -> Obj | None:
    """Give the exit handler of a workflow's spec, a step or a task; with the workflow's arguments if it has none."""
    handler, hooks = holder.get("onExit"), holder.get("hooks")
    if not handler and not hooks:
        return None
    arguments = op.state.spec.get("arguments")
    if handler:
        return {"template": handler, "arguments": arguments}
    hook = (hooks or {}).get(EXIT)
    if hook is None:
        return None
    own = hook.get("arguments") or {}
    return hook if own.get("parameters") or own.get("artifacts") else {**hook, "arguments": arguments}


def run_for_workflow(op: Operation, base: Base) -> tuple[bool, Fault | None]:
    """Run the workflow's hooks that are due; say whether all that run are over (executeWfLifeCycleHook)."""
    state = op.state
    fired: list[Node | None] = []
    for name, hook in others(state.spec.get("hooks")):
        full_name = names.hook(state.name, name)
        known = state.by_name.get(full_name)
        if not hook.get("expression"):
            return True, Fault(f"Expression required for hook {full_name}")
        try:
            due = holds(hook["expression"], dict(state.globals))
        except Refused as error:
            return True, error.fault
        if not due and known is None:
            continue
        inner = Options(flag=Flag(hooked=True), owner=state.by_name.get(state.name))  # below whose children it is
        call = Call(full_name, _holder(hook), "step", base, hook.get("arguments"), inner)
        node, fault = execute_template(op, call)
        if fault is not None:
            return True, fault
        root = state.by_name.get(state.name)
        if root is not None:
            nodes.add_child(state, root, full_name)
        fired.append(node)
        if node is not None and op.tasks and agent_tasks.requires(op, node):
            agent_tasks.reconcile(op)
    return all(node is not None and node.fulfilled for node in fired), None


def _holder(hook: Obj) -> Obj:
    return {"template": hook.get("template"), "templateRef": hook.get("templateRef")}


def run_for_template(
    op: Operation, scope: Scope, hooks: Obj | None, parent: Node, options: Options, base: Base, prefix: str
) -> tuple[bool, Fault | None]:
    """Run the hooks of a step or task that are due (executeTmplLifeCycleHook)."""
    state = op.state
    fired: list[Node | None] = []
    for name, hook in others(hooks):
        full_name = names.hook(parent.name, name)
        known = state.by_name.get(full_name)
        if not hook.get("expression"):
            return False, Fault(f"Expression required for hook {full_name}")
        try:
            if not holds(hook["expression"], scope.params(state.globals)) and known is None:
                continue
            last = last_attempt(state, parent)
            outputs = last.outputs if last is not None else parent.outputs
            arguments = hook.get("arguments")
            if outputs is not None and not _is_empty(arguments):
                arguments = resolve_arguments(op, arguments, prefix, outputs, scope)
        except Refused as error:
            return False, error.fault
        inner = Options(boundary_id=options.boundary_id, flag=Flag(hooked=True), owner=parent)
        node, fault = execute_template(op, Call(full_name, _holder(hook), "step", base, arguments, inner))
        if fault is not None:
            return False, fault
        nodes.add_child(state, parent, full_name)
        fired.append(node)
    return all(node is not None and node.fulfilled for node in fired), None


def _is_empty(arguments: Obj | None) -> bool:
    return not arguments or not (arguments.get("parameters") or arguments.get("artifacts"))


def run_exit(
    op: Operation, hook: Obj | None, parent: Node, options: Options, base: Base, prefix: str, scope: Scope
) -> tuple[bool, Node | None, Fault | None]:
    """Run the exit handler of a step or task: whether it has one, its node, and what went wrong (runOnExitNode)."""
    if hook is None or not op.may_execute(True):
        return False, None, None
    state = op.state
    last = last_attempt(state, parent)
    outputs = last.outputs if last is not None else parent.outputs
    try:
        if hook.get("expression") and not holds(hook["expression"], scope.params(state.globals)):
            return False, None, None
        arguments = hook.get("arguments")
        if not _is_empty(arguments):
            arguments = resolve_arguments(op, arguments, prefix, outputs, scope)
    except Refused as error:
        return True, None, error.fault
    name = names.on_exit(parent.name)
    inner = Options(boundary_id=options.boundary_id, on_exit=True, flag=Flag(hooked=True), owner=parent)
    node, fault = execute_template(op, Call(name, _holder(hook), "step", base, arguments, inner))
    nodes.add_child(state, parent, name)
    return True, node, fault


def resolve_arguments(
    op: Operation, arguments: Obj | None, prefix: str, outputs: Obj | None, scope: Scope
) -> Obj | None:
    """Give a hook's arguments with what they refer to in place (resolveExitTmplArgument). Raises Refused."""
    for parameter in (outputs or {}).get("parameters") or ():
        scope.texts[f"{prefix}.outputs.parameters.{parameter['name']}"] = parameter.get("value") or ""
    for artifact in (outputs or {}).get("artifacts") or ():
        scope.things[f"{prefix}.outputs.artifacts.{artifact['name']}"] = artifact
    marked = scope.mark_absent(arguments)
    params = scope.params(op.state.globals)
    result: Obj = replace(marked, params)
    held = result.get("artifacts")
    if held and any(a.get("from") or a.get("fromExpression") for a in held):
        kept = []
        for artifact in held:
            found = artifacts([artifact], scope, steps=True)
            kept.append(found[0] if found else artifact)
        result = {**result, "artifacts": kept}
    return result


def local_base(op: Operation) -> Base:
    """Give the base of the workflow's own hooks."""
    return templates.local(op.state)
