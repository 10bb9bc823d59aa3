"""Steps and DAG templates: the body is traced, and each call in it becomes a step or task."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Unpack, overload

from argosy.frontend import hints
from argosy.frontend.collected import check_collected
from argosy.frontend.depends import Depends
from argosy.frontend.elsewhere import note_reference
from argosy.frontend.graph import Loop, Node, Recorder, Scope, gather, trace
from argosy.frontend.handlers import node_hooks
from argosy.frontend.interface import call_arguments, flow_outputs, inputs, node_inputs, references
from argosy.frontend.options import FlowOptions, data, fields, merged, metadata
from argosy.frontend.places import authored, caller, fail
from argosy.frontend.render import condition, text
from argosy.frontend.templates import Kind, P, R_co, Template, Written
from argosy.source import Json


def write_steps(template: Template[..., Any]) -> Written:
    """Write a steps template."""
    return _write(template, "steps")


def write_dag(template: Template[..., Any]) -> Written:
    """Write a DAG template."""
    return _write(template, "tasks")


def _write(template: Template[..., Any], scope: Scope) -> Written:
    signature, options = template.signature(), template.declared
    seen = references(signature, of_workflow=template.reads_workflow)
    check_collected(template.function)
    recorder, returned = trace(template.function, seen, scope, template.name)
    if not recorder.nodes:
        fail(f"{template.name} has no steps", hint="call a template in its body", place=template.place)
    if returned is None and signature.outputs and not hints.accepts(signature.returns, None):
        fail(
            f"{template.name} declares {hints.name_of(signature.returns)}, but returns nothing",
            hint="return what a step gives, or declare `-> None`",
            place=template.place,
        )
    if returned is not None and not signature.outputs:
        fail(
            f"{template.name} returns a value, but declares none",
            hint="declare its type: `-> str`",
            place=template.place,
        )
    outputs = flow_outputs(signature, _returned(returned, recorder)) if signature.outputs else {}
    written = Written({"name": template.name})
    body = _steps(recorder, written) if scope == "steps" else _dag(recorder, written, options)
    written.data.update(
        {
            **metadata(options),
            **inputs_of(template, node_inputs(seen)),
            **outputs,
            **{
                k: v
                for k, v in fields(options, container=False).items()
                if scope == "steps" or k not in ("failFast", "target")
            },
            **body,
        }
    )
    written.data = merged(written.data, options.get("extra"))
    return written


def _returned(value: Any, recorder: Recorder) -> Any:
    """Give what a body returned; for a list that a loop made, all that its turns gave."""
    if isinstance(value, tuple):
        parts = [_returned(v, recorder) for v in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    gathered = gather(value, recorder) if isinstance(value, list) else None
    return value if gathered is None else gathered


def inputs_of(template: Template[..., Any], more: list[dict[str, Json]]) -> dict[str, Json]:
    """Give a template's inputs; none for the body of a workflow, which reads the workflow's own parameters."""
    return {} if template.reads_workflow else inputs(template.signature(), more, files=False)


def _steps(recorder: Recorder, written: Written) -> dict[str, Json]:
    groups: list[list[Json]] = []
    last = None
    for node in recorder.nodes:
        if node.group != last:
            groups.append([])
            last = node.group
        address = ("steps", len(groups) - 1, len(groups[-1]))
        groups[-1].append(_node(node, address, written))
    return {"steps": groups}


def _dag(recorder: Recorder, written: Written, options: dict[str, Any]) -> dict[str, Json]:
    tasks: list[Json] = []
    waits = [_waits(node) for node in recorder.nodes]
    raw = [{"depends", "dependencies"} & set(node.options.get("extra") or ()) for node in recorder.nodes]
    logic = any(d.node is None or d.outcome for asked in waits for d in asked) or any("depends" in r for r in raw)
    for node, asked, own in zip(recorder.nodes, waits, raw, strict=True):
        task = _node(node, ("dag", "tasks", len(tasks)), written)
        if logic:
            task.pop("continueOn", None)
        tasks.append({"name": task.pop("name"), **({} if own else _order(asked, logic)), **task})
    fail_fast = options.get("fail_fast")
    target = {"target": options["target"]} if "target" in options else {}
    return {"dag": {"tasks": tasks, **target, **({} if fail_fast is None else {"failFast": fail_fast})}}


def _waits(node: Node) -> list[Depends]:
    """Give what a task waits for: the tasks whose results it uses, and what it was told to wait for."""
    mentioned: dict[int, None] = {}
    for asked in node.after:
        mentioned.update({id(n): None for n in asked.nodes()})
    return [*(Depends("", node=n) for key, n in node.needs.items() if key not in mentioned), *node.after]


def _order(asked: list[Depends], logic: bool) -> dict[str, Json]:
    """Give ``dependencies``; or ``depends``, for all tasks of a DAG in which one needs it, as Argo takes no mixture.

    With ``depends``, ``continueOn`` is not allowed, and said by the outcomes that it lets pass
    (Argo v4.1 ``workflow/common/ancestry.go``).
    """
    if not asked:
        return {}
    if not logic:
        return {"dependencies": list(dict.fromkeys(d.text() for d in asked))}
    parts = tuple({d.text(): _passing(d) for d in asked}.values())
    return {"depends": parts[0].text() if len(parts) == 1 else Depends("&&", parts).text()}


def _passing(one: Depends) -> Depends:
    choice = one.node.options.get("continue_on") if one.node is not None and not one.outcome else None
    if not choice:
        return one
    more = {"failed": ["Failed"], "error": ["Errored"], "both": ["Errored", "Failed"]}[choice]
    outcomes = ["Succeeded", "Skipped", "Daemoned", *more]
    return Depends("||", tuple(Depends("", node=one.node, outcome=o) for o in outcomes))


def _node(node: Node, address: tuple[str | int, ...], written: Written) -> dict[str, Json]:
    with authored(node.place):
        found = _fields(node, written)
    written.marks[address] = node.place
    return found


def _fields(node: Node, written: Written) -> dict[str, Json]:
    callee = node.callee
    inline = node.options.get("inline")
    found: dict[str, Json] = {
        "name": node.name,
        **(_inline(callee, written) if inline else template_of(callee, written)),
    }
    found.update(call_arguments(callee.signature(), node.arguments))
    if node.loop:
        found.update(_loop(node.loop))
    if node.when is not None:
        found["when"] = condition(node.when)
    if "when" in node.options:
        found["when"] = f"({node.options['when']}) && ({found['when']})" if "when" in found else node.options["when"]
    choice = node.options.get("continue_on")
    if choice:
        found["continueOn"] = dict.fromkeys(("failed", "error") if choice == "both" else (choice,), True)
    hooks = node_hooks(node, written)
    if hooks:
        found["hooks"] = hooks
    return merged(found, node.options.get("extra"))


def template_of(callee: Any, written: Written) -> dict[str, Json]:
    """Say which template a step runs: one of this workflow, or one elsewhere."""
    elsewhere = getattr(callee, "template_ref", None)
    if elsewhere is not None:
        note_reference(callee)
        return {"templateRef": dict(elsewhere)}
    written.reached.append(callee)
    return {"template": callee.name}


def _inline(callee: Any, written: Written) -> dict[str, Json]:
    """Write the template into the step itself, without a name."""
    if not isinstance(callee, Template):
        fail("only templates of this workflow can be written inline")
    inner = callee.kind.write(callee)
    written.reached += inner.reached
    return {"inline": {key: value for key, value in inner.data.items() if key != "name"}}


def _loop(loop: Loop) -> dict[str, Json]:
    if loop.sequence is not None:
        return {"withSequence": {k: v if k == "format" else text(v) for k, v in loop.sequence.items()}}
    if isinstance(loop.items, list):
        return {"withItems": [_item(v) for v in loop.items]}
    return {"withParam": text(loop.items)}


def _item(value: object) -> Json:
    if isinstance(value, tuple) and not hasattr(value, "_asdict"):
        return {str(i): hints.plain(v) for i, v in enumerate(value)}
    return data(hints.plain(value))


STEPS = Kind("steps", write_steps, options=FlowOptions)
DAG = Kind("DAG", write_dag, options=FlowOptions)


@overload
def steps(function: Callable[P, R_co], /) -> Template[P, R_co]: ...
@overload
def steps(**options: Unpack[FlowOptions]) -> Callable[[Callable[P, R_co]], Template[P, R_co]]: ...
def steps(function: Any = None, /, **options: Any) -> Any:
    """Make a function a steps template: what its body calls runs in the order written, what it returns it gives."""
    return _decorate(STEPS, function, options)


@overload
def dag(function: Callable[P, R_co], /) -> Template[P, R_co]: ...
@overload
def dag(**options: Unpack[FlowOptions]) -> Callable[[Callable[P, R_co]], Template[P, R_co]]: ...
def dag(function: Any = None, /, **options: Any) -> Any:
    """Make a function a DAG template: what its body calls runs as soon as the results that it uses are there."""
    return _decorate(DAG, function, options)


def _decorate(kind: Kind, function: Any, options: dict[str, Any]) -> Any:
    place = caller()
    if function is not None:
        return Template(kind, function, options, place)
    return lambda decorated: Template(kind, decorated, options, place)
