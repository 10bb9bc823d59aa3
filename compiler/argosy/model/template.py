"""Templates, steps, tasks and hooks."""

from typing import Any

from msgspec import field

from argosy.model.artifact import ArtifactLocation
from argosy.model.base import ArgoStruct
from argosy.model.body import HTTP, Data, ResourceTemplate, SuspendTemplate
from argosy.model.container import Container, ContainerSetTemplate, ScriptTemplate, UserContainer
from argosy.model.meta import Metadata
from argosy.model.parameter import Arguments, Inputs, Outputs, Sequence
from argosy.model.policy import ContinueOn, ExecutorConfig, Memoize, Metrics, RetryStrategy, Synchronization


class TemplateRef(ArgoStruct):
    """A template of a WorkflowTemplate."""

    name: str = ""
    template: str = ""
    cluster_scope: bool = False


class LifecycleHook(ArgoStruct):
    """What runs when a condition holds or something ends."""

    template: str = ""
    arguments: Arguments = field(default_factory=Arguments)
    template_ref: TemplateRef | None = None
    expression: str = ""


class WorkflowStep(ArgoStruct):
    """One step."""

    name: str = ""
    template: str = ""
    inline: "Template | None" = None
    arguments: Arguments = field(default_factory=Arguments)
    template_ref: TemplateRef | None = None
    with_items: list[Any] = []
    with_param: str = ""
    with_sequence: Sequence | None = None
    when: str = ""
    continue_on: ContinueOn | None = None
    on_exit: str = ""
    hooks: dict[str, LifecycleHook] = {}


class DAGTask(ArgoStruct):
    """One task of a DAG."""

    name: str = ""
    template: str = ""
    inline: "Template | None" = None
    arguments: Arguments = field(default_factory=Arguments)
    template_ref: TemplateRef | None = None
    dependencies: list[str] = []
    with_items: list[Any] = []
    with_param: str = ""
    with_sequence: Sequence | None = None
    when: str = ""
    continue_on: ContinueOn | None = None
    on_exit: str = ""
    depends: str = ""
    hooks: dict[str, LifecycleHook] = {}


class DAGTemplate(ArgoStruct):
    """Tasks that run by their dependencies."""

    target: str = ""
    tasks: list[DAGTask] = []
    fail_fast: bool | None = None


class Template(ArgoStruct):
    """A piece of work: exactly one body, and how it is run."""

    name: str = ""
    inputs: Inputs = field(default_factory=Inputs)
    outputs: Outputs = field(default_factory=Outputs)
    node_selector: dict[str, str] = {}
    affinity: dict[str, Any] | None = None
    metadata: Metadata = field(default_factory=Metadata)
    daemon: bool | None = None
    steps: list[list[WorkflowStep]] = []
    container: Container | None = None
    container_set: ContainerSetTemplate | None = None
    script: ScriptTemplate | None = None
    resource: ResourceTemplate | None = None
    dag: DAGTemplate | None = None
    suspend: SuspendTemplate | None = None
    data: Data | None = None
    http: HTTP | None = None
    plugin: dict[str, Any] | None = None
    volumes: list[dict[str, Any]] = []
    init_containers: list[UserContainer] = []
    sidecars: list[UserContainer] = []
    archive_location: ArtifactLocation | None = None
    active_deadline_seconds: int | str | None = None
    retry_strategy: RetryStrategy | None = None
    parallelism: int | None = None
    fail_fast: bool | None = None
    tolerations: list[dict[str, Any]] = []
    scheduler_name: str = ""
    priority_class_name: str = ""
    priority: int | None = None  # until Argo 3.6
    service_account_name: str = ""
    automount_service_account_token: bool | None = None
    executor: ExecutorConfig | None = None
    host_aliases: list[dict[str, Any]] = []
    security_context: dict[str, Any] | None = None
    pod_spec_patch: str = ""
    metrics: Metrics | None = None
    synchronization: Synchronization | None = None
    memoize: Memoize | None = None
    timeout: str = ""
    annotations: dict[str, str] = {}  # since Argo 3.7
    pending_timeout: str = ""  # since Argo 4.1
    pod_resources: dict[str, Any] | None = None  # since Argo 4.1
    resource_claims: list[dict[str, Any]] = []  # since Argo 4.1
