"""From a workflow to its manifest: a tuple of passes, each of which adds one thing to the document.

Lowering is pure: it reads what the user declared and traces bodies anew each time; the same source gives the same
bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from argosy.errors import ArgosyError, CompileError
from argosy.frontend import options as opts
from argosy.frontend.advice import hint_for
from argosy.frontend.document import Lowering, reach, write
from argosy.frontend.elsewhere import note_reference
from argosy.frontend.environments import ENVIRONMENT, PARAMETERS
from argosy.frontend.exits import handle_exit, handle_hooks
from argosy.frontend.expressions import GlobalOutput, Shared
from argosy.frontend.hints import encode, known_are, literals
from argosy.frontend.interface import input_artifact, input_parameter
from argosy.frontend.options import data
from argosy.frontend.origin import PythonOrigin
from argosy.frontend.places import authored, boundary, fail, raised_at
from argosy.frontend.render import USED, text
from argosy.frontend.signatures import MISSING, Input
from argosy.frontend.templates import JOINED
from argosy.frontend.workflows import COMPILED, Workflow
from argosy.source import Address, Json, Manifest


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
        raise CompileError(f"{type(error).__name__}: {error}", place=place, hint=hint_for(error)) from error
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
        fail(f"there is no environment {asked!r}", hint=known_are(asked, known))


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
        if not isinstance(used, Shared):
            continue
        own = next((i for i in signature.inputs if i.name == name), None)
        if name not in names:
            parameters.append(_declared(name, used))
        elif own is not None and used.default is not None and own.default != used.default:
            fail(
                f"the workflow takes {name!r}, which is also a parameter of its module",
                hint=f"use one of them: parameter({name!r}, ...) needs no argument of the workflow",
                place=state.workflow.place,
            )
    asked = {name: v for name, v in (PARAMETERS.get() or {}).items() if name in {p["name"] for p in parameters}}
    for name, value in {**(state.options.get("parameters") or {}), **asked}.items():
        found = next((p for p in parameters if p["name"] == name), None)
        if found is None:
            fail(f"the workflow has no parameter {name!r}", place=state.workflow.place)
        found["value"] = text(value)
    artifacts = [input_artifact(i) for i in signature.inputs if i.kind == "artifact"]
    found_arguments = {k: v for k, v in (("parameters", parameters), ("artifacts", artifacts)) if v}
    if found_arguments:
        state.spec["arguments"] = found_arguments
    if state.workflow.kind == "CronWorkflow" and "arguments" not in (state.options.get("extra") or {}):
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
            hint = known_are(used.name, given) if given else "declare one: Parameter(global_name=...)"
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
    if state.workflow.library is not None:
        note_reference(state.workflow.library)
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
