"""From a workflow to its manifest: a tuple of passes, each of which adds one thing to the document.

Lowering is pure: it reads what the user declared and traces bodies anew each time; the same source gives the same
bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from argosy.errors import ArgosyError, CompileError, Place
from argosy.frontend import options as opts
from argosy.frontend.environments import ENVIRONMENT, PARAMETERS
from argosy.frontend.expressions import GlobalOutput, Shared
from argosy.frontend.handlers import call_once, hook_arguments
from argosy.frontend.hints import did_you_mean, encode, literals
from argosy.frontend.interface import input_artifact, input_parameter
from argosy.frontend.options import Hook, data
from argosy.frontend.origin import PythonOrigin
from argosy.frontend.places import authored, boundary, fail, raised_at
from argosy.frontend.render import USED, expression, text
from argosy.frontend.signatures import MISSING, Input
from argosy.frontend.templates import EXIT_REFERENCE, JOINED, Template, Written
from argosy.frontend.workflows import COMPILED, Workflow
from argosy.source import Address, Json, Manifest


@dataclass(slots=True)
class Lowering:
    """A document in the making."""

    workflow: Workflow[..., Any]
    options: dict[str, Any]
    metadata: dict[str, Json] = field(default_factory=dict)
    spec: dict[str, Json] = field(default_factory=dict)
    templates: dict[str, tuple[Template[..., Any], Written]] = field(default_factory=dict)
    handlers: dict[str, Json] = field(default_factory=dict)
    used: dict[str, Shared | GlobalOutput] = field(default_factory=dict)
    marks: dict[Address, Place] = field(default_factory=dict)
    functions: dict[Address, tuple[Callable[..., Any], dict[str, Json]]] = field(default_factory=dict)


@boundary
def lower(workflow: Workflow[..., Any]) -> Manifest:
    """Give the manifest of a workflow, with the Python lines that authored it.

    Raises CompileError at the user's line for whatever cannot be said in Argo.
    """
    if workflow.raw is not None:
        return Manifest(data(workflow.raw), PythonOrigin(workflow.place.path, {(): workflow.place}))
    state = Lowering(workflow, _options(workflow))
    compiled = COMPILED.set(workflow)
    token, joined = USED.set(state.used), JOINED.set(set())
    try:
        with authored(workflow.place):
            for step in REFERENCE_PASSES if workflow.refers_to is not None else PASSES:
                step(state)
    except ArgosyError:
        raise
    except RecursionError:
        raise CompileError(f"{workflow.name} is nested too deeply", place=workflow.place) from None
    except Exception as error:
        place = raised_at(error, workflow.place)
        raise CompileError(f"{type(error).__name__}: {error}", place=place) from error
    finally:
        USED.reset(token)
        JOINED.reset(joined)
        COMPILED.reset(compiled)
    document = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": workflow.kind,
        "metadata": state.metadata,
        "spec": state.spec,
    }
    return Manifest(document, PythonOrigin(workflow.place.path, state.marks, state.functions))


def _options(workflow: Workflow[..., Any]) -> dict[str, Any]:
    own = workflow.declared
    _check_environment(own)
    chosen = (own.get("environments") or {}).get(ENVIRONMENT.get() or "", {})
    defaults: dict[str, Any] = {}
    layer = own.get("defaults")
    while layer:
        defaults = {**layer, **defaults}
        layer = layer.get("defaults")
    return {**defaults, **own, **chosen}


def _check_environment(own: dict[str, Any]) -> None:
    asked, known = ENVIRONMENT.get(), own.get("environments")
    if asked and known and asked not in known:
        fail(f"there is no environment {asked!r}", hint=did_you_mean(asked, known))


def name_document(state: Lowering) -> None:
    """``metadata``: a name, or for a Workflow without one a ``generateName``."""
    options, workflow = state.options, state.workflow
    if "name" in options or workflow.kind != "Workflow":
        state.metadata["name"] = options.get("name") or workflow.name
    else:
        state.metadata["generateName"] = options.get("generate_name") or f"{workflow.name}-"
    for key in ("namespace", "labels", "annotations"):
        if options.get(key):
            state.metadata[key] = data(options[key])
    state.marks[()] = workflow.place


def enter(state: Lowering) -> None:
    """``entrypoint``, and all templates that it reaches."""
    state.spec["entrypoint"] = state.workflow.entrypoint.name
    reach(state, state.workflow.entrypoint)
    for more in state.options.get("templates") or ():
        reach(state, more)


def reach(state: Lowering, first: Any) -> None:
    """Write a template and all that it calls, each once, in the order in which they are first called."""
    waiting = [first]
    while waiting:
        one = waiting.pop(0)
        root = getattr(one, "root", one)
        known = state.templates.get(root.name)
        if known is not None:
            if known[0] is not root:
                _two_of_a_name(root, known[0])
            continue
        written = write(root)
        state.templates[root.name] = (root, written)
        waiting = [*written.reached, *waiting]


def write(template: Template[..., Any]) -> Written:
    """Write one template; what its body raises is an error at the line that raised it."""
    try:
        with authored(template.place):
            return template.kind.write(template)
    except ArgosyError:
        raise
    except RecursionError:
        raise
    except Exception as error:
        place = raised_at(error, template.place)
        raise CompileError(f"{template.name}: {type(error).__name__}: {error}", place=place) from error


def _two_of_a_name(one: Template[..., Any], other: Template[..., Any]) -> None:
    fail(
        f"two templates are named {one.name!r}: here and at {other.place}",
        hint="give one another name: `name=...` in its decorator",
        place=one.place,
    )


def handle_exit(state: Lowering) -> None:
    """``onExit`` or ``hooks.exit``: the former where it will do or ``workflow.failures`` is needed, which only it has.

    Argo v4.1: ``hooks.exit`` takes arguments and references, but ``{{workflow.failures}}`` in what it runs is rejected
    (``validate.go:validateHooks``), and its expression is ignored (``operator.go``).
    """
    given = state.options.get("on_exit")
    if given is None:
        return
    place = state.workflow.place
    if isinstance(given, Hook):
        if given.when is not None:
            fail(
                "Argo ignores the condition of a workflow's exit hook",
                hint="ask within the handler: `with when(run.status ...)`",
                place=given.place,
            )
        given = given.run
    if isinstance(given, Template) and _takes_exit(given):
        _bind_to_parameters(state, given, place)
        reach(state, given)
        state.spec["onExit"] = given.name
        return
    if isinstance(given, Template) or not callable(given):
        name = getattr(given, "name", None) or getattr(given, "__name__", repr(given))
        fail(
            f"{name} takes no Exit, so it cannot be an exit handler",
            hint="give it one: `def cleanup(run: Exit) -> None`",
            place=place,
        )
    if not isinstance(given, Workflow) and getattr(given, "__name__", "") != "<lambda>":
        fail(
            f"{getattr(given, '__name__', given)} is a plain function, not a template",
            hint="decorate it with @steps, @script or @container",
            place=place,
        )
    called = call_once(given, EXIT_REFERENCE, None, place)
    hooked = _hook(state, called)
    reached = [w.data for _, w in state.templates.values()]
    if _mentions_failures([hooked, *reached]):
        _wrap_handler(state, hooked)
    else:
        state.handlers["exit"] = hooked


def _takes_exit(template: Template[..., Any]) -> bool:
    return any(i.kind == "exit" for i in template.signature().inputs)


def _bind_to_parameters(state: Lowering, handler: Template[..., Any], place: Place) -> None:
    """Argo fills the inputs of an exit handler from the workflow's parameters of the same names."""
    known = [i.name for i in state.workflow.signature().inputs]
    for one in handler.signature().inputs:
        if one.kind == "node-exit":
            fail(f"{handler.name} is for steps and tasks: it takes a NodeExit", hint="take an Exit", place=place)
        if one.kind in ("parameter", "artifact") and one.name not in known and not one.optional:
            fail(
                f"the handler {handler.name} needs {one.name!r}, which the workflow does not take",
                hint=f"add it to the workflow, or pass it: on_exit=lambda run: {handler.function.__name__}(run, ...)",
                place=place,
            )


def _hook(state: Lowering, called: Any) -> dict[str, Json]:
    written = Written({})
    from argosy.frontend.flow import template_of

    hooked = {**template_of(called.callee, written), **hook_arguments(called)}
    for one in written.reached:
        reach(state, one)
    return hooked


def _mentions_failures(value: Json) -> bool:
    if isinstance(value, str):
        return "workflow.failures" in value
    if isinstance(value, dict):
        return any(_mentions_failures(v) for v in value.values())
    return isinstance(value, list) and any(_mentions_failures(v) for v in value)


def _wrap_handler(state: Lowering, hooked: dict[str, Json]) -> None:
    name = "on-exit"
    if name in state.templates:
        fail("a template named 'on-exit' is in the way of the handler's", hint="rename it", place=state.workflow.place)
    step = {"name": hooked.get("template") or hooked["templateRef"]["template"], **hooked}
    state.spec["onExit"] = name
    state.handlers["wrapped"] = {"name": name, "steps": [[step]]}


def handle_hooks(state: Lowering) -> None:
    """``hooks`` of the workflow other than ``exit``."""
    for name, given in (state.options.get("hooks") or {}).items():
        one = given if isinstance(given, Hook) else Hook(given, None, state.workflow.place)
        if name == "exit":
            fail("the exit hook of a workflow is `on_exit=`", place=one.place)
        if one.when is None:
            fail(
                f"the hook {name!r} needs a condition",
                hint='hook(run, when=lambda run: run.status == "Running")',
                place=one.place,
            )
        called = call_once(one.run, EXIT_REFERENCE, None, one.place)
        state.handlers[name] = {"expression": expression(one.when(EXIT_REFERENCE)), **_hook(state, called)}


def join_texts(state: Lowering) -> None:
    """Scripts whose text is joined over the turns of a loop are written again, now that this is known."""
    for one in sorted(JOINED.get() or (), key=lambda t: str(t.name)):
        state.templates[one.name] = (one, write(one))


def declare_arguments(state: Lowering) -> None:
    """``arguments``: the entrypoint's inputs, and the parameters declared with ``parameter`` that a template uses."""
    signature = state.workflow.signature()
    parameters = [_argument(i) for i in signature.inputs if i.kind == "parameter"]
    names = {p["name"] for p in parameters}
    for name, used in state.used.items():
        if isinstance(used, Shared) and name not in names:
            parameters.append(_declared(name, used))
    chosen = {**(state.options.get("parameters") or {}), **(PARAMETERS.get() or {})}
    for name, value in chosen.items():
        found = next((p for p in parameters if p["name"] == name), None)
        if found is None:
            fail(f"the workflow has no parameter {name!r}", place=state.workflow.place)
        found["value"] = text(value)
    artifacts = [input_artifact(i) for i in signature.inputs if i.kind == "artifact"]
    found_arguments = {k: v for k, v in (("parameters", parameters), ("artifacts", artifacts)) if v}
    if found_arguments:
        state.spec["arguments"] = found_arguments
    if state.workflow.kind == "CronWorkflow":
        _need_values(state, parameters)


def _argument(one: Input) -> dict[str, Json]:
    made = input_parameter(one, "value")
    allowed = literals(one.hint)
    if allowed and one.default is not MISSING and "enum" not in made:
        made["enum"] = [encode(v) for v in allowed]
    return made


def _declared(name: str, used: Shared) -> dict[str, Json]:
    made: dict[str, Json] = {"name": name}
    if used.description:
        made["description"] = used.description
    if used.default is not None:
        made["value"] = text(used.default)
    return made


def _need_values(state: Lowering, parameters: list[dict[str, Json]]) -> None:
    for one in parameters:
        if "value" not in one and "valueFrom" not in one:
            fail(
                f"nobody is there to give {one['name']!r} when a cron workflow starts",
                hint="give it a default",
                place=state.workflow.place,
            )


def check_global_outputs(state: Lowering) -> None:
    """What is asked for with ``global_output`` has to be given by some template."""
    given = {
        str(p["globalName"])
        for _, written in state.templates.values()
        for p in written.data.get("outputs", {}).get("parameters", [])
        if "globalName" in p
    }
    for used in state.used.values():
        if isinstance(used, GlobalOutput) and used.name not in given:
            hint = did_you_mean(used.name, given) if given else "declare one: Parameter(global_name=...)"
            fail(f"no template gives the global output {used.name!r}", hint=hint, place=used.place)


_NOT_SPEC = {
    "name", "generate_name", "namespace", "labels", "annotations", "on_exit", "hooks", "templates", "defaults",
    "environments", "parameters", "extra", "workflow_metadata", "schedules", "timezone", "concurrency_policy",
    "starting_deadline_seconds", "successful_jobs_history_limit", "failed_jobs_history_limit", "stop_strategy", "when",
    "suspend",
}  # fmt: skip
_CRON = (
    "schedules", "timezone", "concurrency_policy", "starting_deadline_seconds", "successful_jobs_history_limit",
    "failed_jobs_history_limit", "stop_strategy", "when", "suspend",
)  # fmt: skip
_KEYS = {
    "pod_disruption_budget": "podDisruptionBudget",
    "pod_gc": "podGC",
    "artifact_gc": "artifactGC",
    "dns_config": "dnsConfig",
    "volume_claim_gc": "volumeClaimGC",
    "retry": "retryStrategy",
}


def set_fields(state: Lowering) -> None:
    """The remaining fields of the spec, as the decorator gives them."""
    for name, value in state.options.items():
        if name not in _NOT_SPEC and value is not None:
            key = _KEYS.get(name) or opts.camel(name)
            state.spec[key] = opts.retry(value) if name == "retry" else data(value)
    if state.workflow.kind != "CronWorkflow":
        for name in ("suspend", "workflow_metadata"):
            if state.options.get(name) is not None:
                state.spec[opts.camel(name)] = data(state.options[name])


def gather_templates(state: Lowering) -> None:
    """``templates``, with the lines that authored them, and ``hooks``."""
    wrapped = state.handlers.pop("wrapped", None)
    if state.handlers:
        state.spec["hooks"] = state.handlers
    base: Address = (
        ("spec", "workflowSpec", "templates") if state.workflow.kind == "CronWorkflow" else ("spec", "templates")
    )
    templates: list[Json] = []
    for one, written in state.templates.values():
        address: Address = (*base, len(templates))
        state.marks[address] = one.place
        state.functions[address] = (one.function, written.data)
        state.marks.update({(*address, *below): place for below, place in written.marks.items()})
        templates.append(written.data)
    state.spec["templates"] = [*templates, *([wrapped] if wrapped else [])]
    extra = state.options.get("extra")
    for key, value in opts.merged(state.spec, extra).items():
        state.spec[key] = value
    for key in [k for k, v in (extra or {}).items() if v is None]:
        state.spec.pop(key, None)


def schedule(state: Lowering) -> None:
    """A CronWorkflow holds the schedule, and the spec of the workflows that it starts."""
    if state.workflow.kind != "CronWorkflow":
        return
    inner = state.spec
    state.spec = {opts.camel(k): data(state.options[k]) for k in _CRON if state.options.get(k) is not None}
    if state.options.get("workflow_metadata") is not None:
        state.spec["workflowMetadata"] = data(state.options["workflow_metadata"])
    state.spec["workflowSpec"] = inner


def order_keys(state: Lowering) -> None:
    """The spec in the order in which people read it: where it starts, how it ends, what it takes; templates last."""
    for spec in (state.spec, state.spec.get("workflowSpec")):
        if isinstance(spec, dict):
            ordered = sorted(spec, key=lambda key: _ORDER.get(key, 5))
            items = [(key, spec[key]) for key in ordered]
            spec.clear()
            spec.update(items)


_ORDER = {"entrypoint": 0, "onExit": 1, "hooks": 2, "arguments": 3, "workflowSpec": 8, "templates": 9}

PASSES: tuple[Callable[[Lowering], None], ...] = (
    name_document,
    enter,
    handle_exit,
    handle_hooks,
    join_texts,
    declare_arguments,
    check_global_outputs,
    set_fields,
    gather_templates,
    schedule,
    order_keys,
)
"""What lowering does, in order."""


def refer(state: Lowering) -> None:
    """``workflowTemplateRef`` and ``arguments``, for a workflow whose spec is a template's."""
    reference, arguments, entrypoint = state.workflow.refers_to or ({}, {}, None)
    state.spec["workflowTemplateRef"] = dict(reference)
    if entrypoint:
        state.spec["entrypoint"] = entrypoint
    if arguments:
        parameters = [{"name": name, "value": text(value)} for name, value in arguments.items()]
        state.spec["arguments"] = {"parameters": parameters}


def add_extra(state: Lowering) -> None:
    """Fields given by their JSON names."""
    state.spec = opts.merged(state.spec, state.options.get("extra"))


REFERENCE_PASSES: tuple[Callable[[Lowering], None], ...] = (
    name_document,
    refer,
    set_fields,
    add_extra,
    schedule,
    order_keys,
)
"""The same for a workflow that has no templates of its own."""
