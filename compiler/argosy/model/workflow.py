"""The five kinds of document."""

from typing import Any

from msgspec import field

from argosy.model.artifact import ArtifactRepositoryRef, WorkflowLevelArtifactGC
from argosy.model.base import ArgoStruct
from argosy.model.container import Container
from argosy.model.meta import Metadata, ObjectMeta
from argosy.model.parameter import Arguments
from argosy.model.policy import (
    ExecutorConfig,
    Metrics,
    PodGC,
    RetryStrategy,
    Synchronization,
    TTLStrategy,
    VolumeClaimGC,
)
from argosy.model.template import LifecycleHook, Template


class WorkflowTemplateRef(ArgoStruct):
    """The WorkflowTemplate that a workflow is made from."""

    name: str = ""
    cluster_scope: bool = False


class LabelValueFrom(ArgoStruct):
    """A label by expression."""

    expression: str = ""


class WorkflowMetadata(ArgoStruct):
    """Labels and annotations that a workflow gets."""

    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
    labels_from: dict[str, LabelValueFrom] = {}


class ExecutorPluginSidecar(ArgoStruct):
    """The container of an executor plugin."""

    automount_service_account_token: bool = False
    container: Container = field(default_factory=Container)


class ExecutorPluginSpec(ArgoStruct):
    """An executor plugin."""

    sidecar: ExecutorPluginSidecar = field(default_factory=ExecutorPluginSidecar)


class ExecutorPlugin(ArgoStruct):
    """An executor plugin that a workflow brings along."""

    metadata: ObjectMeta = field(default_factory=ObjectMeta)
    spec: ExecutorPluginSpec = field(default_factory=ExecutorPluginSpec)


class WorkflowSpec(ArgoStruct):
    """What a workflow is to do."""

    templates: list[Template] = []
    entrypoint: str = ""
    arguments: Arguments = field(default_factory=Arguments)
    service_account_name: str = ""
    automount_service_account_token: bool | None = None
    executor: ExecutorConfig | None = None
    volumes: list[dict[str, Any]] = []
    volume_claim_templates: list[dict[str, Any]] = []
    parallelism: int | None = None
    artifact_repository_ref: ArtifactRepositoryRef | None = None
    suspend: bool | None = None
    node_selector: dict[str, str] = {}
    affinity: dict[str, Any] | None = None
    tolerations: list[dict[str, Any]] = []
    image_pull_secrets: list[dict[str, Any]] = []
    host_network: bool | None = None
    dns_policy: str | None = None
    dns_config: dict[str, Any] | None = None
    on_exit: str = ""
    ttl_strategy: TTLStrategy | None = None
    active_deadline_seconds: int | None = None
    priority: int | None = None
    scheduler_name: str = ""
    pod_gc: PodGC | None = field(default=None, name="podGC")
    pod_priority_class_name: str = ""
    pod_priority: int | None = None  # until Argo 3.6
    host_aliases: list[dict[str, Any]] = []
    security_context: dict[str, Any] | None = None
    pod_spec_patch: str = ""
    pod_disruption_budget: dict[str, Any] | None = None
    metrics: Metrics | None = None
    shutdown: str = ""
    workflow_template_ref: WorkflowTemplateRef | None = None
    synchronization: Synchronization | None = None
    volume_claim_gc: VolumeClaimGC | None = field(default=None, name="volumeClaimGC")
    retry_strategy: RetryStrategy | None = None
    pod_metadata: Metadata | None = None
    template_defaults: Template | None = None
    archive_logs: bool | None = None
    hooks: dict[str, LifecycleHook] = {}
    workflow_metadata: WorkflowMetadata | None = None
    artifact_gc: WorkflowLevelArtifactGC | None = field(default=None, name="artifactGC")
    executor_plugins: list[ExecutorPlugin] = []  # since Argo 4.1
    pod_resources: dict[str, Any] | None = None  # since Argo 4.1
    resource_claims: list[dict[str, Any]] = []  # since Argo 4.1


class Workflow(ArgoStruct):
    """One run."""

    kind: str = ""
    api_version: str = ""
    metadata: ObjectMeta = field(default_factory=ObjectMeta)
    spec: WorkflowSpec = field(default_factory=WorkflowSpec)
    status: dict[str, Any] = {}


class WorkflowTemplate(ArgoStruct):
    """A library of templates, and a workflow to submit."""

    kind: str = ""
    api_version: str = ""
    metadata: ObjectMeta = field(default_factory=ObjectMeta)
    spec: WorkflowSpec = field(default_factory=WorkflowSpec)


class ClusterWorkflowTemplate(ArgoStruct):
    """A WorkflowTemplate for the whole cluster."""

    kind: str = ""
    api_version: str = ""
    metadata: ObjectMeta = field(default_factory=ObjectMeta)
    spec: WorkflowSpec = field(default_factory=WorkflowSpec)


class StopStrategy(ArgoStruct):
    """When a cron workflow stops for good."""

    expression: str = ""


class CronWorkflowSpec(ArgoStruct):
    """When to start which workflow."""

    workflow_spec: WorkflowSpec = field(default_factory=WorkflowSpec)
    schedule: str = ""  # until Argo 3.7
    concurrency_policy: str = ""
    suspend: bool = False
    starting_deadline_seconds: int | None = None
    successful_jobs_history_limit: int | None = None
    failed_jobs_history_limit: int | None = None
    timezone: str = ""
    workflow_metadata: ObjectMeta | None = None
    stop_strategy: StopStrategy | None = None
    schedules: list[str] = []
    when: str = ""


class CronWorkflow(ArgoStruct):
    """A workflow by the clock."""

    kind: str = ""
    api_version: str = ""
    metadata: ObjectMeta = field(default_factory=ObjectMeta)
    spec: CronWorkflowSpec = field(default_factory=CronWorkflowSpec)
    status: dict[str, Any] = {}


class Event(ArgoStruct):
    """Which events are meant."""

    selector: str = ""


class Submit(ArgoStruct):
    """What is submitted for an event."""

    workflow_template_ref: WorkflowTemplateRef = field(default_factory=WorkflowTemplateRef)
    metadata: ObjectMeta = field(default_factory=ObjectMeta)
    arguments: Arguments | None = None


class WorkflowEventBindingSpec(ArgoStruct):
    """What is submitted for which event."""

    event: Event = field(default_factory=Event)
    submit: Submit | None = None


class WorkflowEventBinding(ArgoStruct):
    """Submits a workflow when an event comes."""

    kind: str = ""
    api_version: str = ""
    metadata: ObjectMeta = field(default_factory=ObjectMeta)
    spec: WorkflowEventBindingSpec = field(default_factory=WorkflowEventBindingSpec)
