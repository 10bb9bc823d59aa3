"""Workflows, workflow templates and cron workflows: an entrypoint, its handlers, and the fields of the spec."""

from __future__ import annotations

import copy
import sys
import types
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Generic, Literal, Protocol, TypedDict, TypeVar, Unpack, cast, overload

from argosy.errors import Place
from argosy.frontend.context import Exit
from argosy.frontend.depends import Step
from argosy.frontend.expressions import Shared
from argosy.frontend.flow import STEPS
from argosy.frontend.graph import recording
from argosy.frontend.hints import known_are
from argosy.frontend.options import Hook, Model, StepOptions, check
from argosy.frontend.places import caller, fail
from argosy.frontend.signatures import Signature
from argosy.frontend.templates import P, R_co, Template, add, results

T = TypeVar("T")
WorkflowKind = Literal["Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate", "CronWorkflow"]


class Handler(Protocol):
    """An exit handler that takes more than an Exit: the workflow's parameters of the same names."""

    def __call__(self, run: Exit, /, *args: Any, **kwargs: Any) -> object:
        """Handle the end of the workflow."""


class SpecOptions(TypedDict, total=False):
    """What every kind of workflow takes. Names are Argo's; ``extra`` takes fields of the spec by their JSON names."""

    namespace: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    on_exit: Callable[[Exit], object] | Handler | Hook[Exit]
    hooks: Mapping[str, Hook[Any]]
    templates: Sequence[Template[..., Any]]
    defaults: SpecOptions
    environments: Mapping[str, Mapping[str, Any]]
    active_deadline_seconds: int
    affinity: Model
    archive_logs: bool
    artifact_gc: Model
    artifact_repository_ref: Model
    automount_service_account_token: bool
    dns_config: Model
    dns_policy: str
    executor: Model
    host_aliases: Sequence[Model]
    host_network: bool
    image_pull_secrets: Sequence[Model]
    metrics: Model
    node_selector: Mapping[str, str]
    parallelism: int
    pod_disruption_budget: Model
    pod_gc: Model
    pod_metadata: Model
    pod_priority_class_name: str
    pod_spec_patch: str
    priority: int
    retry: int | Model
    scheduler_name: str
    security_context: Model
    service_account_name: str
    suspend: bool
    synchronization: Model
    template_defaults: Model
    tolerations: Sequence[Model]
    ttl_strategy: Model
    volume_claim_gc: Model
    volume_claim_templates: Sequence[Model]
    volumes: Sequence[Model]
    workflow_metadata: Model
    extra: Mapping[str, Any]


class WorkflowOptions(SpecOptions, total=False):
    """What a Workflow takes."""

    name: str
    generate_name: str


class TemplateKindOptions(SpecOptions, total=False):
    """What a WorkflowTemplate or ClusterWorkflowTemplate takes."""

    name: str


class CronOptions(SpecOptions, total=False):
    """What a CronWorkflow takes besides its schedules."""

    name: str
    timezone: str
    concurrency_policy: Literal["Allow", "Forbid", "Replace"]
    starting_deadline_seconds: int
    successful_jobs_history_limit: int
    failed_jobs_history_limit: int
    stop_strategy: Model
    when: str


@dataclass(eq=False, slots=True)
class Decoration:
    """What one decorator says."""

    kind: WorkflowKind
    options: dict[str, Any]
    place: Place


COMPILED: ContextVar[Workflow[..., Any] | None] = ContextVar("compiled", default=None)
"""The workflow that is being compiled: within it, calling it calls its entrypoint."""


class Workflow(Generic[P, R_co]):
    """A workflow of any kind. One that is a template can be called in other workflows, which refer to it by name."""

    def __init__(self, shared: Decoration, entrypoint: Template[P, R_co]) -> None:
        self.kind = shared.kind
        self.declared = shared.options
        self.place = shared.place
        self.entrypoint = entrypoint
        self.raw: Mapping[str, Any] | None = None
        self.refers_to: tuple[dict[str, Any], Mapping[str, object], str | None] | None = None
        self.library: Workflow[..., Any] | None = None
        """The workflow template that it is a workflow of."""
        self.step_options: dict[str, Any] = {}
        self.root: Workflow[P, R_co] = self
        self.__name__ = entrypoint.function.__name__
        self.__doc__ = entrypoint.function.__doc__
        self.__module__ = entrypoint.function.__module__

    @property
    def name(self) -> str:
        """Its name: what the decorator says, else the function's."""
        given = self.declared.get("name") or self.declared.get("generate_name", "").rstrip("-")
        return cast(str, given) or self.__name__.strip("_").replace("_", "-")

    @property
    def template_ref(self) -> dict[str, Any]:
        """How other workflows refer to its entrypoint."""
        return self._reference(self.entrypoint.name)

    def signature(self) -> Signature:
        """Give what its entrypoint takes and gives."""
        return self.entrypoint.signature()

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R_co:
        """Add a step that runs its entrypoint where it is installed in the cluster."""
        return self.step(*args, **kwargs).result

    def step(self, *args: P.args, **kwargs: P.kwargs) -> Step[R_co]:
        """Add such a step, and give the step rather than its result."""
        recorder = recording()
        if recorder is None:
            fail(f"{self.name} is compiled, linted or simulated, not called", hint="argosy.simulate(...) runs it here")
        if COMPILED.get() is self.root:
            node = add(recorder, self.entrypoint, args, kwargs, self.step_options)
            return Step(node, cast(R_co, results(node)))
        if self.kind not in ("WorkflowTemplate", "ClusterWorkflowTemplate"):
            fail(
                f"{self.name} is a {self.kind}: no other workflow can refer to it", hint="make it a @workflow_template"
            )
        node = add(recorder, self, args, kwargs, self.step_options)
        return Step(node, cast(R_co, results(node)))

    def also_to_file(self) -> None:
        """Its result is an output parameter already."""

    def options(self, **options: Unpack[StepOptions[R_co]]) -> Workflow[P, R_co]:
        """Give the same workflow template with options for the step that the next call adds."""
        other = copy.copy(self)
        other.root = self.root
        other.step_options = {**self.step_options, **options}
        return other

    def ref(self, template: Template[Any, Any]) -> Any:
        """Give a template of this workflow template as other workflows call it: by reference, not copied."""
        other = object.__new__(type(template))
        other.__dict__.update(template.__dict__)
        other.__dict__.update(template_ref=self._reference(template.name), library=self)
        return other

    def _reference(self, template: str) -> dict[str, Any]:
        found: dict[str, Any] = {"name": self.name, "template": template}
        return {**found, "clusterScope": True} if self.kind == "ClusterWorkflowTemplate" else found

    def __repr__(self) -> str:
        return f"<{self.kind} {self.name}>"


def _make(kind: WorkflowKind, function: Any, options: dict[str, Any], place: Place) -> Any:
    check(options, _OPTIONS[kind], place, ("schedules",) if kind == "CronWorkflow" else ())
    shared = Decoration(kind, options, place)

    def decorate(decorated: Any) -> Workflow[Any, Any]:
        if isinstance(decorated, Template):
            return Workflow(shared, decorated)
        if not isinstance(decorated, types.FunctionType):
            fail("a workflow is made of a function or a template", place=place)
        entrypoint: Template[Any, Any] = Template(STEPS, decorated, {}, place)
        entrypoint.reads_workflow = kind in ("Workflow", "CronWorkflow")
        return Workflow(shared, entrypoint)

    return decorate(function) if function is not None else decorate


_OPTIONS: dict[WorkflowKind, type] = {
    "Workflow": WorkflowOptions,
    "WorkflowTemplate": TemplateKindOptions,
    "ClusterWorkflowTemplate": TemplateKindOptions,
    "CronWorkflow": CronOptions,
}


@overload
def workflow(function: Callable[P, R_co], /) -> Workflow[P, R_co]: ...
@overload
def workflow(**options: Unpack[WorkflowOptions]) -> Callable[[Callable[P, R_co]], Workflow[P, R_co]]: ...
def workflow(function: Any = None, /, **options: Any) -> Any:
    """Make a function a Workflow: its body is the entrypoint's steps, its arguments are the workflow's parameters.

    Over a template (``@workflow(...)`` above ``@dag``), that template is the entrypoint. Without a name, Kubernetes
    completes one: ``generateName`` is the function's name.
    """
    return _make("Workflow", function, options, caller())


@overload
def workflow_template(function: Callable[P, R_co], /) -> Workflow[P, R_co]: ...
@overload
def workflow_template(**options: Unpack[TemplateKindOptions]) -> Callable[[Callable[P, R_co]], Workflow[P, R_co]]: ...
def workflow_template(function: Any = None, /, **options: Any) -> Any:
    """Make a function a WorkflowTemplate. Other workflows that call it refer to it by name."""
    return _make("WorkflowTemplate", function, options, caller())


@overload
def cluster_workflow_template(function: Callable[P, R_co], /) -> Workflow[P, R_co]: ...
@overload
def cluster_workflow_template(
    **options: Unpack[TemplateKindOptions],
) -> Callable[[Callable[P, R_co]], Workflow[P, R_co]]: ...
def cluster_workflow_template(function: Any = None, /, **options: Any) -> Any:
    """Make a function a ClusterWorkflowTemplate, which workflows of all namespaces can call."""
    return _make("ClusterWorkflowTemplate", function, options, caller())


def cron_workflow(
    *, schedules: Sequence[str], **options: Unpack[CronOptions]
) -> Callable[[Callable[P, R_co]], Workflow[P, R_co]]:
    """Make a function a CronWorkflow, which starts a workflow on each of its schedules."""
    given: dict[str, Any] = {"schedules": list(schedules), **options}
    made: Callable[[Callable[P, R_co]], Workflow[P, R_co]] = _make("CronWorkflow", None, given, caller())
    return made


@overload
def parameter(name: str, *, description: str | None = None) -> str: ...
@overload
def parameter(name: str, default: T, *, description: str | None = None) -> T: ...
def parameter(name: str, default: Any = None, *, description: str | None = None) -> Any:
    """Declare a parameter of the workflow once, for every template and handler of the module to use.

    ``SLACK_URL = parameter("slack-url", "https://...")`` has the type of its default. The workflows that use it
    declare it in their ``arguments``.
    """
    hint = str if default is None else type(default)
    return Shared(("workflow", "parameters", name), hint=hint, default=default, description=description)


def raw_workflow(document: Mapping[str, Any]) -> Workflow[[], None]:
    """Take a whole workflow as plain data, with Argo's JSON names: what cannot be said otherwise, beside what can."""
    made = _without_templates(document["kind"], {}, sys._getframe(1).f_globals["__name__"])
    made.raw = document
    return made


def workflow_of(
    template: Workflow[..., Any] | str,
    *,
    arguments: Mapping[str, object] | None = None,
    cluster_scope: bool = False,
    entrypoint: str | None = None,
    schedules: Sequence[str] | None = None,
    **options: Unpack[WorkflowOptions],
) -> Workflow[[], None]:
    """Make a workflow of a WorkflowTemplate in the cluster (``workflowTemplateRef``); with schedules, a CronWorkflow.

    ``template`` is one of ours, whose parameters are checked, or the name of one.
    """
    if isinstance(template, Workflow):
        known = [i.name for i in template.signature().inputs]
        for name in arguments or {}:
            if name not in known:
                fail(f"{template.name} takes no {name!r}", hint=known_are(name, known))
        cluster_scope = template.kind == "ClusterWorkflowTemplate"
    reference: dict[str, Any] = {"name": template if isinstance(template, str) else template.name}
    if cluster_scope:
        reference["clusterScope"] = True
    given: dict[str, Any] = {**options, **({"schedules": list(schedules)} if schedules else {})}
    kind: WorkflowKind = "CronWorkflow" if schedules else "Workflow"
    made = _without_templates(kind, given, sys._getframe(1).f_globals["__name__"])
    made.refers_to = (reference, arguments or {}, entrypoint)
    made.library = template if isinstance(template, Workflow) else None
    return made


def _without_templates(kind: WorkflowKind, options: dict[str, Any], module: str) -> Workflow[[], None]:
    place = caller()

    def workflow() -> None: ...

    made = Workflow(Decoration(kind, options, place), Template(STEPS, workflow, {}, place))
    made.__module__ = module
    return made
