"""How work is run: retries, locks, memoization, metrics, garbage collection."""

from typing import Any

from argosy.model.base import ArgoStruct


class Backoff(ArgoStruct):
    """How long to wait between retries."""

    duration: str = ""
    factor: int | str | None = None
    max_duration: str = ""
    cap: str = ""  # since Argo 3.7


class RetryNodeAntiAffinity(ArgoStruct):
    """Retry on another node of the cluster."""


class RetryAffinity(ArgoStruct):
    """Where a retry may run."""

    node_anti_affinity: RetryNodeAntiAffinity | None = None


class RetryStrategy(ArgoStruct):
    """When and how often to retry."""

    limit: int | str | None = None
    retry_policy: str = ""
    backoff: Backoff | None = None
    affinity: RetryAffinity | None = None
    expression: str = ""


class SyncDatabaseRef(ArgoStruct):
    """A limit kept in the database."""

    key: str = ""


class SemaphoreRef(ArgoStruct):
    """Where a semaphore has its limit."""

    config_map_key_ref: dict[str, Any] | None = None
    namespace: str = ""
    database: SyncDatabaseRef | None = None  # since Argo 3.7


class Mutex(ArgoStruct):
    """A lock, by name."""

    name: str = ""
    namespace: str = ""
    database: bool = False  # since Argo 3.7


class Synchronization(ArgoStruct):
    """The locks that are taken first."""

    semaphore: SemaphoreRef | None = None  # until Argo 3.7
    mutex: Mutex | None = None  # until Argo 3.7
    semaphores: list[SemaphoreRef] = []
    mutexes: list[Mutex] = []


class Cache(ArgoStruct):
    """Where memoized outputs are kept."""

    config_map: dict[str, Any] | None = None


class Memoize(ArgoStruct):
    """Reuse outputs of an earlier run with the same key."""

    key: str = ""
    cache: Cache | None = None
    max_age: str = ""


class MetricLabel(ArgoStruct):
    """A label of a metric."""

    key: str = ""
    value: str = ""


class Gauge(ArgoStruct):
    """A metric that is set."""

    value: str = ""
    realtime: bool | None = None
    operation: str = ""


class Histogram(ArgoStruct):
    """A metric that counts by size."""

    value: str = ""
    buckets: list[Any] = []


class Counter(ArgoStruct):
    """A metric that grows."""

    value: str = ""


class Prometheus(ArgoStruct):
    """One metric."""

    name: str = ""
    labels: list[MetricLabel] = []
    help: str = ""
    when: str = ""
    gauge: Gauge | None = None
    histogram: Histogram | None = None
    counter: Counter | None = None


class Metrics(ArgoStruct):
    """The metrics that are emitted."""

    prometheus: list[Prometheus] = []


class PodGC(ArgoStruct):
    """When pods are deleted."""

    strategy: str = ""
    label_selector: dict[str, Any] | None = None
    delete_delay_duration: str = ""


class TTLStrategy(ArgoStruct):
    """When the workflow is deleted; seconds after its end."""

    seconds_after_completion: int | None = None
    seconds_after_success: int | None = None
    seconds_after_failure: int | None = None


class VolumeClaimGC(ArgoStruct):
    """When volume claims are deleted."""

    strategy: str = ""


class ExecutorConfig(ArgoStruct):
    """The service account of the executor."""

    service_account_name: str = ""


class ContinueOn(ArgoStruct):
    """Go on although this went wrong."""

    error: bool = False
    failed: bool = False
