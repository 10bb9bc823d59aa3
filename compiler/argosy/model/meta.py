"""Names, labels and annotations."""

from typing import Any

from argosy.model.base import ArgoStruct


class ObjectMeta(ArgoStruct):
    """What Kubernetes knows an object by."""

    name: str = ""
    generate_name: str = ""
    namespace: str = ""
    self_link: str = ""
    uid: str = ""
    resource_version: str = ""
    generation: int = 0
    creation_timestamp: str = ""
    deletion_timestamp: str | None = None
    deletion_grace_period_seconds: int | None = None
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
    owner_references: list[dict[str, Any]] = []
    finalizers: list[str] = []
    managed_fields: list[dict[str, Any]] = []


class Metadata(ArgoStruct):
    """Labels and annotations of a pod."""

    annotations: dict[str, str] = {}
    labels: dict[str, str] = {}
